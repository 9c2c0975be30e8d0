//! Statements by the names of columns, for tools: `snapshot.table("items")?.filter_by("price", Op::Gt, Value::from(5))`.
//!
//! They become the same plans as typed statements, so indexes serve them as well. What the compiler checks there is
//! checked here when the statement runs: the first mistake is its error.
use super::fit::{fitted, nearest};
use crate::expr::{Code, Comparison, Op, OrderTerm};
use crate::lower::{Dialect, Sql, plan_to_sql};
use crate::model::ColumnMeta;
use crate::plan::{Explain, Group, Run, explain, resolve, values};
use crate::query::{After, Plan};
use crate::value::{Kind, Value, show_key};
use crate::world::DynamicTable;
use crate::{Error, Result};
use std::fmt;

/// A question to a table by the names of its columns: what [`DynamicTable::filter_by`] and its relatives give.
#[derive(Clone)]
#[must_use = "a question does nothing until `.rows()` or `.count()` runs it"]
pub struct DynamicQuery {
    table: DynamicTable,
    plan: Plan,
    /// The first mistake in the statement.
    mistake: Option<Mistake>,
}

/// An error that can be given again: statements are values.
#[derive(Clone)]
enum Mistake {
    Column(String),
    Value(&'static ColumnMeta, String),
    Key(String),
}

impl fmt::Debug for DynamicQuery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicQuery").field(&self.plan).finish()
    }
}

impl DynamicTable {
    /// Keeps the rows where the column compares so with the value; none where either is `Null`.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, name: String, #[model(index)] price: f64 }
    /// # let db = Database::new();
    /// # let row = |id, name: &str, price| Item { id, name: name.into(), price };
    /// # db.transaction(|s| s.add_all([row(1, "foo", 3.0), row(2, "bar", 9.0), row(3, "baz", 7.0)]))?;
    /// let dear = db.snapshot().table("items")?.filter_by("price", Op::Gt, Value::from(5)).order_by("name");
    /// assert_eq!(dear.count()?, 2);
    /// assert_eq!(dear.limit(1).rows()?[0][1], Value::from("bar"));
    ///
    /// let misspelt = db.snapshot().table("items")?.order_by("prise").rows();
    /// assert_eq!(misspelt.unwrap_err().to_string(), r#"items has no column "prise"; did you mean "price"?"#);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn filter_by(self, column: &str, op: Comparison, value: impl Into<Value>) -> DynamicQuery {
        DynamicQuery::new(self).filter_by(column, op, value)
    }
    /// Sorts by a column, smallest first.
    pub fn order_by(self, column: &str) -> DynamicQuery {
        DynamicQuery::new(self).order_by(column)
    }
    /// Sorts by a column, greatest first.
    pub fn order_by_desc(self, column: &str) -> DynamicQuery {
        DynamicQuery::new(self).order_by_desc(column)
    }
    /// Keeps the rows that come after the row with this primary key: see [`DynamicQuery::after`].
    pub fn after(self, key: impl IntoIterator<Item: Into<Value>>) -> DynamicQuery {
        DynamicQuery::new(self).after(key)
    }
    /// Keeps the first `rows` rows at the most.
    pub fn limit(self, rows: usize) -> DynamicQuery {
        DynamicQuery::new(self).limit(rows)
    }
    /// Counts all rows. O(1).
    pub fn count(&self) -> usize {
        self.world().table(self.meta()).map_or(0, crate::table::Table::len)
    }
}

impl DynamicQuery {
    fn new(table: DynamicTable) -> Self {
        let plan = Plan::new(table.meta());
        Self { table, plan, mistake: None }
    }

    /// Keeps the rows where the column compares so with the value. Several filters must all hold.
    pub fn filter_by(mut self, column: &str, op: Comparison, value: impl Into<Value>) -> Self {
        let Some((place, meta)) = self.column(column) else { return self };
        let value = value.into();
        match fitted(meta, &value) {
            Some(value) => {
                let side = Code::column(self.plan.table, place);
                self.plan.and(side.with(Code::literal(value), Op::Compare(op)));
            }
            None => self.blame(Mistake::Value(meta, value.to_string())),
        }
        self
    }

    /// Sorts by a column, smallest first, `Null` last; further keys may follow.
    pub fn order_by(self, column: &str) -> Self {
        self.sort(column, false)
    }

    /// Sorts by a column, greatest first, `Null` first; further keys may follow.
    pub fn order_by_desc(self, column: &str) -> Self {
        self.sort(column, true)
    }

    /// Keeps the rows that come after the row with this primary key, in the order of the statement: the next page, as
    /// [`Select::after`](crate::query::Select::after) gives it. The key is a value for each of its columns, in their order.
    /// Replaces an earlier `after`.
    ///
    /// Costs O(log n) and the rows of the page where an index serves the first sort key, or where the statement is not sorted.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, #[model(index)] price: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([(1, 5), (2, 3), (3, 5), (4, 4)].map(|(id, price)| Item { id, price })))?;
    /// let page = db.snapshot().table("items")?.order_by("price").limit(2);
    /// let ids = |rows: Vec<Vec<Value>>| rows.iter().map(|row| row[0].to_string()).collect::<Vec<_>>();
    /// assert_eq!(ids(page.rows()?), ["2", "4"]);
    /// assert_eq!(ids(page.clone().after([4]).rows()?), ["1", "3"]);
    ///
    /// let compound = page.after([4, 1]).rows().unwrap_err();
    /// assert_eq!(compound.to_string(), "(4, 1) is no key of items: its primary key is id");
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn after(mut self, key: impl IntoIterator<Item: Into<Value>>) -> Self {
        let key: Vec<Value> = key.into_iter().map(Into::into).collect();
        match self.key(&key) {
            Ok(key) => self.plan.after = Some(After::new(self.plan.table, key)),
            Err(mistake) => self.blame(mistake),
        }
        self
    }

    /// Keeps the first `rows` rows at the most.
    pub fn limit(mut self, rows: usize) -> Self {
        self.plan.limit = Some(rows);
        self
    }

    /// Skips the first `rows` rows.
    pub fn offset(mut self, rows: usize) -> Self {
        self.plan.offset = rows;
        self
    }

    /// Copies the rows. Opaque columns are `Null`.
    ///
    /// # Errors
    /// `NoSuchColumn`; `InvalidValue` where a column cannot be compared with a value; of `after`, `InvalidKey` where there are
    /// more or fewer values than the primary key has columns, and `NotFound` where no row has the key.
    pub fn rows(&self) -> Result<Vec<Vec<Value>>> {
        let columns = self.plan.whole_row();
        let mut rows = Vec::new();
        self.each(|group| {
            rows.extend(values(self.plan.table, &columns, &group.frame)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Counts the rows.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn count(&self) -> Result<usize> {
        let mut rows = 0;
        self.each(|group| {
            rows += group.frame.len();
            Ok(())
        })?;
        Ok(rows)
    }

    /// Runs the statement and tells how: the index that was used, and how many rows were looked at.
    ///
    /// # Errors
    /// As [`rows`](Self::rows).
    pub fn explain(&self) -> Result<Explain> {
        self.check()?;
        explain(self.table.world(), &self.plan)
    }

    /// Writes the statement as SQL, with its values as parameters, as [`Select::to_sql`](crate::query::Select::to_sql).
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, price: f64 }
    /// # let db = Database::new();
    /// # db.register::<Item>()?;
    /// let dear = db.snapshot().table("items")?.filter_by("price", Op::Gt, 5).limit(3).to_sql(Dialect::Sqlite)?;
    /// assert_eq!(dear.text, r#"SELECT "id", "price" FROM "items" WHERE "price" > ? LIMIT 3"#);
    /// assert_eq!(dear.parameters, [Value::Float(5.0)]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// `NoSuchColumn`, `InvalidValue` and `InvalidKey` as [`rows`](Self::rows); `NoPlace` of an `after`.
    pub fn to_sql(&self, dialect: Dialect) -> Result<Sql> {
        self.check()?;
        plan_to_sql(&self.plan, dialect)
    }

    fn each(&self, mut each: impl FnMut(&Group<'_, '_>) -> Result<()>) -> Result<()> {
        self.check()?;
        let plan = resolve(self.table.world(), &self.plan)?;
        let mut run = Run::new(self.table.world(), &plan, None)?;
        while let Some(group) = run.next()? {
            each(&group)?;
        }
        Ok(())
    }

    fn sort(mut self, column: &str, descending: bool) -> Self {
        let Some((place, meta)) = self.column(column) else { return self };
        if meta.kind == Kind::Opaque {
            self.blame(Mistake::Value(meta, "a sort key".to_owned()));
            return self;
        }
        let code = Code::column(self.plan.table, place);
        self.plan.order.push(OrderTerm { code, descending, nulls_first: None });
        self
    }

    /// The column of that name. A missing one is a mistake.
    fn column(&mut self, name: &str) -> Option<(u16, &'static ColumnMeta)> {
        let found = (0..).zip(self.plan.table.columns).find(|(_, column)| column.name == name);
        if found.is_none() {
            self.blame(Mistake::Column(name.to_owned()));
        }
        found
    }

    /// The key as the columns of the primary key hold it.
    fn key(&self, key: &[Value]) -> Result<Vec<Value>, Mistake> {
        let meta = self.plan.table;
        if key.len() != meta.primary_key.len() {
            return Err(Mistake::Key(show_key(&key.iter().map(Value::cell).collect::<Vec<_>>())));
        }
        let part = |(place, value): (&u16, &Value)| {
            let column = meta.column(*place);
            let held = fitted(column, value).filter(|value| column.is_nullable || !value.is_null());
            held.ok_or_else(|| Mistake::Value(column, value.to_string()))
        };
        meta.primary_key.iter().zip(key).map(part).collect()
    }

    fn blame(&mut self, mistake: Mistake) {
        self.mistake.get_or_insert(mistake);
    }

    fn check(&self) -> Result<()> {
        let table = self.plan.table;
        Err(match &self.mistake {
            None => return Ok(()),
            Some(Mistake::Column(name)) => Error::NoSuchColumn {
                table: table.name,
                name: name.clone(),
                near: nearest(name, table.columns),
            },
            Some(Mistake::Value(meta, value)) => Error::InvalidValue {
                table: table.name,
                column: meta.name,
                value: value.clone(),
                expected: meta.rust_type,
            },
            Some(Mistake::Key(key)) => Error::InvalidKey {
                table: table.name,
                key: key.clone(),
                columns: table.column_names(table.primary_key),
            },
        })
    }
}
