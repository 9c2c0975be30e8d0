//! `Spares`: rows of a table that commits have replaced and that nobody holds. The next updates refill them, which asks the
//! allocator for nothing and writes to memory that the processor has at hand.
use crate::model::AnyRow;
use std::sync::Arc;

/// The room for so many rows is never given back.
const FEW: usize = 64;
/// Up to so many rows are kept.
const KEPT: usize = 16_384;

/// The spare rows of a session in one table.
#[derive(Default)]
pub(crate) struct Spares {
    /// Rows that nobody else held when they came in.
    alone: Vec<Arc<dyn AnyRow>>,
    /// Rows that a publish has replaced, whoever holds them: the last reference to a row is never dropped under the lock.
    replaced: Vec<Arc<dyn AnyRow>>,
}

impl Clone for Spares {
    /// None: a row is refilled once.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Spares {
    /// A row to be refilled. Somebody may have found it by a weak reference since it came in.
    pub(crate) fn pop(&mut self) -> Option<Arc<dyn AnyRow>> {
        self.alone.pop()
    }

    /// Keeps a row, if nobody else holds it.
    #[inline]
    pub(crate) fn keep(&mut self, row: Arc<dyn AnyRow>) {
        // a plain look at the count: who holds the row weakly is found out when it is to be refilled
        if self.alone.len() < KEPT && Arc::strong_count(&row) == 1 {
            self.alone.push(row);
        }
    }

    /// Takes a row that a publish has replaced.
    pub(crate) fn take(&mut self, row: Option<Arc<dyn AnyRow>>) {
        self.replaced.extend(row);
    }

    /// After a publish: keeps what was replaced.
    #[inline]
    pub(crate) fn settle(&mut self) {
        while let Some(row) = self.replaced.pop() {
            self.keep(row);
        }
    }

    /// Lets all rows go, and the room for many.
    pub(crate) fn clear(&mut self) {
        for rows in [&mut self.alone, &mut self.replaced] {
            rows.clear();
            rows.shrink_to(FEW);
        }
    }
}
