//! `insert`, `update`, `delete`: statements that change rows.
use crate::Result;
use crate::expr::{Assign, Code, Column, Item, PerRow, Predicate, ReadRow, Step, TypedTest, Within};
use crate::model::{AnyRow, Field, Literal, Model, NewRow};
use crate::table::{TableType, table_type};
use crate::value::Value;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Rows without their type.
type NewRows = Vec<Arc<dyn AnyRow>>;

/// Adds rows: one of the values given by `set`, or those given by `rows`.
#[must_use = "an insert does nothing until `.exec(&mut session)`"]
pub struct Insert<M> {
    pub(crate) table: TableType,
    /// Makes the new rows, which need their type.
    pub(crate) new_rows: fn(&Self) -> Result<NewRows>,
    /// The values of one new row, by column. A later value of a column replaces an earlier one.
    pub(crate) set: Vec<(u16, Value)>,
    /// Whole rows; an empty list asks for no row, and nothing asks for one of defaults.
    pub(crate) rows: Option<Vec<M>>,
}

/// Changes all rows; narrow it with [`filter`](Update::filter).
#[must_use = "an update does nothing until `.exec(&mut session)`"]
pub struct Update<M> {
    pub(crate) table: TableType,
    pub(crate) filter: Option<Code>,
    /// What each column is set to, computed from the old row.
    pub(crate) set: Vec<(u16, Code)>,
    model: PhantomData<fn() -> M>,
}

/// Deletes all rows; narrow it with [`filter`](Delete::filter).
#[must_use = "a delete does nothing until `.exec(&mut session)`"]
pub struct Delete<M> {
    pub(crate) table: TableType,
    pub(crate) filter: Option<Code>,
    model: PhantomData<fn() -> M>,
}

/// A write that gives back a `T` for each row it touched: the new values; of a delete the old ones.
#[must_use = "a write does nothing until `.all(&mut session)`"]
pub struct Returning<W, T> {
    pub(crate) write: W,
    pub(crate) items: Vec<Item>,
    /// Reads one row; `None` where a type cannot hold a value.
    pub(crate) read: ReadRow<T>,
}

/// Starts an insert.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key, auto)]
///     id: u64,
///     name: String,
///     #[model(default = 1)]
///     qty: i64,
/// }
/// let db = Database::new();
/// let mut session = db.session();
/// insert::<Item>().set(Item::NAME, "foo").exec(&mut session)?;
/// let keys = insert::<Item>().rows(["bar", "baz"].map(|name| Item { id: 0, name: name.into(), qty: 5 }));
/// assert_eq!(keys.returning(Item::ID).all(&mut session)?, [2, 3]);
/// assert_eq!(session.get::<Item>(1).unwrap().qty, 1);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn insert<M: Model>() -> Insert<M> {
    Insert { table: table_type::<M>(), new_rows: Insert::new_rows, set: Vec::new(), rows: None }
}
/// Starts an update of all rows; narrow it with [`filter`](Update::filter).
///
/// Rows are chosen and new values computed from the old rows before one is written.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
/// # let db = Database::new();
/// let mut session = db.session();
/// session.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }])?;
/// let raise = update::<Item>().filter(Item::QTY.gt(3)).set(Item::QTY, Item::QTY + 1);
/// assert_eq!(raise.exec(&mut session)?, 1);
/// assert_eq!(raise.returning((Item::ID, Item::QTY)).all(&mut session)?, [(2, 6)]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn update<M: Model>() -> Update<M> {
    Update { table: table_type::<M>(), filter: None, set: Vec::new(), model: PhantomData }
}
/// Starts a delete of all rows; narrow it with [`filter`](Delete::filter).
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
/// # let db = Database::new();
/// let mut session = db.session();
/// session.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }])?;
/// assert_eq!(delete::<Item>().filter(Item::QTY.lt(4)).returning(Item::ID).all(&mut session)?, [1]);
/// assert_eq!(delete::<Item>().exec(&mut session)?, 1);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn delete<M: Model>() -> Delete<M> {
    Delete { table: table_type::<M>(), filter: None, model: PhantomData }
}

impl<M: Model> Insert<M> {
    /// Gives the new row a value; what is not given takes its default.
    pub fn set<T: Field>(mut self, column: Column<M, T>, value: impl Literal<T>) -> Self {
        self.set.push((column.index(), value.into_field().to_value()));
        self
    }
    /// Adds whole rows, after the one that `set` describes. An empty list without a `set` adds none.
    pub fn rows(mut self, rows: impl IntoIterator<Item = M>) -> Self {
        self.rows.get_or_insert_default().extend(rows);
        self
    }
    fn new_rows(&self) -> Result<NewRows> {
        let mut rows: NewRows = Vec::with_capacity(self.whole_rows().len() + 1);
        if self.describes_a_row() {
            let mut row = NewRow::new(M::table());
            for (column, value) in &self.set {
                row.set(*column, value.clone());
            }
            rows.push(Arc::new(M::build(&mut row)?));
        }
        for row in self.whole_rows() {
            rows.push(row.copy());
        }
        Ok(rows)
    }
}
impl<M> Insert<M> {
    /// Whether one row is made of the values given by `set` and of defaults.
    pub(crate) fn describes_a_row(&self) -> bool {
        !self.set.is_empty() || self.rows.is_none()
    }
    pub(crate) fn whole_rows(&self) -> &[M] {
        self.rows.as_deref().unwrap_or_default()
    }
}
impl<M: Model> Update<M> {
    /// Sets a column to a value or to an expression over the row's old values.
    pub fn set<T: Field>(mut self, column: Column<M, T>, value: impl Assign<M, T>) -> Self {
        self.set.push((column.index(), value.code_exact()));
        self
    }
}

macro_rules! filters { ($($W:ident)*) => { $(
    impl<M: Model> $W<M> {
        /// Keeps to the rows where the condition is true. Several filters must all hold.
        pub fn filter<Side>(mut self, condition: impl Predicate<Scope: Within<M, Side>>) -> Self {
            self.filter = Some(Code::and(self.filter.take(), condition.into_filter().placed()));
            self
        }
        /// Keeps to the rows for which the closure says so. It sees no row that earlier filters have refused.
        pub fn filter_with(mut self, test: impl Fn(&M) -> bool + Send + Sync + 'static) -> Self {
            let test = Code::step(Step::Test(Arc::new(TypedTest::<M, _>::new(test)), 0));
            self.filter = Some(Code::and(self.filter.take(), test));
            self
        }
    }
)* } }
filters! { Update Delete }

macro_rules! returning { ($($W:ident)*) => { $(
    impl<M: Model> $W<M> {
        /// Gives back a projection of each row: its new values; of a delete the old ones.
        pub fn returning<Side, T>(self, projection: impl PerRow<M, Side, Out = T>) -> Returning<Self, T> {
            let mut items = Vec::new();
            let read = projection.place(&mut items);
            Returning { write: self, items, read }
        }
    }
)* } }
returning! { Insert Update Delete }

impl<M: Clone> Clone for Insert<M> {
    fn clone(&self) -> Self {
        Self { set: self.set.clone(), rows: self.rows.clone(), ..*self }
    }
}
impl<M> Clone for Update<M> {
    fn clone(&self) -> Self {
        Self { table: self.table, filter: self.filter.clone(), set: self.set.clone(), model: PhantomData }
    }
}
impl<M> Clone for Delete<M> {
    fn clone(&self) -> Self {
        Self { table: self.table, filter: self.filter.clone(), model: PhantomData }
    }
}
impl<W: Clone, T> Clone for Returning<W, T> {
    fn clone(&self) -> Self {
        Self { write: self.write.clone(), items: self.items.clone(), read: self.read }
    }
}
impl<M> fmt::Debug for Insert<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Insert")
            .field("set", &self.set)
            .field("rows", &self.rows.as_ref().map(Vec::len))
            .finish()
    }
}
impl<M> fmt::Debug for Update<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update").field("filter", &self.filter).field("set", &self.set).finish()
    }
}
impl<M> fmt::Debug for Delete<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delete").field("filter", &self.filter).finish()
    }
}
impl<W: fmt::Debug, T> fmt::Debug for Returning<W, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returning").field("write", &self.write).field("items", &self.items).finish()
    }
}
