//! What a delete reaches.
//!
//! First everything is collected, then everything is written: so a row that both `cascade` and `set_null` reach is
//! deleted, and cycles end. A worklist instead of recursion: chains may be as long as the table.
use super::rows::UniqueChecks;
use super::unit::Unit;
use crate::Result;
use crate::fault;
use crate::model::{ColumnMeta, OnDelete, TableMeta};
use crate::table::{Cells, RowId, TableType};
use crate::value::{Kind, Value};
use crate::world::Child;
use std::collections::HashSet;

/// A row of some table.
type Place = (TableType, RowId);

#[derive(Default)]
struct Reach {
    deleted: Vec<Place>,
    seen: HashSet<(usize, RowId)>,
    nulled: Vec<(Child, RowId)>,
}

impl Unit {
    /// Deletes rows and what refers to them by `cascade`; sets `None` what refers by `set_null`. Whole or not at all.
    pub(super) fn delete_rows(&mut self, at: usize, ids: &[RowId]) -> Result<()> {
        let kind = self.work[at].kind;
        if !self.is_referred_to(kind.meta) {
            let is_ours = |column: &ColumnMeta| column.is_built_in || column.kind == Kind::Opaque;
            if ids.len() == 1 || kind.meta.columns.iter().all(is_ours) {
                ids.iter().for_each(|id| self.remove(at, *id));
                return Ok(());
            }
            // a column type that panics must not leave some of them deleted
            return self.whole_or_nothing(|unit| {
                ids.iter().for_each(|id| unit.remove(at, *id));
                Ok(())
            });
        }
        let reach = self.reach_of(ids.iter().map(|id| (kind, *id)).collect());
        self.whole_or_nothing(|unit| {
            for (kind, id) in &reach.deleted {
                fault::point("cascade: a delete");
                let at = unit.work_in(*kind)?;
                unit.remove(at, *id);
            }
            for (child, id) in &reach.nulled {
                fault::point("cascade: a reference");
                if !reach.seen.contains(&(child.table.meta.number(), *id)) {
                    unit.set_null(child, *id)?;
                }
            }
            Ok(())
        })
    }

    /// Whether some table that the session sees has a foreign key to this one.
    pub(super) fn is_referred_to(&self, meta: &TableMeta) -> bool {
        let by_own = |relations: &[crate::model::RelationMeta]| {
            relations.iter().any(|relation| std::ptr::eq((relation.target)(), meta))
        };
        !self.base().incoming().to(meta).is_empty()
            || self.work.iter().any(|work| !work.entries.is_empty() && by_own(work.kind.meta.relations))
    }

    fn reach_of(&self, mut open: Vec<Place>) -> Reach {
        let world = self.own_view();
        let mut reach = Reach::default();
        open.reverse();
        while let Some((kind, id)) = open.pop() {
            if !reach.seen.insert((kind.meta.number(), id)) {
                continue;
            }
            reach.deleted.push((kind, id));
            let Some(row) = world.row(kind.meta, id) else { continue };
            let key = Cells::of(row, kind.meta.primary_key);
            for child in world.incoming().to(kind.meta) {
                match child.relation.on_delete {
                    OnDelete::Restrict => {}
                    OnDelete::Cascade => {
                        open.extend(
                            world.children(child, &key).into_iter().rev().map(|id| (child.table, id)),
                        );
                    }
                    OnDelete::SetNull => {
                        reach.nulled.extend(world.children(child, &key).into_iter().map(|id| (*child, id)));
                    }
                }
            }
        }
        reach
    }

    fn set_null(&mut self, child: &Child, id: RowId) -> Result<()> {
        let Some(mut draft) = self.draft(child.table, id)? else { return Ok(()) };
        let row = draft.row_mut();
        for column in child.relation.columns {
            row.put(*column, &Value::Null);
        }
        self.finish_update(draft, UniqueChecks::Now)?;
        Ok(())
    }
}
