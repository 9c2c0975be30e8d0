//! `Batch`: rows of a result, without their type.
use crate::model::AnyRow;
use crate::value::Vector;

/// Some rows of a result, in the order in which results are wanted. A row of a join has a part in each slot.
///
/// One to four thousand rows are best: large enough that one step costs little per row, small enough for the cache.
pub(crate) trait Batch: Sync {
    /// How many rows there are.
    fn len(&self) -> usize;
    /// Appends a column of all rows to `out`, which is empty but may have room. Absent where the slot is.
    fn gather<'a>(&'a self, slot: u8, column: u16, out: &mut Vector<'a>);
    /// Tells for each row whether its row id in the first table is greater than this one.
    fn is_after(&self, id: u64) -> Vec<bool>;
    /// The part in `slot` of row `lane`; `None` on the optional side of a left join where the row has no partner.
    fn row(&self, slot: u8, lane: usize) -> Option<&dyn AnyRow>;
}
