//! Random tables and joins, against loops over plain rows.
use memorm::prelude::*;
use proptest::prelude::*;

/// The same table, with and without an index on its key. The first has one: it is narrowed through the others.
macro_rules! tables { ($($T:ident $name:literal [$($index:meta)?];)*) => { $(
    #[derive(Model, Clone, Debug)]
    #[model(table = $name)]
    struct $T {
        #[model(primary_key, auto)]
        id: u64,
        $(#[$index])?
        key: Option<i64>,
        name: String,
        n: i64,
    }
    impl From<&Plain> for $T {
        fn from(row: &Plain) -> Self {
            Self { id: 0, key: row.key, name: row.name.clone(), n: row.n }
        }
    }
)* } }
tables! {
    A "a" [model(index)];
    B "b" [];
    C "c" [];
    BI "bi" [model(index)];
    CI "ci" [model(index)];
}

#[derive(Clone, Debug)]
struct Plain {
    key: Option<i64>,
    name: String,
    n: i64,
}

/// Whether the pair meets, in three-valued logic: only true counts.
#[derive(Clone, Copy, Debug)]
enum On {
    KeyEqual,
    KeyAndName,
    NameEqual,
    Less,
    Sum,
}

impl On {
    fn meets(self, left: &Plain, right: &Plain) -> bool {
        let keys = left.key.is_some() && left.key == right.key;
        match self {
            Self::KeyEqual => keys,
            Self::KeyAndName => keys && left.name == right.name,
            Self::NameEqual => left.name == right.name && right.n > 1,
            Self::Less => left.key.zip(right.key).is_some_and(|(l, r)| l < r),
            Self::Sum => left.n + 1 == right.n && left.n > 0,
        }
    }
}

macro_rules! condition {
    ($on:expr, $L:ident, $R:ident) => {
        match $on {
            On::KeyEqual => on($L::KEY).eq(on($R::KEY)),
            On::KeyAndName => on($L::KEY).eq(on($R::KEY)) & on($R::NAME).eq(on($L::NAME)),
            On::NameEqual => on($L::NAME).eq(on($R::NAME)) & on($R::N).gt(1),
            On::Less => on($L::KEY).lt(on($R::KEY)),
            On::Sum => on($R::N).eq(on($L::N) + 1) & on($L::N.gt(0)),
        }
    };
}

#[derive(Clone, Debug)]
struct Case {
    a: Vec<Plain>,
    b: Vec<Plain>,
    c: Vec<Plain>,
    first: (On, bool),
    second: (On, bool),
    filter: u8,
    limit: Option<usize>,
}

/// Few keys have many rows each; many keys let the other side of a join tell which rows are looked at.
fn rows(keys: i64, most: usize) -> impl Strategy<Value = Vec<Plain>> {
    let row = (prop::option::weighted(0.8, 0..keys), "[xy]{0,2}", 0_i64..4);
    prop::collection::vec(row.prop_map(|(key, name, n)| Plain { key, name, n }), 0..most)
}

fn rows_of_three() -> impl Strategy<Value = (Vec<Plain>, Vec<Plain>, Vec<Plain>)> {
    let three = |keys, a, b, c| (rows(keys, a), rows(keys, b), rows(keys, c));
    prop_oneof![three(6, 40, 40, 40), three(40, 200, 60, 8), three(40, 120, 4, 4)]
}

fn case() -> impl Strategy<Value = Case> {
    let on = || {
        let kinds = [On::KeyEqual, On::KeyAndName, On::NameEqual, On::Less, On::Sum];
        (prop::sample::select(kinds.to_vec()), any::<bool>())
    };
    (rows_of_three(), on(), on(), 0_u8..5, prop::option::of(0_usize..30))
        .prop_map(|((a, b, c), first, second, filter, limit)| Case { a, b, c, first, second, filter, limit })
}

type Triple = (usize, Option<usize>, Option<usize>);

/// Partners by their place; nothing where a left join finds none.
fn partners(left: Option<&Plain>, right: &[Plain], (on, is_left): (On, bool)) -> Vec<Option<usize>> {
    let found = right.iter().enumerate().filter(|(_, row)| left.is_some_and(|left| on.meets(left, row)));
    let mut found: Vec<_> = found.map(|(at, _)| Some(at)).collect();
    if found.is_empty() && is_left {
        found.push(None);
    }
    found
}

/// `a` joined with `b`, then with `c` along `b`.
fn by_loops(case: &Case) -> Vec<Triple> {
    let mut rows = Vec::new();
    for (a, left) in case.a.iter().enumerate() {
        for b in partners(Some(left), &case.b, case.first) {
            let middle = b.map(|b| &case.b[b]);
            for c in partners(middle, &case.c, case.second) {
                let last = c.map(|c| &case.c[c]);
                let n = |row: Option<&Plain>| row.map(|row| row.n);
                let passes = match case.filter {
                    0 => true,
                    1 => left.n > 1,
                    2 => n(last) == Some(3),
                    3 => n(middle).is_none() || n(last) == Some(left.n),
                    _ => n(middle).zip(n(last)).is_some_and(|(b, c)| b == c),
                };
                if passes {
                    rows.push((a, b, c));
                }
            }
        }
    }
    rows.truncate(case.limit.unwrap_or(usize::MAX));
    rows
}

macro_rules! run {
    ($case:expr, $db:expr, $B:ident, $C:ident) => {{
        let case = $case;
        macro_rules! finish {
            ($query:expr, $b:expr, $c:expr, $bn:expr, $cn:expr) => {{
                let mut query = $query;
                query = match case.filter {
                    0 => query,
                    1 => query.filter(A::N.gt(1)),
                    2 => query.filter($cn.eq(3)),
                    3 => query.filter($bn.is_none() | $cn.eq(on(A::N))),
                    _ => query.filter($bn.eq($cn)),
                };
                if let Some(limit) = case.limit {
                    query = query.limit(limit);
                }
                query.select((A::ID, $b, $c)).all($db).expect("rows").into_iter().collect::<Vec<_>>()
            }};
        }
        let at = |id: u64| id as usize - 1;
        let some = |(a, b, c): (u64, u64, u64)| (at(a), Some(at(b)), Some(at(c)));
        match (case.first.1, case.second.1) {
            (false, false) => {
                let query = select::<A>()
                    .join_on::<$B>(condition!(case.first.0, A, $B))
                    .join_on::<$C>(condition!(case.second.0, $B, $C));
                finish!(query, $B::ID, $C::ID, on($B::N), on($C::N))
                    .into_iter()
                    .map(some)
                    .collect::<Vec<Triple>>()
            }
            (false, true) => {
                let query = select::<A>()
                    .join_on::<$B>(condition!(case.first.0, A, $B))
                    .left_join_on::<$C>(condition!(case.second.0, $B, $C));
                let rows = finish!(query, $B::ID, opt($C::ID), on($B::N), opt($C::N));
                rows.into_iter().map(|(a, b, c)| (at(a), Some(at(b)), c.map(at))).collect()
            }
            _ => unreachable!("left joins of the first table are run by `run_left`"),
        }
    }};
}

/// The first join is a left join: the second one starts at its optional side.
macro_rules! run_left {
    ($case:expr, $db:expr, $B:ident, $C:ident) => {{
        let case = $case;
        let at = |id: u64| id as usize - 1;
        let mut query = select::<A>().left_join_on::<$B>(condition!(case.first.0, A, $B));
        query = match case.filter {
            1 => query.filter(A::N.gt(1)),
            3 => query.filter(opt($B::N).is_none() | opt($B::N).eq(on(A::N))),
            4 => query.filter(opt($B::N).eq(on(A::N))),
            _ => query,
        };
        if let Some(limit) = case.limit {
            query = query.limit(limit);
        }
        let rows = query.select((A::ID, opt($B::ID))).all($db).expect("rows");
        rows.into_iter().map(|(a, b)| (at(a), b.map(at))).collect::<Vec<_>>()
    }};
}

fn by_loops_left(case: &Case) -> Vec<(usize, Option<usize>)> {
    let mut rows = Vec::new();
    for (a, left) in case.a.iter().enumerate() {
        for b in partners(Some(left), &case.b, case.first) {
            let n = b.map(|b| case.b[b].n);
            let passes = match case.filter {
                1 => left.n > 1,
                3 => n.is_none_or(|n| n == left.n),
                4 => n == Some(left.n),
                _ => true,
            };
            if passes {
                rows.push((a, b));
            }
        }
    }
    rows.truncate(case.limit.unwrap_or(usize::MAX));
    rows
}

fn database(case: &Case) -> Database {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all(case.a.iter().map(A::from))?;
        s.add_all(case.b.iter().map(B::from))?;
        s.add_all(case.c.iter().map(C::from))?;
        s.add_all(case.b.iter().map(BI::from))?;
        s.add_all(case.c.iter().map(CI::from))
    })
    .expect("rows");
    db
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn joins_give_what_nested_loops_give_with_indexes_and_without(case in case()) {
        let db = database(&case);
        if case.first.1 {
            let expected = by_loops_left(&case);
            prop_assert_eq!(&run_left!(&case, &db, B, C), &expected);
            prop_assert_eq!(&run_left!(&case, &db, BI, CI), &expected);
        } else {
            let expected = by_loops(&case);
            prop_assert_eq!(&run!(&case, &db, B, C), &expected);
            prop_assert_eq!(&run!(&case, &db, BI, CI), &expected);
        }
    }
}

#[test]
fn a_planted_mistake_in_the_loops_is_found() {
    let row = |key| Plain { key, name: String::new(), n: 1 };
    let case = Case {
        a: vec![row(None)],
        b: vec![row(None)],
        c: Vec::new(),
        first: (On::KeyEqual, true),
        second: (On::KeyEqual, false),
        filter: 0,
        limit: None,
    };
    // loops that let `None` equal `None` would find a partner
    let fooled = vec![(0, Some(0))];
    assert_ne!(run_left!(&case, &database(&case), B, C), fooled);
}
