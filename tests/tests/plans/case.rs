//! Cases: a table and what is done to it.
use crate::language::answer::{Ask, Part};
use crate::language::ask::Put;
use crate::language::generate::{any_exp, cond, exp, for_column, present};
use crate::language::generate_ask;
use crate::language::{Arg, B, Cond, Exp, Info, Kind, List, Listed, Math, Val};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The first column that a row of a case gives, and the one after the last.
pub const GIVEN: std::ops::Range<usize> = 1..10;
/// The unique column.
pub const U: u8 = 10;

/// A table with rows, and what is done to it.
#[derive(Clone, Debug)]
pub struct Case {
    /// How keys are given: upwards, downwards, scattered.
    pub keys: u8,
    pub rows: Listed<Listed<Val>>,
    /// How often they come again, with other keys: batches end at 64 rows and at 1,024.
    pub times: usize,
    pub actions: Listed<Action>,
}

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a case has few of them")]
pub enum Action {
    Ask(Ask, Put),
    /// All aggregates of an expression.
    Fold(Part, Exp),
    Update(Option<Cond>, Listed<(u8, Arg)>),
    Delete(Option<Cond>),
    /// Something that is undone at once.
    Undone(crate::language::Boxed<Action>),
    Commit,
    Rollback,
    Fork,
}

/// The rows with all their columns.
pub fn table(case: &Case) -> Vec<Vec<Val>> {
    let rows = (case.rows.len() * case.times) as i64;
    let whole = |(i, given): (usize, &Listed<Val>)| {
        let i = i as i64;
        let key = match case.keys {
            0 => i + 1,
            1 => rows - i,
            _ => (i * 7_919 % 10_007) * 1_000 - 500_000,
        };
        let mut vals = vec![Val::Int(key)];
        vals.extend(given.iter().cloned());
        vals.push(Val::Int(i * 5 % 40_009));
        vals.push(if i % 3 == 0 { Val::Null } else { Val::Int(i) });
        vals
    };
    case.rows.iter().cycle().take(rows as usize).enumerate().map(whole).collect()
}

/// Values of a table: more different ones than a filter names, so that an index is worth its while.
fn cell(info: Info) -> BoxedStrategy<Val> {
    let wide = match info.kind {
        Kind::Int => (0..40i64).prop_map(Val::Int).boxed(),
        Kind::Small => (0..40i8).prop_map(Val::Small).boxed(),
        Kind::Float => (0..40i8).prop_map(|i| Val::Float(f64::from(i) / 2.0)).boxed(),
        kind => present(kind),
    };
    prop_oneof![3 => wide, 2 => for_column(info)].boxed()
}

fn sets(infos: &[Info]) -> impl Strategy<Value = Listed<(u8, Arg)>> + use<> {
    let one = |(column, info): (usize, &Info)| {
        let to = prop_oneof![
            3 => for_column(*info).prop_map(Arg::Lit),
            2 => exp(infos, info.kind, 1).prop_map(Arg::Of),
        ];
        to.prop_map(move |to| (column as u8, to)).boxed()
    };
    let given = infos.iter().enumerate().skip(GIVEN.start).take(GIVEN.len());
    let ways: Vec<_> = given.map(one).collect();
    let unique = (-3..3i64)
        .prop_map(|n| List([(U, Arg::Of(Exp::Math(Math::Plus, B(Exp::Col(U)), B(Arg::Lit(Val::Int(n))))))]));
    prop_oneof![6 => vec(proptest::strategy::Union::new(ways), 1..4).prop_map(List), 1 => unique]
}

/// A random case over a table with these columns.
pub fn cases(infos: &[Info]) -> impl Strategy<Value = Case> + use<> {
    let cells: Vec<_> = infos[GIVEN].iter().map(|info| cell(*info)).collect();
    let rows = prop_oneof![1 => vec(cells.clone(), 0..20), 4 => vec(cells, 0..160)];
    let filter = || proptest::option::weighted(0.9, cond(infos, 1));
    let write = prop_oneof![
        3 => (filter(), sets(infos)).prop_map(|(filter, sets)| Action::Update(filter, sets)),
        1 => filter().prop_map(Action::Delete),
    ]
    .boxed();
    let action = prop_oneof![
        20 => (generate_ask::ask(infos), generate_ask::put()).prop_map(|(ask, put)| Action::Ask(ask, put)),
        3 => (generate_ask::part(infos, 0.7), any_exp(infos, 1)).prop_map(|(part, exp)| Action::Fold(part, exp)),
        3 => write.clone(),
        1 => write.prop_map(|write| Action::Undone(B(write))),
        2 => select(&[Action::Commit, Action::Rollback, Action::Fork][..]),
    ];
    let times = prop_oneof![40 => Just(1usize), 1 => 8..16usize];
    (0..3u8, rows, times, vec(action, 1..40)).prop_map(|(keys, rows, times, actions)| {
        let rows = rows.into_iter().map(List).collect::<Vec<_>>();
        Case { keys, rows: List(rows), times, actions: List(actions) }
    })
}
