//! Narrowing: the rows of a table that can have partners at all, found from the other side.
//!
//! ```text
//!   items ⋈ vendors where vendors.name = "acme"
//!     vendors: 1 row ──► index items.vendor_id ──► the ids of 40 items: the scan of items looks at those alone
//! ```
//!
//! The rows are still visited in row order and joined as ever: what is narrowed is which of them are looked at.
use super::probe::{Lookup, right_rows};
use super::split::{Parts, Split};
use super::step::JoinStep;
use crate::Result;
use crate::eval::evaluate;
use crate::expr::{Code, Step};
use crate::model::Path;
use crate::plan::batch::FrameBatch;
use crate::plan::scan::Scan;
use crate::plan::way::Way;
use crate::query::{Join, JoinKind, On, Plan};
use crate::table::{Cells, RowId, Table};
use crate::world::World;

/// A table is narrowed to less than one row in so many.
const SELECTIVITY: usize = 10;

/// Which rows of each table are looked at, from the last join to the first.
pub(super) struct Narrowing<'w> {
    world: &'w World,
    slots: Vec<Side<'w>>,
}

/// One table of the statement.
struct Side<'w> {
    table: Option<&'w Table>,
    /// How many of its rows would be looked at; 0 where they must not be narrowed.
    rows: usize,
    found: Option<Narrowed>,
}

impl<'w> Narrowing<'w> {
    /// `left` rows of the first table are expected; `None` where it is not scanned.
    pub(super) fn new(world: &'w World, plan: &Plan, left: Option<usize>, split: &Split) -> Self {
        // a condition that can fail must meet every pair that it would meet without
        let is_sound = !split.steps.iter().any(|parts| parts.pairs.as_ref().is_some_and(Code::can_fail));
        let side = |meta| Side { table: world.known_table(meta), rows: 0, found: None };
        let mut slots: Vec<Side<'w>> = plan.tables().into_iter().map(side).collect();
        if is_sound && let Some(rows) = left {
            slots[0].rows = rows;
            for join in plan.joins.iter().filter(|join| is_narrowed(join)) {
                let side = &mut slots[usize::from(join.slot)];
                side.rows = side.table.map_or(0, Table::len);
            }
        }
        Self { world, slots }
    }

    /// How many left rows are to be expected, of `lanes` at first.
    pub(super) fn lanes(&self, lanes: usize) -> usize {
        self.slots[0].found.as_ref().map_or(lanes, |found| found.ids.len().min(lanes))
    }

    /// The rows of the table in `slot`, where they are known.
    pub(super) fn take(&mut self, slot: u8) -> Option<Narrowed> {
        self.slots[usize::from(slot)].found.take()
    }

    /// Narrows the table where a many-to-many relation starts.
    pub(super) fn by_links(&mut self, join: &Join, parts: &Parts) -> Result<()> {
        let On::Through(slot, _, path) = &join.on else { return Ok(()) };
        let (left, right) = (&self.slots[usize::from(*slot)], &self.slots[usize::from(join.slot)]);
        if join.kind == JoinKind::Inner
            && let (Some(left), Some(right), limit) = (left.table, right.table, left.rows / SELECTIVITY)
        {
            let found = narrow_by_links(self.world, left, right, *path, parts.right.as_ref(), limit)?;
            self.keep(*slot, found);
        }
        Ok(())
    }

    /// Narrows the tables that a step finds partners for.
    pub(super) fn by_step(&mut self, step: &JoinStep<'_>, slot: u8) {
        for left in 0..slot {
            let side = &self.slots[usize::from(left)];
            if let Some(table) = side.table {
                let found = step.narrow(table, left, side.rows / SELECTIVITY);
                self.keep(left, found);
            }
        }
    }

    /// Keeps what narrows a table most.
    fn keep(&mut self, slot: u8, found: Option<Narrowed>) {
        let side = &mut self.slots[usize::from(slot)];
        if let Some(found) = found {
            side.rows = found.ids.len();
            side.found = Some(found);
        }
    }
}

/// Rows of left joins and of links are taken as they are.
fn is_narrowed(join: &Join) -> bool {
    join.kind == JoinKind::Inner && matches!(join.on, On::Condition(_))
}

/// Some rows of a table, and how they were found.
pub(super) struct Narrowed {
    /// In row order.
    pub(super) ids: Vec<RowId>,
    pub(super) way: Way,
}

impl Narrowed {
    fn new(mut ids: Vec<RowId>, way: Way) -> Self {
        ids.sort_unstable();
        ids.dedup();
        Self { ids, way }
    }
}

impl JoinStep<'_> {
    /// The rows of `table`, in `slot` before this step, that have partners; `None` where no key or index tells, or where
    /// there are `limit` of them.
    fn narrow(&self, table: &Table, slot: u8, limit: usize) -> Option<Narrowed> {
        let (groups, equal) = self.groups()?;
        let is_there =
            |left: &Code| matches!(left.steps(), [Step::Column { slot: found, .. }] if *found == slot);
        let sides: Vec<(Code, Code)> = equal
            .filter(|(left, _)| is_there(left))
            .map(|(left, right)| (right.clone(), left.clone()))
            .collect();
        let lookup = Lookup::of(table, &sides)?;
        if groups.len().saturating_mul(lookup.fan_out()) >= limit {
            return None;
        }
        let rows = groups.one_of_each();
        let batch = FrameBatch::of_blocks(&rows);
        let keys: Vec<_> = sides.iter().map(|(right, _)| evaluate(right, &batch)).collect();
        let (mut ids, mut found) = (Vec::new(), Vec::new());
        for lane in 0..rows.len() {
            found.clear();
            lookup.find(&keys, lane, &mut found);
            ids.extend(found.iter().map(|row| row.first + RowId::from(row.mask.trailing_zeros())));
            if ids.len() >= limit {
                return None;
            }
        }
        Some(Narrowed::new(ids, Way::Partners(lookup.position(), self.table)))
    }
}

/// The rows of `left` that links connect with the rows of `right` for which `condition` is true; `None` where there are
/// `limit` of either.
fn narrow_by_links(
    world: &World,
    left: &Table,
    right: &Table,
    path: Path,
    condition: Option<&Code>,
    limit: usize,
) -> Result<Option<Narrowed>> {
    let (Some(through), Some(condition)) = (path.through, condition) else { return Ok(None) };
    let scan = Scan::owning(Some(right), Some(condition.clone()));
    if right.len() >= limit && scan.expected >= limit {
        return Ok(None);
    }
    let mut ids = Vec::new();
    for row in right_rows(scan, &mut 0)?.iter().flat_map(|block| block.rows()).map(|(_, row)| row) {
        for link in world.rows_with(through.table, through.to, &Cells::of(row, path.to)) {
            let Some(link) = world.row(through.table, link) else { continue };
            ids.extend(world.rows_with(left.meta(), path.from, &Cells::of(link, through.by)));
            if ids.len() >= limit {
                return Ok(None);
            }
        }
    }
    Ok(Some(Narrowed::new(ids, Way::Links(through.table, through.to))))
}
