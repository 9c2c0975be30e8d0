//! Aggregates and groups: `SELECT .. GROUP BY`.
use super::dialect::{Dialect, Sql};
use super::query::slots;
use super::writer::Writer;
use crate::Result;
use crate::expr::{AggregateTerm, Code, Function, Op, Purpose, Step};
use crate::query::{Groups, Origin, Plan};
use crate::value::{Kind, Value};
use std::sync::Arc;

impl<K, A> Groups<K, A> {
    /// Writes the statement as SQL: the parts of the key, then the aggregates.
    ///
    /// memorm answers in the order in which keys are first seen; SQL promises no order, and none is written.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] #[model(table = "items")]
    /// # struct Item { #[model(primary_key)] id: u64, cat: u32, qty: i64 }
    /// let stock = select::<Item>().filter(Item::QTY.gt(0)).group_by(Item::CAT).aggregate((count(), Item::QTY.sum()));
    /// assert_eq!(
    ///     stock.to_sql(Dialect::Sqlite)?.text,
    ///     r#"SELECT "cat", count(*), sum("qty") FROM "items" WHERE "qty" > ? GROUP BY 1"#
    /// );
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// `NoSql`, which names the closure, the opaque column or the aggregate that has no SQL.
    pub fn to_sql(&self, dialect: Dialect) -> Result<Sql> {
        let mut writer = Writer::new(dialect, self.plan.table);
        if !self.having.is_empty() {
            return Err(writer.no_sql("the closure of `having`"));
        }
        if self.order.is_some() {
            return Err(writer.no_sql("the closure of `order_by`"));
        }
        writer.groups(&self.plan)?;
        writer.cut(self.offset, self.limit);
        Ok(writer.finish())
    }
}

impl Writer {
    /// Writes the groups of a plan.
    fn groups(&mut self, plan: &Plan) -> Result<()> {
        let Some(group) = &plan.group else { return self.plan(plan) };
        let rows = rows(plan);
        self.within(rows.table, slots(&rows), |writer| {
            writer.text("SELECT ");
            writer.items(&group.keys)?;
            writer.text(if group.keys.is_empty() { "" } else { ", " });
            writer.terms(&group.terms)?;
            writer.source(&rows)?;
            // by their places: a value in a key is a parameter, and two parameters are two expressions
            writer.text(if group.keys.is_empty() { "" } else { " GROUP BY " });
            writer.list(1..=group.keys.len(), Self::number);
            Ok(())
        })
    }

    /// Writes aggregates of the rows of a plan.
    pub(super) fn aggregates(&mut self, plan: &Plan, terms: &[AggregateTerm]) -> Result<()> {
        let rows = rows(plan);
        self.within(rows.table, slots(&rows), |writer| {
            writer.text("SELECT ");
            writer.terms(terms)?;
            writer.source(&rows)
        })
    }

    fn terms(&mut self, terms: &[AggregateTerm]) -> Result<()> {
        for (i, term) in terms.iter().enumerate() {
            self.text(if i == 0 { "" } else { ", " });
            self.term(term)?;
        }
        Ok(())
    }

    fn term(&mut self, term: &AggregateTerm) -> Result<()> {
        match (term.function, self.dialect) {
            (Function::CountDistinct, _) => self.text("count(DISTINCT "),
            (Function::Quantile(q), Dialect::Postgres) => {
                self.text("percentile_cont(");
                self.value(&Value::Float(q));
                self.text(") WITHIN GROUP (ORDER BY ");
            }
            (function, _) => match self.plain_aggregate(function, term.of.as_ref()) {
                Some(open) => self.text(open),
                None => return Err(self.no_sql(&format!("the aggregate {term}"))),
            },
        }
        if let Some(of) = &term.of {
            self.expression(of)?;
        }
        self.text(")");
        Ok(())
    }

    /// How an aggregate opens that is a function like others, of groups and of windows.
    pub(super) fn plain_aggregate(&self, function: Function, of: Option<&Code>) -> Option<&'static str> {
        Some(match (function, self.dialect) {
            (Function::Min, Dialect::Postgres) if of.is_some_and(is_flag) => "bool_and(",
            (Function::Max, Dialect::Postgres) if of.is_some_and(is_flag) => "bool_or(",
            (Function::Count, _) => "count(*",
            (Function::CountOf, _) => "count(",
            (Function::Sum, _) => "sum(",
            (Function::Avg, _) => "avg(",
            (Function::Min, _) => "min(",
            (Function::Max, _) => "max(",
            (Function::Stddev, Dialect::Postgres) => "stddev_samp(",
            (Function::Variance, Dialect::Postgres) => "var_samp(",
            _ => return None,
        })
    }
}

/// Whether an expression gives a `bool`, of which PostgreSQL knows no least and no greatest.
fn is_flag(code: &Code) -> bool {
    // what chooses one of two values is of the type of the last
    let chooses = |step: &&Step| {
        matches!(step, Step::Apply(Op::Coalesce | Op::When | Op::OrWhen | Op::Otherwise | Op::EndCase))
    };
    match code.steps().iter().rev().find(|step| !chooses(step)) {
        Some(Step::Column { table, column, .. }) => table.column(*column).kind == Kind::Bool,
        Some(Step::Literal(value)) => matches!(value, Value::Bool(_)),
        Some(Step::InValues(..) | Step::InKeys(..) | Step::Related(_)) => true,
        Some(Step::Subquery(subquery)) => subquery.purpose != Purpose::Value,
        Some(Step::Apply(op)) => matches!(
            op,
            Op::Compare(_)
                | Op::Between
                | Op::IsDistinct
                | Op::IsNull
                | Op::IsTrue
                | Op::And
                | Op::Or
                | Op::Not
                | Op::Text(_)
        ),
        _ => false,
    }
}

/// The rows that are aggregated: those of the plan's tables that pass, or a subquery of them where the plan cuts them.
fn rows(plan: &Plan) -> Plan {
    let mut rows = plan.clone();
    rows.group = None;
    if plan.distinct || plan.after.is_some() || plan.offset > 0 || plan.limit.is_some() {
        let mut whole = Plan::new(plan.table);
        whole.origin = Origin::Set(Arc::new(rows), Vec::new());
        return whole;
    }
    rows.order.clear();
    rows
}
