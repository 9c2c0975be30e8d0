//! Conditions that an index can answer: `column op literal` and its relatives.
use crate::expr::{Comparison, Op, Step, TextTest};
use crate::value::{Cell, Kind, Value};
use std::ops::Bound;

/// Conditions of a filter have a bit each; those behind the last share none, and an index never stands for them.
pub(in crate::plan) type Answered = u64;

/// A condition that an index can answer.
pub(in crate::plan) struct Probe<'a> {
    pub(in crate::plan) column: u16,
    pub(in crate::plan) test: Test<'a>,
    /// Which condition of the filter it is.
    pub(super) bit: Answered,
}

pub(in crate::plan) enum Test<'a> {
    Equal(&'a Value),
    OneOf(&'a [Value]),
    Range(Bound<&'a Value>, Bound<&'a Value>),
    /// Text from `0` on and below `1`, the first text without the prefix, if there is one. `2`: no other condition.
    Prefix(&'a str, Option<String>, bool),
    Null,
    /// True for no row.
    Never,
}

/// The conditions among these parts of a filter that an index can answer.
pub(in crate::plan) fn probes<'a>(parts: &[&'a [Step]]) -> Vec<Probe<'a>> {
    let probe = |(i, part): (usize, &&'a [Step])| {
        let (column, test) = probe(part)?;
        Some(Probe { column, test, bit: bit(i) })
    };
    parts.iter().enumerate().filter_map(probe).collect()
}

/// The bit of the `i`th condition.
pub(super) fn bit(i: usize) -> Answered {
    if i < Answered::BITS as usize { 1 << i } else { 0 }
}

/// Whether these are the bits of all of so many conditions. Where some share none, nothing tells that they are answered.
pub(super) fn are_all(answered: Answered, conditions: usize) -> bool {
    conditions <= Answered::BITS as usize && answered.trailing_ones() as usize >= conditions
}

/// `column op literal` and its relatives.
fn probe(part: &[Step]) -> Option<(u16, Test<'_>)> {
    let [Step::Column { table, column, .. }, rest @ ..] = part else { return None };
    // documents compare within their kind only, an index over all of them
    if table.column(*column).kind == Kind::Json {
        return None;
    }
    let test = match rest {
        [Step::Literal(value), Step::Apply(Op::Compare(comparison))] => compare(*comparison, value)?,
        [Step::Literal(low), Step::Literal(high), Step::Apply(Op::Between)] => {
            if low.is_null() || high.is_null() {
                Test::Never
            } else {
                Test::Range(Bound::Included(low), Bound::Included(high))
            }
        }
        [Step::InValues(values, _)] => Test::OneOf(values),
        [Step::InKeys(keys, _)] => Test::OneOf(keys.values()),
        [Step::Apply(Op::IsNull)] => Test::Null,
        [Step::Literal(Value::Text(text)), Step::Apply(Op::Text(TextTest::StartsWith))] => {
            Test::Prefix(text, after(text), true)
        }
        [Step::Literal(Value::Text(pattern)), Step::Apply(Op::Text(TextTest::Like))] => {
            let prefix = &pattern[..pattern.find(['%', '_', '\\']).filter(|end| *end > 0)?];
            Test::Prefix(prefix, after(prefix), &pattern[prefix.len()..] == "%")
        }
        _ => return None,
    };
    Some((*column, test))
}

fn compare(comparison: Comparison, value: &Value) -> Option<Test<'_>> {
    if value.is_null() {
        return Some(Test::Never);
    }
    Some(match comparison {
        Comparison::Eq => Test::Equal(value),
        Comparison::Lt => Test::Range(Bound::Unbounded, Bound::Excluded(value)),
        Comparison::Le => Test::Range(Bound::Unbounded, Bound::Included(value)),
        Comparison::Gt => Test::Range(Bound::Excluded(value), Bound::Unbounded),
        Comparison::Ge => Test::Range(Bound::Included(value), Bound::Unbounded),
        Comparison::Ne => return None,
    })
}

/// The tightest range of the conditions on one column, and which of them it stands for.
pub(in crate::plan) fn range_on<'a>(
    probes: impl Iterator<Item = &'a Probe<'a>>,
) -> (Bound<Cell<'a>>, Bound<Cell<'a>>, Answered) {
    let (mut low, mut high, mut answered) = (Bound::Unbounded, Bound::Unbounded, 0);
    for probe in probes {
        match &probe.test {
            Test::Equal(value) => {
                low = tighter(low, Bound::Included(value), false);
                high = tighter(high, Bound::Included(value), true);
                answered |= probe.bit;
            }
            Test::Range(from, to) => {
                low = tighter(low, *from, false);
                high = tighter(high, *to, true);
                answered |= probe.bit;
            }
            Test::Prefix(text, end, is_exact) => {
                low = tighter_cell(low, Bound::Included(Cell::Text(text)), false);
                if let Some(end) = end {
                    high = tighter_cell(high, Bound::Excluded(Cell::Text(end)), true);
                }
                answered |= if *is_exact { probe.bit } else { 0 };
            }
            _ => {}
        }
    }
    (low, high, answered)
}

/// The first text, by bytes, behind all texts with this prefix.
fn after(prefix: &str) -> Option<String> {
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        // surrogates are no chars: the next one after them
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}

fn tighter<'a>(one: Bound<Cell<'a>>, other: Bound<&'a Value>, is_high: bool) -> Bound<Cell<'a>> {
    tighter_cell(one, other.map(Value::cell), is_high)
}

fn tighter_cell<'a>(one: Bound<Cell<'a>>, other: Bound<Cell<'a>>, is_high: bool) -> Bound<Cell<'a>> {
    let order = match (&one, &other) {
        (Bound::Unbounded, _) => return other,
        (_, Bound::Unbounded) => return one,
        (Bound::Included(a) | Bound::Excluded(a), Bound::Included(b) | Bound::Excluded(b)) => a.cmp(b),
    };
    let takes_other = match order {
        std::cmp::Ordering::Equal => matches!(other, Bound::Excluded(_)),
        order => order.is_gt() == is_high,
    };
    if takes_other { other } else { one }
}
