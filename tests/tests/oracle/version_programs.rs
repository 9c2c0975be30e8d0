//! Random programs in which sessions work on what versions are taken back, forked and merged.
use super::program::{By, Call, End, Op, Program, Step};
use super::programs::{assignment, call, key, row, start, step, with};
use super::rules::T;
use crate::language::{List, Val};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

fn by() -> impl Strategy<Value = By> {
    prop_oneof![
        2 => Just(By::Fail),
        1 => Just(By::Ours),
        1 => Just(By::Theirs),
        2 => Just(By::Rekey),
        3 => Just(By::Asked),
    ]
}

fn about_versions() -> impl Strategy<Value = Call> {
    let name = || 0..2u8;
    prop_oneof![
        3 => name().prop_map(Call::Checkpoint),
        2 => name().prop_map(Call::At),
        3 => name().prop_map(Call::Restore),
        2 => name().prop_map(Call::Forget),
        1 => (0..5u64).prop_map(Call::AsOf),
        3 => Just(Call::Undo),
        3 => Just(Call::Redo),
        1 => (0..5usize, 0..5usize).prop_map(|(old, new)| Call::Diff(old, new)),
        2 => (0..4usize, by()).prop_map(|(base, by)| Call::Bring(base, by)),
    ]
}

/// Undoes and redoes so often.
fn there_and_back((db, back, forth): (usize, usize, usize)) -> Vec<Step> {
    let calls = std::iter::repeat_n(Call::Undo, back).chain(std::iter::repeat_n(Call::Redo, forth));
    calls.map(|call| Step::Versions(db, call)).collect()
}

/// What both databases do to one row.
fn to_one_row() -> BoxedStrategy<(Vec<Op>, Vec<Op>)> {
    let table = prop_oneof![1 => Just(T::Owners), 2 => Just(T::Items), 1 => Just(T::Links)];
    let keyed = table.prop_flat_map(|t| (Just(t), key(t)));
    keyed
        .prop_flat_map(|(t, key)| {
            let one = move || {
                let (here, there) = (key.clone(), key.clone());
                let update = move |sets| Op::Update(t, here.clone(), List(sets), End::Fine);
                prop_oneof![
                    4 => vec(assignment(t), 1..5).prop_map(update),
                    1 => Just(Op::DeleteByKey(t, there)),
                ]
                .prop_map(|op| vec![op])
            };
            (one(), one())
        })
        .boxed()
}

/// Both databases add an item, under one key as it may be; in one of them a link refers to it.
fn of_one_key() -> BoxedStrategy<(Vec<Op>, Vec<Op>)> {
    let add = |t: T| move |row| Op::Add(t, row, false);
    let item = move || {
        row(T::Items).prop_map(|row| with(row, &[(0, Val::Int(0)), (3, Val::Null)])).prop_map(add(T::Items))
    };
    let link = (row(T::Links), 3..9i64)
        .prop_map(|(row, item)| with(row, &[(0, Val::Int(item))]))
        .prop_map(add(T::Links));
    (item(), item(), link).prop_map(|(here, there, link)| (vec![here], vec![there, Op::Settle, link])).boxed()
}

/// Both databases do what meets, and one is merged into the other.
fn meeting() -> BoxedStrategy<Vec<Step>> {
    let settled = |s: usize, ops: Vec<Op>| {
        [Op::Settle].into_iter().chain(ops).chain([Op::Settle]).map(move |op| Step::On(s, op))
    };
    let base = prop_oneof![3 => Just(0), 1 => 1..4usize];
    (prop_oneof![2 => to_one_row(), 1 => of_one_key()], 0..2usize, base, by())
        .prop_map(move |((here, there), db, base, by)| {
            let merge = Step::Versions(db, Call::Bring(base, by));
            settled(0, here).chain(settled(2, there)).chain([merge]).collect()
        })
        .boxed()
}

pub fn of_versions() -> impl Strategy<Value = Program> {
    let history = prop_oneof![1 => Just(0usize), 1 => 1..4usize, 2 => 4..9usize];
    // a call that is committed at once: something to go back from
    let settled = (0..4usize, prop_oneof![1 => call(T::Owners), 2 => call(T::Items), 1 => call(T::Links)])
        .prop_map(|(s, op)| [op, Op::Settle].map(|op| Step::On(s, op)).into());
    let step = prop_oneof![
        4 => step().prop_map(|step| vec![step]),
        3 => settled,
        5 => (0..2usize, about_versions()).prop_map(|(db, call)| vec![Step::Versions(db, call)]),
        1 => (0..2usize, 1..4usize, 0..4usize).prop_map(there_and_back),
        3 => meeting(),
    ];
    let forked = weighted(0.8, Just(Step::Fork(0)));
    (any::<bool>(), history, start(), forked, vec(step, 1..30)).prop_map(
        |(watched, history, start, forked, more)| Program {
            history,
            watched,
            steps: List(start.into_iter().chain(forked).chain(more.concat()).collect::<Vec<_>>()),
        },
    )
}
