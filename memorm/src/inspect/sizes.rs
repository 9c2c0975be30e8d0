//! How much memory tables take, by estimate.
use crate::table::Table;
use crate::value::{Cells, Kind, Value, Vector};
use crate::world::World;

/// Rows and bytes of one table, from [`Stats`](crate::Stats). Bytes are estimates, usually within a quarter of what the
/// allocator counts.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableStats {
    /// The table's name.
    pub name: &'static str,
    /// How many rows there are.
    pub rows: usize,
    /// Bytes of the row structs with their reference counts, and of the text and bytes that they own, by length. Not
    /// counted: spare capacity, JSON documents, and what opaque fields own.
    pub row_bytes: usize,
    /// Bytes of the tree that holds the rows, with the numbers that are kept beside rows that were scanned twice.
    pub tree_bytes: usize,
    /// Bytes of the key index and the declared indexes.
    pub index_bytes: usize,
}

impl TableStats {
    /// Adds up all bytes.
    pub fn bytes(&self) -> usize {
        self.row_bytes + self.tree_bytes + self.index_bytes
    }

    /// The tables of a version, by name.
    pub(crate) fn of(world: &World) -> Vec<Self> {
        let mut all: Vec<Self> = world.tables().map(Self::of_table).collect();
        all.sort_by_key(|table| table.name);
        all
    }

    fn of_table(table: &Table) -> Self {
        let structs = table.rows.blocks().next().map_or(0, |block| block.leaf.row_bytes());
        Self {
            name: table.meta().name,
            rows: table.len(),
            row_bytes: table.len() * structs + owned_bytes(table),
            tree_bytes: table.rows.bytes(),
            index_bytes: table.index_bytes(),
        }
    }
}

/// Leaves that are read together.
const BATCH: usize = 64;

/// What the rows own on the heap, as far as it is text or bytes.
fn owned_bytes(table: &Table) -> usize {
    let columns: Vec<u16> = (0..)
        .zip(table.meta().columns)
        .filter(|(_, column)| matches!(column.kind, Kind::Text | Kind::Bytes))
        .map(|(position, _)| position)
        .collect();
    if columns.is_empty() {
        return 0;
    }
    let mut leaves = table.rows.blocks();
    let mut total = 0;
    loop {
        let mut blocks = Vec::with_capacity(BATCH);
        leaves.append_to(&mut blocks, BATCH);
        let Some(first) = blocks.first() else { return total };
        for column in &columns {
            let mut vector = Vector::default();
            first.leaf.gather(&blocks, *column, &mut vector);
            total += lengths(&vector);
        }
    }
}

fn lengths(vector: &Vector<'_>) -> usize {
    match &vector.cells {
        Cells::Texts(texts) => texts.iter().map(|text| text.len()).sum(),
        Cells::Values(values) => values.iter().map(length).sum(),
        _ => 0,
    }
}

fn length(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        _ => 0,
    }
}
