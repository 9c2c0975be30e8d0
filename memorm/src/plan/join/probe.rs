//! `Probe`: which right rows may belong to a left row.
use super::keys::Groups;
use super::split::Parts;
use crate::Result;
use crate::eval::evaluate;
use crate::expr::{Code, Comparison, Op, Step};
use crate::model::{MAX_KEY_PARTS, Path, TableMeta};
use crate::plan::batch::{FrameBatch, single_rows};
use crate::plan::scan::Scan;
use crate::table::{Block, Cells, RowId, Table};
use crate::value::{Cell, Vector};
use crate::world::World;

pub(super) enum Probe<'w> {
    /// Right rows by key.
    Groups(Groups<'w>),
    /// A key or an index of the right table.
    Lookup(Lookup<'w>),
    /// The link rows of a relation, by their key, then the key of the right table.
    Links(Links<'w>),
    /// All right rows.
    All(Vec<Block<'w>>),
}

impl<'w> Probe<'w> {
    /// The rows that may belong to a left lane, in row order.
    pub(super) fn find<'s>(
        &'s self,
        keys: &[Vector<'_>],
        lane: usize,
        found: &'s mut Vec<Block<'w>>,
    ) -> &'s [Block<'w>] {
        found.clear();
        match self {
            Self::Groups(groups) => return groups.find(keys, lane),
            Self::All(rows) => return rows,
            Self::Lookup(lookup) => lookup.find(keys, lane, found),
            Self::Links(links) => links.find(keys, lane, found),
        }
        found
    }
}

/// The cells of some vectors at a lane; `None` where one is absent.
fn key_at<'k>(
    keys: impl Iterator<Item = &'k Vector<'k>>,
    lane: usize,
) -> Option<([Cell<'k>; MAX_KEY_PARTS], usize)> {
    let mut cells = [const { Cell::Null }; MAX_KEY_PARTS];
    let mut parts = 0;
    for key in keys {
        let cell = key.cell(lane);
        if cell.is_null() {
            return None;
        }
        *cells.get_mut(parts)? = cell;
        parts += 1;
    }
    Some((cells, parts))
}

/// A key or an index that answers the equalities of a join.
pub(super) struct Lookup<'w> {
    table: &'w Table,
    by: By,
    /// Which equality gives each of its columns.
    parts: Vec<usize>,
}

#[derive(Clone, Copy)]
enum By {
    Key,
    Index(usize),
}

impl<'w> Lookup<'w> {
    /// The key or index whose columns are all compared with something.
    pub(super) fn of(table: &'w Table, equal: &[(Code, Code)]) -> Option<Self> {
        let meta = table.meta();
        let part = |column: &u16| {
            let is_it = |right: &Code| matches!(right.steps(), [Step::Column { column: found, .. }] if found == column);
            equal.iter().position(|(_, right)| is_it(right))
        };
        let parts = |columns: &[u16]| -> Option<Vec<usize>> {
            if columns.len() > MAX_KEY_PARTS { None } else { columns.iter().map(part).collect() }
        };
        if let Some(parts) = parts(meta.primary_key) {
            return Some(Self { table, by: By::Key, parts });
        }
        let mut indexes: Vec<usize> = (0..meta.indexes.len()).collect();
        indexes.sort_by_key(|at| !meta.indexes[*at].is_unique);
        indexes
            .into_iter()
            .find_map(|at| Some(Self { table, by: By::Index(at), parts: parts(meta.indexes[at].columns)? }))
    }

    /// Whether the lookup answers the equality at this place.
    pub(super) fn answers(&self, equality: usize) -> bool {
        self.parts.contains(&equality)
    }

    /// The index; `None` for the primary key.
    pub(super) fn position(&self) -> Option<usize> {
        match self.by {
            By::Key => None,
            By::Index(at) => Some(at),
        }
    }

    /// How many rows a key has, about.
    pub(super) fn fan_out(&self) -> usize {
        let index = match self.by {
            By::Key => None,
            By::Index(at) => self.table.ordered(at),
        };
        index.map_or(1, |index| (index.len() - index.nulls().len()).div_ceil(index.distinct().max(1)))
    }

    pub(super) fn describe(&self) -> String {
        let meta = self.table.meta();
        let columns = |columns| format!("{}.{}", meta.name, meta.column_names(columns));
        match self.by {
            By::Key => format!("key {}", columns(meta.primary_key)),
            By::Index(at) if meta.indexes[at].is_unique => {
                format!("unique index {}", columns(meta.indexes[at].columns))
            }
            By::Index(at) => format!("index {}", columns(meta.indexes[at].columns)),
        }
    }

    /// Adds the rows whose key the lane has.
    pub(super) fn find(&self, keys: &[Vector<'_>], lane: usize, found: &mut Vec<Block<'w>>) {
        let Some((cells, parts)) = key_at(self.parts.iter().filter_map(|at| keys.get(*at)), lane) else {
            return;
        };
        let key = &cells[..parts];
        let position = match self.by {
            By::Key => return found.extend(self.table.find(key).and_then(|id| self.table.rows.single(id))),
            By::Index(position) => position,
        };
        match self.table.ordered(position) {
            Some(index) => {
                let ids = index.equal(key).into_iter().flat_map(|postings| postings.iter());
                found.extend(ids.filter_map(|id| self.table.rows.single(id)));
            }
            None => {
                let mut ids: Vec<RowId> = self.table.find_unique(position, key).collect();
                ids.sort_unstable();
                found.extend(ids.into_iter().filter_map(|id| self.table.rows.single(id)));
            }
        }
    }
}

/// The rows that link rows lead to.
pub(super) struct Links<'w> {
    world: &'w World,
    table: &'w Table,
    path: Path,
}

impl<'w> Links<'w> {
    pub(super) fn new(world: &'w World, table: &'w Table, path: Path) -> Self {
        Self { world, table, path }
    }

    fn find(&self, keys: &[Vector<'_>], lane: usize, found: &mut Vec<Block<'w>>) {
        let (Some((cells, parts)), Some(through)) = (key_at(keys.iter(), lane), self.path.through) else {
            return;
        };
        let links = self.world.rows_with(through.table, through.by, &cells[..parts]);
        let linked = links.into_iter().filter_map(|id| self.world.row(through.table, id));
        let mut ids: Vec<RowId> = linked
            .flat_map(|link| {
                self.world.rows_with(self.table.meta(), self.path.to, &Cells::of(link, through.to))
            })
            .collect();
        ids.sort_unstable();
        found.extend(ids.into_iter().filter_map(|id| self.table.rows.single(id)));
    }

    /// The rows that all links lead to, by the key of the link.
    pub(super) fn groups(&self, links: &'w Table) -> Option<Groups<'w>> {
        let through = self.path.through?;
        let blocks: Vec<Block<'w>> = links.rows.blocks().collect();
        let mut pairs: Vec<(RowId, Block<'w>)> = Vec::new();
        for link in single_rows(&blocks) {
            let Some((_, row)) = link.rows().next() else { continue };
            let targets = self.world.rows_with(self.table.meta(), self.path.to, &Cells::of(row, through.to));
            pairs.extend(targets.into_iter().map(|id| (id, link)));
        }
        pairs.sort_by_key(|(id, _)| *id);
        let links: Vec<Block<'w>> = pairs.iter().map(|(_, link)| *link).collect();
        let key = |column: &u16| Code::column(through.table, *column);
        let codes: Vec<Code> = through.by.iter().map(key).collect();
        let rows = pairs.iter().filter_map(|(id, _)| self.table.rows.single(*id)).collect();
        Some(grouped(rows, &links, codes.iter()))
    }
}

/// The rows of the right table that pass its own conditions.
pub(super) fn right_rows<'w>(mut scan: Scan<'w, '_>, seen: &mut usize) -> Result<Vec<Block<'w>>> {
    let mut rows = Vec::new();
    while let Some(blocks) = scan.next()? {
        rows.extend(single_rows(&blocks));
    }
    *seen += scan.seen();
    Ok(rows)
}

/// Groups `rows` by the values that `keys` have in the rows beside them.
pub(super) fn grouped<'w, 'c>(
    rows: Vec<Block<'w>>,
    beside: &[Block<'w>],
    keys: impl Iterator<Item = &'c Code>,
) -> Groups<'w> {
    let batch = FrameBatch::of_blocks(beside);
    let vectors: Vec<Vector<'_>> = keys.map(|code| evaluate(code, &batch)).collect();
    Groups::new(rows, &vectors)
}

/// The conditions that are left for pairs of rows where a lookup answers only some.
pub(super) fn left_over(parts: Parts, lookup: Option<&Lookup<'_>>) -> Option<Code> {
    let mut rest = parts.right;
    for (at, (left, right)) in parts.equal.into_iter().enumerate() {
        if lookup.is_none_or(|lookup| !lookup.answers(at)) {
            rest = Some(Code::and(rest, left.with(right, Op::Compare(Comparison::Eq))));
        }
    }
    match parts.pairs {
        Some(pairs) => Some(Code::and(rest, pairs)),
        None => rest,
    }
}

/// The left keys of a relation across a link table.
pub(super) fn link_keys(slot: u8, from: &'static TableMeta, path: Path) -> Vec<Code> {
    let key = |column: &u16| Code::step(Step::Column { slot, table: from, column: *column });
    path.from.iter().map(key).collect()
}
