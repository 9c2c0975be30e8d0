//! The values of some columns of a row.
use crate::model::{AnyRow, MAX_KEY_PARTS, Model};
use crate::value::Cell;
use std::ops::Deref;

/// The values of a key or of an index entry: on the stack for up to four columns.
pub(crate) enum Cells<'a> {
    Few([Cell<'a>; MAX_KEY_PARTS], usize),
    Many(Vec<Cell<'a>>),
}

impl<'a> Cells<'a> {
    pub(crate) fn of(row: &'a dyn AnyRow, columns: &[u16]) -> Self {
        if columns.len() > MAX_KEY_PARTS {
            return Self::Many(columns.iter().map(|c| row.cell(*c)).collect());
        }
        let mut cells = [const { Cell::Null }; MAX_KEY_PARTS];
        for (cell, column) in cells.iter_mut().zip(columns) {
            *cell = row.cell(*column);
        }
        Self::Few(cells, columns.len())
    }

    /// Whether a part is `None`: such a tuple is equal to nothing.
    pub(crate) fn has_null(&self) -> bool {
        self.iter().any(Cell::is_null)
    }
}

impl<'a> Deref for Cells<'a> {
    type Target = [Cell<'a>];
    fn deref(&self) -> &[Cell<'a>] {
        match self {
            Self::Few(cells, len) => &cells[..*len],
            Self::Many(cells) => cells,
        }
    }
}

/// Whether two rows have the same values in the columns that their table finds them by. These are constants here, and a plain
/// loop leaves nothing of itself.
#[inline]
pub(crate) fn are_found_alike<M: Model>(a: &M, b: &M) -> bool {
    for column in M::WATCHED {
        let is_same = match (&a.cell(*column), &b.cell(*column)) {
            // of a constant column one of these is left, and no call
            (Cell::Int(a), Cell::Int(b)) => a == b,
            (Cell::Wide(a), Cell::Wide(b)) => a == b,
            (Cell::Float(a), Cell::Float(b)) if a.to_bits() == b.to_bits() => true,
            (a, b) => a == b,
        };
        if !is_same {
            return false;
        }
    }
    true
}

/// Whether two rows have the same values in these columns.
pub(crate) fn same_cells(a: &dyn AnyRow, b: &dyn AnyRow, columns: &[u16]) -> bool {
    columns.iter().all(|c| a.cell(*c) == b.cell(*c))
}
