//! Which rows are looked at: the choice of an index.
//!
//! Each condition that must hold is matched against keys and indexes. The one that promises the fewest rows wins, if
//! that is less than about a tenth of the table: a scan reads rows in the order in which they lie in memory.
use super::way::Way;
use crate::expr::{Code, Comparison, Op, Step, TextTest};
use crate::table::{RowId, Table};
use crate::value::{Cell, Kind, Value};
use std::ops::Bound;

/// An index is used where it gives less than one row in so many.
const SELECTIVITY: usize = 10;
/// In a list of values, so many are looked up one by one.
const LIST: usize = 1_000;

/// How the rows of a statement are found.
pub(crate) struct Access {
    /// The rows to look at, in row order; `None` for all.
    pub(super) ids: Option<Vec<RowId>>,
    /// Whether the rows still have to pass the filter.
    pub(super) needs_filter: bool,
    /// How the plan is explained.
    pub(super) way: Way,
}

/// A condition that an index can answer.
struct Probe<'a> {
    column: u16,
    test: Test<'a>,
}

enum Test<'a> {
    Equal(&'a Value),
    OneOf(&'a [Value]),
    Range(Bound<&'a Value>, Bound<&'a Value>),
    /// Text from `0` on and below `1`, the first text without the prefix, if there is one. `2`: no other condition.
    Prefix(&'a str, Option<String>, bool),
    Null,
    /// True for no row.
    Never,
}

/// A way to find rows that is worth comparing.
struct Path<'a> {
    rows: usize,
    found: Found<'a>,
    /// How many of the conditions it answers.
    answered: usize,
    way: Way,
}

enum Found<'a> {
    Ids(Vec<RowId>),
    Index(usize, Vec<Cell<'a>>, Bound<Cell<'a>>, Bound<Cell<'a>>),
    Lists(usize, &'a [Value]),
    Nulls(usize),
}

/// Chooses how to find the rows for which `filter` may be true.
pub(crate) fn choose(table: &Table, filter: Option<&Code>) -> Access {
    let scan = |needs_filter| Access { ids: None, needs_filter, way: Way::Scan };
    let Some(filter) = filter else { return scan(false) };
    if filter.can_fail() {
        return scan(true);
    }
    let parts = filter.conjuncts();
    let probes: Vec<Probe<'_>> = parts.iter().filter_map(|part| probe(part)).collect();
    let limit = (table.len() / SELECTIVITY).max(1);
    let best =
        paths(table, &probes, limit).into_iter().min_by_key(|path| (path.rows, usize::MAX - path.answered));
    match best.filter(|path| path.rows < limit || path.rows <= 1) {
        Some(path) => Access {
            needs_filter: path.answered < parts.len(),
            way: path.way,
            ids: Some(row_ids(table, path.found)),
        },
        None => scan(true),
    }
}

/// `column op literal` and its relatives.
fn probe(part: &[Step]) -> Option<Probe<'_>> {
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
    Some(Probe { column: *column, test })
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

fn paths<'a>(table: &Table, probes: &'a [Probe<'a>], limit: usize) -> Vec<Path<'a>> {
    let meta = table.meta();
    if probes.iter().any(|probe| matches!(probe.test, Test::Never)) {
        return vec![Path {
            rows: 0,
            found: Found::Ids(Vec::new()),
            answered: usize::MAX,
            way: Way::Nothing,
        }];
    }
    let mut paths = Vec::new();
    paths.extend(by_key(table, probes));
    for (position, index) in meta.indexes.iter().enumerate() {
        if index.is_unique {
            paths.extend(by_unique(table, position, probes));
        } else {
            paths.extend(by_index(table, position, probes, limit));
        }
    }
    paths
}

/// The values that the conditions ask for in all of these columns.
fn equal_values<'a>(columns: &[u16], probes: &'a [Probe<'a>]) -> Option<Vec<Cell<'a>>> {
    columns.iter().map(|column| equal_value(*column, probes)).collect()
}

fn equal_value<'a>(column: u16, probes: &'a [Probe<'a>]) -> Option<Cell<'a>> {
    probes.iter().find_map(|probe| match probe.test {
        Test::Equal(value) if probe.column == column => Some(value.cell()),
        _ => None,
    })
}

fn by_key<'a>(table: &Table, probes: &'a [Probe<'a>]) -> Option<Path<'a>> {
    let meta = table.meta();
    if let Some(key) = equal_values(meta.primary_key, probes) {
        let ids = Vec::from_iter(table.find(&key));
        return Some(Path { rows: ids.len(), found: Found::Ids(ids), answered: key.len(), way: Way::Key });
    }
    let [column] = *meta.primary_key else { return None };
    let list = probes.iter().find_map(|probe| match probe.test {
        Test::OneOf(values) if probe.column == column && values.len() <= LIST => Some(values),
        _ => None,
    })?;
    let mut ids: Vec<RowId> = list.iter().filter_map(|value| table.find(&[value.cell()])).collect();
    ids.sort_unstable();
    ids.dedup();
    Some(Path { rows: ids.len(), found: Found::Ids(ids), answered: 1, way: Way::Key })
}

fn by_unique<'a>(table: &Table, position: usize, probes: &'a [Probe<'a>]) -> Option<Path<'a>> {
    let meta = table.meta();
    let columns = meta.indexes[position].columns;
    let values = equal_values(columns, probes)?;
    let mut ids: Vec<RowId> = table.find_unique(position, &values).collect();
    ids.sort_unstable();
    Some(Path { rows: ids.len(), found: Found::Ids(ids), answered: columns.len(), way: Way::Index(position) })
}

fn by_index<'a>(table: &Table, position: usize, probes: &'a [Probe<'a>], limit: usize) -> Option<Path<'a>> {
    let index = table.ordered(position)?;
    let columns = table.meta().indexes[position].columns;
    let prefix: Vec<Cell<'a>> = columns.iter().map_while(|column| equal_value(*column, probes)).collect();
    if prefix.len() == columns.len() {
        let rows = index.equal(&prefix).map_or(0, crate::index::Postings::len);
        return Some(index_path(position, rows, prefix.len(), prefix, (Bound::Unbounded, Bound::Unbounded)));
    }
    let next = columns[prefix.len()];
    let on_next = |probe: &&Probe<'_>| probe.column == next;
    if prefix.is_empty() && columns.len() == 1 {
        let special =
            probes.iter().filter(on_next).find_map(|probe| special_path(table, position, &probe.test));
        if special.is_some() {
            return special;
        }
    }
    let (low, high, answered) = range_on(probes.iter().filter(on_next));
    if prefix.is_empty() && matches!((&low, &high), (Bound::Unbounded, Bound::Unbounded)) {
        return None;
    }
    let rows = index.estimate(&prefix, low.clone(), high.clone(), limit);
    Some(index_path(position, rows, prefix.len() + answered, prefix, (low, high)))
}

fn index_path<'a>(
    position: usize,
    rows: usize,
    answered: usize,
    prefix: Vec<Cell<'a>>,
    (low, high): (Bound<Cell<'a>>, Bound<Cell<'a>>),
) -> Path<'a> {
    Path { rows, found: Found::Index(position, prefix, low, high), answered, way: Way::Index(position) }
}

/// Lists, prefixes and `None` in an index of one column.
fn special_path<'a>(table: &Table, position: usize, test: &Test<'a>) -> Option<Path<'a>> {
    let index = table.ordered(position)?;
    match test {
        Test::OneOf(values) if values.len() <= LIST => {
            let rows = values.iter().filter_map(|value| index.equal(&[value.cell()])).map(|p| p.len()).sum();
            Some(Path { rows, found: Found::Lists(position, values), answered: 1, way: Way::Index(position) })
        }
        Test::Null => Some(Path {
            rows: index.nulls().len(),
            found: Found::Nulls(position),
            answered: 1,
            way: Way::Index(position),
        }),
        _ => None,
    }
}

/// The tightest range of the conditions on one column, and how many of them it stands for.
fn range_on<'a>(probes: impl Iterator<Item = &'a Probe<'a>>) -> (Bound<Cell<'a>>, Bound<Cell<'a>>, usize) {
    let (mut low, mut high, mut answered) = (Bound::Unbounded, Bound::Unbounded, 0);
    for probe in probes {
        match &probe.test {
            Test::Range(from, to) => {
                low = tighter(low, *from, false);
                high = tighter(high, *to, true);
                answered += 1;
            }
            Test::Prefix(text, end, is_exact) => {
                low = tighter_cell(low, Bound::Included(Cell::Text(text)), false);
                if let Some(end) = end {
                    high = tighter_cell(high, Bound::Excluded(Cell::Text(end)), true);
                }
                answered += usize::from(*is_exact);
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

fn row_ids(table: &Table, found: Found<'_>) -> Vec<RowId> {
    let mut ids = Vec::new();
    let ordered = |position| table.ordered(position);
    match found {
        Found::Ids(found) => return found,
        Found::Index(position, prefix, low, high) => {
            let mut keys = 0;
            for postings in ordered(position)
                .into_iter()
                .flat_map(|index| index.range(&prefix, low.clone(), high.clone()))
            {
                postings.extend_into(&mut ids);
                keys += 1;
            }
            if keys == 1 {
                return ids;
            }
        }
        Found::Lists(position, values) => {
            for value in values {
                if let Some(postings) = ordered(position).and_then(|index| index.equal(&[value.cell()])) {
                    postings.extend_into(&mut ids);
                }
            }
        }
        Found::Nulls(position) => {
            ordered(position).into_iter().for_each(|index| index.nulls().extend_into(&mut ids));
            return ids;
        }
    }
    ids.sort_unstable();
    ids.dedup();
    ids
}
