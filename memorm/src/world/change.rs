//! `Change`: what happened to a row between two versions.
use super::World;
use crate::model::{AnyRow, Model, TableMeta};
use crate::table::{Cells, ChangedRow, changed_rows};
use crate::value::Value;
use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// A changed row. A key that was deleted and added again counts as updated, with no columns where its values are the same.
#[derive(PartialEq)]
pub enum Change<M: ?Sized> {
    /// A new row.
    Inserted(Arc<M>),
    /// A row with the same key as before.
    Updated {
        /// The row before.
        old: Arc<M>,
        /// The row now.
        new: Arc<M>,
        /// The columns whose values differ, an opaque one by its `PartialEq` (without that, whenever the row changed).
        columns: Vec<&'static str>,
    },
    /// A row that is gone, as it was.
    Deleted(Arc<M>),
}

impl<M: ?Sized> Clone for Change<M> {
    fn clone(&self) -> Self {
        match self {
            Self::Inserted(new) => Self::Inserted(new.clone()),
            Self::Updated { old, new, columns } => {
                Self::Updated { old: old.clone(), new: new.clone(), columns: columns.clone() }
            }
            Self::Deleted(old) => Self::Deleted(old.clone()),
        }
    }
}

impl<M: fmt::Debug + ?Sized> fmt::Debug for Change<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inserted(new) => f.debug_tuple("Inserted").field(new).finish(),
            Self::Updated { old, new, columns } => f
                .debug_struct("Updated")
                .field("old", old)
                .field("new", new)
                .field("columns", columns)
                .finish(),
            Self::Deleted(old) => f.debug_tuple("Deleted").field(old).finish(),
        }
    }
}

impl<M: ?Sized> Change<M> {
    /// Whether anything but a row's place has changed.
    pub(super) fn has_new_values(&self) -> bool {
        !matches!(self, Self::Updated { columns, .. } if columns.is_empty())
    }

    fn map<T: ?Sized>(self, to: impl Fn(Arc<M>) -> Option<Arc<T>>) -> Option<Change<T>> {
        Some(match self {
            Self::Inserted(new) => Change::Inserted(to(new)?),
            Self::Updated { old, new, columns } => Change::Updated { old: to(old)?, new: to(new)?, columns },
            Self::Deleted(old) => Change::Deleted(to(old)?),
        })
    }
}

impl Change<dyn AnyRow> {
    /// The change with its type; `None` where the row is of another model.
    pub(crate) fn typed<M: Model>(self) -> Option<Change<M>> {
        self.map(|row| {
            let row: Arc<dyn Any + Send + Sync> = row;
            row.downcast().ok()
        })
    }

    /// The change as values, in the order of the table's columns.
    pub(crate) fn values(self, meta: &TableMeta) -> Change<Vec<Value>> {
        let to = |row: Arc<dyn AnyRow>| {
            Arc::new((0..meta.columns.len() as u16).map(|column| row.cell(column).to_value()).collect())
        };
        match self {
            Self::Inserted(new) => Change::Inserted(to(new)),
            Self::Updated { old, new, columns } => Change::Updated { old: to(old), new: to(new), columns },
            Self::Deleted(old) => Change::Deleted(to(old)),
        }
    }
}

impl World {
    /// The tables whose rows may differ from those of `old`, by name. O(tables).
    pub(crate) fn tables_unlike(&self, old: &Self) -> Vec<&'static TableMeta> {
        let mut metas: Vec<&'static TableMeta> =
            self.tables().chain(old.tables()).map(|table| table.meta()).collect();
        metas.sort_by_key(|meta| meta.name);
        metas.dedup_by(|a, b| std::ptr::eq(*a, *b));
        metas.retain(|meta| match (self.table(meta), old.table(meta)) {
            (Some(new), Some(old)) => !std::ptr::eq(new, old),
            _ => true,
        });
        metas
    }

    /// What happened in one table since `old`, in row order: a deleted row where it was. A row that was written as it was is
    /// no change, unless it was deleted and added again. Costs what differs.
    pub(crate) fn changes_since(&self, old: &Self, meta: &'static TableMeta) -> Vec<Change<dyn AnyRow>> {
        let (old, new) = (old.table(meta), self.table(meta));
        if old.map(std::ptr::from_ref) == new.map(std::ptr::from_ref) {
            return Vec::new();
        }
        pair_by_key(changed_rows(old, new), meta)
    }
}

fn pair_by_key(rows: Vec<ChangedRow>, meta: &TableMeta) -> Vec<Change<dyn AnyRow>> {
    let staying: Vec<Option<Vec<&'static str>>> = rows.iter().map(|row| columns_unlike(row, meta)).collect();
    let movers = || rows.iter().zip(&staying).filter(|(_, staying)| staying.is_none()).map(|(row, _)| row);
    // rows that left their place, by key: those that come back elsewhere are updates
    let mut gone: HashMap<Vec<Value>, Arc<dyn AnyRow>> = HashMap::new();
    if movers().any(|row| row.new.is_some()) {
        let left = movers().filter_map(|row| row.old.as_ref());
        gone = left.map(|old| (key(&**old, meta), old.clone())).collect();
    }
    let mut kept: Vec<Vec<Value>> = Vec::new();
    if !gone.is_empty() {
        let come = movers().filter_map(|row| row.new.as_ref());
        kept = come.map(|new| key(&**new, meta)).filter(|key| gone.contains_key(key)).collect();
        kept.sort_unstable();
    }
    let mut changes = Vec::with_capacity(rows.len());
    for (row, staying) in rows.into_iter().zip(staying) {
        match (row.old, row.new, staying) {
            (Some(_), Some(_), Some(columns)) if columns.is_empty() => {}
            (Some(old), Some(new), Some(columns)) => changes.push(Change::Updated { old, new, columns }),
            (old, new, _) => {
                if let Some(old) = old
                    && (kept.is_empty() || kept.binary_search(&key(&*old, meta)).is_err())
                {
                    changes.push(Change::Deleted(old));
                }
                if let Some(new) = new {
                    let old = if gone.is_empty() { None } else { gone.remove(&key(&*new, meta)) };
                    changes.extend(match old {
                        // the very object elsewhere: a merge has brought it there
                        Some(old) if Arc::ptr_eq(&old, &new) => None,
                        Some(old) => {
                            let columns = names(&*old, &*new, meta, |_| {});
                            Some(Change::Updated { old, new, columns })
                        }
                        None => Some(Change::Inserted(new)),
                    });
                }
            }
        }
    }
    changes
}

/// The columns that differ in a place; `None` where it belongs to another key than before, or to one only in one of the
/// versions.
fn columns_unlike(row: &ChangedRow, meta: &TableMeta) -> Option<Vec<&'static str>> {
    let mut has_other_key = false;
    let columns = names(row.old.as_deref()?, row.new.as_deref()?, meta, |column| {
        has_other_key |= meta.primary_key.contains(&column);
    });
    (!has_other_key).then_some(columns)
}

/// The names of the columns in which two rows differ, each shown to `seen` as well.
fn names(a: &dyn AnyRow, b: &dyn AnyRow, meta: &TableMeta, mut seen: impl FnMut(u16)) -> Vec<&'static str> {
    let mut names = Vec::new();
    a.unlike(b, &mut |column| {
        seen(column);
        if names.is_empty() {
            // most updates set one
            names = Vec::with_capacity(1);
        }
        names.push(meta.column(column).name);
    });
    names
}

pub(super) fn key(row: &dyn AnyRow, meta: &TableMeta) -> Vec<Value> {
    Cells::of(row, meta.primary_key).iter().map(|cell| cell.to_value()).collect()
}

/// The columns in which two rows of a table differ.
pub(super) fn unlike_columns(a: &dyn AnyRow, b: &dyn AnyRow) -> Vec<u16> {
    let mut columns = Vec::new();
    a.unlike(b, &mut |column| columns.push(column));
    columns
}

/// Whether two rows of a table have the same value in every column.
pub(super) fn is_equal(a: &dyn AnyRow, b: &dyn AnyRow) -> bool {
    let mut is_equal = true;
    a.unlike(b, &mut |_| is_equal = false);
    is_equal
}
