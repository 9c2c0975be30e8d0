//! A version as plain values, to compare.
use memorm::Snapshot;
use memorm::value::Value;

/// The rows of some tables, by name, in row order. A table that was never written has none.
pub type Dump = Vec<(String, Vec<Vec<Value>>)>;

/// Copies the rows of these tables.
pub fn dump(snapshot: &Snapshot, tables: &[&str]) -> Dump {
    let rows = |name: &&str| snapshot.table(name).map(|table| table.rows()).unwrap_or_default();
    tables.iter().map(|name| ((*name).to_owned(), rows(name))).collect()
}
