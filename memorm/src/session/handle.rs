//! `Session`: the typed calls. Each finds its key, hands the rest to the erased unit and puts the type back on.
use super::outcome::{UpdateFn, UpdateResult};
use super::query::Query;
use super::rows::{UniqueChecks, not_found};
use super::unit::Unit;
use super::update::Draft;
use crate::database::{Isolation, Shared, Snapshot};
use crate::model::{AnyRow, Insertable, KeyRef, Model, ModelRef, downcast_row};
use crate::table::{Cells, key_cells, table_type};
use crate::{Error, Result};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A unit of work: reads one version of the database, sees its own writes at once, and publishes them by
/// [`commit`](Session::commit), all or none.
///
/// The version is chosen by the first call after the start, a commit or a rollback. Dropping a session rolls back.
/// A session owns what it needs: it is `Send + 'static`, and may be read through `&Session` by several threads.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone, Debug)] #[model(constructor = new)]
/// # struct Item { #[model(primary_key, auto)] id: u64, name: String, qty: i64 }
/// let db = Database::new();
/// let mut session = db.session();
/// let item = session.add(Item::new("foo", 3))?;
/// session.update::<Item>(item.id, |i| i.qty += 1)?;
/// assert_eq!(session.get::<Item>(item.id).unwrap().qty, 4);
/// assert_eq!(item.qty, 3, "objects that you hold are frozen versions");
/// session.commit()?;
/// # Ok::<_, memorm::Error>(())
/// ```
pub struct Session {
    pub(crate) unit: Unit,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("has_changes", &!self.unit.is_clean()).finish_non_exhaustive()
    }
}

/// The row with its type. Tables hold rows of one model only.
pub(super) fn typed<M: Model>(row: Arc<dyn AnyRow>) -> Arc<M> {
    let row: Arc<dyn Any + Send + Sync> = row;
    row.downcast().expect("invariant: a table holds rows of its own model")
}

/// The row with its type, to be changed.
pub(super) fn typed_row<M: Model>(row: &mut dyn AnyRow) -> &mut M {
    let row: &mut dyn Any = row;
    row.downcast_mut().expect("invariant: a table holds rows of its own model")
}

/// The error for a key that no row has.
pub(crate) fn not_found_of<M: Model>(key: &impl KeyRef<M::Key>) -> Error {
    let (cells, parts) = key_cells::<M::Key>(key);
    not_found(M::table(), &cells[..parts])
}

impl Session {
    pub(crate) fn new(shared: Arc<Shared>, isolation: Isolation) -> Self {
        Self { unit: Unit::new(shared, isolation) }
    }

    /// Stores a row and returns it, with its key assigned and everything filled that memorm fills.
    ///
    /// Takes the model by value or an `Arc` of it, which is copied where it is shared. O(log n) for the key and for each
    /// unique column.
    ///
    /// # Errors
    /// `Duplicate`, `Check`, `KeyExhausted`, `Schema`. A foreign key is checked at commit, so the order of `add`s does
    /// not matter.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// let item = session.add(Item::new("A-17", 3))?;
    /// assert_eq!(item.id, 1);
    /// let error = session.add(Item::new("A-17", 4)).unwrap_err();
    /// assert_eq!(error.to_string(), r#"duplicate value for item.sku: "A-17" (already used by id 1)"#);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn add<I: Insertable>(&mut self, row: I) -> Result<Arc<I::Model>> {
        let row = Arc::new(row.into_model());
        Ok(typed(self.unit.add(table_type::<I::Model>(), row, UniqueChecks::Now)?.1))
    }

    /// Stores rows, all or none. Costs what as many [`add`](Self::add)s do.
    ///
    /// # Errors
    /// Those of [`add`](Self::add); nothing is stored then.
    pub fn add_all<I: Insertable>(
        &mut self,
        rows: impl IntoIterator<Item = I>,
    ) -> Result<Vec<Arc<I::Model>>> {
        let rows = rows.into_iter().map(|row| Arc::new(row.into_model()) as Arc<dyn AnyRow>);
        let rows = self.unit.add_rows(table_type::<I::Model>(), rows)?;
        Ok(rows.into_iter().map(typed).collect())
    }

    /// Returns the row with that key, as this session sees it. O(log n); allocates nothing, also for text and composite keys.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.add(Item::new("A-17", 3))?;
    /// assert_eq!(session.get::<Item>(1).unwrap().qty, 3);
    /// assert!(session.get::<Item>(2).is_none());
    /// # Ok::<_, memorm::Error>(())
    /// ```
    #[inline]
    pub fn get<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<Arc<M>> {
        if self.unit.is_plain(M::table()) {
            return self.unit.base().get::<M>(&key).cloned();
        }
        self.unit.get_written(&key)
    }

    /// Returns the row with that key, which must be there.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_one<M: Model>(&self, key: impl KeyRef<M::Key>) -> Result<Arc<M>> {
        if self.unit.is_plain(M::table()) {
            return self.unit.base().get::<M>(&key).cloned().ok_or_else(|| not_found_of::<M>(&key));
        }
        self.unit.get_written(&key).ok_or_else(|| not_found_of::<M>(&key))
    }

    /// Borrows the row with that key: no reference count is touched. O(log n).
    pub fn peek<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<&M> {
        if self.unit.is_plain(M::table()) {
            return self.unit.base().get::<M>(&key).map(|row| &**row);
        }
        let (cells, parts) = key_cells::<M::Key>(&key);
        let id = self.unit.locate(M::table(), &cells[..parts])?;
        downcast_row(self.unit.row(M::table(), id)?)
    }

    /// Returns the current version of an object that was read earlier; `None` where its row is gone. O(log n).
    pub fn refresh<M: Model>(&self, row: &Arc<M>) -> Option<Arc<M>> {
        self.get::<M>(row.key())
    }

    /// Changes the row with that key through a closure and returns the new version. The old one stays as it is for
    /// those who hold it. O(log n) and a copy of the row; indexes are looked at where their columns change.
    ///
    /// # Errors
    /// `NotFound`, `KeyChanged`, `Duplicate`, `Check`, and what the closure returns. The row then stays as it was; so
    /// it does where the closure panics.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// let old = session.add(Item::new("A-17", 3))?;
    /// let new = session.update::<Item>(old.id, |item| item.qty -= 1)?;
    /// assert_eq!((old.qty, new.qty), (3, 2));
    ///
    /// let refused = session.update::<Item>(old.id, |item| {
    ///     item.qty = 0;
    ///     Err(memorm::Error::other("not for sale"))
    /// });
    /// assert!(refused.is_err());
    /// assert_eq!(session.get::<Item>(old.id).unwrap().qty, 2);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn update<M: Model>(&mut self, key: impl KeyRef<M::Key>, change: impl UpdateFn<M>) -> Result<Arc<M>> {
        let mut copy = self.unit.begin_copy::<M>(&key)?;
        change(copy.row_mut()).into_result()?;
        let site = copy.site;
        let (row, is_same) = copy.into_row();
        if is_same && !self.unit.work[site.at].is_prepared {
            self.unit.overwrite(site, Some(row.clone()), true);
            return Ok(row);
        }
        self.unit.finish_update(Draft::new(site, row), UniqueChecks::Now).map(typed)
    }

    /// Stores the row: replaces the one with its key, or adds it. Costs what [`add`](Self::add) does.
    ///
    /// # Errors
    /// Those of [`add`](Self::add), and `Stale` where the model has a `version` column that is outdated; a version of 0
    /// is not compared.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.merge(Item { id: 7, sku: "A-17".into(), qty: 3 })?;
    /// session.merge(Item { id: 7, sku: "A-18".into(), qty: 4 })?;
    /// assert_eq!(*select::<Item>().one(&session)?, Item { id: 7, sku: "A-18".into(), qty: 4 });
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn merge<I: Insertable>(&mut self, row: I) -> Result<Arc<I::Model>> {
        let row = Arc::new(row.into_model());
        self.unit.merge(table_type::<I::Model>(), row).map(typed)
    }

    /// Deletes the row of an object, and what refers to it by `cascade`; `false` where it is gone already. What refers
    /// to it by `set_null` is updated at once, `restrict` is checked at commit. O(log n) for each row that is reached; a table
    /// that refers to this one is asked by an index.
    ///
    /// # Errors
    /// `Stale` where the object's `version` column is outdated; `Check` from a row that `set_null` reaches.
    /// Nothing is deleted then.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// let item = session.add(Item::new("A-17", 3))?;
    /// assert!(session.delete(&item)?);
    /// assert!(!session.delete(&item)?, "it is gone already");
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn delete<R: ModelRef>(&mut self, row: R) -> Result<bool> {
        let row = row.row();
        let key = Cells::of(row, R::Model::table().primary_key);
        self.unit.delete(table_type::<R::Model>(), &key, Some(row))
    }

    /// Deletes the row with that key, as [`delete`](Self::delete) does; `false` where there is none.
    ///
    /// # Errors
    /// `Check` from a row that `set_null` reaches.
    pub fn delete_by_key<M: Model>(&mut self, key: impl KeyRef<M::Key>) -> Result<bool> {
        let (cells, parts) = key_cells::<M::Key>(&key);
        self.unit.delete(table_type::<M>(), &cells[..parts], None)
    }

    /// Runs a query and collects its rows; the same as `query.all(&session)`.
    ///
    /// # Errors
    /// What the query's `all` gives.
    pub fn all<Q: Query>(&self, query: Q) -> Result<Vec<Q::Row>> {
        query.all(self)
    }

    /// Runs a query and returns its only row.
    ///
    /// # Errors
    /// `NoRow`, `TooManyRows`, and what the query's `one` gives.
    pub fn one<Q: Query>(&self, query: Q) -> Result<Q::Row> {
        query.one(self)
    }

    /// Runs a query up to its first row.
    ///
    /// # Errors
    /// What the query's `first` gives.
    pub fn first<Q: Query>(&self, query: Q) -> Result<Option<Q::Row>> {
        query.first(self)
    }

    /// Freezes what this session sees, own writes included: to iterate while changing. O(1), but for the first call after
    /// the first write, which builds the session's own version: O(rows written).
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// session.add_all([Item::new("A-17", 3), Item::new("A-18", 4)])?;
    /// let view = session.view();
    /// for item in select::<Item>().iter(&view) {
    ///     session.update::<Item>(item?.id, |item| item.qty += 1)?;
    /// }
    /// assert_eq!(view.get::<Item>(1).unwrap().qty, 3);
    /// assert_eq!(session.get::<Item>(1).unwrap().qty, 4);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn view(&self) -> Snapshot {
        Snapshot::new(self.unit.view().clone())
    }
}
