//! `TypedLeaf`: the only part of a table that knows the model.
use super::{Block, LEAF_ROWS, Leaf, Mask, Refused};
use crate::link::Link;
use crate::model::{AnyRow, Model};
use crate::value::Vector;
use std::any::Any;
use std::hint::black_box;
use std::sync::Arc;
use unsize::{CoerceUnsize, Coercion};

/// So many leaves are read before the rows of the first: their rows still are in the first cache then.
const AT_ONCE: usize = 128;

/// So many rows are waited for together before they are kept: more than a processor fetches at a time, and few enough to be
/// in the first cache still.
const TOGETHER: usize = 128;

/// Sixteen rows of `M`.
pub(crate) struct TypedLeaf<M> {
    rows: [Option<Arc<M>>; LEAF_ROWS],
}

impl<M: Model> TypedLeaf<M> {
    pub(crate) fn make() -> Link<dyn Leaf> {
        Self { rows: [const { None }; LEAF_ROWS] }.erased()
    }

    /// Made in this one place: each is compiled anew for each model.
    fn erased(self) -> Link<dyn Leaf> {
        Link::new(self).unsize(Coercion!(to dyn Leaf))
    }

    #[inline]
    pub(crate) fn of(leaf: &dyn Leaf) -> Option<&Self> {
        (leaf as &dyn Any).downcast_ref()
    }

    /// The row in a slot of a leaf, to be changed.
    #[inline]
    pub(crate) fn slot_mut(leaf: &mut dyn Leaf, slot: usize) -> Option<&mut Arc<M>> {
        (leaf as &mut dyn Any).downcast_mut::<Self>()?.rows[slot].as_mut()
    }

    #[inline]
    pub(crate) fn get(&self, slot: usize) -> Option<&Arc<M>> {
        self.rows[slot].as_ref()
    }
}

impl<M: Model> Leaf for TypedLeaf<M> {
    fn row(&self, slot: usize) -> Option<&dyn AnyRow> {
        match &self.rows[slot] {
            Some(row) => Some(&**row),
            None => None,
        }
    }
    fn share(&self, slot: usize) -> Option<Arc<dyn AnyRow>> {
        match &self.rows[slot] {
            Some(row) => Some(row.clone()),
            None => None,
        }
    }
    fn put(&mut self, slot: usize, row: Arc<dyn AnyRow>) -> Option<Arc<dyn AnyRow>> {
        let row: Arc<dyn Any + Send + Sync> = row;
        let row = row.downcast::<M>().ok();
        debug_assert!(row.is_some(), "a table takes rows of its own model only");
        match std::mem::replace(&mut self.rows[slot], row) {
            Some(old) => Some(old),
            None => None,
        }
    }
    fn take(&mut self, slot: usize) -> Option<Arc<dyn AnyRow>> {
        match self.rows[slot].take() {
            Some(old) => Some(old),
            None => None,
        }
    }
    fn row_mut(&mut self, slot: usize) -> Option<&mut dyn AnyRow> {
        match &mut self.rows[slot] {
            Some(row) => {
                let row: &mut M = Arc::make_mut(row);
                Some(row)
            }
            None => None,
        }
    }
    fn assign(
        &mut self,
        mask: Mask,
        columns: &[(u16, Vector<'static>)],
        mut lane: usize,
        is_checked: bool,
    ) -> Result<(), (usize, Refused)> {
        if let Some((column, _)) = columns.first() {
            self.fetch_column(mask, *column);
        }
        let mut rest = mask;
        while rest != 0 {
            let slot = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let Some(row) = &mut self.rows[slot] else { continue };
            let row = Arc::make_mut(row);
            for (column, values) in columns {
                let value = values.value(lane);
                if !row.put(*column, &value) {
                    return Err((slot, Refused::Unfit { column: *column, value }));
                }
            }
            if is_checked && let Err(message) = row.check() {
                return Err((slot, Refused::Check(message)));
            }
            lane += 1;
        }
        Ok(())
    }
    fn fetch_all(&self) {
        self.fetch(Mask::MAX);
    }
    fn is_alone(&self, mask: Mask) -> bool {
        // plain loops: closures and iterator chains would be compiled anew for each model
        let mut rest = mask;
        while rest != 0 {
            let slot = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            if let Some(row) = &self.rows[slot]
                && Arc::strong_count(row) > 1
            {
                return false;
            }
        }
        true
    }
    fn copy(&self) -> Link<dyn Leaf> {
        Self { rows: self.rows.clone() }.erased()
    }
    fn unlike(&self, other: Option<&dyn Leaf>) -> Mask {
        let other = match other {
            Some(leaf) => Self::of(leaf),
            None => None,
        };
        let (mut mask, mut slot) = (0, 0);
        while slot < LEAF_ROWS {
            let theirs = match other {
                Some(other) => &other.rows[slot],
                None => &None,
            };
            let is_same = match (&self.rows[slot], theirs) {
                (Some(mine), Some(theirs)) => Arc::ptr_eq(mine, theirs),
                (None, None) => true,
                _ => false,
            };
            mask |= Mask::from(!is_same) << slot;
            slot += 1;
        }
        mask
    }
    fn holds(&self, slot: usize, row: &Arc<dyn AnyRow>) -> bool {
        self.rows[slot].as_ref().is_some_and(|mine| std::ptr::addr_eq(Arc::as_ptr(mine), Arc::as_ptr(row)))
    }
    fn gather<'a>(&self, blocks: &[Block<'a>], column: u16, out: &mut Vector<'a>) {
        // plain loops, as above
        let mut rows: Vec<&'a M> = Vec::new();
        let mut leaves: Vec<Option<&'a Self>> = Vec::new();
        for blocks in blocks.chunks(AT_ONCE) {
            // Each leaf is read once in a tight loop first: so the processor fetches many of them at the same time, while
            // walked one by one they cost a trip to memory each.
            leaves.clear();
            leaves.reserve(blocks.len());
            let mut full = 0;
            for block in blocks {
                let leaf = Self::of(block.leaf);
                if let Some(leaf) = leaf {
                    full += usize::from(leaf.is_full());
                }
                leaves.push(leaf);
            }
            rows.clear();
            rows.reserve(if full > 0 { blocks.len() * LEAF_ROWS } else { blocks.len() });
            for (block, at) in blocks.iter().zip(0..) {
                let Some(leaf) = leaves[at] else { continue };
                if block.mask == Mask::MAX {
                    leaf.append_all(&mut rows);
                    continue;
                }
                let mut rest = block.mask;
                while rest != 0 {
                    if let Some(row) = &leaf.rows[rest.trailing_zeros() as usize] {
                        rows.push(row);
                    }
                    rest &= rest - 1;
                }
            }
            M::gather(&rows, column, out);
        }
    }
    fn row_bytes(&self) -> usize {
        // an `Arc` has two counts before the value
        size_of::<M>().next_multiple_of(align_of::<usize>()) + 2 * size_of::<usize>()
    }
}

impl<M> TypedLeaf<M> {
    /// Reads the counts of the rows of `mask`, so that all of them are waited for at the same time. To change a count is a
    /// wait for each alone.
    fn fetch(&self, mut mask: Mask) {
        let mut sum = 0;
        while mask != 0 {
            if let Some(row) = &self.rows[mask.trailing_zeros() as usize] {
                sum ^= Arc::strong_count(row);
            }
            mask &= mask - 1;
        }
        black_box(sum);
    }
}

impl<M: Model> TypedLeaf<M> {
    /// The same with a column, which may lie in another cache line.
    fn fetch_column(&self, mut mask: Mask, column: u16) {
        while mask != 0 {
            if let Some(row) = &self.rows[mask.trailing_zeros() as usize] {
                black_box(Arc::strong_count(row));
                black_box(M::cell(row, column).is_null());
            }
            mask &= mask - 1;
        }
    }

    /// Appends all rows of a full leaf, without a branch per row.
    #[inline]
    fn append_all<'a>(&'a self, out: &mut Vec<&'a M>) {
        let Some(first) = &self.rows[0] else { return };
        out.extend(self.rows.iter().map(|row| row.as_deref().unwrap_or(first)));
    }

    /// Whether there probably is a row in each slot: a look at each cache line.
    #[inline]
    fn is_full(&self) -> bool {
        self.rows[0].is_some() & self.rows[7].is_some() & self.rows[15].is_some()
    }

    /// Appends the rows of blocks, typed; none of those of another model.
    pub(crate) fn borrow<'a>(blocks: &[Block<'a>], out: &mut Vec<&'a Arc<M>>) {
        for block in blocks {
            let Some(leaf) = Self::of(block.leaf) else { continue };
            let mut mask = block.mask;
            while mask != 0 {
                if let Some(row) = &leaf.rows[mask.trailing_zeros() as usize] {
                    out.push(row);
                }
                mask &= mask - 1;
            }
        }
    }

    /// The same for rows that are kept. Those that lie apart, as an index finds them, are waited for together.
    pub(crate) fn share_rows(blocks: &[Block<'_>], out: &mut Vec<Arc<M>>) {
        let none = None;
        let (mut slots, mut len) = ([&none; TOGETHER], 0);
        for block in blocks {
            let Some(leaf) = Self::of(block.leaf) else { continue };
            let is_full = block.mask == Mask::MAX;
            if is_full || len + LEAF_ROWS > TOGETHER {
                Self::share_slots(&slots[..len], out);
                len = 0;
            }
            if is_full {
                // the rows of a scan mostly lie side by side
                let mut slot = 0;
                while slot < LEAF_ROWS {
                    if let Some(row) = &leaf.rows[slot] {
                        out.push(row.clone());
                    }
                    slot += 1;
                }
                continue;
            }
            let mut mask = block.mask;
            while mask != 0 {
                slots[len] = &leaf.rows[mask.trailing_zeros() as usize];
                len += 1;
                mask &= mask - 1;
            }
        }
        Self::share_slots(&slots[..len], out);
    }

    /// Reads the counts of rows in a loop of a few instructions before it raises them: see [`fetch`](Self::fetch).
    fn share_slots(slots: &[&Option<Arc<M>>], out: &mut Vec<Arc<M>>) {
        let mut sum = 0;
        for slot in slots {
            let Some(row) = slot else { continue };
            sum ^= Arc::strong_count(row);
        }
        black_box(sum);
        for slot in slots {
            let Some(row) = slot else { continue };
            out.push(row.clone());
        }
    }
}
