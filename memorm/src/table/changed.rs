//! Which rows differ between two versions of a table.
use super::row_tree::LEAF_ROWS;
use super::storage::Table;
use super::{Leaf, RowId, RowTree};
use crate::model::AnyRow;
use std::sync::Arc;

/// A place whose row differs between two versions: another object, or present in one of them alone.
pub(crate) struct ChangedRow {
    pub(crate) id: RowId,
    pub(crate) old: Option<Arc<dyn AnyRow>>,
    pub(crate) new: Option<Arc<dyn AnyRow>>,
}

/// The places whose rows differ, in row order. Costs what differs.
pub(crate) fn changed_rows(old: Option<&Table>, new: Option<&Table>) -> Vec<ChangedRow> {
    let none = RowTree::default();
    let rows = |table: Option<&Table>| table.map(|table| table.rows.clone()).unwrap_or(none.clone());
    let (old, new) = (rows(old), rows(new));
    let mut changed = Vec::new();
    for (first, old, new) in new.leaves_unlike(&old) {
        let share = |leaf: Option<&dyn Leaf>, slot| leaf.and_then(|leaf| leaf.share(slot));
        for slot in 0..LEAF_ROWS {
            let (old, new) = (share(old, slot), share(new, slot));
            let is_same = match (&old, &new) {
                (Some(old), Some(new)) => std::ptr::addr_eq(Arc::as_ptr(old), Arc::as_ptr(new)),
                (None, None) => true,
                _ => false,
            };
            if !is_same {
                changed.push(ChangedRow { id: first + slot as u64, old, new });
            }
        }
    }
    changed
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
