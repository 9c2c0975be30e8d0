//! JSON: parts of documents, and comparisons that keep to one kind of value.
use super::compare::holds;
use super::lanes::{Marks, View, pack};
use crate::expr::{Comparison, Hop, parse_path};
use crate::value::{Cells, Fault, JsonLane, Value, Vector, compare_json};
use serde_json::Value as Json;
use std::mem::discriminant;
use std::sync::Arc;

/// The part of each document that a path leads to; absent where it leads nowhere or to `null`.
pub(super) fn part<'a>(document: View<'_, 'a>, path: View<'_, 'a>, len: usize) -> Vector<'a> {
    let mut marks = Marks::strict(&[document, path], len);
    marks.present.resize(len, true);
    let mut known: Option<(&str, Option<Vec<Hop>>)> = None;
    let mut hops = |i: usize| {
        let text = path.text(i).unwrap_or_default();
        if known.as_ref().is_none_or(|(source, _)| *source != text) {
            known = Some((text, parse_path(text)));
        }
        known.as_ref().and_then(|(_, hops)| hops.clone())
    };
    let mut faults = Vec::new();
    let mut lanes = vec![JsonLane::default(); len];
    let mut owned = Vec::new();
    let borrowed = document.documents();
    for i in 0..len {
        if !marks.is_wanted(i) {
            continue;
        }
        let Some(hops) = hops(i) else {
            faults.push((i as u32, Fault::BadPath));
            continue;
        };
        let found = match (&borrowed, document.document(i)) {
            (Some(borrowed), _) => walk(borrowed.at(i).0, &hops).map(|part| lanes[i] = JsonLane(part)),
            (None, Some(document)) => walk(document, &hops).map(|part| {
                owned.resize(len, Value::Null);
                owned[i] = Value::Json(Arc::new(part.clone()));
            }),
            (None, None) => None,
        };
        marks.present[i] = found.is_some();
    }
    faults.iter().for_each(|(lane, _): &(u32, Fault)| marks.present[*lane as usize] = true);
    marks.add(faults);
    let cells = if owned.is_empty() { Cells::Json(lanes) } else { pack(owned).cells };
    marks.vector(cells)
}

fn walk<'d>(document: &'d Json, hops: &[Hop]) -> Option<&'d Json> {
    let mut at = document;
    for hop in hops {
        at = match hop {
            Hop::Key(key) => at.as_object()?.get(key)?,
            Hop::Index(index) => at.as_array()?.get(*index)?,
        };
    }
    Some(at).filter(|part| !part.is_null())
}

/// Compares documents: different kinds are not equal, and neither less nor greater. `None` where an operand is no
/// document.
pub(super) fn compare(
    by: Comparison,
    left: View<'_, '_>,
    right: View<'_, '_>,
    marks: &Marks,
    len: usize,
) -> Option<(Vec<bool>, Option<Marks>)> {
    let wanted = (0..len).find(|i| marks.is_wanted(*i))?;
    left.document(wanted).and(right.document(wanted))?;
    let is_order = !matches!(by, Comparison::Eq | Comparison::Ne);
    let mut incomparable = Vec::new();
    let mut yes = vec![false; len];
    for i in (0..len).filter(|i| marks.is_wanted(*i)) {
        if let (Some(a), Some(b)) = (left.document(i), right.document(i)) {
            yes[i] = holds(by, compare_json(a, b));
            if is_order && discriminant(a) != discriminant(b) {
                incomparable.push(i);
            }
        }
    }
    if incomparable.is_empty() {
        return Some((yes, None));
    }
    let mut marks = Marks { present: marks.present.clone(), faults: marks.faults.clone() };
    marks.present.resize(len, true);
    incomparable.into_iter().for_each(|i| marks.present[i] = false);
    Some((yes, Some(marks)))
}
