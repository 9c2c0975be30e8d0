//! Questions in expressions: `SELECT` in parentheses.
//!
//! No question looks at the row that it is asked for: a condition on related rows is `IN` the keys of those that pass. So
//! a name in a subquery is one of the subquery's own tables, whatever stands around it.
use super::order::may_be_null;
use super::writer::{Slot, Writer};
use crate::Result;
use crate::expr::{Code, Op, Quantifier, Related, Step};
use crate::query::Asked;

impl Writer {
    /// Writes the question of a step, in parentheses.
    ///
    /// # Errors
    /// As [`Writer::expression`].
    pub(super) fn question(&mut self, step: &Step) -> Result<()> {
        self.text("(");
        match step {
            Step::Subquery(subquery) => {
                let asked = Asked::of(subquery).expect("invariant: subqueries ask plans");
                match &asked.aggregate {
                    Some(term) => self.aggregates(&asked.plan, std::slice::from_ref(term))?,
                    None => self.plan(&asked.plan)?,
                }
            }
            Step::Related(related) => self.related(related)?,
            _ => {}
        }
        self.text(")");
        Ok(())
    }

    /// The keys that lead to a row which decides: one that passes, of `every` one that does not.
    fn related(&mut self, related: &Related) -> Result<()> {
        let target = related.target;
        let decides = match related.how {
            Quantifier::Every => related.filter.clone().then(Op::IsTrue).then(Op::Not),
            Quantifier::Any | Quantifier::None => related.filter.clone(),
        };
        let Some(through) = related.path.through else {
            return self.within(target, Vec::new(), |writer| {
                writer.text("SELECT ");
                writer.names(related.path.to.iter().map(|column| target.column(*column).name));
                writer.text(" FROM ");
                writer.name(target.name);
                writer.filter(Some(&decides))
            });
        };
        let slot = |table: &str| Slot { alias: table.to_owned(), prefix: String::new() };
        self.within(target, vec![slot(target.name), slot(through.table.name)], |writer| {
            writer.text("SELECT ");
            writer.list(through.by, |writer, column| writer.column(1, through.table, *column));
            writer.text(" FROM ");
            writer.name(through.table.name);
            writer.text(" JOIN ");
            writer.name(target.name);
            writer.link(through.table.name, through.table, through.to, (0, target), related.path.to);
            writer.filter(Some(&decides))
        })
    }
}

/// Whether neither the keys that are asked for nor those that are found can be `None`.
pub(super) fn is_known(related: &Related, columns: &[Step]) -> bool {
    let (table, found) = match related.path.through {
        Some(through) => (through.table, through.by),
        None => (related.target, related.path.to),
    };
    !columns.iter().any(|step| may_be_null(&Code::of_steps(vec![step.clone()])))
        && !found.iter().any(|column| table.column(*column).is_nullable)
}
