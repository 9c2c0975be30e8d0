//! Order, limits, distinct, set operations, laziness.
use memorm::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Model, Clone)]
struct Row {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    group: String,
    n: i64,
    note: Option<String>,
}

/// 1,000 rows: ids 1000 down to 1, in groups g0 … g99.
fn thousand() -> memorm::Result<Database> {
    let db = Database::new();
    let row = |id: u64| Row { id, group: format!("g{}", id % 100), n: (id % 7) as i64, note: None };
    db.transaction(|s| s.add_all((1..=1000).rev().map(row)))?;
    Ok(db)
}

fn ids(db: &Database, query: Select<Row>) -> memorm::Result<Vec<u64>> {
    query.select(Row::ID).all(db)
}

#[test]
fn rows_come_in_insertion_order_whatever_finds_them() -> memorm::Result<()> {
    let db = thousand()?;
    let all: Vec<u64> = (1..=1000).rev().collect();
    assert_eq!(ids(&db, select::<Row>())?, all);

    let by_index = select::<Row>().filter(Row::GROUP.eq("g42"));
    assert!(by_index.explain(&db)?.access.starts_with("index"));
    let expected: Vec<u64> = all.iter().copied().filter(|id| id % 100 == 42).collect();
    assert_eq!(ids(&db, by_index)?, expected);

    let by_list = select::<Row>().filter(Row::GROUP.in_(["g1", "g42"]));
    assert!(by_list.explain(&db)?.access.starts_with("index"));
    let expected: Vec<u64> = all.iter().copied().filter(|id| [1, 42].contains(&(id % 100))).collect();
    assert_eq!(ids(&db, by_list)?, expected);

    let by_range = select::<Row>().filter(Row::GROUP.between("g10", "g12"));
    assert!(by_range.explain(&db)?.access.starts_with("index"));
    let expected: Vec<u64> = all.iter().copied().filter(|id| [1, 10, 11, 12].contains(&(id % 100))).collect();
    let expected: Vec<u64> = expected.into_iter().filter(|id| id % 100 != 1).collect();
    assert_eq!(ids(&db, by_range)?, expected);

    let by_key = select::<Row>().filter(Row::ID.in_([7, 1000, 8]));
    assert!(by_key.explain(&db)?.access.starts_with("key"));
    assert_eq!(ids(&db, by_key)?, [1000, 8, 7]);
    Ok(())
}

#[test]
fn several_sort_keys_each_have_a_direction() -> memorm::Result<()> {
    let db = thousand()?;
    let query = select::<Row>().filter(Row::ID.le(15)).order_by((Row::N.desc(), Row::ID));
    assert_eq!(ids(&db, query)?, [6, 13, 5, 12, 4, 11, 3, 10, 2, 9, 1, 8, 15, 7, 14]);
    let keys = vec![Row::N.asc(), Row::ID.desc()];
    let query = select::<Row>().filter(Row::ID.le(8)).order_by(keys);
    assert_eq!(ids(&db, query)?, [7, 8, 1, 2, 3, 4, 5, 6]);
    Ok(())
}

#[test]
fn limit_and_offset_cut_the_sorted_rows() -> memorm::Result<()> {
    let db = thousand()?;
    let sorted = || select::<Row>().order_by(Row::ID);
    assert_eq!(ids(&db, sorted().limit(3).offset(10))?, [11, 12, 13]);
    assert_eq!(ids(&db, sorted().offset(998))?, [999, 1000]);
    assert_eq!(ids(&db, sorted().offset(1000).limit(5))?, [0; 0]);
    assert_eq!(ids(&db, sorted().limit(0))?, [0; 0]);
    assert_eq!(sorted().limit(0).count(&db)?, 0);
    assert!(!sorted().limit(0).exists(&db)?);
    assert!(sorted().limit(0).first(&db)?.is_none());
    assert_eq!(select::<Row>().limit(3).count(&db)?, 3);
    assert_eq!(ids(&db, sorted().limit(usize::MAX).offset(999))?, [1000]);
    assert_eq!(ids(&db, sorted().limit(1).offset(usize::MAX))?, [0; 0]);
    Ok(())
}

#[test]
fn distinct_keeps_the_first_of_equal_rows() -> memorm::Result<()> {
    let db = thousand()?;
    let small = select::<Row>().filter(Row::ID.le(20));
    assert_eq!(small.clone().select(Row::N).distinct().all(&db)?, [6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(small.clone().select(Row::N).distinct().count(&db)?, 7);
    assert_eq!(small.clone().select(Row::NOTE).distinct().all(&db)?, [None]);
    assert_eq!(small.clone().select((Row::N, Row::N % 2)).distinct().limit(2).all(&db)?, [(6, 0), (5, 1)]);
    assert_eq!(small.clone().select(Row::N).distinct().offset(5).all(&db)?, [1, 0]);
    assert_eq!(small.order_by(Row::N).select(Row::N).distinct().first(&db)?, Some(0));
    Ok(())
}

#[test]
fn set_operations_combine_selects() -> memorm::Result<()> {
    let db = thousand()?;
    let below = |n: u64| select::<Row>().filter(Row::ID.lt(n));
    let above = |n: u64| select::<Row>().filter(Row::ID.gt(n) & Row::ID.lt(6));
    assert_eq!(ids(&db, below(3).union_all(above(3)))?, [2, 1, 5, 4]);
    assert_eq!(below(4).union_all(above(1)).select(Row::ID).all(&db)?, [3, 2, 1, 5, 4, 3, 2]);
    assert_eq!(ids(&db, below(4).union(above(1)))?, [3, 2, 1, 5, 4]);
    assert_eq!(ids(&db, below(4).intersect(above(1)))?, [3, 2]);
    assert_eq!(ids(&db, below(4).except(above(1)))?, [1]);
    let n = |query: Select<Row>| query.select(Row::N);
    assert_eq!(n(below(9)).union(n(above(0))).all(&db)?, [1, 0, 6, 5, 4, 3, 2]);
    assert_eq!(n(below(9)).except(n(above(0))).all(&db)?, [0, 6]);
    assert_eq!(n(below(9)).intersect(n(above(0))).limit(2).all(&db)?, [1, 5]);
    assert_eq!(below(4).union(above(1)).count(&db)?, 5);
    assert_eq!(below(4).union(above(1)).first(&db)?.map(|r| r.id), Some(3));
    assert_eq!(ids(&db, below(4).union(above(1)).order_by(Row::ID).limit(2))?, [1, 2]);
    Ok(())
}

/// How many rows a statement has looked at.
fn looked_at(run: impl Fn(Select<Row>)) -> usize {
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = seen.clone();
    let query = select::<Row>().filter_with(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        true
    });
    run(query);
    seen.load(Ordering::Relaxed)
}

#[test]
fn first_limit_exists_and_iter_look_at_few_rows() -> memorm::Result<()> {
    let db = thousand()?;
    let snapshot = db.snapshot();
    let few = 100;
    assert_eq!(looked_at(|q| assert_eq!(q.all(&db).map(|r| r.len()).ok(), Some(1000))), 1000);
    assert!(looked_at(|q| assert_eq!(q.first(&db).ok().flatten().map(|r| r.id), Some(1000))) <= few);
    assert!(looked_at(|q| assert_eq!(q.limit(3).all(&db).map(|r| r.len()).ok(), Some(3))) <= few);
    assert!(looked_at(|q| assert_eq!(q.exists(&db).ok(), Some(true))) <= few);
    assert!(looked_at(|q| assert_eq!(q.iter(&snapshot).take(3).count(), 3)) <= few);
    assert!(looked_at(|q| assert!(q.one(&db).is_err())) <= few, "two are too many already");
    assert_eq!(looked_at(|q| assert_eq!(q.limit(0).count(&db).ok(), Some(0))), 0);
    Ok(())
}

#[test]
fn statements_are_values_that_run_anywhere() -> memorm::Result<()> {
    fn is_value<T: Clone + Send + Sync + 'static>(_: &T) {}
    let query = select::<Row>().filter(Row::N.gt(3)).order_by(Row::ID).limit(2);
    let columns = query.clone().select((Row::ID, Row::N * 2));
    let change = update::<Row>().set(Row::N, 0).filter(Row::ID.lt(5));
    let returning = delete::<Row>().returning(Row::ID);
    is_value(&query);
    is_value(&columns);
    is_value(&change);
    is_value(&returning);
    is_value(&insert::<Row>());

    let db = thousand()?;
    let (snapshot, fork, mut session) = (db.snapshot(), db.fork(), db.session());
    change.exec(&mut session)?;
    assert_eq!(columns.all(&session)?, [(5, 10), (6, 12)]);
    assert_eq!(columns.all(&db)?, [(4, 8), (5, 10)]);
    assert_eq!(columns.all(&snapshot)?, columns.all(&fork)?);
    assert_eq!(columns.all(&Arc::new(snapshot))?, columns.all(&db)?);
    Ok(())
}

#[test]
fn filters_chained_under_a_condition_keep_the_type() -> memorm::Result<()> {
    let db = thousand()?;
    let run = |only_small: bool| {
        let mut query = select::<Row>();
        if only_small {
            query = query.filter(Row::ID.le(3));
        }
        query.count(&db)
    };
    assert_eq!((run(true)?, run(false)?), (3, 1000));
    Ok(())
}
