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
mod tests {
    use super::super::{Node, gather};
    use super::*;
    use crate::link::Link;
    use crate::model::AnyRow;
    use crate::table::{Table, table_type};
    use std::sync::Arc;

    #[derive(crate::Model, Clone)]
    struct Row {
        #[model(primary_key)]
        id: u64,
        qty: i64,
        price: Option<f64>,
        open: bool,
        name: String,
    }
    const COLUMNS: u16 = 5;

    fn row(id: u64, qty: i64) -> Arc<dyn AnyRow> {
        let price = (!id.is_multiple_of(3)).then_some(qty as f64 / 2.0);
        Arc::new(Row { id, qty, price, open: qty > 3, name: format!("row {id}") })
    }
    fn table(rows: u64) -> Table {
        let mut table = Table::new(table_type::<Row>());
        (0..rows).for_each(|id| table.insert(id, row(id, id as i64 % 7)));
        table
    }
    fn scan(table: &Table) {
        let blocks: Vec<Block<'_>> = table.rows.blocks().collect();
        for column in 0..COLUMNS {
            assert_same(&blocks, column);
        }
    }
    fn assert_same(blocks: &[Block<'_>], column: u16) {
        let (mut kept, mut rows) = (Vector::default(), Vector::default());
        gather(blocks, column, &mut kept);
        read(blocks, column, &mut rows);
        assert_eq!(kept.len(), count(blocks));
        (0..rows.len()).for_each(|lane| assert_eq!(kept.value(lane), rows.value(lane), "column {column}"));
    }

    #[test]
    fn the_second_scan_of_unchanged_rows_keeps_their_numbers() {
        let table = table(1_000);
        assert_eq!(table.rows.kept_bytes(), 0);
        scan(&table);
        assert_eq!(table.rows.kept_bytes(), 0);
        scan(&table);
        let kept = table.rows.kept_bytes();
        // keys that count up, numbers below seven, a float, two bools: 1 + 1 + 8 + 1 + 1 bytes a row; no text
        assert!((12_000..15_000).contains(&kept), "{kept}");
        scan(&table);
        assert_eq!(table.rows.kept_bytes(), kept);
    }

    #[test]
    fn every_kind_of_write_forgets_what_it_changes_in_its_own_version_alone() {
        let mut table = table(600);
        let check = |table: &Table| {
            assert_eq!(table.rows.stale_column(), None);
            (0..3).for_each(|_| scan(table));
        };
        check(&table);
        let old = table.clone();
        let kept = old.rows.kept_bytes();
        for id in (0..600).step_by(29) {
            table.replace(id, row(id, 100));
            check(&table);
            table.remove(id + 1);
            check(&table);
            table.insert(1_000 + id, row(1_000 + id, 5));
            check(&table);
        }
        table.rows.own_leaf(32).and_then(|leaf| leaf.row_mut(3)).map(|row| row.put(1, &(-1_i64).into()));
        check(&table);
        check(&old);
        assert_eq!(old.rows.kept_bytes(), kept);
    }

    #[test]
    fn a_write_forgets_the_columns_of_256_rows() {
        let mut table = table(1_024);
        (0..2).for_each(|_| scan(&table));
        let all = table.rows.kept_bytes();
        table.replace(300, row(300, 1));
        assert_eq!(table.rows.kept_bytes(), all / 4 * 3);
        // a mark is left by the first scan after the write: rows that change between scans are never kept
        scan(&table);
        assert_eq!(table.rows.kept_bytes(), all / 4 * 3);
        scan(&table);
        assert_eq!(table.rows.kept_bytes(), all);
    }

    #[test]
    fn some_rows_in_any_order_get_their_own_numbers() {
        let mut table = table(700);
        (300..360).for_each(|id| drop(table.remove(id)));
        (0..2).for_each(|_| scan(&table));
        let all: Vec<Block<'_>> = table.rows.blocks().collect();
        let mut state = 7_u64;
        for _ in 0..300 {
            let mut some = Vec::new();
            for block in &all {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let mask = block.mask & (state >> 33) as u16;
                match state >> 60 {
                    0..8 if mask != 0 => some.push(Block { mask, ..*block }),
                    8..12 => some.push(*block),
                    12 => some.extend(block.slots().map(|slot| Block { mask: 1 << slot, ..*block })),
                    13 => some.insert(0, Block { home: None, ..*block }),
                    14 => some.insert(some.len() / 2, *block),
                    _ => {}
                }
            }
            (0..COLUMNS).for_each(|column| assert_same(&some, column));
        }
        let singles: Vec<Block<'_>> = all
            .iter()
            .flat_map(|block| block.slots().map(|slot| Block { mask: 1 << slot, ..*block }))
            .collect();
        let reversed: Vec<Block<'_>> = singles.iter().rev().copied().collect();
        (0..COLUMNS).for_each(|column| assert_same(&reversed, column));
    }

    #[test]
    fn few_rows_do_not_make_a_bottom_keep_all() {
        let table = table(256);
        let few: Vec<Block<'_>> =
            table.rows.blocks().map(|block| Block { mask: 1, ..block }).take(8).collect();
        (0..9).for_each(|_| assert_same(&few, 1));
        assert_eq!(table.rows.kept_bytes(), 0);
    }

    #[test]
    fn a_write_that_forgets_nothing_is_found() {
        let mut table = table(300);
        (0..2).for_each(|_| scan(&table));
        let Some(Node::Inner(children, _)) = table.rows.root.as_mut().and_then(Link::get_mut) else {
            panic!("three hundred rows need two bottoms");
        };
        let Some(Node::Bottom(bottom)) = children[0].as_mut().and_then(Link::get_mut) else {
            panic!("nobody else holds the rows");
        };
        super::super::unshared(bottom.leaves[2].as_mut().expect("forty rows are there")).put(1, row(33, 77));
        assert_eq!(table.rows.stale_column(), Some(1));
        assert!(table.inconsistency().is_some_and(|wrong| wrong.contains("qty")));
    }
}
