//! Asking: the terminals of `Select` and `Rows`.
use super::source::{Source, View};
use crate::expr::{Aggregate, Item, Scope};
use crate::plan::{Explain, Group, Grouped, aggregate, explain, project, values};
use crate::query::{FromRow, Plan, Rows, Select, Unscoped};
use crate::value::Value;
use crate::{Error, Result};

/// A statement that asks. Its terminals take a `&Session`, a `&Snapshot` or a `&Database`, which they read as it is at
/// that moment.
///
/// All of them return a `Result`: arithmetic can overflow or divide by zero, and `one` can find none or many.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, name: String, qty: i64 }
/// # let db = Database::new();
/// # let row = |id, name: &str, qty| Item { id, name: name.into(), qty };
/// # db.transaction(|s| s.add_all([row(1, "foo", 3), row(2, "bar", 0), row(3, "baz", 5)]))?;
/// let in_stock = select::<Item>().filter(Item::QTY.gt(0));
/// assert_eq!(in_stock.all(&db)?.len(), 2);
/// assert_eq!(in_stock.first(&db)?.unwrap().name, "foo");
/// assert_eq!((in_stock.count(&db)?, in_stock.exists(&db)?), (2, true));
/// assert!(in_stock.one(&db).is_err(), "two are too many");
///
/// let names = in_stock.select((Item::ID, Item::NAME.upper().label("loud")));
/// assert_eq!(names.all(&db)?, [(1, "FOO".to_owned()), (3, "BAZ".to_owned())]);
/// assert_eq!(names.mappings(&db)?[1][1], ("loud".to_owned(), Value::Text("BAZ".into())));
/// # Ok::<_, memorm::Error>(())
/// ```
pub trait Query: Sized {
    /// What the query gives for each row.
    type Row;

    #[doc(hidden)]
    fn plan(&self) -> &Plan;

    /// Adds the rows of a group to `out`.
    #[doc(hidden)]
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<Self::Row>) -> Result<()>;

    /// Whether the rows are those that `read` gives of each group; else `collect_rows` alone knows them.
    #[doc(hidden)]
    fn is_read_by_group(&self) -> bool {
        true
    }

    /// The rows of a query that groups, whose groups are known.
    #[doc(hidden)]
    fn read_grouped(&self, _: &Grouped) -> Result<Vec<Self::Row>> {
        // no other query has a plan with groups
        Ok(Vec::new())
    }

    /// The rows, and no more than `cap` of them.
    #[doc(hidden)]
    fn collect_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<Vec<Self::Row>> {
        let plan = view.resolve(self.plan())?;
        let mut run = view.run(&plan, cap)?;
        let mut rows = Vec::with_capacity(run.len_hint());
        while let Some(group) = run.next()? {
            self.read(&group, &mut rows)?;
            run.check_held(&rows)?;
        }
        Ok(rows)
    }

    /// How many rows there are, counted up to `cap`.
    #[doc(hidden)]
    fn count_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<usize> {
        let plan = view.resolve(self.plan())?;
        let mut run = view.run(&plan, cap)?;
        let mut rows = 0;
        while let Some(group) = run.next()? {
            rows += group.frame.len();
        }
        Ok(rows)
    }

    /// What was done to find the rows.
    #[doc(hidden)]
    fn explain_rows(&self, view: &View<'_>) -> Result<Explain> {
        explain(view.world(), self.plan())
    }

    /// Headings and values of the result.
    #[doc(hidden)]
    fn dynamic_rows(&self, view: &View<'_>) -> Result<(Vec<String>, Vec<Vec<Value>>)> {
        dynamic_rows(view, self.plan())
    }

    /// Collects all rows. Raises a reference count for each whole row; `iter` touches none. Takes no lock, but to copy the
    /// pointer to the newest version of a [`Database`](crate::Database).
    ///
    /// # Errors
    /// `Arithmetic`, of the first row in row order. `LimitExceeded`, where the builder sets a limit; `TooDeep`; `NotFound`
    /// and `NoPlace`, where the query has an [`after`](crate::query::Select::after).
    fn all(&self, source: &impl Source) -> Result<Vec<Self::Row>> {
        self.collect_rows(&source.view(), None)
    }

    /// Runs the query and turns each row into a `U`: `#[derive(Projection)]`, or any `From` of the row.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add(Item { id: 1, qty: 3 }))?;
    /// #[derive(Projection, Debug, PartialEq)]
    /// struct Stock {
    ///     id: u64,
    ///     twice: i64,
    /// }
    /// let stock = select::<Item>().select((Item::ID, Item::QTY * 2)).all_as::<Stock>(&db)?;
    /// assert_eq!(stock, [Stock { id: 1, twice: 6 }]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn all_as<U: FromRow<Self::Row>>(&self, source: &impl Source) -> Result<Vec<U>> {
        Ok(self.all(source)?.into_iter().map(U::from_row).collect())
    }

    /// Returns the first row; looks no further.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn first(&self, source: &impl Source) -> Result<Option<Self::Row>> {
        Ok(self.collect_rows(&source.view(), Some(1))?.pop())
    }

    /// Returns the only row.
    ///
    /// # Errors
    /// `NoRow`, `TooManyRows`, and as [`all`](Self::all).
    fn one(&self, source: &impl Source) -> Result<Self::Row> {
        self.one_or_none(source)?.ok_or_else(|| Error::NoRow { table: self.plan().table.name })
    }

    /// Returns the only row, or `None`.
    ///
    /// # Errors
    /// `TooManyRows`, and as [`all`](Self::all).
    fn one_or_none(&self, source: &impl Source) -> Result<Option<Self::Row>> {
        let mut rows = self.collect_rows(&source.view(), Some(2))?;
        if rows.len() > 1 {
            return Err(Error::TooManyRows { table: self.plan().table.name });
        }
        Ok(rows.pop())
    }

    /// Counts the rows, without reading more of them than the filter does.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn count(&self, source: &impl Source) -> Result<usize> {
        self.count_rows(&source.view(), None)
    }

    /// Tells whether there is a row; looks no further than the first.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn exists(&self, source: &impl Source) -> Result<bool> {
        Ok(self.count_rows(&source.view(), Some(1))? > 0)
    }

    /// Shows how the query finds its rows: the index used, rows expected, rows seen. Runs it.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn explain(&self, source: &impl Source) -> Result<Explain> {
        self.explain_rows(&source.view())
    }

    /// Returns each row as (label, value) pairs; whole rows with the names of their columns.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    fn mappings(&self, source: &impl Source) -> Result<Vec<Vec<(String, Value)>>> {
        let (headings, rows) = self.dynamic_rows(&source.view())?;
        Ok(rows.into_iter().map(|row| headings.iter().cloned().zip(row).collect()).collect())
    }

    /// Prints the result as a table of text: labels as headings, numbers to the right, `None` empty. Feature `table`.
    ///
    /// # Errors
    /// As [`all`](Self::all).
    #[cfg(feature = "table")]
    fn to_table(&self, source: &impl Source) -> Result<String> {
        let (headings, rows) = self.dynamic_rows(&source.view())?;
        Ok(crate::inspect::print_table(headings, rows))
    }
}

/// Headings and values of the result.
fn dynamic_rows(view: &View<'_>, plan: &Plan) -> Result<(Vec<String>, Vec<Vec<Value>>)> {
    let columns: Vec<Item> = match plan.row_items() {
        [] => plan.whole_row(),
        items => items.to_vec(),
    };
    let plan = view.resolve(plan)?;
    let mut run = view.run(&plan, None)?;
    let mut rows = Vec::new();
    while let Some(group) = run.next()? {
        let items = if group.items.is_empty() { &columns } else { group.items };
        rows.extend(values(plan.table, items, &group.frame)?);
    }
    Ok((columns.iter().map(Item::heading).collect(), rows))
}

impl<S: Scope> Query for Select<S> {
    type Row = S::Owned;

    fn plan(&self) -> &Plan {
        &self.plan
    }
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<S::Owned>) -> Result<()> {
        S::owned(&group.frame, out);
        Ok(())
    }
}

impl<T> Query for Rows<T> {
    type Row = T;

    fn plan(&self) -> &Plan {
        &self.plan
    }
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<T>) -> Result<()> {
        project(self.plan.table, group.items, &group.frame, self.read, out)
    }
}

impl Query for Unscoped {
    type Row = Vec<Value>;

    fn plan(&self) -> &Plan {
        &self.plan
    }
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<Vec<Value>>) -> Result<()> {
        out.extend(values(self.plan.table, &self.plan.whole_row(), &group.frame)?);
        Ok(())
    }
}

impl<Q: Query> Query for &Q {
    type Row = Q::Row;

    fn plan(&self) -> &Plan {
        Q::plan(self)
    }
    fn read(&self, group: &Group<'_, '_>, out: &mut Vec<Q::Row>) -> Result<()> {
        Q::read(self, group, out)
    }
    fn is_read_by_group(&self) -> bool {
        Q::is_read_by_group(self)
    }
    fn read_grouped(&self, grouped: &Grouped) -> Result<Vec<Q::Row>> {
        Q::read_grouped(self, grouped)
    }
    fn collect_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<Vec<Q::Row>> {
        Q::collect_rows(self, view, cap)
    }
    fn count_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<usize> {
        Q::count_rows(self, view, cap)
    }
    fn explain_rows(&self, view: &View<'_>) -> Result<Explain> {
        Q::explain_rows(self, view)
    }
    fn dynamic_rows(&self, view: &View<'_>) -> Result<(Vec<String>, Vec<Vec<Value>>)> {
        Q::dynamic_rows(self, view)
    }
}

impl<S: Scope> Select<S> {
    /// Computes one value, or a tuple of up to twelve, of all rows.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
    /// let (n, total) = select::<Item>().aggregate((count(), Item::QTY.sum()), &db)?;
    /// assert_eq!((n, total), (2, Some(7)));
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// `Arithmetic`, of the first row in row order, or of a sum that leaves its type.
    pub fn aggregate<Side, T>(
        &self,
        aggregates: impl Aggregate<S, Side, Out = T>,
        source: &impl Source,
    ) -> Result<T> {
        let mut terms = Vec::new();
        let read = aggregates.place(&mut terms);
        let view = source.view();
        let (plan, terms) = (view.resolve(&self.plan)?, view.resolve_terms(&terms)?);
        let results = aggregate(view.run(&plan, None)?, &plan, &terms)?;
        read(&mut results.iter()).ok_or_else(|| Error::InvalidValue {
            table: self.plan.table.name,
            column: "aggregate",
            value: results.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            expected: "the type of the aggregate",
        })
    }
}
