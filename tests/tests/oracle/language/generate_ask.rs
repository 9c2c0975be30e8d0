//! Random questions.
use super::answer::{Ask, Key, Part, SetOp, Show};
use super::ask::Put;
use super::generate::{any_exp, cond, leaf};
use super::{Info, List};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::select;

fn key(infos: &[Info]) -> impl Strategy<Value = Key> + use<> {
    let by = prop_oneof![6 => any_exp(infos, 0), 1 => any_exp(infos, 1)];
    let nulls_first = prop_oneof![3 => Just(None), 1 => any::<bool>().prop_map(Some)];
    (by, any::<bool>(), nulls_first).prop_map(|(by, descending, nulls_first)| Key {
        by,
        descending,
        nulls_first,
    })
}

fn size() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..5usize, 2 => 5..30usize, 1 => Just(usize::MAX)]
}

/// Rows of a table with these columns.
pub fn part(infos: &[Info], filtered: f64) -> impl Strategy<Value = Part> + use<> {
    let order = prop_oneof![2 => Just(Vec::new()), 2 => vec(key(infos), 1), 1 => vec(key(infos), 1..4)];
    let offset = prop_oneof![3 => Just(0), 1 => size()];
    let limit = prop_oneof![1 => Just(None), 1 => size().prop_map(Some)];
    (weighted(filtered, cond(infos, 2)), weighted(0.05, leaf(infos, 0)), order, any::<bool>(), offset, limit)
        .prop_map(|(filter, test, order, distinct, offset, limit)| Part {
            filter,
            test,
            order: List(order),
            distinct,
            offset,
            limit,
        })
}

fn show(infos: &[Info]) -> impl Strategy<Value = Show> + use<> {
    prop_oneof![
        4 => Just(Show::Whole),
        2 => any_exp(infos, 1).prop_map(Show::One),
        1 => vec(any_exp(infos, 1), 1..4).prop_map(|exps| Show::Many(List(exps))),
    ]
}

/// A question to a table with these columns.
pub fn ask(infos: &[Info]) -> impl Strategy<Value = Ask> + use<> {
    let set = select(&[SetOp::Union, SetOp::UnionAll, SetOp::Intersect, SetOp::Except][..]);
    let other = (set, part(infos, 0.9));
    let others = prop_oneof![5 => Just(Vec::new()), 1 => vec(other, 1..3)];
    (part(infos, 0.8), others, part(infos, 0.3), show(infos), any::<bool>()).prop_map(
        |(first, others, mut after, show, early)| {
            after.test = None;
            if early {
                // what is projected can be cut, not filtered and sorted
                (after.filter, after.order) = (None, List([]));
            }
            Ask { first, others: List(others), after, show, early }
        },
    )
}

/// A way to put it.
pub fn put() -> impl Strategy<Value = Put> {
    prop_oneof![
        6 => Just(Put::All),
        4 => select(&[Put::First, Put::Only, Put::OneOrNone, Put::Number, Put::Exists, Put::Iter, Put::Mappings][..]),
    ]
}
