//! Questions, and their answers by loops over rows.
//!
//! A row is looked at when it is wanted: what comes after the last row asked for, an error included, is not seen.
use super::interpret::{Fault, Line, both, truth, value};
use super::value::{order, same_all};
use super::{Cond, Exp, Listed, Plant, Val};
use std::cmp::Ordering;
use std::fmt;

/// A question to one table.
#[derive(Clone, Default, PartialEq)]
pub struct Ask {
    pub first: Part,
    /// What its rows are combined with, one after the other.
    pub others: Listed<(SetOp, Part)>,
    /// What is done to the combined rows; without `others`, nothing.
    pub after: Part,
    /// What each row is turned into; of `others` before they are combined where `early`, else at the end.
    pub show: Show,
    pub early: bool,
}

/// Rows of the table.
#[derive(Clone, Default, PartialEq)]
pub struct Part {
    pub filter: Option<Cond>,
    /// A condition that memorm sees as a closure.
    pub test: Option<Cond>,
    pub order: Listed<Key>,
    pub distinct: bool,
    pub offset: usize,
    pub limit: Option<usize>,
}

/// A sort key.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    pub by: Exp,
    pub descending: bool,
    pub nulls_first: Option<bool>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOp {
    Union,
    UnionAll,
    Intersect,
    Except,
}

/// What a row is turned into.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Show {
    #[default]
    Whole,
    One(Exp),
    Many(Listed<Exp>),
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// Prints the fields that are not as usual.
macro_rules! brief { ($T:ident { $($field:ident),+ }) => {
    impl fmt::Debug for $T {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let usual = Self::default();
            if *self == usual {
                return f.write_str(concat!(stringify!($T), "::default()"));
            }
            f.write_str(concat!(stringify!($T), " { "))?;
            $(if self.$field != usual.$field {
                write!(f, concat!(stringify!($field), ": {:?}, "), self.$field)?;
            })+
            f.write_str(concat!("..", stringify!($T), "::default() }"))
        }
    }
} }
brief! { Ask { first, others, after, show, early } }
brief! { Part { filter, test, order, distinct, offset, limit } }

/// A row of a result: its place in the table, and what it was turned into.
#[derive(Clone, Debug)]
struct Out {
    at: usize,
    shown: Option<Vec<Val>>,
}

/// The table as a question sees it.
pub struct Rows<'a> {
    pub lines: Vec<Line<'a>>,
    pub plant: Plant,
}

impl<'a> Rows<'a> {
    pub fn of(rows: impl IntoIterator<Item = &'a Vec<Val>>) -> Self {
        Self { lines: rows.into_iter().map(|vals| Line::of(vals)).collect(), plant: Plant::Nothing }
    }
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The place of the row that has the fault.
    pub at: usize,
    pub fault: Fault,
    /// The rows that were handed out before, one by one.
    pub before: Vec<Vec<Val>>,
}

fn failure(at: usize) -> impl Fn(Fault) -> Failure {
    move |fault| Failure { at, fault, before: Vec::new() }
}

type Tried<T> = Result<T, Failure>;

/// The rows of the answer, at most `cap` of them.
pub fn answer(ask: &Ask, rows: &Rows<'_>, cap: Option<usize>) -> Tried<Vec<Vec<Val>>> {
    let whole = Show::Whole;
    let out = if !ask.others.is_empty() && ask.after.limit == Some(0) {
        Vec::new()
    } else if ask.others.is_empty() {
        run(&ask.first, rows, None, &ask.show, cap)?
    } else {
        let (inner, outer) = if ask.early { (&ask.show, &whole) } else { (&whole, &ask.show) };
        // what is combined is known before the first row is handed out
        let whole_run =
            |part| run(part, rows, None, inner, None).map_err(|f| Failure { before: Vec::new(), ..f });
        let mut combined = whole_run(&ask.first)?;
        for (set, part) in ask.others.iter() {
            combined = combine(*set, combined, whole_run(part)?);
        }
        run(&ask.after, rows, Some(combined), outer, cap)?
    };
    Ok(vals(rows, out))
}

fn vals(rows: &Rows<'_>, out: Vec<Out>) -> Vec<Vec<Val>> {
    out.into_iter().map(|out| out.shown.unwrap_or_else(|| rows.lines[out.at].vals.to_vec())).collect()
}

/// How many rows the answer has, without turning them into anything.
pub fn count(ask: &Ask, rows: &Rows<'_>, cap: Option<usize>) -> Tried<usize> {
    let shows = ask.show != Show::Whole;
    let is_compared = ask.early && !ask.others.is_empty();
    let last = if ask.others.is_empty() { &ask.first } else { &ask.after };
    if shows && !is_compared && !last.distinct {
        let plain = Ask { show: Show::Whole, ..ask.clone() };
        return answer(&plain, rows, cap).map(|rows| rows.len());
    }
    answer(ask, rows, cap).map(|rows| rows.len())
}

fn run(
    part: &Part,
    rows: &Rows<'_>,
    from: Option<Vec<Out>>,
    show: &Show,
    cap: Option<usize>,
) -> Tried<Vec<Out>> {
    let wanted = part.limit.unwrap_or(usize::MAX).min(cap.unwrap_or(usize::MAX));
    if part.limit == Some(0) {
        return Ok(Vec::new());
    }
    let mut lines = from.unwrap_or_else(|| (0..rows.lines.len()).map(|at| Out { at, shown: None }).collect());
    let is_sorted = !part.order.is_empty();
    if is_sorted {
        lines = kept(part, rows, lines)?;
        lines = sorted(&part.order, rows, lines)?;
    }
    let mut result = Vec::new();
    match walk(part, rows, lines, show, wanted, !is_sorted, &mut result) {
        Ok(()) => Ok(result),
        Err(failure) => Err(Failure { before: vals(rows, result), ..failure }),
    }
}

/// Hands out row after row.
fn walk(
    part: &Part,
    rows: &Rows<'_>,
    lines: Vec<Out>,
    show: &Show,
    wanted: usize,
    is_filtered: bool,
    result: &mut Vec<Out>,
) -> Tried<()> {
    let mut seen: Vec<Out> = Vec::new();
    let mut skipped = 0;
    for line in lines {
        if result.len() >= wanted {
            break;
        }
        if is_filtered && !keeps(part, rows.lines[line.at]).map_err(failure(line.at))? {
            continue;
        }
        let mut shown = None;
        if part.distinct {
            let out = shown_as(&line, show, rows)?;
            if seen.iter().any(|other| is_same(other, &out)) {
                continue;
            }
            seen.push(out.clone());
            shown = Some(out);
        }
        if skipped < part.offset {
            skipped += 1;
            continue;
        }
        result.push(shown.map_or_else(|| shown_as(&line, show, rows), Ok)?);
    }
    Ok(())
}

fn keeps(part: &Part, line: Line<'_>) -> Result<bool, Fault> {
    let filter = part.filter.as_ref().map_or(Ok(Some(true)), |filter| truth(filter, line));
    // a closure says yes or no
    let test = part.test.as_ref().is_none_or(|test| truth(test, line) == Ok(Some(true)));
    both(filter, Ok(Some(test))).map(|known| known == Some(true))
}

fn kept(part: &Part, rows: &Rows<'_>, lines: Vec<Out>) -> Tried<Vec<Out>> {
    let mut kept = Vec::new();
    for line in lines {
        if keeps(part, rows.lines[line.at]).map_err(failure(line.at))? {
            kept.push(line);
        }
    }
    Ok(kept)
}

fn shown_as(line: &Out, show: &Show, rows: &Rows<'_>) -> Tried<Out> {
    let row = rows.lines[line.at];
    let shown = match show {
        Show::Whole => return Ok(line.clone()),
        Show::One(exp) => value(exp, row).map(|one| vec![one]),
        Show::Many(exps) => exps.iter().map(|exp| value(exp, row)).collect(),
    };
    Ok(Out { at: line.at, shown: Some(shown.map_err(failure(line.at))?) })
}

/// A row that was turned into nothing is equal to itself alone.
fn is_same(a: &Out, b: &Out) -> bool {
    match (&a.shown, &b.shown) {
        (Some(a), Some(b)) => same_all(a, b),
        _ => a.at == b.at,
    }
}

fn combine(set: SetOp, mut rows: Vec<Out>, other: Vec<Out>) -> Vec<Out> {
    match set {
        SetOp::UnionAll | SetOp::Union => rows.extend(other),
        SetOp::Intersect => rows.retain(|row| other.iter().any(|o| is_same(row, o))),
        SetOp::Except => rows.retain(|row| !other.iter().any(|o| is_same(row, o))),
    }
    if set == SetOp::UnionAll {
        return rows;
    }
    let mut once: Vec<Out> = Vec::new();
    for row in rows {
        if !once.iter().any(|seen| is_same(seen, &row)) {
            once.push(row);
        }
    }
    once
}

fn sorted(keys: &[Key], rows: &Rows<'_>, lines: Vec<Out>) -> Tried<Vec<Out>> {
    let mut result: Vec<(Vec<Val>, Out)> = Vec::new();
    for line in lines {
        let of = |key: &Key| value(&key.by, rows.lines[line.at]).map_err(failure(line.at));
        result.push((keys.iter().map(of).collect::<Result<_, _>>()?, line));
    }
    if rows.plant == Plant::UnstableSort && keys[0].descending {
        result.reverse();
    }
    result.sort_by(|(a, _), (b, _)| by_keys(keys, a, b));
    Ok(result.into_iter().map(|(_, line)| line).collect())
}

fn by_keys(keys: &[Key], a: &[Val], b: &[Val]) -> Ordering {
    for ((key, a), b) in keys.iter().zip(a).zip(b) {
        let nulls_first = key.nulls_first.unwrap_or(key.descending);
        let order = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if nulls_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if nulls_first => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if key.descending => order(b, a),
            (false, false) => order(a, b),
        };
        if order.is_ne() {
            return order;
        }
    }
    Ordering::Equal
}
