//! What a statement of a session reads: the base, or the base with what was written on top.
use super::unit::Unit;
use crate::plan::{Overlay, can_be_overlaid};
use crate::query::Plan;
use std::sync::atomic::Ordering;

/// So many written rows may lie on top of the base, and so many rows may be looked at by all statements of a transaction
/// that do so. From then on a private version costs less: it is made once and kept up to date.
const WRITTEN: usize = 1_024;
const LOOKED_AT: usize = 4 * WRITTEN;

pub(super) enum Reading {
    /// The base as it is: nothing was written in the table.
    Base,
    Over(Overlay),
}

impl Unit {
    /// What a statement can read instead of the session's private version; `None` where it needs that.
    pub(super) fn reading(&self, plan: &Plan) -> Option<Reading> {
        let meta = plan.table;
        if self.reads.is_some() || self.private().is_some() || self.is_clean() || !can_be_overlaid(plan) {
            return None;
        }
        if self.is_untouched(meta) {
            return Some(Reading::Base);
        }
        if self.is_direct || self.patches.touch(meta) {
            return None;
        }
        let (work, table) = (self.work_of(meta)?, self.base().table(meta)?);
        let rows = work.entries.len();
        if rows > WRITTEN || self.looked_at.fetch_add(rows, Ordering::Relaxed) > LOOKED_AT {
            return None;
        }
        let mut writes = work.entries.iter().map(|entry| (entry.id, entry.now.as_ref()));
        Overlay::new(table, plan, &mut writes).map(Reading::Over)
    }
}
