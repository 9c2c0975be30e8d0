//! The first rows in the order of an index, where that avoids a sort: `order_by((PRICE, ID)).limit(10)`.
//!
//! ```text
//!   index on price     3 ──► rows     4 ──► rows     5 ──► rows   …
//!                      └─ or where the filter or `after` lets rows begin      until there are enough
//! ```
//!
//! An index of several columns serves where the filter gives all but the last one a value: `filter(CAT.eq(3)).order_by(PRICE)`.
//! Rows with one key come in row order; where there are more sort keys, the rows that were found are sorted by them.
use super::access::{Probe, Test, choose, probes, range_on};
use super::frame::{Frame, LANES};
use super::scan::Scan;
use super::sort::sort;
use super::window::has_windows;
use crate::Result;
use crate::expr::{Code, OrderTerm, Step, Ties};
use crate::index::{OrderedIndex, Postings};
use crate::model::IndexMeta;
use crate::query::{After, Plan};
use crate::table::{Block, RowId, Table, count};
use crate::value::{Cell, Value};
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
    let probes = probes(&plan.filter.as_ref().map(Code::conjuncts).unwrap_or_default());
    let Some(served) = served(table, term, &probes) else { return Ok(None) };
    if plan.filter.as_ref().is_some_and(|filter| served.is_narrowed(table, filter)) {
        return Ok(None);
    }
    let mut blocks: Vec<Block<'w>> = Vec::new();
    let (mut seen, mut found) = (0, 0);
    let mut postings = served.postings(term, &probes, plan);
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
        seen += scan.seen();
        // where the filter refuses most, more rows are looked at each time
        let is_fruitful = (found - before) * 4 >= looked;
        room = if is_fruitful { wanted.saturating_sub(found).saturating_mul(2) } else { room * 2 }.min(LANES);
    }
    let frame = Frame::from(blocks);
    let frame = match more.is_empty() {
        true => frame,
        false => sort(plan.table, &frame, &plan.order, Some(wanted))?,
    };
    Ok(Some(Walked { frame, index: served.position, seen }))
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

/// An index that has rows in the order of a sort key.
struct Served<'w, 'p> {
    position: usize,
    index: &'w OrderedIndex,
    /// The column of the sort key.
    column: u16,
    /// What the columns of the index before it are equal to.
    prefix: Vec<Cell<'p>>,
}

/// The index of the sort key: of its column alone, or of columns before it that the filter gives a value.
fn served<'w, 'p>(table: &'w Table, term: &OrderTerm, probes: &'p [Probe<'_>]) -> Option<Served<'w, 'p>> {
    let [Step::Column { column, .. }] = term.code.steps() else { return None };
    let meta = table.meta();
    let are_nulls_usual = term.nulls_first.is_none_or(|first| first == term.descending);
    let serve = |(position, index): (usize, &IndexMeta)| {
        let (last, before) = index.columns.split_last()?;
        let prefix = before.iter().map(|column| equal(probes, *column)).collect::<Option<Vec<_>>>()?;
        // a compound key has its `None`s among the values
        let is_ordered = prefix.is_empty() || !meta.column(*column).is_nullable;
        let index = table.ordered(position).filter(|_| last == column && is_ordered && !index.is_unique)?;
        Some(Served { position, index, column: *column, prefix })
    };
    let found = meta.indexes.iter().enumerate().filter_map(serve);
    found.max_by_key(|served| served.prefix.len()).filter(|_| are_nulls_usual)
}

impl<'w> Served<'w, '_> {
    /// Whether conditions on other columns leave so few rows that an index on those helps more than the order does.
    fn is_narrowed(&self, table: &Table, filter: &Code) -> bool {
        let columns = table.meta().indexes[self.position].columns;
        let is_served = |part: &[Step]| match part {
            [.., Step::Later(_)] => true,
            [Step::Column { column, .. }, ..] => columns.contains(column),
            _ => false,
        };
        let others = filter.conjuncts().into_iter().filter(|part| !is_served(part));
        let others = others.fold(None, |all, part| Some(Code::and(all, Code::of_steps(part.to_vec()))));
        others.is_some_and(|others| choose(table, Some(&others)).ids.is_some())
    }

    /// The postings in the order of the sort key, from where the filter and `after` let them begin.
    fn postings(
        &self,
        term: &OrderTerm,
        probes: &[Probe<'_>],
        plan: &Plan,
    ) -> Box<dyn Iterator<Item = &'w Postings> + 'w> {
        let (low, high, _) = range_on(probes.iter().filter(|probe| probe.column == self.column));
        let is_bounded = !matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded));
        let start = plan.after.as_ref().and_then(|after| after.place()?.key(0));
        // `None` is in no range: where rows without a key come last, they come behind the range
        let nulls = (!is_bounded && !term.descending && self.prefix.is_empty()).then(|| self.index.nulls());
        let nulls = nulls.filter(|nulls| !nulls.is_empty());
        let low = match (low, start) {
            (_, Some(Value::Null)) if !term.descending => return Box::new(nulls.into_iter()),
            (Bound::Unbounded, Some(key)) if !term.descending => Bound::Included(key.cell()),
            (low, _) => low,
        };
        let is_all = self.prefix.is_empty() && matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded));
        if is_all && term.descending {
            return Box::new(self.index.descending());
        }
        let range = self.index.range(&self.prefix, low, high);
        if term.descending { Box::new(range.rev()) } else { Box::new(range.chain(nulls)) }
    }
}

/// The value that a condition wants in a column.
fn equal<'p>(probes: &'p [Probe<'_>], column: u16) -> Option<Cell<'p>> {
    probes.iter().filter(|probe| probe.column == column).find_map(|probe| match &probe.test {
        Test::Equal(value) => Some(value.cell()),
        Test::Range(Bound::Included(low), Bound::Included(high)) if low == high => Some(low.cell()),
        _ => None,
    })
}
