//! Columns of numbers that are kept beside their rows: what makes a second scan fast.
//!
//! ```text
//!   Bottom ─┬─ leaves   [row row row ..] [row row ..] ..     a trip to memory for each row
//!           └─ kept     qty   [3, 1, 4, ..]                  256 numbers in a row
//!                       price [9.5, 2.0, ..]
//! ```
//!
//! The first scan of a column leaves a mark in each bottom whose rows it has read. The second one that finds the mark
//! keeps the column there; all later ones read it instead of the rows. A write forgets what is kept on its path, so rows
//! that change between two scans cost nothing but a mark. What is kept belongs to the rows of one bottom, whatever version they
//! are in, and goes with them.
//!
//! The idea is that of a column store beside a row store (Oracle's In-Memory Column Store, SQL Server's columnstore
//! indexes), without their log of changes: 256 rows are read again in less than a microsecond.
use super::gather::{Chosen, count, read};
use super::lanes::Lanes;
use super::{Block, Bottom, LEAVES, RowTree};
use crate::value::Vector;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A part of the rows of a bottom that is worth to read all of them.
const WORTH: usize = 8;

/// What a bottom keeps.
#[derive(Default)]
pub(super) struct Kept {
    /// Columns that were read once since the last change, by their number modulo 64.
    marks: AtomicU64,
    columns: OnceLock<Box<Columns>>,
}

/// So many columns in a row, and those behind them.
const COLUMNS: usize = 8;

/// What is kept of some columns. A column that cannot be kept is `None`.
#[derive(Default)]
struct Columns {
    lanes: [OnceLock<Option<Column>>; COLUMNS],
    next: OnceLock<Box<Columns>>,
}

/// The lanes of all rows of a bottom, in row order.
type Column = Box<Lanes>;

impl Clone for Kept {
    /// Nothing: a bottom is copied to be changed.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Kept {
    /// Before the rows below are changed.
    #[inline]
    pub(super) fn clear(&mut self) {
        if *self.marks.get_mut() != 0 {
            *self = Self::default();
        }
    }

    fn column(&self, column: u16) -> Option<&Lanes> {
        let mut columns = self.columns.get()?;
        for _ in 0..usize::from(column) / COLUMNS {
            columns = columns.next.get()?;
        }
        columns.lanes[usize::from(column) % COLUMNS].get()?.as_deref()
    }

    /// Keeps a column for all who come after.
    fn keep(&self, column: u16, read: impl FnOnce() -> Option<Column>) -> Option<&Lanes> {
        let mut columns = self.columns.get_or_init(Box::default);
        for _ in 0..usize::from(column) / COLUMNS {
            columns = columns.next.get_or_init(Box::default);
        }
        columns.lanes[usize::from(column) % COLUMNS].get_or_init(read).as_deref()
    }

    /// All that is kept, by column.
    fn all(&self) -> impl Iterator<Item = Option<&Lanes>> {
        let rows = std::iter::successors(self.columns.get(), |columns| columns.next.get());
        rows.flat_map(|columns| columns.lanes.iter().map(|lanes| lanes.get()?.as_deref()))
    }

    /// Whether the column has been read before; from now on it has.
    fn mark(&self, column: u16) -> bool {
        let mark = 1 << (column % 64);
        let is_marked = self.marks.load(Relaxed) & mark != 0;
        if !is_marked {
            self.marks.fetch_or(mark, Relaxed);
        }
        is_marked
    }

    /// Bytes of what is kept.
    fn bytes(&self) -> usize {
        let rows = std::iter::successors(self.columns.get(), |columns| columns.next.get()).count();
        let lanes = self.all().flatten().map(|lanes| size_of_val(lanes) + lanes.bytes());
        rows * size_of::<Columns>() + lanes.sum::<usize>()
    }
}

/// The bottom that a block comes from.
#[derive(Clone, Copy)]
pub(crate) struct Home<'a>(pub(super) &'a Bottom);

impl PartialEq for Home<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Bottom {
    /// A column of all rows, where it is kept or it is time to keep it, for whoever reads that of `blocks`.
    pub(super) fn column(&self, column: u16, blocks: &[Block<'_>]) -> Option<&Lanes> {
        if let Some(lanes) = self.kept.column(column) {
            return Some(lanes);
        }
        let all: usize = self.masks.iter().map(|mask| mask.count_ones() as usize).sum();
        if count(blocks) * WORTH < all || !self.kept.mark(column) {
            return None;
        }
        self.kept.keep(column, || self.keep(column))
    }

    /// A column of all rows; `None` where it does not hold numbers.
    fn keep(&self, column: u16) -> Option<Column> {
        Lanes::of(&self.read(column)).map(Box::new)
    }

    /// A column of all rows, from the rows.
    fn read(&self, column: u16) -> Vector<'_> {
        let mut lanes = Vector::default();
        read(&self.blocks().collect::<Vec<_>>(), column, &mut lanes);
        lanes
    }

    /// The leaves, counted from row id 0.
    fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        (0..LEAVES).filter_map(|at| self.block(at, 0))
    }
}

impl RowTree {
    /// Bytes of all that is kept.
    pub(super) fn kept_bytes(&self) -> usize {
        self.bottoms().map(|bottom| bottom.kept.bytes()).sum()
    }

    /// The first column of which something else is kept than what the rows hold.
    pub(crate) fn stale_column(&self) -> Option<u16> {
        self.bottoms().find_map(Bottom::stale_column)
    }

    /// The nodes above the leaves, in row order.
    fn bottoms(&self) -> impl Iterator<Item = &Bottom> {
        let mut last = None;
        self.blocks().filter_map(move |block| {
            let home = block.home.filter(|_| block.home != last)?;
            last = block.home;
            Some(home.0)
        })
    }
}

impl Bottom {
    fn stale_column(&self) -> Option<u16> {
        let is_stale = |(column, lanes): &(u16, Option<&Lanes>)| {
            let Some(lanes) = lanes else { return false };
            let (mut kept, rows) = (Vector::default(), self.read(*column));
            lanes.append(&Chosen::new(self, &self.blocks().collect::<Vec<_>>()), &mut kept);
            kept.len() != rows.len() || (0..rows.len()).any(|lane| kept.value(lane) != rows.value(lane))
        };
        (0..).zip(self.kept.all()).find(is_stale).map(|(column, _)| column)
    }
}

#[cfg(test)]
mod tests;
