//! Questions: `Plan` as `SELECT`.
//!
//! A plan's parts apply in their own order (filter, order, projection, distinct, offset, limit). Where SQL's order is
//! another one, a subquery keeps the plan's.
use super::dialect::{Dialect, Sql};
use super::writer::{Slot, Writer};
use crate::Result;
use crate::expr::{Code, Item, Op, Scope, Step};
use crate::model::TableMeta;
use crate::query::{Join, JoinKind, On, Origin, Plan, Rows, Select, slot_name};
use crate::value::Kind;

/// The doc comment of both is here once.
macro_rules! to_sql { ($([$($g:tt)*] $Q:ty;)*) => { $(impl<$($g)*> $Q {
    /// Writes the statement as SQL, with its values as parameters.
    ///
    /// memorm answers in row order where no `order_by` is given; SQL promises no order then, and none is written.
    /// Opaque columns have no SQL: whole rows come without them.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, name: String, qty: i64 }
    /// let query = select::<Item>().filter(Item::QTY.gt(3) & Item::NAME.like("fo%")).order_by(Item::QTY.desc()).limit(5);
    /// let sql = query.select((Item::ID, Item::QTY * 2)).to_sql(Dialect::Postgres)?;
    /// assert_eq!(
    ///     sql.text,
    ///     r#"SELECT "id", "qty" * $1::int8 FROM "items" WHERE "qty" > $2::int8 AND "name" LIKE $3::text ORDER BY "qty" DESC LIMIT 5"#
    /// );
    /// assert_eq!(sql.parameters, [Value::Int(2), Value::Int(3), Value::Text("fo%".into())]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// `NoSql`, which names the closure, the opaque column or the window function in the statement; `NoPlace` of an `after`.
    pub fn to_sql(&self, dialect: Dialect) -> Result<Sql> {
        plan_to_sql(&self.plan, dialect)
    }
})* } }
to_sql! { [S: Scope] Select<S>; [T] Rows<T>; }

/// Writes a question as SQL, with its values as parameters.
pub(crate) fn plan_to_sql(plan: &Plan, dialect: Dialect) -> Result<Sql> {
    let mut writer = Writer::new(dialect, plan.table);
    writer.plan(plan)?;
    Ok(writer.finish())
}

impl Writer {
    /// Writes a plan as a `SELECT`, or as several with set operations between.
    pub(super) fn plan(&mut self, plan: &Plan) -> Result<()> {
        self.within(plan.table, slots(plan), |writer| writer.plan_inside(plan))
    }

    /// Writes a part of the statement in which columns have names of their own.
    pub(super) fn within(
        &mut self,
        table: &'static TableMeta,
        slots: Vec<Slot>,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let outer = (std::mem::replace(&mut self.table, table), std::mem::replace(&mut self.slots, slots));
        let written = write(self);
        (self.table, self.slots) = outer;
        written
    }

    fn plan_inside(&mut self, plan: &Plan) -> Result<()> {
        if plan.distinct && !plan.order.is_empty() {
            return self.first_of_equal_rows(plan);
        }
        if let Origin::Set(first, others) = &plan.origin
            && plan.is_bare()
        {
            return self.set(first, others);
        }
        // whole rows of a table differ in their keys
        let is_distinct = plan.distinct && !(plan.items.is_empty() && matches!(plan.origin, Origin::Table));
        self.text(if is_distinct { "SELECT DISTINCT " } else { "SELECT " });
        match (&plan.items[..], &plan.origin) {
            ([], Origin::Set(..)) if plan.joins.is_empty() => self.text("*"),
            ([], _) => self.items(&whole_row(plan))?,
            (items, _) => self.items(items)?,
        }
        self.source(plan)?;
        self.order(" ORDER BY ", &plan.order)?;
        self.cut(plan.offset, plan.limit);
        Ok(())
    }

    /// `FROM` and `WHERE`.
    pub(super) fn source(&mut self, plan: &Plan) -> Result<()> {
        self.text(" FROM ");
        if let Origin::Set(first, others) = &plan.origin {
            self.text("(");
            self.set(first, others)?;
            self.text(") AS ");
            let alias = self.slots.first().map_or(plan.table.name.to_owned(), |slot| slot.alias.clone());
            self.name(&alias);
        } else {
            self.table(0, plan.table);
        }
        for join in &plan.joins {
            self.join(join)?;
        }
        let after = plan.after.as_ref().map(|after| self.after(plan, after)).transpose()?;
        match (after, &plan.filter) {
            (Some(after), Some(filter)) => self.filter(Some(&after.with(filter.clone(), Op::And))),
            (after, filter) => self.filter(after.as_ref().or(filter.as_ref())),
        }
    }

    /// A table under the name that it has in the statement.
    fn table(&mut self, slot: u8, table: &TableMeta) {
        self.name(table.name);
        if let Some(slot) = self.slots.get(usize::from(slot)).cloned().filter(|slot| slot.alias != table.name)
        {
            self.text(" AS ");
            self.name(&slot.alias);
        }
    }

    fn join(&mut self, join: &Join) -> Result<()> {
        self.text(match join.kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
        });
        match &join.on {
            On::Condition(condition) => {
                self.table(join.slot, join.table);
                self.text(" ON ");
                self.expression(condition)
            }
            On::Through(slot, from, path) => {
                let Some(through) = path.through else {
                    return Err(self.no_sql("a join without its link table"));
                };
                let link = format!("link {}", join.slot);
                self.text("(");
                self.name(through.table.name);
                self.text(" AS ");
                self.name(&link);
                self.text(" JOIN ");
                self.table(join.slot, join.table);
                self.link(&link, through.table, through.to, (join.slot, join.table), path.to);
                self.text(")");
                self.link(&link, through.table, through.by, (*slot, from), path.from);
                Ok(())
            }
        }
    }

    /// `ON` between a link table and a table that it connects.
    pub(super) fn link(
        &mut self,
        link: &str,
        through: &TableMeta,
        columns: &[u16],
        (slot, table): (u8, &TableMeta),
        keys: &[u16],
    ) {
        for (i, (column, key)) in columns.iter().zip(keys).enumerate() {
            self.text(if i == 0 { " ON " } else { " AND " });
            self.name(link);
            self.text(".");
            self.name(through.column(*column).name);
            self.text(" = ");
            self.column(slot, table, *key);
        }
    }

    pub(super) fn filter(&mut self, filter: Option<&Code>) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        self.text(" WHERE ");
        self.expression(filter)
    }

    pub(super) fn items(&mut self, items: &[Item]) -> Result<()> {
        for (i, item) in items.iter().enumerate() {
            self.text(if i == 0 { "" } else { ", " });
            match &item.window {
                Some(window) => self.window(window)?,
                None => self.expression(&item.code)?,
            }
            if let Some(label) = item.label.as_deref().filter(|label| *label != column_name(&item.code)) {
                self.text(" AS ");
                self.name(label);
            }
        }
        Ok(())
    }
}

/// The columns that have SQL, as parts of a projection.
pub(super) fn whole_row(plan: &Plan) -> Vec<Item> {
    let is_opaque = |item: &Item| matches!(item.code.steps(), [Step::Column { table, column, .. }] if table.column(*column).kind == Kind::Opaque);
    plan.whole_row().into_iter().filter(|item| !is_opaque(item)).collect()
}

/// What the tables of a plan are called. One table needs no name before its columns.
pub(super) fn slots(plan: &Plan) -> Vec<Slot> {
    let tables = plan.tables();
    if tables.len() == 1 {
        return Vec::new();
    }
    let combined = tables.len() - plan.joins.len();
    let is_set = matches!(plan.origin, Origin::Set(..));
    let slot = |slot: u8| {
        let name = slot_name(&tables, slot);
        match (is_set && usize::from(slot) < combined, combined) {
            (false, _) => Slot { alias: name, prefix: String::new() },
            (true, 1) => Slot { alias: "rows".to_owned(), prefix: String::new() },
            (true, _) => Slot { alias: "rows".to_owned(), prefix: name + "." },
        }
    };
    (0..).zip(&tables).map(|(place, _)| slot(place)).collect()
}

/// The name of what is a column as it stands; else nothing.
fn column_name(code: &Code) -> &'static str {
    match code.steps() {
        [Step::Column { table, column, .. }] => table.column(*column).name,
        _ => "",
    }
}
