//! Filters on all cores, with feature `rayon`.
//!
//! ```text
//!   batch 1 .. 4     one after the other: a statement that stops early looks at few rows
//!   batch 5 .. 20    filtered at the same time, handed out in row order
//!   batch 21 ..      and so on
//! ```
//!
//! Must stay true: rows, order and the first error are those of one thread; rows that are filtered ahead and not asked
//! for are not counted as seen.
use super::scan::{Filtered, filter};
use crate::expr::Code;
use crate::model::TableMeta;
use crate::table::Block;
use rayon::prelude::*;
use std::collections::VecDeque;

/// So many batches are filtered by one thread first.
const ALONE: usize = 4;
/// So many are filtered at the same time.
const TOGETHER: usize = 16;

/// Batches that are filtered before they are asked for.
#[derive(Default)]
pub(super) struct Ahead<'w> {
    ready: VecDeque<Filtered<'w>>,
    batches: usize,
}

impl<'w> Ahead<'w> {
    /// The next batch; `pull` gives the rows of one, none at the end.
    pub(super) fn next(
        &mut self,
        meta: &'static TableMeta,
        condition: &Code,
        mut pull: impl FnMut() -> Vec<Block<'w>>,
    ) -> Option<Filtered<'w>> {
        if self.ready.is_empty() {
            let wanted = if self.batches < ALONE { 1 } else { TOGETHER };
            let batches: Vec<_> = std::iter::repeat_with(&mut pull)
                .take_while(|blocks| !blocks.is_empty())
                .take(wanted)
                .collect();
            self.batches += batches.len();
            self.ready = match wanted {
                1 => batches.into_iter().map(|blocks| filter(meta, condition, blocks)).collect(),
                _ => batches
                    .into_par_iter()
                    .map(|blocks| filter(meta, condition, blocks))
                    .collect::<Vec<_>>()
                    .into(),
            };
        }
        self.ready.pop_front()
    }
}
