//! Which rows have related rows that pass: `ITEMS.any(..)`, `.none(..)`, `.every(..)` as sets of keys.
//!
//! ```text
//!   few rows ask    their keys ──index──► related rows ──filter──► keys with a hit; a key is done at its first one
//!   else            related table ──filter──► passing rows ──────► the keys that they name
//! ```
//!
//! `every` looks for a row for which the condition is not true, and is then turned round like `none`. So all three are
//! a set of keys, and a key with a `None` is in none.
//!
//! Must stay true: a condition that can fail is asked of every related row, on either way the same.
use super::resolve::Resolver;
use super::scan::Scan;
use crate::Result;
use crate::expr::{Code, Op, Quantifier, Related, Step};
use crate::model::AnyRow;
use crate::table::{Block, Cells, RowId, Table};
use crate::value::{Cell, KeySet, Value};
use crate::world::World;
use std::collections::HashSet;
use std::sync::Arc;

/// Related rows are looked up key by key where there is less than one key for so many of them.
const SELECTIVITY: usize = 10;

/// The rows that a question is asked for.
pub(super) struct Outer<'w> {
    pub(super) table: &'w Table,
    /// `None` for all.
    pub(super) ids: Option<Vec<RowId>>,
}

/// Appends the steps that hold in the place of a condition on related rows.
pub(super) fn hold(
    resolver: &mut Resolver<'_>,
    related: &Arc<Related>,
    outer: Option<&Outer<'_>>,
    steps: &mut Vec<Step>,
) -> Result<()> {
    let asking = outer.filter(|outer| is_worth_probing(resolver.world, related, outer));
    let keys = match asking {
        Some(outer) => probe(resolver, related, outer)?,
        None => scan(resolver, related)?,
    };
    steps.push(Step::InKeys(Arc::new(keys), true));
    if related.how != Quantifier::Any {
        steps.push(Step::Apply(Op::Not));
    }
    Ok(())
}

fn is_worth_probing(world: &World, related: &Related, outer: &Outer<'_>) -> bool {
    let between = related.path.through.map_or(related.target, |through| through.table);
    let rows = world.known_table(between).map_or(0, Table::len);
    let asking = outer.ids.as_ref().map_or_else(|| outer.table.len(), Vec::len);
    !related.can_fail() && asking.saturating_mul(SELECTIVITY) <= rows
}

/// The condition whose rows make a hit.
fn hit(related: &Related, filter: Code) -> Code {
    match related.how {
        Quantifier::Every => filter.then(Op::IsTrue).then(Op::Not),
        Quantifier::Any | Quantifier::None => filter,
    }
}

/// The keys with a hit, of those that the rows ask for.
fn probe(resolver: &mut Resolver<'_>, related: &Arc<Related>, outer: &Outer<'_>) -> Result<KeySet> {
    let world = resolver.world;
    let asked = asked_keys(related, outer);
    let found = reached(world, related, &asked);
    let target = world.known_table(related.target);
    let inner = target.map(|table| Outer { table, ids: Some(distinct(&found)) });
    let filter = hit(related, resolver.filter_of(inner.as_ref(), &related.filter)?);
    let keys = match target {
        Some(table) => hits(table, related, &asked, &found, &filter)?,
        None => KeySet::new(asked.arity()),
    };
    resolver.note(|| format!("{related}: {} of {} keys, looked up", keys.len(), asked.len()));
    Ok(keys)
}

/// The keys that the rows ask for.
#[inline(never)]
fn asked_keys(related: &Related, outer: &Outer<'_>) -> KeySet {
    let mut keys = KeySet::new(related.path.from.len());
    let mut add = |row: &dyn AnyRow| {
        keys.insert(&Cells::of(row, related.path.from));
    };
    match &outer.ids {
        Some(ids) => ids.iter().filter_map(|id| outer.table.rows.row(*id)).for_each(add),
        None => outer.table.rows.iter().for_each(|(_, row)| add(row)),
    }
    keys
}

/// The related rows of each key.
#[inline(never)]
fn reached(world: &World, related: &Related, keys: &KeySet) -> Vec<Vec<RowId>> {
    let of_key = |key: &[Value]| {
        let cells: Vec<Cell<'_>> = key.iter().map(Value::cell).collect();
        world.related_to(related.path, related.target, &cells)
    };
    keys.keys().map(of_key).collect()
}

#[inline(never)]
fn distinct(found: &[Vec<RowId>]) -> Vec<RowId> {
    let mut ids: Vec<RowId> = found.iter().flatten().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The keys that reach a row for which the filter is true.
#[inline(never)]
fn hits(
    table: &Table,
    related: &Related,
    asked: &KeySet,
    found: &[Vec<RowId>],
    filter: &Code,
) -> Result<KeySet> {
    let mut keys = KeySet::new(asked.arity());
    let mut keep = |key: &[Value]| {
        let cells: Vec<Cell<'_>> = key.iter().map(Value::cell).collect();
        keys.insert(&cells);
    };
    if leads_to_children(related) {
        // no two keys reach the same row
        for (key, ids) in asked.keys().zip(found) {
            if !passing(table, ids.clone(), filter, true)?.is_empty() {
                keep(key);
            }
        }
    } else {
        let passing: HashSet<RowId> = passing(table, distinct(found), filter, false)?.into_iter().collect();
        for (key, ids) in asked.keys().zip(found) {
            if ids.iter().any(|id| passing.contains(id)) {
                keep(key);
            }
        }
    }
    Ok(keys)
}

fn leads_to_children(related: &Related) -> bool {
    related.path.through.is_none() && related.path.to != related.target.primary_key
}

/// The rows for which the filter is true; only the first ones where those are enough.
fn passing(table: &Table, ids: Vec<RowId>, filter: &Code, first_is_enough: bool) -> Result<Vec<RowId>> {
    let mut scan = Scan::of_rows(table, ids, Some(filter));
    let mut found = Vec::new();
    while let Some(blocks) = scan.next()? {
        found.extend(blocks.into_iter().flat_map(Block::rows).map(|(id, _)| id));
        if first_is_enough && !found.is_empty() {
            break;
        }
    }
    Ok(found)
}

/// The keys with a hit, of all that there are.
fn scan(resolver: &mut Resolver<'_>, related: &Arc<Related>) -> Result<KeySet> {
    let filter = hit(related, resolver.filter(related.target, &related.filter)?);
    let (keys, way) = all_hits(resolver.world, related, &filter)?;
    resolver.note(|| format!("{related}: {} keys, {way}", keys.len()));
    Ok(keys)
}

#[inline(never)]
fn all_hits(world: &World, related: &Related, filter: &Code) -> Result<(KeySet, String)> {
    let path = related.path;
    let mut scan = Scan::new(world.table_where(related.target, Some(filter)), Some(filter));
    let way = scan.way.words(related.target);
    let mut keys = KeySet::new(path.to.len());
    while let Some(blocks) = scan.next()? {
        for (_, row) in blocks.into_iter().flat_map(Block::rows) {
            keys.insert(&Cells::of(row, path.to));
        }
    }
    Ok((if path.through.is_some() { across(world, related, &keys) } else { keys }, way))
}

/// The keys on the near side of the links to these keys.
fn across(world: &World, related: &Related, far: &KeySet) -> KeySet {
    let mut near = KeySet::new(related.path.from.len());
    let Some(through) = related.path.through else { return near };
    let Some(links) = world.known_table(through.table) else { return near };
    if far.len().saturating_mul(SELECTIVITY) <= links.len() {
        for key in far.keys() {
            let cells: Vec<Cell<'_>> = key.iter().map(Value::cell).collect();
            let ids = world.rows_with(through.table, through.to, &cells);
            for link in ids.into_iter().filter_map(|id| links.rows.row(id)) {
                near.insert(&Cells::of(link, through.by));
            }
        }
        return near;
    }
    world.table(through.table); // all of it is read
    for (_, link) in links.rows.iter() {
        if far.place(&Cells::of(link, through.to)).is_some() {
            near.insert(&Cells::of(link, through.by));
        }
    }
    near
}
