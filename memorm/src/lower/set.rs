//! Set operations.
use super::writer::Writer;
use crate::Result;
use crate::query::{Origin, Plan, SetOperation};
use std::sync::Arc;

impl Writer {
    /// Set operations apply one after the other; of none, the rows are those of the first. `INTERSECT` binds tighter in SQL, so
    /// what stands before it is made a subquery.
    pub(super) fn set(&mut self, first: &Plan, others: &[(SetOperation, Arc<Plan>)]) -> Result<()> {
        if others.is_empty() {
            return self.plan(first);
        }
        let mut is_mixed = false;
        let closes = |(operation, _): &(SetOperation, _)| {
            let closes = is_mixed && *operation == SetOperation::Intersect;
            is_mixed = !closes && (is_mixed || *operation != SetOperation::Intersect);
            closes
        };
        let closes: Vec<bool> = others.iter().map(closes).collect();
        closes.iter().filter(|closes| **closes).for_each(|_| self.text("SELECT * FROM ("));
        self.operand(first)?;
        for ((operation, other), closes) in others.iter().zip(closes) {
            if closes {
                self.text(") AS \"rows\"");
            }
            self.text(match operation {
                SetOperation::Union => " UNION ",
                SetOperation::UnionAll => " UNION ALL ",
                SetOperation::Intersect => " INTERSECT ",
                SetOperation::Except => " EXCEPT ",
            });
            self.operand(other)?;
        }
        Ok(())
    }

    fn operand(&mut self, plan: &Plan) -> Result<()> {
        let is_plain = matches!(plan.origin, Origin::Table)
            && plan.order.is_empty()
            && plan.limit.is_none()
            && plan.offset == 0;
        if is_plain {
            return self.plan(plan);
        }
        self.text("SELECT * FROM (");
        self.plan(plan)?;
        self.text(") AS \"rows\"");
        Ok(())
    }
}
