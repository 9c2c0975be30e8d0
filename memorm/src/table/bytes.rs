//! How much memory a table's structure takes, by estimate.
use super::storage::{IndexStorage, Table};

impl Table {
    /// Bytes of the key index and the declared indexes. O(indexes): from their counts alone.
    pub(crate) fn index_bytes(&self) -> usize {
        let of_index = |storage: &IndexStorage| match storage {
            IndexStorage::Unique(tree) => tree.bytes(),
            IndexStorage::Ordered(index) => index.bytes(),
        };
        self.keys.bytes() + self.indexes.iter().map(of_index).sum::<usize>()
    }
}
