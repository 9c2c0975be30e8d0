//! Random values and conditions, well-typed for the columns of a table.
use super::{Arg, B, Cmp, Cond, Exp, Info, Kind, Like, List, Math, Text, Val};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

pub const TEXTS: &[&str] = &["a", "b", "ab", "abc", "", "B", "ba", "a_b", " a ", "ä", "Äb", "a%", "b\\"];
const PATTERNS: &[&str] =
    &["a%", "%b", "_", "a_", "%", "", "A%", "a\\%", "%\\_%", "ä%", "%a%b%", "_%_", "ab", "a\\", "%%b_%"];

/// A value of the kind, never `None`: few different ones, so that rows and programs meet.
pub fn present(kind: Kind) -> BoxedStrategy<Val> {
    match kind {
        Kind::Bool => any::<bool>().prop_map(Val::Bool).boxed(),
        Kind::Small => prop_oneof![
            12 => (0..6i8).prop_map(Val::Small),
            3 => select(&[-1i8, 100, 127, -128, -7][..]).prop_map(Val::Small),
        ]
        .boxed(),
        Kind::Int => prop_oneof![
            12 => (0..8i64).prop_map(Val::Int),
            3 => (-2..20i64).prop_map(Val::Int),
            1 => select(&[i64::MAX, i64::MIN, -1, 1 << 62][..]).prop_map(Val::Int),
        ]
        .boxed(),
        Kind::Float => prop_oneof![
            10 => (0..8i8).prop_map(|i| Val::Float(f64::from(i) / 2.0)),
            4 => select(&[-0.0, f64::NAN, -1.5, f64::INFINITY, f64::NEG_INFINITY, 1e308, -f64::NAN, 2.5][..])
                .prop_map(Val::Float),
        ]
        .boxed(),
        Kind::Text => select(TEXTS).prop_map(Text).boxed(),
    }
}

/// A value for a column.
pub fn for_column(info: Info) -> BoxedStrategy<Val> {
    match info.nullable {
        true => prop_oneof![3 => present(info.kind), 1 => Just(Val::Null)].boxed(),
        false => present(info.kind),
    }
}

fn columns_of(infos: &[Info], kind: Kind) -> Vec<u8> {
    (0..infos.len() as u8).filter(|i| infos[usize::from(*i)].kind == kind).collect()
}

fn kinds_of(infos: &[Info]) -> Vec<Kind> {
    let all = [Kind::Int, Kind::Text, Kind::Float, Kind::Small, Kind::Bool];
    all.into_iter().filter(|kind| !columns_of(infos, *kind).is_empty()).collect()
}

fn is_numeric(kind: Kind) -> bool {
    matches!(kind, Kind::Small | Kind::Int | Kind::Float)
}

/// A value of the kind: mostly a column, at most `depth` operators deep.
pub fn exp(infos: &[Info], kind: Kind, depth: u32) -> BoxedStrategy<Exp> {
    let column = select(columns_of(infos, kind)).prop_map(Exp::Col).boxed();
    if depth == 0 {
        return column;
    }
    let inner = exp(infos, kind, depth - 1);
    let mut ways = vec![(8, column)];
    let operator = |of: &BoxedStrategy<Exp>, make: fn(super::Boxed<Exp>) -> Exp| {
        of.clone().prop_map(move |of| make(B(of))).boxed()
    };
    if is_numeric(kind) {
        let by = select(&[Math::Plus, Math::Minus, Math::Times, Math::Over, Math::Rest][..]);
        let math = (by, inner.clone(), arg(infos, kind, depth - 1));
        ways.push((3, math.prop_map(|(by, left, right)| Exp::Math(by, B(left), B(right))).boxed()));
        ways.push((1, operator(&inner, Exp::Neg)));
        ways.push((1, operator(&inner, Exp::Abs)));
        ways.push((1, operator(&inner, Exp::Round)));
    }
    if kind == Kind::Text {
        ways.push((1, operator(&inner, Exp::Lower)));
        ways.push((1, operator(&inner, Exp::Upper)));
        ways.push((1, operator(&inner, Exp::Trim)));
    }
    if kind == Kind::Int && !columns_of(infos, Kind::Text).is_empty() {
        ways.push((1, operator(&exp(infos, Kind::Text, depth - 1), Exp::Length)));
    }
    if kind == Kind::Bool {
        ways.push((4, leaf(infos, 0).prop_map(|of| Exp::Truth(B(of))).boxed()));
    }
    let default = present(kind).prop_map(Arg::Lit);
    let coalesce = (inner.clone(), default).prop_map(|(of, default)| Exp::Coalesce(B(of), B(default)));
    ways.push((1, coalesce.boxed()));
    let case = (leaf(infos, 0), inner, proptest::option::of(present(kind)));
    ways.push((1, case.prop_map(|(when, then, other)| Exp::Case(B(when), B(then), other)).boxed()));
    proptest::strategy::Union::new_weighted(ways).boxed()
}

/// What stands on the right of a value of the kind.
fn arg(infos: &[Info], kind: Kind, depth: u32) -> BoxedStrategy<Arg> {
    prop_oneof![
        16 => present(kind).prop_map(Arg::Lit),
        4 => exp(infos, kind, depth).prop_map(Arg::Of),
        1 => Just(Arg::Lit(Val::Null)),
    ]
    .boxed()
}

fn list(kind: Kind) -> impl Strategy<Value = super::Listed<Val>> {
    let one = prop_oneof![12 => present(kind), 1 => Just(Val::Null)];
    vec(one, 0..5).prop_map(List)
}

/// A condition without `and`, `or`, `not`.
pub fn leaf(infos: &[Info], depth: u32) -> BoxedStrategy<Cond> {
    let mut ways = Vec::new();
    for kind in kinds_of(infos) {
        ways.push((if kind == Kind::Bool { 2 } else { 8 }, test_of(infos, kind, depth)));
    }
    proptest::strategy::Union::new_weighted(ways).boxed()
}

fn test_of(infos: &[Info], kind: Kind, depth: u32) -> BoxedStrategy<Cond> {
    let left = exp(infos, kind, depth);
    let right = arg(infos, kind, depth);
    let by = prop_oneof![
        6 => Just(Cmp::Eq),
        4 => select(&[Cmp::Ne, Cmp::Lt, Cmp::Le, Cmp::Gt, Cmp::Ge][..]),
    ];
    let nullable: Vec<u8> =
        columns_of(infos, kind).into_iter().filter(|i| infos[usize::from(*i)].nullable).collect();
    let bound =
        || prop_oneof![8 => present(kind).prop_map(Arg::Lit), 1 => exp(infos, kind, 0).prop_map(Arg::Of)];
    let mut ways = vec![
        (10, (by, left.clone(), right.clone()).prop_map(|(by, a, b)| Cond::Compare(by, a, b)).boxed()),
        (2, (left.clone(), bound(), bound()).prop_map(|(of, a, b)| Cond::Between(of, a, b)).boxed()),
        (2, (left.clone(), list(kind)).prop_map(|(of, list)| Cond::In(of, list)).boxed()),
        (1, (left.clone(), list(kind)).prop_map(|(of, list)| Cond::NotIn(of, list)).boxed()),
        (1, (left.clone(), right).prop_map(|(a, b)| Cond::Distinct(a, b)).boxed()),
        (1, left.clone().prop_map(Cond::IsNone).boxed()),
        (1, left.clone().prop_map(Cond::IsSome).boxed()),
    ];
    if !nullable.is_empty() {
        ways.push((1, select(nullable).prop_map(|column| Cond::IsNone(Exp::Col(column))).boxed()));
    }
    if kind == Kind::Bool {
        ways.push((6, left.clone().prop_map(Cond::Flag).boxed()));
    }
    if kind == Kind::Text {
        let by = select(
            &[Like::StartsWith, Like::Alike, Like::EndsWith, Like::Contains, Like::Unlike, Like::AnyCase][..],
        );
        let with = prop_oneof![
            8 => select(PATTERNS).prop_map(|s| Arg::Lit(Text(s))),
            4 => select(TEXTS).prop_map(|s| Arg::Lit(Text(s))),
            1 => exp(infos, Kind::Text, 0).prop_map(Arg::Of),
        ];
        ways.push((5, (by, left, with).prop_map(|(by, of, with)| Cond::Match(by, of, with)).boxed()));
    }
    proptest::strategy::Union::new_weighted(ways).boxed()
}

/// A condition.
pub fn cond(infos: &[Info], depth: u32) -> BoxedStrategy<Cond> {
    let leaves = prop_oneof![3 => leaf(infos, 0), 1 => leaf(infos, depth)];
    leaves
        .prop_recursive(2, 6, 2, |inner| {
            prop_oneof![
                3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Cond::And(B(a), B(b))),
                2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| Cond::Or(B(a), B(b))),
                1 => inner.prop_map(|a| Cond::Not(B(a))),
            ]
        })
        .boxed()
}

/// An expression of any kind.
pub fn any_exp(infos: &[Info], depth: u32) -> BoxedStrategy<Exp> {
    let ways: Vec<_> = kinds_of(infos).into_iter().map(|kind| exp(infos, kind, depth)).collect();
    proptest::strategy::Union::new(ways).boxed()
}
