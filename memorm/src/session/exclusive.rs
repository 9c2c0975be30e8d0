//! `Exclusive`: the calls of a session, each straight into the newest version.
use super::handle::{Session, not_found_of, typed, typed_row};
use super::query::Query;
use super::rows::key_changed;
use crate::Result;
use crate::database::{Isolation, Shared};
use crate::expr::Column;
use crate::model::{Field, Insertable, KeyRef, Model, ModelRef};
use crate::session::UpdateFn;
use crate::session::outcome::UpdateResult;
use crate::table::{Edited, key_cells, table_type};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The only writer of a database, from [`Database::exclusive`](crate::Database::exclusive): each call writes straight into
/// the newest version. Dropping it publishes all of them as one version.
///
/// The calls are those of [`Session`], and statements run on it as on a session. What differs:
///
/// - There is no commit and no rollback. A call that fails leaves everything as it was before that call.
/// - Foreign keys, `restrict` and deferred unique columns are checked at the end of each call: a row must be added before
///   those that refer to it.
/// - A closure of `update` that panics leaves its row as far as it has changed it, with the indexes in step; where that
///   breaks a constraint, as it was.
/// - Objects that you hold are frozen versions here too: a row that somebody holds is copied when it is changed.
///
/// Forgetting it (`mem::forget`) instead of dropping it loses the database's rows.
pub struct Exclusive<'db> {
    pub(super) session: Session,
    database: PhantomData<&'db mut Shared>,
}

impl fmt::Debug for Exclusive<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exclusive").finish_non_exhaustive()
    }
}

impl Drop for Exclusive<'_> {
    fn drop(&mut self) {
        self.session.unit.end_direct();
    }
}

fn can_fail<M, F: UpdateFn<M>>(_: &F) -> bool {
    F::Out::CAN_FAIL
}

impl<'db> Exclusive<'db> {
    pub(crate) fn open(shared: &'db Arc<Shared>, takes: bool) -> Result<Self> {
        let base = shared.begin_exclusive(takes)?;
        let mut session = Session::new(shared.clone(), Isolation::Snapshot);
        session.unit.begin_direct(base);
        Ok(Self { session, database: PhantomData })
    }

    fn call<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        self.session.unit.begin_call();
        let result = work(&mut self.session);
        self.session.unit.end_call(result)
    }

    /// Stores a row, as [`Session::add`].
    ///
    /// # Errors
    /// `Duplicate`, `Check`, `KeyExhausted`, `Schema`, `DanglingReference`.
    pub fn add<I: Insertable>(&mut self, row: I) -> Result<Arc<I::Model>> {
        self.call(|session| session.add(row))
    }

    /// Stores rows, all or none, as [`Session::add_all`].
    ///
    /// # Errors
    /// Those of [`add`](Self::add).
    pub fn add_all<I: Insertable>(
        &mut self,
        rows: impl IntoIterator<Item = I>,
    ) -> Result<Vec<Arc<I::Model>>> {
        self.call(|session| session.add_all(rows))
    }

    /// Returns the row with that key.
    #[inline]
    pub fn get<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<Arc<M>> {
        self.session.unit.base().get::<M>(&key).cloned()
    }

    /// Returns the row with that key, which must be there.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get_one<M: Model>(&self, key: impl KeyRef<M::Key>) -> Result<Arc<M>> {
        self.session.get_one::<M>(key)
    }

    /// Borrows the row with that key: no reference count is touched.
    #[inline]
    pub fn peek<M: Model>(&self, key: impl KeyRef<M::Key>) -> Option<&M> {
        self.session.unit.base().get::<M>(&key).map(|row| &**row)
    }

    /// Returns the current version of an object that was read earlier; `None` where its row is gone.
    pub fn refresh<M: Model>(&self, row: &Arc<M>) -> Option<Arc<M>> {
        self.session.refresh(row)
    }

    /// Changes the row with that key through a closure, where it lies, and returns it.
    ///
    /// # Errors
    /// `NotFound`, `Duplicate`, `Check`, `DanglingReference`, and what the closure returns. The row then stays as it was.
    /// `KeyChanged`: the key is put back; what else the closure has changed may stay.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, #[model(index)] qty: i64 }
    /// let mut db = Database::new();
    /// let mut hot = db.exclusive()?;
    /// hot.add(Item { id: 7, qty: 3 })?;
    /// hot.update::<Item>(7, |item| item.qty -= 1)?;
    /// assert_eq!(select::<Item>().filter(Item::QTY.eq(2)).count(&hot)?, 1);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn update<M: Model>(&mut self, key: impl KeyRef<M::Key>, change: impl UpdateFn<M>) -> Result<Arc<M>> {
        let unit = &mut self.session.unit;
        let had_written = unit.has_written;
        if !can_fail(&change)
            && let Some(table) = unit.plain_table(M::table())
        {
            return match table.edit_plain(&key, |row| _ = change(row).into_result()) {
                Edited::Done(row) => Ok(row),
                Edited::KeyChanged(row) => Err(key_changed(M::table(), &*row)),
                Edited::Absent => {
                    unit.has_written = had_written;
                    Err(not_found_of::<M>(&key))
                }
            };
        }
        let (cells, parts) = key_cells::<M::Key>(&key);
        let mut change = Some(change);
        let row = self.session.unit.edit(table_type::<M>(), &cells[..parts], &mut |row| {
            change.take().map_or(Ok(()), |change| change(typed_row(row)).into_result())
        })?;
        Ok(typed(row))
    }

    /// Stores the row: replaces the one with its key, or adds it, as [`Session::merge`].
    ///
    /// # Errors
    /// Those of [`add`](Self::add), and `Stale`.
    pub fn merge<I: Insertable>(&mut self, row: I) -> Result<Arc<I::Model>> {
        self.call(|session| session.merge(row))
    }

    /// Adds the row, or changes the one with its primary key, as [`Session::upsert`].
    ///
    /// # Errors
    /// Those of [`merge`](Self::merge) and [`update`](Self::update).
    pub fn upsert<I: Insertable>(
        &mut self,
        row: I,
        change: impl FnOnce(&mut I::Model, I::Model),
    ) -> Result<Arc<I::Model>> {
        self.call(|session| session.upsert(row, change))
    }

    /// Adds the row, or changes the one that has its value in the unique column `on`, as [`Session::upsert_on`].
    ///
    /// # Errors
    /// Those of [`upsert`](Self::upsert), and `NotUnique`.
    pub fn upsert_on<I: Insertable, T: Field>(
        &mut self,
        on: Column<I::Model, T>,
        row: I,
        change: impl FnOnce(&mut I::Model, I::Model),
    ) -> Result<Arc<I::Model>> {
        self.call(|session| session.upsert_on(on, row, change))
    }

    /// Deletes the row of an object, and what refers to it by `cascade`, as [`Session::delete`].
    ///
    /// # Errors
    /// `Stale`, `Check`, and `StillReferenced` where a row refers to it by `restrict`.
    pub fn delete<R: ModelRef>(&mut self, row: R) -> Result<bool> {
        self.call(|session| session.delete(row))
    }

    /// Deletes the row with that key, as [`Session::delete_by_key`].
    ///
    /// # Errors
    /// `Check` and `StillReferenced`.
    pub fn delete_by_key<M: Model>(&mut self, key: impl KeyRef<M::Key>) -> Result<bool> {
        self.call(|session| session.delete_by_key::<M>(key))
    }

    /// Runs a query and collects its rows; the same as `query.all(&hot)`.
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
}
