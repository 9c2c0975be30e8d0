//! What is kept of a query, and of which queries something is kept.
use super::groups::KeptGroups;
use super::rows::KeptRows;
use crate::expr::{Code, Item, Step};
use crate::query::{Grouping, Origin, Plan};
use crate::table::Table;
use crate::world::World;

/// Whether the result can be kept: one table, no `after`, no `distinct`, no set operation, no window; of groups also no limit of
/// the rows that are grouped. Whoever gives statements another part has to decide about it here.
pub(super) fn can_be_kept(plan: &Plan) -> bool {
    let Plan {
        table: _,
        origin,
        joins,
        filter: _,
        after,
        order: _,
        items,
        distinct,
        offset,
        limit,
        group,
        nesting: _,
    } = plan;
    let is_whole = || *offset == 0 && limit.is_none() && items.is_empty();
    matches!(origin, Origin::Table)
        && joins.is_empty()
        && !distinct
        && after.is_none() // the row moves
        && (group.is_none() || is_whole())
        && items.iter().chain(keys(group)).all(|item| item.window.is_none())
        && plan.codes().all(reads_own_row)
}

fn keys(group: &Option<Grouping>) -> &[Item] {
    group.as_ref().map_or(&[], |grouping| &grouping.keys)
}

/// Whether the value depends on the row alone.
fn reads_own_row(code: &Code) -> bool {
    code.steps().iter().all(|step| match step {
        Step::Column { .. }
        | Step::Literal(_)
        | Step::Apply(_)
        | Step::InValues(..)
        | Step::InKeys(..)
        | Step::Later(_)
        | Step::Test(..)
        | Step::Map(_) => true,
        Step::Subquery(_) | Step::Related(_) | Step::TooDeep(_) => false,
    })
}

/// Changes that are followed whatever the size of the table.
const FEW: usize = 1_000;

/// Whether to follow so many changes costs more than to read the table anew, where to follow one costs what it costs to read
/// `rows` rows.
pub(super) fn costs_more(changes: usize, rows: usize, table: Option<&Table>) -> bool {
    changes > FEW && changes.saturating_mul(rows) > table.map_or(0, Table::len)
}

/// What is kept of a query in one version. A clone costs O(1).
#[derive(Clone)]
pub(super) enum Kept {
    Rows(KeptRows),
    Groups(KeptGroups),
}

impl Kept {
    /// Reads all rows of a version; `None` where the query has no value for one.
    pub(super) fn of(plan: &Plan, world: &World) -> Option<Self> {
        let table = world.table(plan.table);
        match plan.group {
            Some(_) => KeptGroups::of(plan, table).map(Self::Groups),
            None => KeptRows::of(plan, table).ok().map(Self::Rows),
        }
    }

    /// Moves from one version to another, in whatever order they were made; `None` where the query has no value for a row of
    /// the other.
    pub(super) fn follow(self, plan: &Plan, from: &World, to: &World) -> Option<Self> {
        let (from, to) = (from.table(plan.table), to.table(plan.table));
        if from.map(std::ptr::from_ref) == to.map(std::ptr::from_ref) {
            return Some(self);
        }
        match self {
            Self::Groups(groups) => groups.follow(plan, from, to).map(Self::Groups),
            Self::Rows(mut rows) => rows.follow(plan, from, to).ok().map(|()| Self::Rows(rows)),
        }
    }
}
