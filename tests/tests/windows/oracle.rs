//! Random rows, their windows computed by memorm and by the definitions.
use memorm::prelude::*;
use memorm_tests::Random;
use std::cmp::Ordering;

#[derive(Model, Clone, Debug)]
struct Row {
    #[model(primary_key)]
    id: u64,
    part: Option<i64>,
    text: String,
    n: Option<i64>,
    x: Option<f64>,
}

fn rows(seed: u64) -> Vec<Row> {
    let mut random = Random(seed);
    let count = random.below(300);
    let spread = 1 + random.below(20);
    let row = |id| Row {
        id,
        part: (random.below(4) > 0).then(|| random.below(spread) as i64 - 2),
        text: format!("t{}", random.below(spread)),
        n: (random.below(4) > 0).then(|| random.below(spread) as i64 - 5),
        x: match random.below(8) {
            0 => None,
            1 => Some(f64::NAN),
            2 => Some(-0.0),
            _ => Some(random.below(spread) as f64 / 4.0),
        },
    };
    (1..=count).map(row).collect()
}

/// `None` last, NaN greatest, the zeros equal.
fn float_order(a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => a.partial_cmp(&b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan())),
        (a, b) => a.is_none().cmp(&b.is_none()),
    }
}

fn int_order(a: Option<i64>, b: Option<i64>) -> Ordering {
    (a.is_none(), a).cmp(&(b.is_none(), b))
}

type Ranks = (u64, u64, u64, Option<u64>, Option<i64>);
type Counts = (u64, u64, u64, Option<i128>, Option<f64>);
type Values = (Option<i64>, Option<i64>, Option<f64>, Option<f64>);
type Ends = (Option<u64>, Option<u64>, Option<f64>);
type All = (Ranks, Counts, Values, Ends);

/// By the definitions, one row after the other: `is_same` tells the partition, `order` the place in it.
fn by_hand(
    rows: &[Row],
    is_same: impl Fn(&Row, &Row) -> bool,
    order: impl Fn(&Row, &Row) -> Ordering,
) -> Vec<All> {
    let of_row = |row: &Row| {
        let mut partition: Vec<&Row> = rows.iter().filter(|other| is_same(row, other)).collect();
        partition.sort_by(|a, b| order(a, b));
        let at =
            partition.iter().position(|other| other.id == row.id).expect("a row stands in its partition");
        let before: Vec<&&Row> = partition.iter().filter(|other| order(other, row).is_lt()).collect();
        let groups =
            before.iter().enumerate().filter(|(i, other)| *i == 0 || order(before[i - 1], other).is_ne());
        let ranks = (
            at as u64 + 1,
            before.len() as u64 + 1,
            groups.count() as u64 + 1,
            at.checked_sub(1).map(|at| partition[at].id),
            partition.get(at + 2).and_then(|other| other.n),
        );
        let frame: Vec<&&Row> = partition.iter().filter(|other| order(other, row).is_le()).collect();
        let mut n: Vec<i64> = frame.iter().filter_map(|other| other.n).collect();
        let len = n.len() as f64;
        let sum: i64 = n.iter().sum();
        n.sort_unstable();
        let mut different = n.clone();
        different.dedup();
        let counts = (
            frame.len() as u64,
            n.len() as u64,
            different.len() as u64,
            (!n.is_empty()).then_some(i128::from(sum)),
            (!n.is_empty()).then(|| sum as f64 / len),
        );
        let mean = sum as f64 / len;
        let squares: f64 = n.iter().map(|n| (*n as f64 - mean).powi(2)).sum();
        let variance = (n.len() > 1).then(|| squares / (len - 1.0));
        let values = (n.first().copied(), n.last().copied(), variance, variance.map(f64::sqrt));
        let median = (!n.is_empty()).then(|| (n[(n.len() - 1) / 2] + n[n.len() / 2]) as f64 / 2.0);
        let ends = (frame.first().map(|other| other.id), frame.last().map(|other| other.id), median);
        (ranks, counts, values, ends)
    };
    rows.iter().map(of_row).collect()
}

fn is_near(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * (1.0 + b.abs()),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// The first row for which memorm and the definitions differ.
macro_rules! difference {
    ($db:expr, $rows:expr, $window:expr, $is_same:expr, $order:expr $(,)?) => {{
        let w = $window;
        let found = select::<Row>()
            .select((
                (
                    row_number().over(w.clone()),
                    rank().over(w.clone()),
                    dense_rank().over(w.clone()),
                    lag(Row::ID, 1).over(w.clone()),
                    lead(Row::N, 2).over(w.clone()),
                ),
                (
                    count().over(w.clone()),
                    count_of(Row::N).over(w.clone()),
                    count_distinct(Row::N).over(w.clone()),
                    Row::N.sum().over(w.clone()),
                    Row::N.avg().over(w.clone()),
                ),
                (
                    Row::N.min().over(w.clone()),
                    Row::N.max().over(w.clone()),
                    Row::N.variance().over(w.clone()),
                    Row::N.stddev().over(w.clone()),
                ),
                (Row::ID.first().over(w.clone()), Row::ID.last().over(w.clone()), Row::N.median().over(w)),
            ))
            .all($db)?;
        let expected = by_hand($rows, $is_same, $order);
        assert_eq!(found.len(), expected.len());
        let is_equal = |found: &All, expected: &All| {
            (found.0, found.1, found.3) == (expected.0, expected.1, expected.3)
                && (found.2.0, found.2.1) == (expected.2.0, expected.2.1)
                && is_near(found.2.2, expected.2.2)
                && is_near(found.2.3, expected.2.3)
        };
        found.into_iter().zip(expected).find(|(found, expected)| !is_equal(found, expected))
    }};
}

macro_rules! check { ($db:expr, $rows:expr, $note:expr, $($rest:tt)*) => {
    assert_eq!(difference!($db, $rows, $($rest)*), None, "{}", $note)
} }

#[test]
fn windows_over_random_rows_are_what_the_definitions_say() -> memorm::Result<()> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for _ in 0..30 {
        let seed = 1 + random.below(u64::MAX - 1);
        let rows = rows(seed);
        let db = Database::new();
        db.transaction(|s| s.add_all(rows.clone()))?;
        let by = |name: &str| format!("seed {seed}, {name}");
        check!(&db, &rows, by("whole"), partition_by(()), |_, _| true, |_, _| Ordering::Equal);
        check!(&db, &rows, by("part"), partition_by(Row::PART), |a, b| a.part == b.part, |_, _| {
            Ordering::Equal
        });
        check!(
            &db,
            &rows,
            by("part, n"),
            partition_by(Row::PART).order_by(Row::N),
            |a, b| a.part == b.part,
            |a, b| int_order(a.n, b.n)
        );
        check!(
            &db,
            &rows,
            by("text and part, x desc"),
            partition_by((Row::TEXT, Row::PART)).order_by(Row::X.desc()),
            |a, b| (&a.text, a.part) == (&b.text, b.part),
            |a, b| float_order(b.x, a.x)
        );
        check!(
            &db,
            &rows,
            by("x, text desc and n"),
            partition_by(Row::X).order_by((Row::TEXT.desc(), Row::N)),
            |a, b| float_order(a.x, b.x).is_eq(),
            |a, b| b.text.cmp(&a.text).then(int_order(a.n, b.n))
        );
        check!(
            &db,
            &rows,
            by("n nulls first"),
            partition_by(()).order_by(Row::N.asc().nulls_first()),
            |_, _| true,
            |a, b| a.n.cmp(&b.n)
        );
    }
    Ok(())
}

#[test]
fn a_wrong_definition_is_found() -> memorm::Result<()> {
    let rows = rows(11);
    let db = Database::new();
    db.transaction(|s| s.add_all(rows.clone()))?;
    let w = || partition_by(Row::PART).order_by(Row::N);
    let is_same = |a: &Row, b: &Row| a.part == b.part;
    let order = |a: &Row, b: &Row| int_order(a.n, b.n);
    assert_eq!(difference!(&db, &rows, w(), is_same, order), None);
    // `None` in no partition, `None` first, no peers
    let differs = |a: &Row, b: &Row| a.id == b.id || (a.part.is_some() && a.part == b.part);
    assert!(difference!(&db, &rows, w(), differs, order).is_some());
    assert!(difference!(&db, &rows, w(), is_same, |a: &Row, b: &Row| a.n.cmp(&b.n)).is_some());
    let no_peers = |a: &Row, b: &Row| order(a, b).then(a.id.cmp(&b.id));
    assert!(difference!(&db, &rows, w(), is_same, no_peers).is_some());
    Ok(())
}
