//! Which rows differ between two versions of a table.
use super::row_tree::{LEAF_ROWS, LeafPair};
use super::storage::Table;
use super::{Leaf, Mask, RowId, RowTree};
use crate::model::AnyRow;
use std::hint::black_box;
use std::sync::Arc;

/// A place whose row differs between two versions: another object, or present in one of them alone.
pub(crate) struct ChangedRow {
    pub(crate) id: RowId,
    pub(crate) old: Option<Arc<dyn AnyRow>>,
    pub(crate) new: Option<Arc<dyn AnyRow>>,
}

/// So many leaves are waited for together, and then their rows.
const AT_ONCE: usize = 64;

/// The places whose rows differ, in row order. Costs what differs.
pub(crate) fn changed_rows(old: Option<&Table>, new: Option<&Table>) -> Vec<ChangedRow> {
    let key = old.or(new).and_then(|table| table.meta().primary_key.first().copied()).unwrap_or(0);
    let none = RowTree::default();
    let (old, new) = (old.map_or(&none, |table| &table.rows), new.map_or(&none, |table| &table.rows));
    let mut changed = Vec::new();
    let mut places: Vec<(usize, LeafPair<'_>)> = Vec::with_capacity(AT_ONCE);
    for pairs in new.leaves_unlike(old).chunks(AT_ONCE) {
        for leaf in pairs.iter().flat_map(|(_, old, new)| [old, new]).flatten() {
            // something of each cache line
            black_box(leaf.row(0).is_some() ^ leaf.row(8).is_some() ^ leaf.row(LEAF_ROWS - 1).is_some());
        }
        places.clear();
        for pair in pairs {
            let mut mask = unlike(pair);
            while mask != 0 {
                places.push((mask.trailing_zeros() as usize, *pair));
                mask &= mask - 1;
            }
        }
        for (slot, (_, old, new)) in &places {
            for leaf in [old, new].into_iter().flatten() {
                black_box(leaf.row(*slot).is_some_and(|row| row.cell(key).is_null()));
            }
        }
        changed.reserve(places.len());
        for (slot, (first, old, new)) in &places {
            let row = |leaf: &Option<&dyn Leaf>| (*leaf)?.share(*slot);
            changed.push(ChangedRow { id: first + *slot as u64, old: row(old), new: row(new) });
        }
    }
    changed
}

/// The slots whose rows differ.
fn unlike((_, old, new): &LeafPair<'_>) -> Mask {
    match (old, new) {
        (Some(old), new) => old.unlike(*new),
        (None, Some(new)) => new.unlike(None),
        (None, None) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::table_type;
    use crate::table::tests::{Row, row};

    fn ids(old: &Table, new: &Table) -> Vec<(RowId, bool, bool)> {
        let changed = changed_rows(Some(old), Some(new));
        changed.into_iter().map(|row| (row.id, row.old.is_some(), row.new.is_some())).collect()
    }

    #[test]
    fn trees_of_different_heights_are_compared_place_by_place() {
        let kind = table_type::<Row>();
        let mut low = Table::new(kind);
        for id in 0..40 {
            low.insert(id, row(id, 0));
        }
        let mut high = low.clone();
        for id in [300, 5_000, 70_000, 1 << 40] {
            high.insert(id, row(id, 0));
        }
        high.replace(17, row(17, 1));
        high.remove(3);
        let expected = [
            (3, true, false),
            (17, true, true),
            (300, false, true),
            (5_000, false, true),
            (70_000, false, true),
            (1 << 40, false, true),
        ];
        assert_eq!(ids(&low, &high), expected);
        assert_eq!(ids(&high, &low), expected.map(|(id, old, new)| (id, new, old)));
        assert!(ids(&high, &high.clone()).is_empty());
        assert_eq!(changed_rows(None, Some(&low)).len(), 40);
        assert_eq!(changed_rows(Some(&low), None).len(), 40);
    }
}
