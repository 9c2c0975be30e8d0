//! `after`: the next page of a statement.
//!
//! Whole rows of one table say by their type whose keys `after` takes. A projection and a statement by column name have
//! no such type: they name the table, and what it has to do with the statement is checked before the statement runs.
use super::plan::{Origin, Plan};
use super::rows::Rows;
use super::select::Select;
use crate::expr::{Code, Comparison, Op, Position, Scope};
use crate::model::{Key, KeyRef, Model, TableMeta};
use crate::value::{Value, show_key};
use crate::{Error, Result};
use std::fmt;
use std::sync::Arc;

/// The row after which the rows of a statement come.
#[derive(Clone, Debug)]
pub struct After {
    table: &'static TableMeta,
    key: Vec<Value>,
    /// Where that row stands; found before a run.
    place: Option<Arc<Position>>,
}

impl After {
    /// The row with this key, whose parts are those of the primary key as its columns hold them.
    pub(crate) fn new(table: &'static TableMeta, key: Vec<Value>) -> Self {
        Self { table, key, place: None }
    }

    fn row_of<M: Model>(key: &impl KeyRef<M::Key>) -> Self {
        Self::new(M::table(), (0..M::Key::PARTS).map(|part| key.part(part).to_value()).collect())
    }

    /// Borrows the primary key of the row.
    pub fn key(&self) -> &[Value] {
        &self.key
    }

    /// Checks that the plan asks for rows among which the row can stand.
    ///
    /// # Errors
    /// `NoPlace`.
    pub(crate) fn check(&self, plan: &Plan) -> Result<()> {
        let first = plan.table;
        let within = if !std::ptr::eq(self.table, first) {
            format!("rows of {0}: `after` takes a key of {0}, the first table", first.name)
        } else if combines_projections(plan) {
            "combined projections: `after` stands in front of them".to_owned()
        } else {
            return Ok(());
        };
        Err(Error::NoPlace { table: self.table.name, key: self.to_string(), within })
    }

    /// The condition that is true for the row alone.
    pub(crate) fn is_row(&self) -> Code {
        let is_part = |(column, value): (&u16, &Value)| {
            Code::column(self.table, *column).with(Code::literal(value.clone()), Op::Compare(Comparison::Eq))
        };
        let parts = self.table.primary_key.iter().zip(&self.key).map(is_part);
        parts.fold(None, |all, part| Some(Code::and(all, part))).unwrap_or_default()
    }

    /// Where the row stands, once it was found.
    pub(crate) fn place(&self) -> Option<&Arc<Position>> {
        self.place.as_ref()
    }

    pub(crate) fn found(&self, place: Arc<Position>) -> Self {
        Self { place: Some(place), ..self.clone() }
    }
}

/// Whether the rows of a plan are values that a set operation has combined: they are rows of no table.
fn combines_projections(plan: &Plan) -> bool {
    matches!(plan.origin, Origin::Set(..)) && plan.items.is_empty() && !plan.row_items().is_empty()
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&show_key(&self.key.iter().map(Value::cell).collect::<Vec<_>>()))
    }
}

/// A query over one table, which `after` takes a key of.
#[diagnostic::on_unimplemented(
    message = "`after` stands before `join`: a joined row has no key",
    label = "the query ranges over `{Self}`",
    note = "`select::<M>().after(key).join(..)` begins behind the row of the first table"
)]
pub trait OneTable: Scope {
    /// The model of the table.
    type Table: Model;
}
#[diagnostic::do_not_recommend]
impl<M: Model> OneTable for M {
    type Table = M;
}

impl<S: Scope> Select<S> {
    /// Keeps the rows that come after the row with this key, in the order of the statement: the next page, however many rows
    /// were added or deleted on the pages before. Replaces an earlier `after`.
    ///
    /// Rows with the same sort keys stand in row order, so that none is left out and none comes twice. The row with the key
    /// need not pass the filter. Like a filter, it applies before the rows are joined, grouped or numbered by window functions,
    /// and before `distinct`, `offset` and `limit`.
    ///
    /// Costs O(log n) and the rows of the page where an index serves the first sort key, or where there is no `order_by`; else
    /// what sorting costs. A statement that runs fails with `NotFound` where no row has the key: for rows that may be deleted
    /// between two pages, filter by the values of the last row that was seen.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, #[model(index)] price: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([(1, 5), (2, 3), (3, 5), (4, 4)].map(|(id, price)| Item { id, price })))?;
    /// let page = select::<Item>().order_by(Item::PRICE).limit(2);
    /// let ids = |items: Vec<Arc<Item>>| items.iter().map(|item| item.id).collect::<Vec<_>>();
    /// assert_eq!(ids(page.all(&db)?), [2, 4]);
    /// assert_eq!(ids(page.after(4).all(&db)?), [1, 3]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn after<M: Model>(mut self, key: impl KeyRef<M::Key>) -> Self
    where
        S: OneTable<Table = M>,
    {
        self.unscoped.plan.after = Some(After::row_of::<M>(&key));
        self
    }
}

impl<T> Rows<T> {
    /// Keeps the rows that come after the row of `M` with this key, as [`Select::after`] does: a projection is a page of the
    /// rows that it was made of. `M` is the table that the statement began with, also of a join.
    ///
    /// A statement that runs fails with `NotFound` where no row has the key, and with `NoPlace` where `M` is another table, or
    /// where projections were combined (`union` and its like): `after` stands in front of those.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, #[model(index)] price: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([(1, 5), (2, 3), (3, 5), (4, 4)].map(|(id, price)| Item { id, price })))?;
    /// let page = select::<Item>().order_by(Item::PRICE).select((Item::ID, Item::PRICE)).limit(2);
    /// assert_eq!(page.all(&db)?, [(2, 3), (4, 4)]);
    /// assert_eq!(page.after::<Item>(4).all(&db)?, [(1, 5), (3, 5)]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn after<M: Model>(mut self, key: impl KeyRef<M::Key>) -> Self {
        self.plan.after = Some(After::row_of::<M>(&key));
        self
    }
}
