//! `Batch`: rows of one table, without their type.
use crate::model::AnyRow;
use crate::value::Vector;

/// Some rows of one table, in the order in which results are wanted.
///
/// About a thousand rows are best: large enough that one step costs little per row, small enough for the cache.
pub(crate) trait Batch {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// Appends a column of all rows to `out`, which is empty but may have room.
    fn gather<'a>(&'a self, column: u16, out: &mut Vector<'a>);
    /// Row `i`.
    fn row(&self, i: usize) -> &dyn AnyRow;
}
