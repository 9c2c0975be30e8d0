//! An update statement whose values are computed and whose rows are not written yet.
//!
//! ```text
//!   exec      chooses the rows and computes the new values: a vector for each column, no row is copied
//!   commit    nobody else holds the head or its rows?   set the columns where the rows lie
//!             else                                      copy the rows beside the head, swap the root
//!   another write before                                the rows become entries of the unit's usual work
//! ```
//!
//! Only for columns that neither a key, an index nor a relation has, in tables where nothing can refuse the values any
//! more: no check, nothing that memorm fills, no type but memorm's own.
//!
//! Must stay true: while there are patches there are no entries, and no savepoint is older than an entry made of one.
use super::bulk::{Written, compute, resolve_all};
use super::unit::{Unit, table_in};
use super::work::Entry;
use crate::Result;
use crate::eval::Batch;
use crate::expr::Code;
use crate::link::own;
use crate::model::{ColumnMeta, TableMeta};
use crate::plan::{FrameBatch, Scan, resolve_filter};
use crate::table::{Block, Mask, Refused, RowId, Table, TableType};
use crate::value::{Cells, Kind, Vector};
use crate::world::{Budget, World};
use std::collections::HashSet;

/// Up to so many rows are set in place at a commit, under the lock: some milliseconds.
const IN_PLACE: usize = 131_072;

/// The rows of an update statement with their new values.
pub(super) struct Patch {
    pub(super) kind: TableType,
    pub(super) rows: usize,
    pub(super) parts: Vec<Part>,
}

/// Rows of a batch, by leaf, with the values of the columns that are set.
pub(super) struct Part {
    leaves: Vec<(RowId, Mask)>,
    values: Vec<(u16, Vector<'static>)>,
}

/// Whether setting these columns touches nothing but the rows themselves.
pub(super) fn is_assignable(table: Option<&Table>, set: &[(u16, Code)]) -> bool {
    let Some(table) = table.filter(|table| table.is_built_in()) else { return false };
    let meta = table.meta();
    let is_filled = meta.columns.iter().any(|column| column.is_version || column.is_on_update);
    let is_watched = |column: &u16| {
        meta.watched.contains(column)
            || meta.relations.iter().any(|relation| relation.columns.contains(column))
    };
    !is_filled && !set.iter().any(|(column, _)| is_watched(column))
}

impl Patch {
    /// Chooses the rows of a statement and computes all their new values.
    ///
    /// # Errors
    /// Those of the filter and of the values; `LimitExceeded`.
    pub(super) fn plan(
        world: &World,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Self> {
        let budget = Budget::start(world, kind.meta.name);
        let filter = resolve_filter(world, kind.meta, filter)?;
        let set = resolve_all(world, set)?;
        let filter = filter.as_deref();
        let mut scan = Scan::new(world.table_where(kind.meta, filter), filter);
        let mut patch = Self { kind, rows: 0, parts: Vec::new() };
        while let Some(blocks) = scan.next()? {
            let batch = FrameBatch::of_blocks(&blocks);
            patch.rows += batch.len();
            budget.check(patch.rows, size_of::<u64>() * set.len())?;
            let new = compute(kind, &set, &batch)?.into_iter().map(Vector::into_owned);
            patch.parts.push(Part {
                leaves: blocks.iter().map(|block| (block.first, block.mask)).collect(),
                values: set.iter().map(|(column, _)| *column).zip(new).collect(),
            });
        }
        Ok(patch)
    }

    /// Whether no row can refuse values like these, as far as the schema can tell.
    fn may_fit(meta: &TableMeta, set: &[(u16, Code)]) -> bool {
        let is_plain = |kind: Kind| {
            kind == Kind::Bool || kind.is_float() || kind.integer_range().is_some_and(|_| kind != Kind::U128)
        };
        !meta.is_checked && set.iter().all(|(column, _)| is_plain(meta.column(*column).kind))
    }

    /// Whether no row can refuse its values.
    pub(super) fn always_fits(&self) -> bool {
        let meta = self.kind.meta;
        let fits = |(column, values): &(u16, Vector<'static>)| fits(meta.column(*column), values);
        !meta.is_checked && self.parts.iter().all(|part| part.values.iter().all(fits))
    }

    /// Whether nobody but `table` holds the rows, or what leads to them.
    fn finds_alone(&self, table: &Table) -> bool {
        self.leaves().all(|(first, mask)| table.rows.is_alone(first, mask))
    }

    /// Sets the columns: in place where the table is alone with a row, in a copy else.
    pub(super) fn apply_to(&self, table: &mut Table) {
        for part in &self.parts {
            let refused = part.write(table, false).err();
            debug_assert!(refused.is_none(), "the values of a patch always fit");
        }
    }

    /// The same rows with the values that they have now.
    pub(super) fn values_now(&self, world: &World) -> Vec<Part> {
        let Some(table) = world.table(self.kind.meta) else { return Vec::new() };
        let now = |part: &Part| {
            let leaf = |(first, mask): &(RowId, Mask)| {
                Some(Block { first: *first, leaf: &**table.rows.leaf(*first)?, mask: *mask, home: None })
            };
            let blocks: Vec<Block<'_>> = part.leaves.iter().filter_map(leaf).collect();
            let batch = FrameBatch::of_blocks(&blocks);
            let values = part.values.iter().map(|(column, _)| {
                let mut values = Vector::default();
                batch.gather(0, *column, &mut values);
                (*column, values.into_owned())
            });
            Part { leaves: part.leaves.clone(), values: values.collect() }
        };
        self.parts.iter().map(now).collect()
    }

    fn leaves(&self) -> impl Iterator<Item = (RowId, Mask)> {
        self.parts.iter().flat_map(|part| &part.leaves).copied()
    }

    /// The places of its rows, in row order.
    fn ids(&self) -> impl Iterator<Item = RowId> {
        let slots = |mask: Mask| (0..Mask::BITS as u64).filter(move |slot| mask >> slot & 1 == 1);
        self.leaves().flat_map(move |(first, mask)| slots(mask).map(move |slot| first + slot))
    }
}

/// Whether the column can hold each of these values: of the types that are set without an allocation.
fn fits(column: &ColumnMeta, values: &Vector<'_>) -> bool {
    let has_holes = values.present.contains(&false);
    let range = column.kind.integer_range();
    let is_fit = match &values.cells {
        Cells::Bools(_) => column.kind == Kind::Bool,
        Cells::Floats(_) => column.kind.is_float(),
        Cells::Ints(lanes) => range.is_some_and(|(low, high)| {
            // absent lanes are looked at as well: a zero fits everywhere
            lanes.iter().all(|lane| (low..=high).contains(&i128::from(*lane)))
        }),
        Cells::Wides(lanes) => {
            range.is_some_and(|(low, high)| lanes.iter().all(|lane| (low..=high).contains(lane)))
        }
        _ => false,
    };
    is_fit && values.faults.is_empty() && (column.is_nullable || !has_holes)
}

impl Part {
    /// Sets the columns of all its rows.
    ///
    /// # Errors
    /// The first row that is refused, and why; those before it are set.
    pub(super) fn write(&self, table: &mut Table, is_checked: bool) -> Result<(), (RowId, Refused)> {
        let mut lane = 0;
        for (first, mask) in &self.leaves {
            let Some(leaf) = table.rows.own_leaf(*first) else { continue };
            leaf.assign(*mask, &self.values, lane, is_checked)
                .map_err(|(slot, refused)| (first + slot as u64, refused))?;
            lane += mask.count_ones() as usize;
        }
        Ok(())
    }
}

/// The patches of a unit, in the order of their statements.
#[derive(Default)]
pub(super) struct Patches(Vec<Patch>);

impl Patches {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    #[inline]
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    #[inline]
    pub(super) fn touch(&self, meta: &TableMeta) -> bool {
        self.0.iter().any(|patch| std::ptr::eq(patch.kind.meta, meta))
    }

    pub(super) fn apply_to(&self, world: &mut World) {
        self.0.iter().for_each(|patch| patch.apply_to(world.table_mut(patch.kind)));
    }

    /// Whether they may be applied to the head where it lies: no row is copied, so that no code but memorm's runs.
    pub(super) fn suit(&self, head: &World) -> bool {
        self.0
            .iter()
            .all(|patch| head.own_table(patch.kind.meta).is_some_and(|table| patch.finds_alone(table)))
    }

    /// Whether they are few enough to be applied under the lock.
    pub(super) fn are_short(&self) -> bool {
        self.0.iter().map(|patch| patch.rows).sum::<usize>() <= IN_PLACE
    }
}

impl Unit {
    /// Runs an update statement without copying a row; `None` where it needs the unit's usual work.
    pub(super) fn update_later(
        &mut self,
        kind: TableType,
        filter: Option<&Code>,
        set: &[(u16, Code)],
    ) -> Result<Option<Written>> {
        let has_entries = self.work.iter().any(|work| !work.is_idle());
        if self.is_direct || has_entries || self.savepoints.are_open() {
            return Ok(None);
        }
        self.place_in(kind)?;
        if !is_assignable(self.base().table(kind.meta), set) || !Patch::may_fit(kind.meta, set) {
            return Ok(None);
        }
        let patch = Patch::plan(self.view(), kind, filter, set)?;
        let rows = patch.rows;
        if !patch.always_fits() {
            return Ok(None);
        }
        if rows > 0 {
            if let Some(mut world) = self.take_private() {
                patch.apply_to(own(&mut world).table_mut(kind));
                self.set_private(world);
            }
            self.patches.0.push(patch);
        }
        Ok(Some(Written::counted(rows)))
    }

    /// Turns the patches, where there are any, into entries, as row by row writes would have made them.
    #[inline]
    pub(super) fn settle(&mut self) {
        if !self.patches.is_empty() {
            self.write_patches();
        }
    }

    fn write_patches(&mut self) {
        // where a row's code panics, it does so here, and the patches are still there
        let view = self.own_view().clone();
        for (kind, id) in self.patched() {
            let at = self.place_of_work(kind);
            let now = view.table(kind.meta).and_then(|table| table.rows.share(id));
            let base = table_in(&self.base, kind.meta);
            self.work[at].push(Entry { id, now, is_new: false, is_moved: false }, base);
        }
        self.patches.clear();
    }

    /// The rows that patches set, each once.
    pub(super) fn patched(&self) -> Vec<(TableType, RowId)> {
        let mut seen = HashSet::new();
        let rows = self.patches.0.iter().flat_map(|patch| patch.ids().map(|id| (patch.kind, id)));
        rows.filter(|(kind, id)| self.patches.0.len() == 1 || seen.insert((kind.meta.number(), *id)))
            .collect()
    }
}
