//! Fresh keys for rows that they added under keys which are taken here, and for all that refers to them.
//!
//! ```text
//!   vendors 3          ─► 4             an `auto` key that is taken
//!   lines (3, "a")     ─► (4, "a")      a key that holds a reference follows it
//!   notes.line (3, "a") ─► (4, "a")     and so does what refers to that key
//! ```
//!
//! Each fresh key is handed on to the rows of theirs that refer to it, until none changes: a loop, whatever the order of
//! the tables. A column that has changed once stays, so that references in a circle end.
use super::World;
use super::change::{Change, is_equal, key};
use super::merge::{NextKey, Theirs};
use super::merge_rows::put;
use super::resolve::Rekeyed;
use crate::model::{AnyRow, RelationMeta, TableMeta};
use crate::table::TableType;
use crate::value::Value;
use crate::{Error, Result};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The key of a row: the number of its table, and its values.
type Key = (usize, Vec<Value>);

/// The rows of theirs whose keys follow a key, by that key: their tables and rows.
type Followers<'a> = HashMap<Key, Vec<(TableType, &'a dyn AnyRow)>>;

/// The fresh keys of their rows, by the old ones.
#[derive(Default)]
pub(super) struct Fresh(HashMap<Key, Vec<Value>>);

impl Fresh {
    /// The new key of what a row refers to; `None` where it stays.
    fn referred(&self, row: &dyn AnyRow, relation: &RelationMeta) -> Option<&Vec<Value>> {
        self.0.get(&referred(row, relation))
    }

    /// The key of a new row, after all that it refers to; `None` where it stays as it is known.
    fn followed(&self, meta: &TableMeta, row: &dyn AnyRow) -> Option<Vec<Value>> {
        let old = key(row, meta);
        let own = (meta.number(), old);
        let mut next = self.0.get(&own).unwrap_or(&own.1).clone();
        let mut has_changed = false;
        for relation in meta.relations {
            let Some(values) = self.referred(row, relation) else { continue };
            for (column, value) in relation.columns.iter().zip(values) {
                let part = meta.primary_key.iter().position(|part| part == column);
                if let Some(part) = part.filter(|part| next[*part] == own.1[*part] && next[*part] != *value) {
                    next[part] = value.clone();
                    has_changed = true;
                }
            }
        }
        has_changed.then_some(next)
    }
}

impl World {
    /// Chooses a fresh key for each of their new rows whose `auto` key is taken here, and finds the keys that follow.
    pub(super) fn choose_keys(
        &mut self,
        tables: &[Theirs],
        rekeyed: &mut Vec<Rekeyed>,
        next_key: NextKey<'_>,
    ) -> Result<Fresh> {
        let mut fresh = Fresh::default();
        let mut handed_on = VecDeque::new();
        for (kind, row) in new_rows(tables).filter(|(kind, _)| has_auto_key(kind.meta)) {
            if self.find_row(kind.meta, row).is_some_and(|(_, ours)| !is_equal(&*ours, row)) {
                handed_on.push_back(self.choose_key(kind, row, &mut fresh, rekeyed, next_key)?);
            }
        }
        if handed_on.is_empty() {
            return Ok(fresh);
        }
        let followers = followers(tables);
        while let Some(changed) = handed_on.pop_front() {
            for (kind, row) in followers.get(&changed).into_iter().flatten() {
                let own = (kind.meta.number(), key(*row, kind.meta));
                if !has_auto_key(kind.meta) {
                    if let Some(next) = fresh.followed(kind.meta, *row) {
                        fresh.0.insert(own.clone(), next);
                        handed_on.push_back(own);
                    }
                // equal to ours until now: it refers to another row than ours does
                } else if !fresh.0.contains_key(&own) && self.find_row(kind.meta, *row).is_some() {
                    handed_on.push_back(self.choose_key(*kind, *row, &mut fresh, rekeyed, next_key)?);
                }
            }
        }
        Ok(fresh)
    }

    /// Gives a new row of theirs the next key of its table; returns its old one.
    fn choose_key(
        &mut self,
        kind: TableType,
        row: &dyn AnyRow,
        fresh: &mut Fresh,
        rekeyed: &mut Vec<Rekeyed>,
        next_key: NextKey<'_>,
    ) -> Result<Key> {
        let meta = kind.meta;
        let column = meta.primary_key[0];
        let table = self.table_mut(kind);
        let old = row.cell(column).to_value();
        let value = |key: u64| match (&old, i64::try_from(key)) {
            (Value::Int(_), Ok(key)) => Value::Int(key),
            _ => Value::Wide(i128::from(key)),
        };
        // a copy, to learn whether the column's type can hold it
        let fits = |key| Arc::get_mut(&mut row.copy()).is_some_and(|row| row.put(column, &value(key)));
        let key = next_key(meta, table.last_key, &fits)
            .ok_or_else(|| Error::KeyExhausted { table: meta.name, column: meta.column(column).name })?;
        let next = value(key);
        table.last_key = key;
        rekeyed.push(Rekeyed { table: meta.name, old: old.clone(), new: next.clone() });
        let own = (meta.number(), vec![old]);
        fresh.0.insert(own.clone(), vec![next]);
        Ok(own)
    }
}

/// Gives their rows the fresh keys: their own, and those that they refer to.
pub(super) fn rewrite(table: &mut Theirs, fresh: &Fresh) -> Result<()> {
    if fresh.0.is_empty() {
        return Ok(());
    }
    let meta = table.kind.meta;
    for change in &mut table.changes {
        let (row, is_new) = match change {
            Change::Inserted(row) => (row, true),
            Change::Updated { new, .. } => (new, false),
            Change::Deleted(_) => continue,
        };
        let mut values: Vec<(u16, &Value)> = Vec::new();
        if is_new && let Some(own) = fresh.0.get(&(meta.number(), key(&**row, meta))) {
            values.extend(meta.primary_key.iter().copied().zip(own));
        }
        for relation in meta.relations {
            if let Some(referred) = fresh.referred(&**row, relation) {
                let outside = relation.columns.iter().zip(referred);
                let outside = outside.filter(|(column, _)| !meta.primary_key.contains(column));
                values.extend(outside.map(|(column, value)| (*column, value)));
            }
        }
        if values.is_empty() {
            continue;
        }
        let mut copy = row.copy();
        let target = Arc::get_mut(&mut copy).expect("invariant: a fresh copy has one owner");
        values.into_iter().try_for_each(|(column, value)| put(target, meta, column, value))?;
        *row = copy;
    }
    Ok(())
}

/// What they added, in their order.
fn new_rows(tables: &[Theirs]) -> impl Iterator<Item = (TableType, &dyn AnyRow)> {
    tables.iter().flat_map(|Theirs { kind, changes }| {
        changes.iter().filter_map(|change| match change {
            Change::Inserted(row) => Some((*kind, &**row)),
            _ => None,
        })
    })
}

/// The new rows that a fresh key may give another key: by what they refer to.
fn followers(tables: &[Theirs]) -> Followers<'_> {
    let mut followers = Followers::new();
    for (kind, row) in new_rows(tables) {
        let is_auto = has_auto_key(kind.meta);
        for relation in kind.meta.relations {
            if is_auto || relation.columns.iter().any(|column| kind.meta.primary_key.contains(column)) {
                followers.entry(referred(row, relation)).or_default().push((kind, row));
            }
        }
    }
    followers
}

fn referred(row: &dyn AnyRow, relation: &RelationMeta) -> Key {
    let values = relation.columns.iter().map(|column| row.cell(*column).to_value());
    ((relation.target)().number(), values.collect())
}

fn has_auto_key(meta: &TableMeta) -> bool {
    meta.primary_key.len() == 1 && meta.columns.iter().any(|column| column.is_auto)
}
