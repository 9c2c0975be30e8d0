//! Unions, intersections, differences.
use super::distinct::keys;
use super::run::{Group, Run};
use crate::Result;
use crate::query::{Plan, SetOperation};
use crate::value::Value;
use crate::world::World;
use std::collections::HashSet;
use std::sync::Arc;

/// A row with what makes it equal to others.
type Line<'w, 'p> = (Vec<Value>, Group<'w, 'p>);

/// Computes the rows of `first` combined with those of the others, one after the other.
pub(super) fn combine<'w, 'p>(
    world: &'w World,
    first: &'p Plan,
    others: &'p [(SetOperation, Arc<Plan>)],
) -> Result<Vec<Group<'w, 'p>>> {
    let mut rows = lines(world, first)?;
    // the keys of all rows, while each is there once
    let mut seen: Option<HashSet<Vec<Value>>> = None;
    for (operation, plan) in others {
        let other = lines(world, plan)?;
        match operation {
            SetOperation::UnionAll => {
                rows.extend(other);
                seen = None;
            }
            SetOperation::Union => {
                let seen = seen.get_or_insert_with(|| unique(&mut rows));
                rows.extend(other.into_iter().filter(|(key, _)| seen.insert(key.clone())));
            }
            SetOperation::Intersect | SetOperation::Except => {
                let wanted = *operation == SetOperation::Intersect;
                let other: HashSet<Vec<Value>> = other.into_iter().map(|(key, _)| key).collect();
                rows.retain(|(key, _)| other.contains(key) == wanted);
                seen = Some(unique(&mut rows));
            }
        }
    }
    Ok(rows.into_iter().map(|(_, group)| group).collect())
}

/// Keeps the first of equal rows, and gives the keys of those.
fn unique(rows: &mut Vec<Line<'_, '_>>) -> HashSet<Vec<Value>> {
    let mut seen = HashSet::new();
    rows.retain(|(key, _)| seen.insert(key.clone()));
    seen
}

/// The rows of a plan, one by one.
fn lines<'w, 'p>(world: &'w World, plan: &'p Plan) -> Result<Vec<Line<'w, 'p>>> {
    let mut run = Run::new(world, plan, None)?;
    let mut lines = Vec::new();
    while let Some(group) = run.next()? {
        let keys = keys(plan.table, group.items, &group.frame)?;
        let rows = group.frame.split().into_iter();
        lines.extend(keys.into_iter().zip(rows.map(|frame| Group { frame, items: group.items })));
    }
    Ok(lines)
}
