//! Which indexes are read: each column of a row has another number, so that counts are exact.
use memorm::model::Scalar;
use memorm::prelude::*;
use memorm::value::{Cell, Kind};
use std::cell::Cell as Slot;

#[derive(Model, Clone)]
struct Lot {
    #[model(primary_key)]
    id: u64,
    #[model(unique)]
    code: u64,
    #[model(index)]
    a: u64,
    #[model(index)]
    b: u64,
}

const LOTS: u64 = 4_000;

/// Lots in which `a` and `b` are below n for n rows.
fn lots() -> memorm::Result<Database> {
    let db = Database::new();
    let lot = |id| Lot { id, code: id * 3, a: id * 1_237 % LOTS, b: id * 2_011 % LOTS };
    db.transaction(|s| s.add_all((0..LOTS).map(lot)))?;
    Ok(db)
}

/// How the rows are found for which all of these columns are below a number.
fn access(db: &Database, below: &[(Column<Lot, u64>, u64)]) -> memorm::Result<String> {
    let query = below.iter().fold(select::<Lot>(), |query, (column, end)| query.filter(column.lt(*end)));
    Ok(query.explain(db)?.access)
}

#[test]
fn a_unique_column_finds_its_row_alone() -> memorm::Result<()> {
    let explain = select::<Lot>().filter(Lot::CODE.eq(300)).explain(&lots()?)?;
    assert_eq!((&*explain.access, explain.rows_seen), ("unique index lot.code", 1));
    Ok(())
}

/// A row id that is read costs three, a row that is fetched ten.
#[test]
fn a_second_index_is_read_where_that_costs_less_than_the_rows_that_it_spares() -> memorm::Result<()> {
    let db = lots()?;
    for (a, b, is_read) in [(30, 99, true), (30, 100, false), (120, 350, true), (120, 390, false)] {
        let expected = if is_read { "index lot.a and index lot.b" } else { "index lot.a" };
        assert_eq!(access(&db, &[(Lot::A, a), (Lot::B, b)])?, expected, "{a} and {b} rows");
    }
    Ok(())
}

#[test]
fn beside_few_rows_no_other_index_is_read() -> memorm::Result<()> {
    let db = lots()?;
    assert_eq!(access(&db, &[(Lot::A, 16), (Lot::B, 40)])?, "index lot.a");
    assert_eq!(access(&db, &[(Lot::A, 17), (Lot::B, 40)])?, "index lot.a and index lot.b");
    Ok(())
}

/// Rows beyond what can pay are not counted.
#[test]
fn beside_one_index_no_other_is_read_that_has_more_rows_than_were_counted() -> memorm::Result<()> {
    let db = lots()?;
    for b in [103, 3_000] {
        let expected = if b == 103 { "index lot.a and index lot.b" } else { "index lot.a" };
        assert_eq!(access(&db, &[(Lot::A, 31), (Lot::B, b)])?, expected, "{b} rows");
    }
    Ok(())
}

/// A value that is looked up costs ten, as a row that is fetched.
#[test]
fn a_list_of_a_tenth_as_many_values_as_there_are_rows_is_left_to_a_scan() -> memorm::Result<()> {
    let db = lots()?;
    let columns = [(Lot::ID, "key lot.id"), (Lot::CODE, "unique index lot.code"), (Lot::A, "index lot.a")];
    for (column, way) in columns {
        for (values, expected) in [(399, way), (400, "scan of lot")] {
            let query = select::<Lot>().filter(column.in_((LOTS - 10..).take(values)));
            assert_eq!(query.explain(&db)?.access, expected, "{values} values");
        }
    }
    Ok(())
}

#[test]
fn a_list_gives_its_rows_in_row_order_however_long_it_is() -> memorm::Result<()> {
    let db = lots()?;
    for wanted in [0, 1, 20, 399, 400, 3_000] {
        let list: Vec<u64> = (0..wanted).map(|i| i * 1_999 % (2 * LOTS)).collect();
        for column in [Lot::ID, Lot::CODE, Lot::A] {
            let found = select::<Lot>().filter(column.in_(&list)).select(Lot::ID).all(&db)?;
            let in_list = list.clone();
            let scanned = select::<Lot>().filter_with(move |lot| in_list.contains(column.get(lot)));
            assert_eq!(found, scanned.select(Lot::ID).all(&db)?, "{wanted} values of {column:?}");
        }
    }
    Ok(())
}

#[test]
fn beside_few_rows_no_long_list_is_looked_up() -> memorm::Result<()> {
    let db = lots()?;
    let access = |of_b: u64, values: usize| {
        let query = select::<Lot>().filter(Lot::B.lt(of_b) & Lot::A.in_((LOTS - 10..).take(values)));
        Ok::<_, memorm::Error>(query.explain(&db)?.access)
    };
    assert_eq!(access(30, 100)?, "index lot.a", "ten rows");
    assert_eq!(access(30, 101)?, "index lot.b");
    assert_eq!(access(300, 398)?, "index lot.a");
    Ok(())
}

#[test]
fn an_order_by_an_index_begins_where_the_filter_lets_it() -> memorm::Result<()> {
    let db = lots()?;
    for filter in [Lot::A.eq(3_000), Lot::A.ge(3_000), Lot::A.between(3_000, 3_500)] {
        let explain = select::<Lot>().filter(filter).order_by(Lot::A).limit(1).explain(&db)?;
        assert_eq!(explain.rows_seen, 1, "{explain}");
    }
    Ok(())
}

thread_local! {
    static READS: Slot<usize> = const { Slot::new(0) };
}

/// An integer that counts how often it is read.
#[derive(Clone, Debug, PartialEq)]
struct Counted(i64);

impl Field for Counted {
    type Base = Self;
    type Map<U: Scalar> = U;
    type Lane<'a> = i64;
    const KIND: Kind = Kind::I64;

    fn lane(&self) -> i64 {
        READS.set(READS.get() + 1);
        self.0
    }
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        cell.as_integer().map(Self)
    }
}

impl Scalar for Counted {}

#[derive(Model, Clone)]
struct Tally {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    n: Counted,
}

#[test]
fn rows_that_an_index_finds_for_all_conditions_are_not_tested_again() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..2_000).map(|id| Tally { id, n: Counted(id as i64 / 50) })))?;
    let n = |n| Counted(n);
    for filter in
        [Tally::N.eq(n(7)), Tally::N.in_([n(7), n(8)]), Tally::N.lt(n(2)), Tally::N.between(n(7), n(8))]
    {
        READS.set(0);
        assert!(select::<Tally>().filter(filter.clone()).all(&db)?.len() >= 50);
        assert!(READS.get() < 10, "{filter:?}: {} reads", READS.get());
    }
    Ok(())
}

#[derive(Model, Clone)]
struct Gap {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    n: Option<i64>,
}

#[test]
fn a_range_with_an_end_of_none_has_no_rows() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..2_000).map(|id| Gap { id, n: (id % 5 > 0).then_some(id as i64) })))?;
    for filter in [Gap::N.between(None::<i64>, 5), Gap::N.between(1_990, None::<i64>)] {
        let explain = select::<Gap>().filter(filter).explain(&db)?;
        assert_eq!((&*explain.access, explain.rows_seen, explain.rows), ("no row of gap", 0, 0));
    }
    Ok(())
}
