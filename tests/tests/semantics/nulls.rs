//! NULL.
use crate::models::with_and_without_index;
use memorm::expr::Order;
use memorm::prelude::*;

const THREE: [Option<bool>; 3] = [Some(true), Some(false), None];

with_and_without_index! {
    /// Rows 1 to 9: each pair of true, false and unknown.
    fn pairs() -> memorm::Result<Database> {
        let rows = (0..9).map(|i| Row { a: THREE[i / 3], b: THREE[i % 3], ..Row::new(i as u64 + 1) });
        Row::among_others(rows)
    }

    #[test]
    fn and_is_three_valued() -> memorm::Result<()> {
        assert_eq!(Row::truths(&pairs()?, Row::A & Row::B)?, "tf?fff?f?");
        Ok(())
    }

    #[test]
    fn or_is_three_valued() -> memorm::Result<()> {
        assert_eq!(Row::truths(&pairs()?, Row::A | Row::B)?, "ttttf?t??");
        Ok(())
    }

    #[test]
    fn not_of_unknown_is_unknown() -> memorm::Result<()> {
        let db = pairs()?;
        assert_eq!(Row::truths(&db, !Row::A)?, "fffttt???");
        assert_eq!(Row::truths(&db, !!Row::A)?, "tttfff???");
        assert_eq!(Row::truths(&db, !(Row::A & Row::B))?, Row::truths(&db, !Row::A | !Row::B)?);
        assert_eq!(Row::truths(&db, !(Row::A | Row::B))?, Row::truths(&db, !Row::A & !Row::B)?);
        Ok(())
    }

    #[test]
    fn comparisons_of_conditions_are_three_valued() -> memorm::Result<()> {
        let db = pairs()?;
        assert_eq!(Row::truths(&db, Row::A.eq(Row::B))?, "tf?ft????");
        assert_eq!(Row::truths(&db, Row::A.ne(Row::B))?, "ft?tf????");
        assert_eq!(Row::truths(&db, Row::A.lt(Row::B))?, "ff?tf????", "false is less than true");
        assert_eq!(Row::truths(&db, Row::A.ge(Row::B))?, "tt?ft????");
        assert_eq!(Row::truths(&db, Row::A.eq(true))?, "tttfff???");
        assert_eq!(Row::truths(&db, Row::A.eq(true) & Row::B.eq(false))?, "ft?ffff??");
        Ok(())
    }

    /// n is 1, 2, None.
    fn numbers() -> memorm::Result<Database> {
        let row = |id: u64, n: Option<i64>| Row {
            n,
            k: 1,
            y: n.map(|n| n as f64),
            s: n.map(|n| "ab"[..n as usize].to_owned()),
            ..Row::new(id)
        };
        Row::among_others([row(1, Some(1)), row(2, Some(2)), row(3, None)])
    }

    #[test]
    fn every_comparison_with_none_is_unknown() -> memorm::Result<()> {
        let db = numbers()?;
        for (filter, expected) in [
            (Row::N.eq(1), "tf?"),
            (Row::N.ne(1), "ft?"),
            (Row::N.lt(2), "tf?"),
            (Row::N.le(1), "tf?"),
            (Row::N.gt(1), "ft?"),
            (Row::N.ge(2), "ft?"),
            (Row::N.between(1, 1), "tf?"),
            (Row::Y.lt(2), "tf?"),
            (Row::S.eq("a"), "tf?"),
            (Row::S.like("a"), "tf?"),
            (Row::S.not_like("a"), "ft?"),
            (Row::S.ilike("A"), "tf?"),
            (Row::S.starts_with("ab"), "ft?"),
            (Row::S.ends_with("b"), "ft?"),
            (Row::S.contains("b"), "ft?"),
            (Row::S.length().eq(1), "tf?"),
            ((Row::N + 1).eq(2), "tf?"),
            ((-Row::N).eq(-1), "tf?"),
            (Row::N.in_([1, 7]), "tf?"),
            (Row::N.not_in([1, 7]), "ft?"),
        ] {
            assert_eq!(Row::truths(&db, filter.clone())?, expected, "{filter:?}");
        }
        Ok(())
    }

    #[test]
    fn none_never_equals_none() -> memorm::Result<()> {
        let db = numbers()?;
        for filter in [
            Row::N.eq(None::<i64>),
            Row::N.ne(None::<i64>),
            Row::N.lt(None::<i64>),
            Row::N.between(None::<i64>, None::<i64>),
            Row::S.eq(None::<String>),
            Row::N.in_([None::<i64>]),
            Row::N.not_in([None::<i64>]),
        ] {
            assert_eq!(Row::truths(&db, filter.clone())?, "???", "{filter:?}");
        }
        assert_eq!(Row::truths(&db, Row::N.eq(Row::N))?, "tt?");
        assert_eq!(Row::truths(&db, Row::N.ne(Row::N))?, "ff?");
        assert_eq!(Row::truths(&db, Row::N.between(None::<i64>, 0))?, "ff?", "false & unknown is false");
        assert_eq!(Row::truths(&db, Row::N.between(None::<i64>, 1))?, "?f?");
        assert_eq!(Row::truths(&db, Row::N.between(2, None::<i64>))?, "f??");
        Ok(())
    }

    #[test]
    fn none_tests_are_never_unknown() -> memorm::Result<()> {
        let db = numbers()?;
        assert_eq!(Row::truths(&db, Row::N.is_none())?, "fft");
        assert_eq!(Row::truths(&db, Row::N.is_some())?, "ttf");
        assert_eq!(Row::truths(&db, Row::N.is_distinct_from(1))?, "ftt");
        assert_eq!(Row::truths(&db, Row::N.is_distinct_from(None::<i64>))?, "ttf");
        assert_eq!(Row::truths(&db, Row::N.is_distinct_from(Row::N))?, "fff");
        assert_eq!(Row::truths(&db, Row::K.is_none())?, "fff");
        assert_eq!(Row::truths(&db, (Row::N + 1).is_none())?, "fft");
        Ok(())
    }

    #[test]
    fn a_case_that_begins_with_none_is_a_condition() -> memorm::Result<()> {
        let choice = || case().when(Row::ID.eq(1), None::<bool>).when(Row::ID.eq(2), Some(true));
        assert_eq!(Row::truths(&numbers()?, !!choice().otherwise(Some(false)))?, "?tf");
        Ok(())
    }

    #[test]
    fn nothing_is_in_an_empty_list() -> memorm::Result<()> {
        let db = numbers()?;
        assert_eq!(Row::truths(&db, Row::N.in_([0i64; 0]))?, "fff");
        assert_eq!(Row::truths(&db, Row::N.not_in([0i64; 0]))?, "ttt");
        assert_eq!(Row::truths(&db, Row::K.in_(Vec::<i64>::new()))?, "fff");
        assert_eq!(Row::truths(&db, Row::S.in_(Vec::<String>::new()))?, "fff");
        Ok(())
    }

    #[test]
    fn not_in_with_a_none_in_the_list_is_unknown() -> memorm::Result<()> {
        let db = numbers()?;
        assert_eq!(Row::truths(&db, Row::N.not_in([Some(1), None]))?, "f??");
        assert_eq!(Row::truths(&db, Row::N.in_([Some(1), None]))?, "t??");
        assert_eq!(Row::ids(&db, !Row::N.in_([Some(5), None]))?, [0; 0]);
        Ok(())
    }

    #[test]
    fn none_is_last_ascending_and_first_descending() -> memorm::Result<()> {
        let rows = [(1, None), (2, Some(5)), (3, None), (4, Some(-5))];
        let db = Row::among_others(rows.map(|(id, n)| Row { n, ..Row::new(id) }))?;
        let by = |order: Order<Row>| select::<Row>().filter(Row::ID.lt(1_000)).order_by(order).select(Row::ID);
        assert_eq!(by(Row::N.asc()).all(&db)?, [4, 2, 1, 3]);
        assert_eq!(by(Row::N.desc()).all(&db)?, [1, 3, 2, 4]);
        assert_eq!(by(Row::N.nulls_first()).all(&db)?, [1, 3, 4, 2]);
        assert_eq!(by(Row::N.desc().nulls_last()).all(&db)?, [2, 4, 1, 3]);
        for (order, first) in [
            (Row::N.asc(), [4, 2]),
            (Row::N.desc(), [1, 3]),
            (Row::N.nulls_first(), [1, 3]),
        ] {
            assert_eq!(by(order.clone()).limit(2).all(&db)?, first, "{order:?}");
            let all = select::<Row>().order_by(order.clone()).limit(2).select(Row::ID);
            assert_eq!(all.all(&db)?, first, "{order:?} without a filter");
        }
        Ok(())
    }

    #[test]
    fn none_equals_none_in_distinct_and_set_operations() -> memorm::Result<()> {
        let rows = [(1, None), (2, Some(5)), (3, None), (4, Some(5))];
        let db = Row::among_others(rows.map(|(id, n)| Row { n, ..Row::new(id) }))?;
        let n = |low: u64| select::<Row>().filter(Row::ID.between(low, 4)).select(Row::N);
        assert_eq!(n(1).distinct().all(&db)?, [None, Some(5)]);
        assert_eq!(n(1).union(n(1)).all(&db)?, [None, Some(5)]);
        assert_eq!(n(1).intersect(n(3)).all(&db)?, [None, Some(5)]);
        assert_eq!(n(1).except(n(4)).all(&db)?, [None]);
        Ok(())
    }

    #[test]
    fn aggregates_pass_over_none() -> memorm::Result<()> {
        let db = numbers()?;
        let small = select::<Row>().filter(Row::ID.lt(1_000));
        let result = small.aggregate((count(), count_of(Row::N), Row::N.sum(), Row::N.avg(), Row::N.max()), &db)?;
        assert_eq!(result, (3, 2, Some(3), Some(1.5), Some(2)));
        let none = small.clone().filter(Row::N.is_none());
        let result = none.aggregate((count_of(Row::N), Row::N.sum(), Row::N.avg(), Row::N.min(), Row::N.median()), &db)?;
        assert_eq!(result, (0, None, None, None, None));
        assert_eq!(small.aggregate((count_distinct(Row::N), count_distinct(Row::K)), &db)?, (2, 1));
        Ok(())
    }

    #[test]
    fn the_sum_of_nothing_is_none() -> memorm::Result<()> {
        let nothing = select::<Row>().filter(Row::ID.eq(0));
        let result = nothing.aggregate((count(), Row::K.sum(), Row::K.avg(), Row::K.first()), &numbers()?)?;
        assert_eq!(result, (0, None, None, None));
        Ok(())
    }
}

#[derive(Model, Clone, Debug)]
#[model(unique(a, b))]
struct Unique {
    #[model(primary_key)]
    id: u32,
    #[model(unique)]
    code: Option<String>,
    a: Option<i64>,
    b: Option<i64>,
}

fn unique(id: u32, code: Option<&str>, a: Option<i64>, b: Option<i64>) -> Unique {
    Unique { id, code: code.map(str::to_owned), a, b }
}

#[test]
fn none_never_equals_none_in_unique() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(unique(1, None, None, None))?;
    session.add(unique(2, None, None, None))?;
    session.commit()?;
    session.add(unique(3, None, None, None))?;
    session.add(unique(4, Some("x"), None, None))?;
    session.update::<Unique>(4, |u| u.code = None)?;
    session.add(unique(5, Some("x"), None, None))?;
    assert!(session.add(unique(6, Some("x"), None, None)).is_err());
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn any_none_disables_a_compound_unique() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(unique(1, None, Some(1), None))?;
    session.add(unique(2, None, Some(1), None))?;
    session.add(unique(3, None, None, Some(1)))?;
    session.add(unique(4, None, Some(1), Some(1)))?;
    session.commit()?;
    session.add(unique(5, None, None, Some(1)))?;
    assert!(session.add(unique(6, None, Some(1), Some(1))).is_err());
    assert!(session.update::<Unique>(1, |u| u.b = Some(1)).is_err());
    session.update::<Unique>(4, |u| u.a = None)?;
    session.update::<Unique>(1, |u| u.b = Some(1))?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Line {
    #[model(primary_key)]
    order: u32,
    #[model(primary_key)]
    number: u32,
}

#[derive(Model, Clone, Debug)]
#[model(references(Line, by = (order, number)))]
struct Parcel {
    #[model(primary_key)]
    id: u32,
    order: Option<u32>,
    number: Option<u32>,
    #[model(references(Unique))]
    unique_id: Option<u32>,
}

#[test]
fn a_none_foreign_key_is_not_checked() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    let parcel = |id, order, number| Parcel { id, order, number, unique_id: None };
    session.add(parcel(1, None, None))?;
    session.add(parcel(2, Some(9), None))?;
    session.add(parcel(3, None, Some(9)))?;
    session.commit()?;
    session.add(parcel(4, Some(9), Some(9)))?;
    assert!(session.commit().is_err_and(|e| e.is_violation()));
    session.update::<Parcel>(4, |p| p.number = None)?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}
