//! Hashes of keys. The seed is fixed: the same program builds the same trees on every run.
use super::Cell;
use foldhash::fast::FixedState;
use std::hash::{BuildHasher, Hash, Hasher};

const STATE: FixedState = FixedState::with_seed(0x6d65_6d6f_726d_0001);

/// The hash of a key of one or more cells.
///
/// A fixed seed protects nobody from keys chosen to collide: such a key costs O(n) to look up.
pub(crate) fn hash_cells(cells: &[Cell<'_>]) -> u64 {
    let mut state = STATE.build_hasher();
    for cell in cells {
        cell.hash(&mut state);
    }
    state.finish()
}

/// The hash of the cells before, and of one more.
pub(crate) fn hash_cell(before: u64, cell: &Cell<'_>) -> u64 {
    let mut state = STATE.build_hasher();
    state.write_u64(before);
    cell.hash(&mut state);
    state.finish()
}
