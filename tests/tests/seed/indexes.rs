//! Indexes: what they find, when they are chosen, and that they stay in step.
#![allow(clippy::duplicated_attributes, reason = "two indexes share a column")]
use crate::models::found;
use memorm::prelude::*;

/// A row that is in the way: without a price, of a category of its own.
const FILLERS: u64 = 200;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "indexed", index(active, category))]
#[model(index(category, price))]
struct P {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    active: Option<bool>,
    #[model(index)]
    category: String,
    #[model(index)]
    price: Option<f64>,
}

fn row(id: u64, active: bool, category: &str, price: f64) -> P {
    P { id, active: Some(active), category: category.into(), price: Some(price) }
}

/// These rows among so many others that the indexes are worth their use.
fn among_fillers(rows: impl IntoIterator<Item = P>) -> memorm::Result<Database> {
    let db = Database::new();
    let filler = |id| P { id: 1000 + id, active: None, category: format!("~{id}"), price: None };
    db.transaction(|s| {
        s.add_all((0..FILLERS / 2).map(filler))?;
        Ok(())
    })?;
    let rows: Vec<P> = rows.into_iter().collect();
    db.transaction(|s| s.add_all(rows.clone()))?;
    db.transaction(|s| s.add_all((FILLERS / 2..FILLERS).map(filler)))?;
    Ok(db)
}

#[track_caller]
fn uses(access: &str, db: &Database, query: &Select<P>) {
    let explain = query.explain(db).expect("the query runs");
    assert!(explain.access.contains(access), "expected `{access}`\n{explain}");
}

fn four() -> memorm::Result<Database> {
    among_fillers([
        row(1, true, "A", 1.0),
        row(2, false, "A", 1.0),
        row(3, false, "B", 1.0),
        row(4, true, "B", 1.0),
    ])
}

#[test]
fn an_index_finds_equal_values_and_forgets_removed_rows() -> memorm::Result<()> {
    let db = four()?;
    let active = |value: bool| select::<P>().filter(P::ACTIVE.eq(value));
    uses("index indexed.active", &db, &active(true));
    assert_eq!(found(&db, active(true))?, [1, 4]);
    assert_eq!(found(&db, active(false))?, [2, 3]);
    db.transaction(|s| s.delete_by_key::<P>(3))?;
    assert_eq!(found(&db, active(false))?, [2]);
    Ok(())
}

#[test]
fn a_compound_index_finds_equal_values_and_forgets_removed_rows() -> memorm::Result<()> {
    let db = four()?;
    let query = select::<P>().filter(P::ACTIVE.eq(false) & P::CATEGORY.eq("A"));
    uses("(active, category)", &db, &query);
    assert_eq!(found(&db, query.clone())?, [2]);
    db.transaction(|s| s.delete_by_key::<P>(2))?;
    assert_eq!(found(&db, query)?, [0; 0]);
    Ok(())
}

/// One test for each condition, answered by an index.
macro_rules! ranges { ($rows:expr; $($name:ident: $filter:expr => $ids:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let expected: &[u64] = &$ids;
        let db = among_fillers($rows)?;
        let query = select::<P>().filter($filter);
        uses("index indexed.", &db, &query);
        assert_eq!(found(&db, query)?, expected);
        Ok(())
    }
)* } }

fn prices() -> [P; 3] {
    [row(1, true, "A", 10.0), row(2, true, "A", 30.0), row(3, true, "A", 20.0)]
}

ranges! { prices();
    a_range_above: P::PRICE.gt(10) => [2, 3];
    a_range_from: P::PRICE.ge(20) => [2, 3];
    a_range_below: P::PRICE.lt(20) => [1];
    a_range_up_to: P::PRICE.le(20) => [1, 3];
    a_range_from_and_up_to: P::PRICE.ge(15) & P::PRICE.le(30) => [2, 3];
    a_range_above_and_below: P::PRICE.gt(5) & P::PRICE.lt(25) => [1, 3];
    a_range_above_and_up_to: P::PRICE.gt(10) & P::PRICE.le(30) => [2, 3];
    a_range_from_and_below: P::PRICE.ge(10) & P::PRICE.lt(30) => [1, 3];
    a_range_above_all: P::PRICE.gt(30) => [];
    a_range_below_all: P::PRICE.lt(10) => [];
    a_range_that_is_turned_round: P::PRICE.le(10) & P::PRICE.gt(30) => [];
}

fn assets() -> [P; 4] {
    [row(1, true, "ES", 10.0), row(2, true, "ES", 30.0), row(3, true, "NQ", 20.0), row(4, true, "NQ", 40.0)]
}

ranges! { assets();
    a_compound_range_over_all_of_a_prefix: P::CATEGORY.eq("ES") & P::PRICE.is_some() => [1, 2];
    a_compound_range_above: P::CATEGORY.eq("ES") & P::PRICE.gt(10) => [2];
    a_compound_range_up_to: P::CATEGORY.eq("NQ") & P::PRICE.le(20) => [3];
    a_compound_range_over_nothing: P::CATEGORY.eq("ES") & P::PRICE.between(40, 50) => [];
    a_compound_range_over_all: P::CATEGORY.between("ES", "NQ") => [1, 2, 3, 4];
    a_compound_range_over_two_prefixes:
        P::CATEGORY.between("ES", "NQ") & (P::CATEGORY.gt("ES") | P::PRICE.ge(10))
        & (P::CATEGORY.lt("NQ") | P::PRICE.le(30)) => [1, 2, 3];
}

#[test]
fn a_compound_index_is_chosen_for_a_prefix_and_a_range() -> memorm::Result<()> {
    let many = (1..=50)
        .map(|id| row(id, true, "ES", id as f64))
        .chain((51..=100).map(|id| row(id, true, "NQ", 1.0)));
    let db = among_fillers(many)?;
    let query = select::<P>().filter(P::CATEGORY.eq("ES") & P::PRICE.gt(48));
    uses("(category, price)", &db, &query);
    assert_eq!(found(&db, query)?, [49, 50]);
    Ok(())
}

#[test]
fn lists_of_keys_are_found_by_key() -> memorm::Result<()> {
    let db = among_fillers(prices())?;
    let query = select::<P>().filter(P::ID.in_([3, 2]));
    uses("key indexed.id", &db, &query);
    assert_eq!(found(&db, query)?, [2, 3]);
    let few = |filter: Filter<P>| found(&db, select::<P>().filter(P::ID.lt(1000)).filter(filter));
    assert_eq!(few(P::ID.not_in([1, 2]))?, [3]);
    assert_eq!(few(P::ID.gt(1))?, [2, 3]);
    Ok(())
}

fn three_categories() -> memorm::Result<Database> {
    let categories = ["A", "A", "A", "B", "B", "B", "C", "C", "C", "C"];
    let db = Database::new();
    db.transaction(|s| s.add_all((1..).zip(categories).map(|(id, category)| row(id, true, category, 1.0))))?;
    Ok(db)
}

/// One test for each condition: how many of the ten rows it finds.
macro_rules! selects { ($($name:ident: $filter:expr => $rows:literal;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let query = select::<P>().filter($filter);
        assert_eq!(query.count(&three_categories()?)?, $rows);
        assert_eq!(query.explain(&three_categories()?)?.rows, $rows);
        Ok(())
    }
)* } }

selects! {
    equal_selects_its_share: P::CATEGORY.eq("A") => 3;
    equal_selects_nothing_of_an_absent_value: P::CATEGORY.eq("Z") => 0;
    not_equal_selects_the_rest: P::CATEGORY.ne("A") => 7;
    not_equal_selects_all_of_an_absent_value: P::CATEGORY.ne("Z") => 10;
    in_selects_the_sum_of_its_shares: P::CATEGORY.in_(["A", "B"]) => 6;
    not_in_selects_the_rest: P::CATEGORY.not_in(["A", "B"]) => 4;
}

#[test]
fn the_planner_takes_the_most_selective_index_and_scans_where_none_pays() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all((1..=1000).map(|id| row(id, id % 2 == 0, ["A", "B"][id as usize % 2], id as f64)))
    })?;
    uses("index indexed.price", &db, &select::<P>().filter(P::ACTIVE.eq(true) & P::PRICE.lt(5)));
    uses("(category, price)", &db, &select::<P>().filter(P::CATEGORY.eq("A") & P::PRICE.lt(5)));
    uses("key indexed.id", &db, &select::<P>().filter(P::PRICE.lt(5) & P::ID.eq(3)));
    uses("scan", &db, &select::<P>().filter(P::CATEGORY.eq("A")));
    uses("scan", &db, &select::<P>().filter(P::CATEGORY.ne("A")));
    uses("scan", &db, &select::<P>().filter(P::PRICE.gt(5)));
    let explain = select::<P>().filter(P::PRICE.lt(5)).explain(&db)?;
    assert_eq!((explain.rows_expected, explain.rows_seen, explain.rows), (4, 4, 4));
    Ok(())
}

#[test]
fn indexes_follow_insert_change_and_delete_committed_or_not() -> memorm::Result<()> {
    let db = among_fillers([row(1, true, "A", 100.0), row(2, true, "B", 200.0)])?;
    let rows = |db: &Database, filter: Filter<P>| select::<P>().filter(filter).count(db);
    let of = |db: &Database| -> memorm::Result<[usize; 3]> {
        uses("index", db, &select::<P>().filter(P::CATEGORY.eq("B")));
        Ok([rows(db, P::CATEGORY.eq("A"))?, rows(db, P::CATEGORY.eq("B"))?, rows(db, P::CATEGORY.eq("Z"))?])
    };
    assert_eq!((rows(&db, P::ACTIVE.eq(true))?, rows(&db, P::ACTIVE.eq(false))?), (2, 0));
    assert_eq!((rows(&db, P::ACTIVE.ne(true))?, rows(&db, P::ACTIVE.ne(false))?), (0, 2));
    assert_eq!(of(&db)?, [1, 1, 0]);

    let mut session = db.session();
    session.update::<P>(2, |p| p.category = "Z".into())?;
    session.rollback();
    assert_eq!(of(&db)?, [1, 1, 0]);

    session.update::<P>(2, |p| p.category = "Z".into())?;
    session.commit()?;
    assert_eq!(of(&db)?, [1, 0, 1]);

    session.delete_by_key::<P>(1)?;
    session.rollback();
    assert_eq!(rows(&db, P::ACTIVE.eq(true))?, 2);

    session.delete_by_key::<P>(1)?;
    session.commit()?;
    assert_eq!((rows(&db, P::ACTIVE.eq(true))?, rows(&db, P::ACTIVE.eq(false))?), (1, 0));
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_session_finds_its_own_changes_by_index() -> memorm::Result<()> {
    let db = among_fillers([row(1, true, "A", 100.0), row(2, true, "B", 200.0)])?;
    let mut session = db.session();
    session.update::<P>(2, |p| p.category = "A".into())?;
    session.add(row(3, true, "A", 300.0))?;
    session.delete_by_key::<P>(1)?;
    let query = select::<P>().filter(P::CATEGORY.eq("A"));
    assert!(query.explain(&session)?.access.contains("index"));
    assert_eq!(query.clone().select(P::ID).all(&session)?, [2, 3]);
    assert_eq!(query.select(P::ID).all(&db)?, [1]);
    Ok(())
}
