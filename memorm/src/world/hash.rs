//! `StateHash`: one number for the rows of a version.
//!
//! Tables by name, rows in row order, columns in the order of the fields. What memorm fills by itself (`version`,
//! `on_update`), what is marked `unhashed` or `opaque`, and counters do not count. The function is fixed: equal states
//! hash equal on every machine, for all releases of one minor version.
use super::World;
use crate::model::{AnyRow, TableMeta};
use crate::value::{Cell, Value};
use std::fmt;

/// A hash of all rows of a version, from [`Snapshot::state_hash`](crate::Snapshot::state_hash): equal states hash equal,
/// on every machine. Not made to withstand somebody who looks for two states of one hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StateHash(pub u64);

impl fmt::Display for StateHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl World {
    /// The hash of all rows. Kept in the tables: after k changes it costs O(k · log rows).
    pub(crate) fn state_hash(&self) -> StateHash {
        let mut tables: Vec<_> = self.tables().filter(|table| table.len() > 0).collect();
        tables.sort_by_key(|table| table.meta().name);
        let mut state = Mixer::default();
        for table in tables {
            let meta = table.meta();
            state.bytes(meta.name.as_bytes());
            state.word(table.len() as u64);
            state.word(table.rows.hash(&|row| hash_row(row, meta)).hash);
        }
        StateHash(state.end())
    }
}

fn hash_row(row: &dyn AnyRow, meta: &TableMeta) -> u64 {
    let mut state = Mixer::default();
    for (column, _) in meta.columns.iter().enumerate().filter(|(_, column)| column.is_hashed) {
        state.cell(&row.cell(column as u16));
    }
    state.end()
}

/// Multiply, rotate, and at the end the finalizer of SplitMix64.
#[derive(Default)]
struct Mixer(u64);

impl Mixer {
    fn word(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9fb2_1c65_1e98_df25).wrapping_add(1);
    }

    fn wide(&mut self, word: u128) {
        self.word(word as u64);
        self.word((word >> 64) as u64);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.word(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
    }

    /// Values that are equal as rows are compared hash equal: the zeros, all NaN, an integer whatever its width.
    fn cell(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Null => self.word(0),
            Cell::Bool(b) => self.tagged(1, u64::from(*b)),
            Cell::Int(i) => self.tagged(2, *i as u64),
            Cell::Wide(i) => match i64::try_from(*i) {
                Ok(i) => self.tagged(2, i as u64),
                Err(_) => {
                    self.word(3);
                    self.wide(*i as u128);
                }
            },
            Cell::Float(f) => {
                let f = if f.is_nan() { f64::NAN } else { *f + 0.0 };
                self.tagged(4, f.to_bits());
            }
            Cell::Text(s) => {
                self.word(5);
                self.bytes(s.as_bytes());
            }
            Cell::Other(value) => self.value(value),
        }
    }

    fn tagged(&mut self, tag: u64, word: u64) {
        self.word(tag);
        self.word(word);
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Bytes(bytes) => {
                self.word(6);
                self.bytes(bytes);
            }
            Value::Variant { ordinal, .. } => self.tagged(7, u64::from(*ordinal)),
            Value::Huge(v) => self.tagged_wide(8, *v),
            Value::Timestamp(v) => self.tagged_wide(9, *v as u128),
            Value::DateTime(v) => self.tagged_wide(10, *v as u128),
            Value::Date(v) => self.tagged(11, *v as u64),
            Value::Time(v) => self.tagged(12, *v as u64),
            Value::Uuid(v) => self.tagged_wide(13, *v),
            Value::Ulid(v) => self.tagged_wide(14, *v),
            #[cfg(feature = "rust_decimal")]
            Value::Decimal(v) => {
                self.word(15);
                self.bytes(&v.normalize().serialize());
            }
            #[cfg(feature = "json")]
            Value::Json(v) => {
                self.word(16);
                self.bytes(v.to_string().as_bytes());
            }
            plain => self.cell(&plain.cell()),
        }
    }

    fn tagged_wide(&mut self, tag: u64, word: u128) {
        self.word(tag);
        self.wide(word);
    }

    fn end(&self) -> u64 {
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}
