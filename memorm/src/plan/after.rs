//! `after`: where a row stands in the order of a statement, and the condition on the rows behind it.
//!
//! ```text
//!   order_by(PRICE).after(7)   ──row 7 is read──►   PRICE >= 4.5 and (PRICE) after (4.5)
//!                                                   an index can begin there   │ of equal prices, rows behind row 7
//! ```
//!
//! Of a set, the rows behind a row are those that come after it there: its rows have no order of their own.
use super::batch::FrameBatch;
use super::frame::Frame;
use super::scan::arithmetic_error;
use super::source::Source;
use crate::eval::evaluate;
use crate::expr::{Code, Comparison, Op, OrderTerm, Position, Step, Ties};
use crate::query::{After, Plan};
use crate::table::{RowId, Table};
use crate::value::{Cell, Kind, Value};
use crate::world::World;
use crate::{Error, Result};
use std::sync::Arc;

/// Finds the row after which the rows of a plan come; its sort keys ask no questions.
///
/// # Errors
/// `NotFound`; `NoPlace` where the row or a sort key is not the first table's; `Arithmetic` of its sort keys.
pub(super) fn find(world: &World, plan: &Plan, after: &After) -> Result<Arc<Position>> {
    after.check(plan)?;
    let meta = plan.table;
    let key: Vec<Cell<'_>> = after.key().iter().map(Value::cell).collect();
    // nothing else of the table is read
    let found =
        world.table_where(meta, Some(&after.is_row())).and_then(|table| Some((table, table.find(&key)?)));
    let Some((table, id)) = found else {
        return Err(Error::NotFound { table: meta.name, key: after.to_string() });
    };
    let keys = plan.order.iter().map(|term| sort_key(table, id, term, after)).collect::<Result<_>>()?;
    Ok(Arc::new(Position::new(&plan.order, keys, Ties::After(id))))
}

fn sort_key(table: &Table, id: RowId, term: &OrderTerm, after: &After) -> Result<Value> {
    let meta = table.meta();
    let is_elsewhere =
        |step: &Step| matches!(step, Step::Column { slot, .. } | Step::Test(_, slot) if *slot != 0);
    if term.code.steps().iter().any(is_elsewhere) {
        let within = format!("an order by {}: `after` takes sort keys of {} alone", term.code, meta.name);
        return Err(Error::NoPlace { table: meta.name, key: after.to_string(), within });
    }
    let blocks = Vec::from_iter(table.rows.single(id));
    let batch = FrameBatch::of_blocks(&blocks);
    let vector = evaluate(&term.code, &batch);
    match vector.faults.first() {
        Some((lane, fault)) => Err(arithmetic_error(meta, &term.code, &batch, *lane, *fault)),
        None => Ok(vector.cell(0).to_value()),
    }
}

/// The condition on rows after the place. What an index can tell of it stands in front.
pub(super) fn condition(order: &[OrderTerm], place: &Arc<Position>) -> Code {
    let keys = order.iter().flat_map(|term| term.code.steps().iter().cloned());
    let later = Code::of_steps(keys.chain([Step::Later(place.clone())]).collect());
    match order.first().zip(place.key(0)).and_then(|(term, key)| begin(term, key)) {
        Some(begin) => begin.with(later, Op::And),
        None => later,
    }
}

/// A comparison that all rows from the place on meet, where there is one.
fn begin(term: &OrderTerm, key: &Value) -> Option<Code> {
    let [Step::Column { table, column, .. }] = term.code.steps() else { return None };
    let meta = table.column(*column);
    // documents are sorted across their kinds, and compared within them
    let is_compared = meta.kind != Kind::Json && !key.is_null();
    let brings_nulls = meta.is_nullable && !term.puts_nulls_first();
    let by = if term.descending { Comparison::Le } else { Comparison::Ge };
    let compared = || term.code.clone().with(Code::literal(key.clone()), Op::Compare(by));
    (is_compared && !brings_nulls).then(compared)
}

/// The row behind which all rows stand that the filter keeps; 0 where it does not tell.
pub(super) fn first_row(filter: Option<&Code>) -> RowId {
    let row = |part: &[Step]| match part {
        [Step::Later(place)] => match place.ties() {
            Ties::After(id) => Some(id),
            Ties::All | Ties::None => None,
        },
        _ => None,
    };
    // almost no filter has one: it is not taken apart for nothing
    let filter = filter.filter(|filter| filter.steps().iter().any(|step| matches!(step, Step::Later(_))));
    filter.and_then(|filter| filter.conjuncts().into_iter().find_map(row)).unwrap_or(0)
}

/// The rows of a set that come after the place, and pass the filter.
///
/// # Errors
/// `NotFound` where the row is none of the set.
pub(super) fn in_set<'w, 'p>(
    plan: &Plan,
    (after, place): (&After, &Arc<Position>),
    frames: Vec<Frame<'w>>,
    filter: Option<&Code>,
) -> Result<Source<'w, 'p>> {
    let Ties::After(id) = place.ties() else { return Ok(Source::rows(frames)) };
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    let mut is_found = false;
    for frame in frames {
        if is_found {
            behind.push(frame);
            continue;
        }
        let places = frame.places();
        let at = places.iter().position(|row| row.first() == Some(&Some(id)));
        is_found = at.is_some();
        let lanes: Vec<u32> = (0..frame.len() as u32).collect();
        let (low, high) = lanes.split_at(at.map_or(lanes.len(), |at| at + 1));
        before.push(frame.take(low));
        behind.push(frame.take(high));
    }
    if !is_found {
        return Err(Error::NotFound { table: plan.table.name, key: after.to_string() });
    }
    let part = |frames, ties| {
        let later = condition(&plan.order, &Arc::new(place.with_ties(ties)));
        let condition = match filter {
            Some(filter) => later.with(filter.clone(), Op::And),
            None => later,
        };
        Source::filtered(Source::rows(frames), Some(condition), plan.table)
    };
    Ok(Source::then(part(before, Ties::None), part(behind, Ties::All)))
}
