//! What depends on an order: `ORDER BY`, windows, limits, `distinct` of sorted rows.
use super::dialect::Dialect;
use super::query::whole_row;
use super::writer::Writer;
use crate::Result;
use crate::expr::{Code, Function, Item, OrderTerm, Step, WindowFunction, WindowTerm};
use crate::query::Plan;

impl Writer {
    /// A window function. The first and the last row have SQL where an order says which these are; the servers count
    /// different values in groups alone.
    pub(super) fn window(&mut self, window: &WindowTerm) -> Result<()> {
        let is_sorted = !window.order.is_empty();
        let (name, distance) = match window.function {
            WindowFunction::RowNumber => ("row_number(", None),
            WindowFunction::Rank => ("rank(", None),
            WindowFunction::DenseRank => ("dense_rank(", None),
            WindowFunction::Lag(rows) => ("lag(", Some(rows)),
            WindowFunction::Lead(rows) => ("lead(", Some(rows)),
            WindowFunction::Aggregated(Function::First) if is_sorted => ("first_value(", None),
            WindowFunction::Aggregated(Function::Last) if is_sorted => ("last_value(", None),
            WindowFunction::Aggregated(function) => {
                match self.plain_aggregate(function, window.of.as_ref()) {
                    Some(open) => (open, None),
                    None => return Err(self.no_sql(&format!("the window function `{window}`"))),
                }
            }
        };
        self.text(name);
        if let Some(of) = &window.of {
            self.expression(of)?;
        }
        if let Some(rows) = distance {
            self.text(&format!(", {rows}"));
        }
        self.text(") OVER (");
        for (i, code) in window.partition.iter().enumerate() {
            self.text(if i == 0 { "PARTITION BY " } else { ", " });
            self.expression(code)?;
        }
        self.order(if window.partition.is_empty() { "ORDER BY " } else { " ORDER BY " }, &window.order)?;
        self.text(")");
        Ok(())
    }

    pub(super) fn order(&mut self, open: &str, order: &[OrderTerm]) -> Result<()> {
        // a server may take a constant there for the place of a column, or refuse it
        let sorting = order.iter().filter(|term| !is_constant(&term.code));
        for (i, term) in sorting.enumerate() {
            self.text(if i == 0 { open } else { ", " });
            self.expression(&term.code)?;
            self.text(if term.descending { " DESC" } else { "" });
            let is_usual = match self.dialect {
                Dialect::Postgres => term.nulls_first.is_none(),
                Dialect::Sqlite => !may_be_null(&term.code),
            };
            self.text(match term.puts_nulls_first() {
                _ if is_usual => "",
                true => " NULLS FIRST",
                false => " NULLS LAST",
            });
        }
        Ok(())
    }

    pub(super) fn cut(&mut self, offset: usize, limit: Option<usize>) {
        match (limit, self.dialect) {
            (Some(limit), _) => {
                self.text(" LIMIT ");
                self.number(limit);
            }
            (None, Dialect::Sqlite) if offset > 0 => self.text(" LIMIT -1"),
            _ => {}
        }
        if offset > 0 {
            self.text(" OFFSET ");
            self.number(offset);
        }
    }

    /// `distinct` of sorted rows. `SELECT DISTINCT` could not be sorted by what it does not select: so the rows are
    /// numbered in their order, and of equal ones the first number counts.
    pub(super) fn first_of_equal_rows(&mut self, plan: &Plan) -> Result<()> {
        let all: Vec<Item>;
        let items = match &plan.items[..] {
            [] => {
                all = whole_row(plan);
                &all
            }
            items => items,
        };
        let places: Vec<String> = (1..=items.len()).map(|i| i.to_string()).collect();
        self.text("SELECT ");
        self.list(items.iter().zip(&places), |writer, (item, place)| {
            writer.name(place);
            writer.text(" AS ");
            writer.name(&item.heading());
        });
        self.text(" FROM (SELECT ");
        for (item, place) in items.iter().zip(&places) {
            self.expression(&item.code)?;
            self.text(" AS ");
            self.name(place);
            self.text(", ");
        }
        self.text("row_number() OVER (");
        self.order("ORDER BY ", &plan.order)?;
        self.text(") AS \"n\"");
        self.source(plan)?;
        self.text(") AS \"rows\" GROUP BY ");
        self.names(places.iter().map(String::as_str));
        self.text(" ORDER BY min(\"n\")");
        self.cut(plan.offset, plan.limit);
        Ok(())
    }
}

/// Whether the expression is written as a constant: nothing is in an empty list.
fn is_constant(code: &Code) -> bool {
    matches!(code.steps().last(), Some(Step::InValues(values, false)) if values.is_empty())
}

pub(super) fn may_be_null(code: &Code) -> bool {
    match code.steps() {
        // the row of another slot may be missing in a left join
        [Step::Column { slot: 0, table, column }] => table.column(*column).is_nullable,
        _ => true,
    }
}
