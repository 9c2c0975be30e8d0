//! What a session has changed so far.
use super::handle::{Session, typed};
use crate::model::{AnyRow, Model, TableMeta};
use crate::table::{Cells, RowId};
use std::fmt;
use std::sync::Arc;

/// The rows that a session has added, changed and deleted, from [`Session::changes`]. A row that was deleted and added
/// again under its key counts as changed.
#[derive(Clone, Default)]
pub struct Changes {
    added: Vec<Changed>,
    updated: Vec<Changed>,
    deleted: Vec<Changed>,
}

type Changed = (&'static TableMeta, Arc<dyn AnyRow>);

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("new", &self.added.len())
            .field("dirty", &self.updated.len())
            .field("deleted", &self.deleted.len())
            .finish()
    }
}

fn of<M: Model>(changed: &[Changed]) -> Vec<Arc<M>> {
    let mine = changed.iter().filter(|(meta, _)| std::ptr::eq(*meta, M::table()));
    mine.map(|(_, row)| typed(row.clone())).collect()
}

impl Changes {
    /// Lists the rows that were added, in order.
    #[allow(clippy::new_ret_no_self, reason = "the usual word for added rows of a unit of work")]
    pub fn new<M: Model>(&self) -> Vec<Arc<M>> {
        of(&self.added)
    }

    /// Lists the rows that were changed, as they are now.
    pub fn dirty<M: Model>(&self) -> Vec<Arc<M>> {
        of(&self.updated)
    }

    /// Lists the rows that were deleted, as they were.
    pub fn deleted<M: Model>(&self) -> Vec<Arc<M>> {
        of(&self.deleted)
    }

    /// Tells whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.updated.is_empty() && self.deleted.is_empty()
    }
}

impl Session {
    /// Lists what was changed since the last commit or rollback. O(changes).
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// let mut session = db.session();
    /// session.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }])?;
    /// session.commit()?;
    /// session.update::<Item>(1, |item| item.qty = 9)?;
    /// session.delete_by_key::<Item>(2)?;
    /// let changes = session.changes();
    /// assert_eq!(changes.dirty::<Item>()[0].qty, 9);
    /// assert_eq!(changes.deleted::<Item>()[0].qty, 4);
    /// assert!(changes.new::<Item>().is_empty());
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn changes(&self) -> Changes {
        let mut changes = Changes::default();
        self.unit.base(); // the first call chooses the version
        for work in &self.unit.work {
            let meta = work.kind.meta;
            let key_is_in_base = |row: &dyn AnyRow| -> Option<RowId> {
                self.unit.base().table(meta)?.find(&Cells::of(row, meta.primary_key))
            };
            for entry in &work.entries {
                match &entry.now {
                    Some(now) if !entry.is_new || key_is_in_base(&**now).is_some() => {
                        changes.updated.push((meta, now.clone()));
                    }
                    Some(now) => changes.added.push((meta, now.clone())),
                    None => {
                        let Some(before) = self.unit.base_row(work, entry) else { continue };
                        if self.unit.place_of(meta, &Cells::of(&*before, meta.primary_key)).is_none() {
                            changes.deleted.push((meta, before));
                        }
                    }
                }
            }
        }
        for (kind, id) in self.unit.patched() {
            changes.updated.extend(self.unit.share(kind.meta, id).map(|row| (kind.meta, row)));
        }
        changes
    }
}
