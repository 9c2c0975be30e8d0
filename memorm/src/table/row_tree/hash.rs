//! A hash of all rows of a tree, in row order, kept for each subtree.
//!
//! ```text
//!   h(a b c) = h(a)·B² + h(b)·B + h(c)      a polynomial of the rows' hashes, modulo 2⁶¹ − 1 (Karp and Rabin)
//!   h(x y)   = h(x)·B^|y| + h(y)            so two halves make a whole, wherever the cut is
//! ```
//!
//! The hash depends on the sequence of rows alone, not on their row ids or on the shape of the tree: histories that lead
//! to the same rows lead to the same hash. A write forgets the hashes on its path; those of all other subtrees stay, in
//! every version that shares them. After k changes a hash costs O(k · (256 + log n)).
use super::{LEAF_ROWS, Node, RowTree};
use crate::model::AnyRow;
use std::sync::OnceLock;

/// A prime: with a power of two rows that are far apart could be swapped nearly unseen.
const PRIME: u64 = (1 << 61) - 1;
const BASE: u64 = 0x1e37_79b9_7f4a_7c15;

fn multiply(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64
}

/// The hash of some rows in a row, and what appends them to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowsHash {
    pub(crate) hash: u64,
    /// `BASE` to the number of rows.
    power: u64,
}

impl RowsHash {
    /// Of no rows.
    const EMPTY: Self = Self { hash: 0, power: 1 };

    fn then(self, next: Self) -> Self {
        Self {
            hash: (multiply(self.hash, next.power) + next.hash) % PRIME,
            power: multiply(self.power, next.power),
        }
    }

    fn then_row(self, hash: u64) -> Self {
        self.then(Self { hash: hash % PRIME, power: BASE })
    }
}

/// The hash of a subtree, once somebody has asked for it.
#[derive(Clone, Default)]
pub(super) struct Memo(OnceLock<RowsHash>);

impl Memo {
    /// Before the rows below are changed.
    #[inline]
    pub(super) fn clear(&mut self) {
        self.0.take();
    }
}

impl RowTree {
    /// The hash of all rows, in row order; `of_row` hashes one. The same function must be given each time.
    pub(crate) fn hash(&self, of_row: &dyn Fn(&dyn AnyRow) -> u64) -> RowsHash {
        self.root.as_ref().map_or(RowsHash::EMPTY, |root| hash_node(root, of_row))
    }
}

/// At most twelve calls deep: one for each level.
fn hash_node(node: &Node, of_row: &dyn Fn(&dyn AnyRow) -> u64) -> RowsHash {
    match node {
        Node::Inner(children, memo) => *memo.0.get_or_init(|| {
            let children = children.iter().flatten();
            children.fold(RowsHash::EMPTY, |hash, child| hash.then(hash_node(child, of_row)))
        }),
        Node::Bottom(bottom) => *bottom.memo.0.get_or_init(|| {
            let leaves = bottom.leaves.iter().zip(bottom.masks);
            let rows = leaves.flat_map(|(leaf, mask)| {
                let slots = (0..LEAF_ROWS).filter(move |slot| mask >> slot & 1 == 1);
                slots.filter_map(move |slot| leaf.as_ref()?.row(slot))
            });
            rows.fold(RowsHash::EMPTY, |hash, row| hash.then_row(of_row(row)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::tests::{Row, row};
    use crate::table::{Table, table_type};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn of_row(row: &dyn AnyRow) -> u64 {
        let (id, qty) = (row.cell(0).as_integer(), row.cell(1).as_integer());
        (id.unwrap_or(0) as u64).wrapping_mul(31).wrapping_add(qty.unwrap_or(0) as u64).wrapping_mul(BASE)
    }
    /// What a tree without a memory says.
    fn anew(table: &Table) -> u64 {
        table.rows.iter().fold(RowsHash::EMPTY, |hash, (_, row)| hash.then_row(of_row(row))).hash
    }

    #[test]
    fn a_kept_hash_equals_one_made_anew_after_every_kind_of_write() {
        let mut table = Table::new(table_type::<Row>());
        let check = |table: &Table| assert_eq!(table.rows.hash(&of_row).hash, anew(table));
        check(&table);
        for id in 0..600 {
            table.insert(id, row(id, 0));
            check(&table);
        }
        table.insert(1 << 20, row(1 << 20, 0));
        check(&table);
        let shared = table.clone();
        for id in (0..600).step_by(7) {
            table.replace(id, row(id, 1));
            check(&table);
            table.remove(id + 1);
            check(&table);
        }
        check(&shared);
        assert_ne!(shared.rows.hash(&of_row), table.rows.hash(&of_row));
    }

    #[test]
    fn order_counts_and_places_do_not() {
        let table = |ids: &[(u64, u64)]| {
            let mut table = Table::new(table_type::<Row>());
            ids.iter().for_each(|(id, key)| table.insert(*id, row(*key, 0)));
            table.rows.hash(&of_row)
        };
        assert_eq!(table(&[(0, 1), (1, 2), (2, 3)]), table(&[(5, 1), (300, 2), (90_000, 3)]));
        assert_ne!(table(&[(0, 1), (1, 2)]), table(&[(0, 2), (1, 1)]));
    }

    #[test]
    fn one_change_hashes_a_few_rows_anew() {
        let mut table = Table::new(table_type::<Row>());
        for id in 0..10_000 {
            table.insert(id, row(id, 0));
        }
        let hashed = AtomicUsize::new(0);
        let counting = |row: &dyn AnyRow| {
            hashed.fetch_add(1, Ordering::Relaxed);
            of_row(row)
        };
        table.rows.hash(&counting);
        assert_eq!(hashed.swap(0, Ordering::Relaxed), 10_000);
        table.replace(5_000, row(5_000, 1));
        table.rows.hash(&counting);
        assert!(hashed.load(Ordering::Relaxed) <= 256);
    }
}
