//! Several paths at once: unions for `or`, intersections for `and`.
use super::condition::{Answered, Probe, are_all, bit, probes};
use super::cost;
use super::path::{Found, Path, paths};
use crate::expr::{Op, Step, operands};
use crate::plan::way::{Parts, Way};
use crate::table::Table;

/// So few rows are fetched and tested before another list is opened.
const FEW: usize = 16;
/// An `or` of more conditions is left to a scan.
const MOST: usize = 64;

/// A condition of which one part at least must hold.
pub(super) struct Choice<'a> {
    /// For each part what an index can answer of it, and how many conditions it has.
    parts: Vec<(Vec<Probe<'a>>, usize)>,
    bit: Answered,
}

/// The conditions that are an `or`, as far as an index may answer each of their parts.
pub(super) fn choices<'a>(parts: &[&'a [Step]]) -> Vec<Choice<'a>> {
    let choice = |(i, part): (usize, &&'a [Step])| {
        let Some(Step::Apply(Op::Or)) = part.last() else { return None };
        let part_of = |part: &'a [Step]| {
            let all = operands(part, Op::And);
            let found = probes(&all);
            (!found.is_empty()).then_some((found, all.len()))
        };
        let parts = operands(part, Op::Or);
        let parts = if parts.len() <= MOST { parts } else { return None };
        Some(Choice { parts: parts.into_iter().map(part_of).collect::<Option<_>>()?, bit: bit(i) })
    };
    parts.iter().enumerate().filter_map(choice).collect()
}

/// The rows of all parts of an `or`, if each has a path and together they are fewer than `limit`.
pub(super) fn any<'a>(table: &'a Table, choice: &'a Choice<'a>, limit: usize) -> Option<Path<'a>> {
    let (mut rows, mut answered, mut of, mut found) = (0_usize, choice.bit, Parts::default(), Vec::new());
    for (part, conditions) in &choice.parts {
        let best = paths(table, part, limit).into_iter().min_by_key(|path| path.rows)?;
        rows = rows.saturating_add(best.rows);
        if rows >= limit.max(2) {
            return None;
        }
        if !are_all(best.answered, *conditions) {
            answered = 0;
        }
        of = of.with(best.way);
        found.push(best);
    }
    Some(Path { rows, found: Found::Any(found), answered, way: Way::Any(of) })
}

/// The cheapest of the paths, alone or together with another: rows that are in both are fewer to fetch.
pub(super) fn cheapest(mut paths: Vec<Path<'_>>, rows: usize) -> Option<Path<'_>> {
    paths.sort_by_key(|path| (path.rows, std::cmp::Reverse(path.answered.count_ones())));
    let mut paths = paths.into_iter();
    let first = paths.next()?;
    // as if the conditions had nothing to do with each other
    let both = |path: &Path<'_>| (first.rows as u128 * path.rows as u128 / rows.max(1) as u128) as usize;
    let says_more = |path: &Path<'_>| path.answered & !first.answered != 0;
    let pays = |path: &Path<'_>| cost(path.rows, both(path)) < cost(0, first.rows);
    // a third never pays: it has as many rows as the second, and those two leave a tenth of that, each having been worth its
    // while beside a scan
    let second = paths.find(|path| first.rows > FEW && says_more(path) && pays(path));
    let Some(second) = second else { return Some(first) };
    Some(Path {
        rows: both(&second),
        answered: first.answered | second.answered,
        way: Way::All(Parts::default().with(first.way).with(second.way)),
        found: Found::All(vec![first, second]),
    })
}
