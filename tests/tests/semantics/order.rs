//! Order.
use crate::models::with_and_without_index;
use memorm::expr::Order;
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
struct Num {
    #[model(primary_key)]
    id: i64,
    n: i64,
}

#[derive(Model, Clone, Debug)]
struct Name {
    #[model(primary_key)]
    name: String,
}

fn num(id: i64) -> Num {
    Num { id, n: 0 }
}

fn ids(source: &Session) -> memorm::Result<Vec<i64>> {
    select::<Num>().select(Num::ID).all(source)
}

fn committed(db: &Database) -> memorm::Result<Vec<i64>> {
    ids(&db.session())
}

#[test]
fn row_order_is_commit_order() -> memorm::Result<()> {
    let db = Database::new();
    let (mut first, mut second) = (db.session(), db.session());
    first.add_all([num(1), num(2)])?;
    second.add_all([num(4), num(3)])?;
    second.commit()?;
    first.commit()?;
    assert_eq!(committed(&db)?, [4, 3, 1, 2]);
    Ok(())
}

/// Keys in an order that is not their own.
const PATTERNS: [&[i64]; 8] = [
    &[3, 1, 2],
    &[9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    &[10, 5, 7, 6, 11, 1],
    &[1, 2, 100_000_000, 3, 4],
    &[-1, -2, 5, -3],
    &[i64::MAX, i64::MIN, 0],
    &[0, 70_000, 70_001, 1, 300_000, 2],
    &[2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 19, 17, 15],
];

#[test]
fn inside_a_commit_it_is_the_order_of_the_first_add() -> memorm::Result<()> {
    for pattern in PATTERNS {
        let db = Database::new();
        let mut session = db.session();
        for id in pattern {
            session.add(num(*id))?;
        }
        assert_eq!(ids(&session)?, pattern, "in the session");
        session.commit()?;
        assert_eq!(committed(&db)?, pattern, "committed");

        let db = Database::new();
        db.transaction(|s| s.add_all(pattern.iter().map(|id| num(*id))))?;
        assert_eq!(committed(&db)?, pattern, "add_all");

        let db = Database::new();
        db.transaction(|s| insert::<Num>().rows(pattern.iter().map(|id| num(*id))).exec(s))?;
        assert_eq!(committed(&db)?, pattern, "insert");
    }
    Ok(())
}

#[test]
fn the_order_of_adds_survives_a_commit_of_another_session() -> memorm::Result<()> {
    for pattern in PATTERNS {
        let db = Database::new();
        let mut session = db.session();
        session.add_all(pattern.iter().map(|id| num(*id)))?;
        db.transaction(|s| s.add_all([num(1_000), num(999)]))?;
        session.commit()?;
        let expected: Vec<i64> = [1_000, 999].into_iter().chain(pattern.iter().copied()).collect();
        assert_eq!(committed(&db)?, expected);
        db.assert_consistent();
    }
    Ok(())
}

#[test]
fn text_keys_keep_the_order_of_adds_too() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all(["c", "a", "b"].map(|name| Name { name: name.into() })))?;
    assert_eq!(select::<Name>().select(Name::NAME).all(&db)?, ["c", "a", "b"]);
    Ok(())
}

#[test]
fn update_merge_and_upsert_keep_the_place() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([num(2), num(1), num(3)]))?;
    let mut session = db.session();
    session.update::<Num>(2, |r| r.n = 1)?;
    session.merge(Num { id: 1, n: 2 })?;
    session.upsert(Num { id: 2, n: 3 }, |old, new| *old = new)?;
    update::<Num>().filter(Num::ID.ne(3)).set(Num::N, Num::N + 10).exec(&mut session)?;
    assert_eq!(ids(&session)?, [2, 1, 3]);
    session.commit()?;
    assert_eq!(select::<Num>().select((Num::ID, Num::N)).all(&db)?, [(2, 13), (1, 12), (3, 0)]);
    Ok(())
}

#[test]
fn delete_and_add_of_a_key_moves_to_the_end() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([num(1), num(2), num(3)]))?;
    let mut session = db.session();
    session.delete_by_key::<Num>(1)?;
    session.add(num(1))?;
    assert_eq!(ids(&session)?, [2, 3, 1]);
    session.commit()?;
    assert_eq!(committed(&db)?, [2, 3, 1]);

    session.delete_by_key::<Num>(3)?;
    session.commit()?;
    session.add(num(3))?;
    session.commit()?;
    assert_eq!(committed(&db)?, [2, 1, 3]);

    session.add_all([num(4), num(5)])?;
    session.delete_by_key::<Num>(4)?;
    session.add(num(4))?;
    session.commit()?;
    assert_eq!(committed(&db)?, [2, 1, 3, 5, 4], "a row that was new in the same commit");

    session.delete_by_key::<Num>(2)?;
    session.add(num(2))?;
    db.transaction(|s| s.add(num(6)))?;
    session.commit()?;
    assert_eq!(committed(&db)?, [1, 3, 5, 4, 6, 2], "after a commit of another session");
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_rolled_back_delete_and_add_leaves_the_place() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([num(1), num(2), num(3)]))?;
    let mut session = db.session();
    session.add(num(4))?;
    let savepoint = session.savepoint();
    session.delete_by_key::<Num>(1)?;
    session.add(num(1))?;
    session.add(num(0))?;
    session.rollback_to(&savepoint)?;
    session.add(num(5))?;
    assert_eq!(ids(&session)?, [1, 2, 3, 4, 5]);
    session.commit()?;
    assert_eq!(committed(&db)?, [1, 2, 3, 4, 5]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_cleared_table_starts_anew() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all([num(1), num(2)]))?;
    db.clear();
    db.transaction(|s| s.add_all([num(7), num(2), num(9)]))?;
    assert_eq!(committed(&db)?, [7, 2, 9]);
    db.assert_consistent();
    Ok(())
}

with_and_without_index! {
    /// Rows 1 to 12, in an order of their own, with three different sort keys.
    fn tied() -> memorm::Result<Database> {
        let row = |id: u64| Row { k: (id % 3) as i64, n: (!id.is_multiple_of(4)).then_some(1), ..Row::new(id) };
        Row::among_others([7, 1, 12, 3, 8, 2, 11, 4, 9, 6, 5, 10].map(row))
    }

    fn sorted(db: &Database, query: Select<Row>) -> memorm::Result<Vec<u64>> {
        query.filter(Row::ID.lt(1_000)).select(Row::ID).all(db)
    }

    #[test]
    fn equal_sort_keys_keep_row_order() -> memorm::Result<()> {
        let db = tied()?;
        let expected = [12, 3, 9, 6, 7, 1, 4, 10, 8, 2, 11, 5];
        assert_eq!(sorted(&db, select::<Row>().order_by(Row::K))?, expected);
        for limit in 0..=13 {
            let cut = &expected[..limit.min(12)];
            assert_eq!(sorted(&db, select::<Row>().order_by(Row::K).limit(limit))?, cut, "limit {limit}");
        }
        assert_eq!(sorted(&db, select::<Row>().order_by(Row::K).limit(4).offset(3))?, expected[3..7]);
        Ok(())
    }

    #[test]
    fn equal_sort_keys_keep_row_order_under_desc() -> memorm::Result<()> {
        let db = tied()?;
        let expected = [8, 2, 11, 5, 7, 1, 4, 10, 12, 3, 9, 6];
        assert_eq!(sorted(&db, select::<Row>().order_by(Row::K.desc()))?, expected);
        for limit in 0..=13 {
            let cut = &expected[..limit.min(12)];
            assert_eq!(sorted(&db, select::<Row>().order_by(Row::K.desc()).limit(limit))?, cut, "limit {limit}");
        }
        Ok(())
    }

    #[test]
    fn equal_sort_keys_of_all_rows_keep_row_order_without_a_filter() -> memorm::Result<()> {
        let db = tied()?;
        let first = |order: Order<Row>| select::<Row>().order_by(order).limit(5).select(Row::ID).all(&db);
        assert_eq!(first(Row::K.asc())?, [12, 3, 9, 6, 7]);
        assert_eq!(first(Row::N.desc())?[..3], [12, 8, 4], "None is first under desc");
        Ok(())
    }

    #[test]
    fn rows_without_order_by_are_in_row_order_whatever_finds_them() -> memorm::Result<()> {
        let db = tied()?;
        assert_eq!(Row::ids(&db, Row::K.eq(2))?, [8, 2, 11, 5]);
        assert_eq!(Row::ids(&db, Row::K.between(1, 2))?, [7, 1, 8, 2, 11, 4, 5, 10]);
        assert_eq!(Row::ids(&db, Row::K.in_([2, 0]))?, [12, 3, 8, 2, 11, 9, 6, 5]);
        assert_eq!(Row::ids(&db, Row::N.is_none())?, [12, 8, 4]);
        assert_eq!(Row::ids(&db, Row::ID.in_([10, 4, 12, 7]))?, [7, 12, 4, 10]);
        Ok(())
    }

    #[test]
    fn distinct_and_set_operations_give_what_they_have_seen_first() -> memorm::Result<()> {
        let db = tied()?;
        let small = || select::<Row>().filter(Row::ID.lt(1_000));
        assert_eq!(small().select(Row::K).distinct().all(&db)?, [1, 0, 2]);
        let of = |k: i64| small().filter(Row::K.eq(k));
        assert_eq!(of(2).union(of(1)).select(Row::ID).all(&db)?, [8, 2, 11, 5, 7, 1, 4, 10]);
        assert_eq!(small().intersect(of(0)).select(Row::ID).all(&db)?, [12, 3, 9, 6]);
        assert_eq!(small().except(of(0)).except(of(1)).select(Row::ID).all(&db)?, [8, 2, 11, 5]);
        Ok(())
    }
}

#[test]
fn no_public_value_contains_a_row_id() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(num(70)))?;
    let labels: Vec<String> =
        select::<Num>().mappings(&db)?[0].iter().map(|(label, _)| label.clone()).collect();
    assert_eq!(labels, ["id", "n"]);
    assert_eq!(db.snapshot().table("num")?.columns(), ["id", "n"]);
    assert_eq!(db.snapshot().table("num")?.rows()[0].len(), 2);
    Ok(())
}

#[derive(Model, Clone, Debug)]
struct Key {
    #[model(primary_key)]
    id: i64,
    whole: i64,
    part: Option<i64>,
    float: f64,
    text: String,
}

/// The first rows of a sort are those of the whole sort, whatever the kind of the keys, with ties and without a value.
#[test]
fn the_first_rows_of_a_sort_are_the_start_of_the_whole_sort() -> memorm::Result<()> {
    let db = Database::new();
    let mixed = |n: i64, below: i64| (n.wrapping_mul(7_919) >> 3).rem_euclid(below);
    db.transaction(|s| {
        s.add_all((0..5_000).map(|id| Key {
            id,
            whole: mixed(id, 40),
            part: (mixed(id, 11) > 0).then(|| mixed(id, 3_000)),
            float: if id % 97 == 0 { f64::NAN } else { mixed(id, 300) as f64 / 4.0 - 9.0 },
            text: format!("a long beginning {:03}", mixed(id, 900)),
        }))
    })?;
    let orders: [fn() -> Vec<Order<Key>>; 9] = [
        || vec![Key::WHOLE.asc()],
        || vec![Key::WHOLE.desc()],
        || vec![Key::PART.asc()],
        || vec![Key::PART.desc()],
        || vec![Key::PART.asc().nulls_first()],
        || vec![Key::PART.desc().nulls_last()],
        || vec![Key::FLOAT.desc()],
        || vec![Key::TEXT.desc()],
        || vec![Key::WHOLE.desc(), Key::PART.asc(), Key::TEXT.asc()],
    ];
    for (which, order) in orders.into_iter().enumerate() {
        let all = select::<Key>().order_by(order()).select(Key::ID).all(&db)?;
        for (limit, offset) in [(1, 0), (10, 0), (40, 7), (700, 0), (4_999, 0), (10, 4_995), (6_000, 1)] {
            let some =
                select::<Key>().order_by(order()).offset(offset).limit(limit).select(Key::ID).all(&db)?;
            let end = all.len().min(offset + limit);
            assert_eq!(some, all[offset.min(end)..end], "order {which}, limit {limit}, offset {offset}");
        }
    }
    Ok(())
}
