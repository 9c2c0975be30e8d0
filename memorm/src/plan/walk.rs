//! The first rows in the order of an index, where that avoids a sort: `order_by((PRICE, ID)).limit(10)`.
//!
//! ```text
//!   index on price     3 ──► rows     4 ──► rows     5 ──► rows   …
//!                      └─ or where the filter or `after` lets rows begin      until there are enough
//! ```
//!
//! Rows with one key come in row order; where there are more sort keys, the rows that were found are sorted by them.
use super::access::{bounds, choose};
use super::batch::count;
use super::frame::{Frame, LANES};
use super::scan::Scan;
use super::sort::sort;
use super::window::has_windows;
use crate::Result;
use crate::expr::{Code, OrderTerm, Step, Ties};
use crate::index::{OrderedIndex, Postings};
use crate::query::{After, Plan};
use crate::table::{Block, RowId, Table};
use crate::value::Value;
use std::ops::Bound;

/// Rows in the order of an index.
pub(super) struct Walked<'w> {
    pub(super) frame: Frame<'w>,
    /// The position of the index.
    pub(super) index: usize,
    /// How many rows were looked at.
    pub(super) seen: usize,
}

/// The first `wanted` rows, and maybe some more; `None` where no index helps.
pub(super) fn walk_index<'w>(table: &'w Table, plan: &Plan, wanted: usize) -> Result<Option<Walked<'w>>> {
    let Some((term, more)) = plan.order.split_first() else { return Ok(None) };
    let can_fail = plan.filter.iter().chain(more.iter().map(|term| &term.code)).any(Code::can_fail);
    // a window looks at all rows
    if can_fail || has_windows(&plan.items) {
        return Ok(None);
    }
    let Some((index, column, walk)) = served(table, term) else { return Ok(None) };
    if plan.filter.as_ref().is_some_and(|filter| is_narrowed(table, filter, column)) {
        return Ok(None);
    }
    let mut blocks: Vec<Block<'w>> = Vec::new();
    let (mut seen, mut found) = (0, 0);
    let mut postings = postings(walk, term, column, plan);
    let mut room = wanted.min(LANES);
    while found < wanted {
        let mut ids = Vec::new();
        while ids.len() < room
            && let Some(postings) = postings.next()
        {
            add_row_ids(&mut ids, postings, plan);
        }
        if ids.is_empty() {
            break;
        }
        let (looked, before) = (ids.len(), found);
        let mut scan = Scan::of_rows(table, ids, plan.filter.as_ref());
        while let Some(passed) = scan.next()? {
            found += count(&passed);
            blocks.extend(passed);
            if more.is_empty() && found >= wanted {
                break;
            }
        }
        seen += scan.seen;
        // where the filter refuses most, more rows are looked at each time
        let is_fruitful = (found - before) * 4 >= looked;
        room = if is_fruitful { wanted.saturating_sub(found).saturating_mul(2) } else { room * 2 }.min(LANES);
    }
    let frame = Frame::from(blocks);
    let frame = match more.is_empty() {
        true => frame,
        false => sort(plan.table, &frame, &plan.order, Some(wanted))?,
    };
    Ok(Some(Walked { frame, index, seen }))
}

/// Adds the rows with one key. Where it is the only sort key and that of the row in `after`, those behind that row.
fn add_row_ids(ids: &mut Vec<RowId>, postings: &Postings, plan: &Plan) {
    let place = plan.after.as_ref().and_then(After::place);
    match place.map(|place| place.ties()) {
        Some(Ties::After(id)) if plan.order.len() == 1 && postings.contains(id) => {
            ids.extend(postings.iter().filter(|row| *row > id));
        }
        _ => postings.extend_into(ids),
    }
}

/// The index that has rows in the order of a sort key: its position, its column, itself.
fn served<'w>(table: &'w Table, term: &OrderTerm) -> Option<(usize, u16, &'w OrderedIndex)> {
    let [Step::Column { column, .. }] = term.code.steps() else { return None };
    let indexes = table.meta().indexes;
    let position = indexes.iter().position(|index| !index.is_unique && index.columns == [*column])?;
    let are_nulls_usual = term.nulls_first.is_none_or(|first| first == term.descending);
    table.ordered(position).filter(|_| are_nulls_usual).map(|index| (position, *column, index))
}

/// Whether conditions on other columns leave so few rows that an index on those helps more than the order does.
fn is_narrowed(table: &Table, filter: &Code, column: u16) -> bool {
    let is_on_order = |part: &[Step]| {
        matches!(part, [Step::Column { column: first, .. }, ..] if *first == column)
            || matches!(part, [.., Step::Later(_)])
    };
    let others = filter.conjuncts().into_iter().filter(|part| !is_on_order(part));
    let others = others.fold(None, |all, part| Some(Code::and(all, Code::of_steps(part.to_vec()))));
    others.is_some_and(|others| choose(table, Some(&others)).ids.is_some())
}

/// The postings of an index in the order of the sort key, from where the filter and `after` let them begin.
fn postings<'w>(
    index: &'w OrderedIndex,
    term: &OrderTerm,
    column: u16,
    plan: &Plan,
) -> Box<dyn Iterator<Item = &'w Postings> + 'w> {
    let (low, high) = bounds(plan.filter.as_ref(), column);
    let is_bounded = !matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded));
    let start = plan.after.as_ref().and_then(|after| after.place()?.key(0));
    // `None` is in no range: where rows without a key come last, they come behind the range
    let nulls = (!is_bounded && !term.descending).then(|| index.nulls()).filter(|nulls| !nulls.is_empty());
    let low = match (low, start) {
        (_, Some(Value::Null)) if !term.descending => return Box::new(nulls.into_iter()),
        (Bound::Unbounded, Some(key)) if !term.descending => Bound::Included(key.clone()),
        (low, _) => low,
    };
    match (&low, &high) {
        (Bound::Unbounded, Bound::Unbounded) if term.descending => Box::new(index.descending()),
        (Bound::Unbounded, Bound::Unbounded) => Box::new(index.ascending()),
        (low, high) => {
            let range = index.range(&[], low.as_ref().map(Value::cell), high.as_ref().map(Value::cell));
            if term.descending { Box::new(range.rev()) } else { Box::new(range.chain(nulls)) }
        }
    }
}
