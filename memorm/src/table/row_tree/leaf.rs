//! `Leaf`: sixteen rows, as the rest of the table sees them: without their model.
use super::Block;
use crate::link::Link;
use crate::model::AnyRow;
use crate::value::{Value, Vector};
use std::any::Any;
use std::sync::Arc;

/// Which slots of a leaf: bit `i` is slot `i`.
pub(crate) type Mask = u16;

/// A run of rows of one model, without its type.
pub(crate) trait Leaf: Any + Send + Sync {
    fn row(&self, slot: usize) -> Option<&dyn AnyRow>;
    fn share(&self, slot: usize) -> Option<Arc<dyn AnyRow>>;
    /// Puts a row into a slot and returns what was there.
    fn put(&mut self, slot: usize, row: Arc<dyn AnyRow>) -> Option<Arc<dyn AnyRow>>;
    fn take(&mut self, slot: usize) -> Option<Arc<dyn AnyRow>>;
    /// The row, to be changed: copied where somebody else holds it.
    fn row_mut(&mut self, slot: usize) -> Option<&mut dyn AnyRow>;
    /// Sets columns of the rows of `mask`, whose values are the lanes of the vectors from `lane` on.
    ///
    /// # Errors
    /// The first slot that is refused, and why; with `is_checked` by the model's check as well.
    fn assign(
        &mut self,
        mask: Mask,
        columns: &[(u16, Vector<'static>)],
        lane: usize,
        is_checked: bool,
    ) -> Result<(), (usize, Refused)>;
    /// Reads the counts of all rows, so that all of them are waited for at the same time.
    fn fetch_all(&self);
    /// Whether nobody else holds a row of `mask`.
    fn is_alone(&self, mask: Mask) -> bool;
    /// A copy that shares the rows.
    fn copy(&self) -> Link<dyn Leaf>;
    /// The slots that hold another row than those of a leaf in the same place; of none, those that hold a row.
    fn unlike(&self, other: Option<&dyn Leaf>) -> Mask;
    /// Whether the slot holds this very object.
    fn holds(&self, slot: usize, row: &Arc<dyn AnyRow>) -> bool;
    /// Appends a column of the rows of `blocks`, whose leaves are of this one's type. One virtual call a batch.
    fn gather<'a>(&self, blocks: &[Block<'a>], column: u16, out: &mut Vector<'a>);
    /// Bytes of one row on the heap, without what its fields own there.
    fn row_bytes(&self) -> usize;
}

/// Why a row could not take its new values.
pub(crate) enum Refused {
    /// The column cannot hold the value.
    Unfit { column: u16, value: Value },
    /// What the model's check says.
    Check(String),
}
