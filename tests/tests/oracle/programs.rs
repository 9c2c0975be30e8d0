//! Random programs. Few keys and few values, so that calls meet.
use super::models::{Item, Link, Owner};
use super::program::{End, Op, Program, Returning, Row, Step};
use super::rules::T;
use super::version_programs::of_versions;
use crate::language::generate::{any_exp, cond, exp, for_column};
use crate::language::generate_ask::{ask, put};
use crate::language::{Arg, Cond, Exp, Info, Kind, List, Listed, Math, Subject, Text, Val};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;

pub fn infos(t: T) -> Vec<Info> {
    match t {
        T::Owners => Owner::infos(),
        T::Items => Item::infos(),
        T::Links => Link::infos(),
    }
}

/// Names of owners; they are in the language's texts as well.
const NAMES: &[&str] = &["a", "b", "ab", "abc", "ba"];

fn name() -> impl Strategy<Value = Val> {
    prop_oneof![40 => select(NAMES), 1 => Just("x")].prop_map(Text)
}

fn maybe(of: impl Strategy<Value = Val> + 'static, share: f64) -> BoxedStrategy<Val> {
    weighted(share, of).prop_map(|val| val.unwrap_or(Val::Null)).boxed()
}

fn int(range: std::ops::Range<i64>) -> BoxedStrategy<Val> {
    range.prop_map(Val::Int).boxed()
}

/// The key of an item that may be there.
fn item_key() -> BoxedStrategy<Val> {
    prop_oneof![12 => int(1..6), 3 => int(6..12), 1 => select(&[-3i64, 24, 100_000][..]).prop_map(Val::Int)]
        .boxed()
}

/// The key of a new item: mostly one that memorm assigns.
fn new_item_key() -> BoxedStrategy<Val> {
    prop_oneof![
        12 => Just(Val::Int(0)),
        3 => int(1..12),
        2 => select(&[-3i64, 24, 100_000]).prop_map(Val::Int),
        1 => weighted(0.2, Just(i64::MAX)).prop_map(|key| Val::Int(key.unwrap_or(30))),
    ]
    .boxed()
}

/// A value that is seldom another row's.
fn rare() -> BoxedStrategy<Val> {
    prop_oneof![1 => int(0..8), 3 => int(0..400), 5 => int(0..1_000_000)].boxed()
}

/// A value for a column of a new row, `is_new`, or of a changed one.
fn column(t: T, column: usize, is_new: bool) -> BoxedStrategy<Val> {
    match (t, column) {
        (T::Owners, 0) => name().boxed(),
        (T::Owners, 1) => maybe(name(), 0.4),
        (T::Owners, 2) => prop_oneof![12 => 0..5i8, 1 => 5..9i8].prop_map(Val::Small).boxed(),
        (T::Owners, 3) => maybe(rare(), 0.5),
        (T::Owners, 4) | (T::Items, 13) => prop_oneof![6 => Just(Val::Int(0)), 1 => int(1..9)].boxed(),
        (T::Items, 14) => prop_oneof![8 => Just(Val::Int(0)), 1 => int(1..4)].boxed(),
        (T::Items, 0) if is_new => new_item_key(),
        (T::Items, 0) => item_key(),
        (T::Items, 1) => name().boxed(),
        (T::Items, 2) => maybe(name(), 0.4),
        (T::Items, 3) => maybe(int(1..6), 0.2),
        (T::Links, 0) => int(1..6),
        (T::Items, 6) => prop_oneof![12 => int(0..8), 1 => int(-3..0)].boxed(),
        (T::Items, 9 | 12) => rare(),
        (T::Items, 10) => (0..3i8).prop_map(Val::Small).boxed(),
        (T::Items, 11) => maybe(int(0..12), 0.4),
        (T::Links, 1) => select(&["a", "b", "x"][..]).prop_map(Text).boxed(),
        (T::Links, 2) => maybe(name(), 0.4),
        (T::Links, 4) => maybe(rare(), 0.4),
        (t, column) => for_column(infos(t)[column]),
    }
}

pub fn row(t: T) -> BoxedStrategy<Row> {
    let columns: Vec<_> = (0..t.width()).map(|c| column(t, c, true)).collect();
    columns.prop_map(List).boxed()
}

pub fn key(t: T) -> BoxedStrategy<Row> {
    let columns: Vec<_> = t.rules().key.iter().map(|c| column(t, *c, false)).collect();
    columns.prop_map(List).boxed()
}

/// A column with a value. Keys are changed seldom: that is an error.
pub fn assignment(t: T) -> BoxedStrategy<(u8, Val)> {
    let weight = |c: usize| if t.rules().key.contains(&c) { 1 } else { 6 };
    let one = |c: usize| (weight(c), column(t, c, false).prop_map(move |val| (c as u8, val)).boxed());
    Union::new_weighted((0..t.width()).map(one).collect()).boxed()
}

fn change(t: T) -> BoxedStrategy<Listed<(u8, Val)>> {
    vec(assignment(t), 0..4).prop_map(List).boxed()
}

fn take(t: T) -> BoxedStrategy<Listed<(u8, Option<Val>)>> {
    let one =
        (assignment(t), any::<bool>()).prop_map(|((column, val), given)| (column, given.then_some(val)));
    vec(one, 0..4).prop_map(List).boxed()
}

/// What `set` gives a column: a value, or an expression; or all unique values move on by one.
fn sets(t: T) -> BoxedStrategy<Listed<(u8, Arg)>> {
    let infos = infos(t);
    let value = assignment(t).prop_map(|(column, val)| (column, Arg::Lit(val))).boxed();
    let settable: Vec<usize> = (0..t.width()).filter(|c| infos[*c].kind != Kind::Bool).collect();
    let computed = Union::new(
        settable
            .into_iter()
            .map(|c| exp(&infos, infos[c].kind, 1).prop_map(move |exp| (c as u8, Arg::Of(exp))).boxed()),
    );
    let unwatched: Vec<usize> = if t == T::Links { vec![5, 6] } else { (0..t.width()).collect() };
    let unwatched = Union::new(unwatched.into_iter().map(|c| {
        let computed = exp(&infos, infos[c].kind, 1).prop_map(Arg::Of);
        let arg = prop_oneof![1 => column(t, c, false).prop_map(Arg::Lit), 2 => computed];
        arg.prop_map(move |arg| (c as u8, arg)).boxed()
    }));
    let numbers: &[u8] = match t {
        T::Owners => &[3],
        T::Items => &[9, 12, 11, 0],
        T::Links => &[4, 0],
    };
    let moved = (select(numbers), -1..2i64).prop_map(|(column, by)| {
        let by = Arg::Lit(Val::Int(by));
        (column, Arg::Of(Exp::Math(Math::Plus, crate::language::B(Exp::Col(column)), crate::language::B(by))))
    });
    let any = vec(prop_oneof![4 => value, 2 => computed, 2 => moved], 1..4);
    prop_oneof![3 => any, 1 => vec(unwatched, 1..3)].prop_map(List).boxed()
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![6 => Just(End::Fine), 1 => Just(End::Fails)]
}

fn back(t: T) -> impl Strategy<Value = Returning> {
    prop_oneof![2 => Just(Returning::Counted), 1 => any_exp(&infos(t), 1).prop_map(Returning::Values)]
}

fn filter(t: T) -> BoxedStrategy<Option<Cond>> {
    let named = key(t).prop_map(move |key| {
        let of = |(column, val): (&usize, &Val)| {
            Cond::Compare(crate::language::Cmp::Eq, Exp::Col(*column as u8), Arg::Lit(val.clone()))
        };
        t.rules().key.iter().zip(key.iter()).map(of).next()
    });
    prop_oneof![2 => named, 3 => weighted(0.9, cond(&infos(t), 1))].boxed()
}

/// Calls about one table.
pub fn call(t: T) -> BoxedStrategy<Op> {
    let given = move || {
        let columns: Vec<_> = (0..t.width()).map(|c| weighted(0.9, column(t, c, true)).boxed()).collect();
        columns.prop_map(|vals| {
            let given = vals.into_iter().enumerate().filter_map(|(c, val)| Some((c as u8, val?)));
            List(given.collect::<Vec<_>>())
        })
    };
    let on: &[u8] = match t {
        T::Owners => &[0, 3, 2],
        T::Items => &[0, 9, 4],
        T::Links => &[4, 0],
    };
    prop_oneof![
        12 => (row(t), any::<bool>()).prop_map(move |(row, keep)| Op::Add(t, row, keep)),
        2 => prop_oneof![3 => vec(row(t), 1..4), 1 => vec(row(t), 8..24)]
            .prop_map(move |rows| Op::AddAll(t, List(rows))),
        3 => (key(t), any::<bool>()).prop_map(move |(key, keep)| Op::Get(t, key, keep)),
        1 => key(t).prop_map(move |key| Op::GetOne(t, key)),
        1 => key(t).prop_map(move |key| Op::Peek(t, key)),
        8 => (key(t), change(t), end()).prop_map(move |(key, change, end)| Op::Update(t, key, change, end)),
        3 => row(t).prop_map(move |row| Op::Merge(t, row)),
        2 => (row(t), take(t)).prop_map(move |(row, take)| Op::Upsert(t, row, take)),
        2 => (select(on), row(t), take(t)).prop_map(move |(on, row, take)| Op::UpsertOn(t, on, row, take)),
        4 => key(t).prop_map(move |key| Op::DeleteByKey(t, key)),
        6 => (ask(&infos(t)), put()).prop_map(move |(ask, put)| Op::Query(t, ask, put)),
        1 => (given(), vec(row(t), 0..2), back(t))
            .prop_map(move |(given, rows, back)| Op::Insert(t, given, List(rows), back)),
        1 => (vec(row(t), 1..4), back(t)).prop_map(move |(rows, back)| Op::Insert(t, List([]), List(rows), back)),
        4 => (filter(t), sets(t), back(t)).prop_map(move |(filter, sets, back)| Op::UpdateWhere(t, filter, sets, back)),
        2 => (filter(t), change(t)).prop_map(move |(filter, change)| Op::Apply(t, filter, change)),
        2 => (filter(t), back(t)).prop_map(move |(filter, back)| Op::DeleteWhere(t, filter, back)),
    ]
    .boxed()
}

/// A call, with at most so many closures in each other.
fn op(depth: u32) -> BoxedStrategy<Op> {
    let kept = any::<u8>().prop_map(usize::from);
    let other = prop_oneof![
        2 => kept.clone().prop_map(Op::Refresh),
        3 => (kept.clone(), change(T::Items)).prop_map(|(n, change)| Op::MergeKept(n, T::Items, change)),
        1 => (kept.clone(), change(T::Owners)).prop_map(|(n, change)| Op::MergeKept(n, T::Owners, change)),
        2 => kept.clone().prop_map(Op::DeleteKept),
        3 => Just(Op::Flush),
        16 => Just(Op::Settle),
        4 => Just(Op::Commit),
        2 => Just(Op::Rollback),
        4 => Just(Op::Savepoint),
        6 => prop_oneof![6 => 0..3usize, 1 => 3..9usize].prop_map(Op::RollbackTo),
        1 => Just(Op::Changes),
        2 => Just(Op::Look),
    ];
    let flat = prop_oneof![
        4 => call(T::Owners),
        9 => call(T::Items),
        4 => call(T::Links),
        8 => other,
    ];
    if depth == 0 {
        return flat.boxed();
    }
    let ends = prop_oneof![2 => Just(End::Fine), 1 => Just(End::Fails)];
    let nested = (vec(op(depth - 1), 0..4), ends).prop_map(|(ops, end)| Op::Nested(List(ops), end));
    prop_oneof![16 => flat, 1 => nested].boxed()
}

pub fn step() -> BoxedStrategy<Step> {
    let session = prop_oneof![5 => Just(0usize), 3 => Just(1), 2 => Just(2), 1 => Just(3)];
    let rival = prop_oneof![1 => Just(None), 1 => (0..4usize).prop_map(Some)];
    prop_oneof![
        40 => (session, op(3)).prop_map(|(s, op)| Step::On(s, op)),
        2 => (0..2usize, vec(op(2), 1..4), end(), rival)
            .prop_map(|(db, ops, end, rival)| Step::Transaction(db, List(ops), end, rival)),
        1 => (0..2usize).prop_map(Step::Fork),
        1 => (0..2usize).prop_map(Step::Hold),
    ]
    .boxed()
}

/// Rows to begin with, committed.
pub fn start() -> impl Strategy<Value = Vec<Step>> {
    let owners: Vec<_> = NAMES
        .iter()
        .map(|name| {
            row(T::Owners)
                .prop_map(move |row| with(row, &[(0, Text(name)), (1, Val::Null), (2, Val::Small(4))]))
        })
        .collect();
    // a session looks at eight rows of its own one by one, uses maps for more, and writes 64 and more in bulk
    let rows = |n: std::ops::Range<usize>| vec(row(T::Items), n);
    let items = prop_oneof![24 => rows(3..7), 5 => rows(8..40), 1 => rows(70..100)];
    let items = items.prop_map(|rows| {
        rows.into_iter().map(|row| with(row, &[(0, Val::Int(0)), (3, Val::Null)])).collect::<Vec<_>>()
    });
    (owners, items, vec(row(T::Links), 0..4)).prop_map(|(owners, items, links)| {
        let add = |t: T, keep: bool| move |row: Row| Step::On(0, Op::Add(t, row, keep));
        let mut steps: Vec<Step> = owners.into_iter().map(add(T::Owners, true)).collect();
        steps.extend(items.into_iter().map(add(T::Items, true)));
        steps.push(Step::On(0, Op::Settle));
        steps.extend(links.into_iter().map(add(T::Links, false)));
        steps.push(Step::On(0, Op::Settle));
        steps
    })
}

/// The row with other values in some columns.
pub fn with(mut row: Row, vals: &[(usize, Val)]) -> Row {
    vals.iter().for_each(|(column, val)| row.0[*column] = val.clone());
    row
}

/// A random program: of sessions alone, or with calls about versions among theirs.
pub fn programs() -> impl Strategy<Value = Program> {
    prop_oneof![2 => of_sessions(), 1 => of_versions()]
}

fn of_sessions() -> impl Strategy<Value = Program> {
    let clear = (0..2usize).prop_map(|db| vec![Step::Clear(db)]);
    let more = vec(step(), 1..50);
    let tail = prop_oneof![6 => Just(Vec::new()), 1 => (clear, vec(step(), 1..6)).prop_map(|(clear, rest)| {
        clear.into_iter().chain(rest).collect()
    })];
    (any::<bool>(), start(), more, tail).prop_map(|(watched, start, more, tail)| Program {
        history: 0,
        watched,
        steps: List(start.into_iter().chain(more).chain(tail).collect::<Vec<_>>()),
    })
}
