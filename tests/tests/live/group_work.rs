//! How many rows a live result of groups looks at, counted by closures in its aggregates.
use memorm::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Model, Clone, Debug)]
#[model(table = "trades")]
struct Trade {
    #[model(primary_key)]
    id: u64,
    symbol: u64,
    qty: i64,
    price: f64,
}

const ROWS: u64 = 100_000;
const SYMBOLS: u64 = 1_000;
const PER_SYMBOL: usize = (ROWS / SYMBOLS) as usize;

fn trades() -> memorm::Result<Database> {
    some_trades(ROWS)
}

fn some_trades(rows: u64) -> memorm::Result<Database> {
    let trade = |id| Trade { id, symbol: id % SYMBOLS, qty: id as i64 % 7, price: id as f64 / 4.0 };
    let db = Database::new();
    db.transaction(|s| s.add_all((0..rows).map(trade)))?;
    Ok(db)
}

/// How often a value was looked at since it was last asked.
#[derive(Clone, Default)]
struct Looks(Arc<AtomicUsize>);

impl Looks {
    fn note(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// Quantities that note each look.
fn quantities(looks: &Looks) -> memorm::expr::Expr<Trade, i64> {
    let looks = looks.clone();
    Trade::QTY.map(move |qty| {
        looks.note();
        *qty
    })
}

/// Prices that note each look.
fn prices(looks: &Looks) -> memorm::expr::Expr<Trade, f64> {
    let looks = looks.clone();
    Trade::PRICE.map(move |price| {
        looks.note();
        *price
    })
}

#[test]
fn counts_and_integer_sums_look_at_what_the_row_was_and_is() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let sums = select::<Trade>().group_by(Trade::SYMBOL).aggregate((count(), quantities(&looks).sum()));
    let live = db.live(sums);
    assert_eq!((live.rows().len(), looks.take()), (SYMBOLS as usize, ROWS as usize));
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.qty = 50))?;
    let before = db.snapshot();
    assert_eq!((live.rows()[3].0, looks.take()), (3, 2));
    db.transaction(|s| s.add(Trade { id: ROWS, symbol: 8, qty: 1, price: 0.5 }))?;
    assert_eq!((live.rows()[8].1.0, looks.take()), (PER_SYMBOL as u64 + 1, 1));
    db.transaction(|s| s.delete_by_key::<Trade>(7_003))?;
    assert_eq!((live.rows()[3].1.0, looks.take()), (PER_SYMBOL as u64 - 1, 1));
    db.transaction(|s| {
        [4, 8, 15, 16].iter().try_for_each(|id| s.update::<Trade>(*id, |t| t.qty = 23).map(drop))
    })?;
    assert_eq!((live.rows()[3].0, looks.take()), (3, 2 * 4));
    // back over four updates, the deletion and the addition
    assert_eq!((live.at(&before).rows()[3].1.0, looks.take()), (PER_SYMBOL as u64, 2 * 4 + 2));
    assert_eq!((live.rows().len(), live.count()?, looks.take()), (SYMBOLS as usize, SYMBOLS as usize, 0));
    Ok(())
}

#[test]
fn a_key_that_looks_alike_in_all_rows_is_read_of_what_the_row_was_and_is() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let noted = looks.clone();
    let key = Trade::SYMBOL.map(move |symbol| {
        noted.note();
        *symbol
    });
    let live = db.live(select::<Trade>().group_by(key).aggregate(Trade::QTY.sum()));
    looks.take();
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.qty = 50))?;
    assert_eq!((live.rows()[3].0, looks.take()), (3, 2));
    Ok(())
}

#[test]
fn a_sum_of_floats_looks_at_the_rows_of_the_groups_that_changed() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(prices(&looks).sum()));
    looks.take();
    // also at what the row was and is: integers would be added up
    let row = 2;
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 50.0))?;
    assert_eq!((live.rows()[3].0, looks.take()), (3, row + PER_SYMBOL));
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.symbol = 4))?;
    assert_eq!((live.rows()[4].0, looks.take()), (4, row + 2 * PER_SYMBOL));
    Ok(())
}

#[test]
fn rows_that_the_filter_leaves_out_touch_no_group() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let dear = select::<Trade>().filter(Trade::PRICE.ge(100.0)).group_by(Trade::SYMBOL);
    let live = db.live(dear.aggregate((prices(&looks).sum(), quantities(&looks).sum())));
    looks.take();
    db.transaction(|s| s.update::<Trade>(3, |trade| trade.price = 50.0))?;
    assert_eq!((live.rows().len(), looks.take()), (SYMBOLS as usize, 0));
    Ok(())
}

#[test]
fn a_fork_costs_what_it_changed() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let sums = select::<Trade>().group_by(Trade::SYMBOL).aggregate(quantities(&looks).sum());
    let live = db.live(sums);
    looks.take();
    let what_if = db.fork();
    what_if.transaction(|s| s.update::<Trade>(9, |trade| trade.qty = -1))?;
    let theirs = live.on(&what_if);
    assert_eq!((theirs.rows()[9].1, looks.take()), (live.rows()[9].1.map(|sum| sum - 3), 2));
    Ok(())
}

#[test]
fn a_column_that_the_query_does_not_read_changes_nothing() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(prices(&looks).sum()));
    looks.take();
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.qty = 50))?;
    assert!(live.changed());
    assert_eq!((live.rows()[3].0, looks.take()), (3, 0));
    Ok(())
}

#[test]
fn a_greatest_value_is_looked_for_only_when_it_has_left() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(prices(&looks).max()));
    looks.take();
    let greatest = ROWS - SYMBOLS + 3;
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 1.0))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(greatest as f64 / 4.0), 2));
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 1e9))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(1e9), 2));
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 2.0))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(greatest as f64 / 4.0), 2 + PER_SYMBOL));
    // what was found then is known
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 3.0))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(greatest as f64 / 4.0), 2));
    Ok(())
}

#[test]
fn only_the_group_that_its_greatest_value_has_left_is_looked_through() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(prices(&looks).max()));
    looks.take();
    let greatest = ROWS - SYMBOLS + 3;
    db.transaction(|s| [7_004, greatest].iter().try_for_each(|id| s.delete_by_key::<Trade>(*id).map(drop)))?;
    let next = (greatest - SYMBOLS) as f64 / 4.0;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(next), 2 + PER_SYMBOL - 1));
    Ok(())
}

#[test]
fn a_value_that_equals_the_greatest_is_looked_at_alone() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(prices(&looks).max()));
    looks.take();
    let greatest = (ROWS - SYMBOLS + 3) as f64 / 4.0;
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = greatest))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(greatest), 2));
    Ok(())
}

#[test]
fn the_first_and_the_last_value_are_read_of_their_rows() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let ends = (prices(&looks).first(), prices(&looks).last());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(ends));
    looks.take();
    db.transaction(|s| s.delete_by_key::<Trade>(3))?;
    let last = (ROWS - SYMBOLS + 3) as f64 / 4.0;
    let next = (3 + SYMBOLS) as f64 / 4.0;
    // the group stands where its first row stands: behind the others now
    assert_eq!((live.rows()[SYMBOLS as usize - 1], looks.take()), ((3, (Some(next), Some(last))), 2));
    Ok(())
}

#[test]
fn the_last_value_by_a_sort_key_is_read_of_its_row() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let latest = select::<Trade>().order_by(Trade::PRICE).group_by(Trade::SYMBOL);
    let live = db.live(latest.aggregate((quantities(&looks).last(), Trade::ID.last())));
    looks.take();
    db.transaction(|s| s.update::<Trade>(7_003, |trade| (trade.price, trade.qty) = (1e9, 50)))?;
    assert_eq!((live.rows()[3], looks.take()), ((3, (Some(50), Some(7_003))), 1));
    db.transaction(|s| s.delete_by_key::<Trade>(7_003))?;
    assert_eq!((live.rows()[3].1.1, looks.take()), (Some(ROWS - SYMBOLS + 3), 1));
    Ok(())
}

#[test]
fn different_values_are_counted_by_those_that_came_and_left() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live =
        db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(count_distinct(quantities(&looks))));
    looks.take();
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.qty = 50))?;
    assert_eq!((live.rows()[3], looks.take()), ((3, 8), 2));
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.qty = 1))?;
    assert_eq!((live.rows()[3], looks.take()), ((3, 7), 2));
    Ok(())
}

#[test]
fn values_of_any_kind_are_counted_by_those_that_came_and_left() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(count_of(prices(&looks))));
    looks.take();
    db.transaction(|s| s.update::<Trade>(7_003, |trade| trade.price = 1.0))?;
    assert_eq!((live.rows()[3], looks.take()), ((3, PER_SYMBOL as u64), 2));
    db.transaction(|s| s.delete_by_key::<Trade>(7_003))?;
    assert_eq!((live.rows()[3], looks.take()), ((3, PER_SYMBOL as u64 - 1), 1));
    Ok(())
}

#[test]
fn large_numbers_without_a_sign_are_summed_by_those_that_came_and_left() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let noted = looks.clone();
    let large = Trade::ID.map(move |id| {
        noted.note();
        u64::MAX - u64::from(*id > 7_003)
    });
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(large.sum()));
    let sum = live.rows()[3].1;
    looks.take();
    db.transaction(|s| s.delete_by_key::<Trade>(7_003))?;
    let without = sum.map(|sum| sum - i128::from(u64::MAX));
    assert_eq!((live.rows()[3], looks.take()), ((3, without), 1));
    Ok(())
}

#[test]
fn after_a_commit_of_some_thousand_rows_the_others_are_not_looked_at() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(quantities(&looks).sum()));
    looks.take();
    let more = update::<Trade>().filter(Trade::ID.lt(3_000)).set(Trade::QTY, Trade::QTY + 1);
    db.transaction(|s| more.clone().exec(s).map(drop))?;
    assert_eq!((live.count()?, looks.take()), (SYMBOLS as usize, 2 * 3_000));
    Ok(())
}

#[test]
fn after_a_commit_of_most_rows_each_row_is_looked_at_once() -> memorm::Result<()> {
    let (db, looks) = (trades()?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL).aggregate(quantities(&looks).sum()));
    let sum = live.rows()[3].1.unwrap_or_default();
    looks.take();
    let more = update::<Trade>().filter(Trade::ID.lt(80_000)).set(Trade::QTY, Trade::QTY + 1);
    db.transaction(|s| more.exec(s))?;
    assert_eq!((live.rows()[3].1, looks.take()), (Some(sum + 80), ROWS as usize));
    Ok(())
}

#[test]
fn few_rows_are_not_read_anew_either() -> memorm::Result<()> {
    let (db, looks) = (some_trades(6)?, Looks::default());
    let live = db.live(select::<Trade>().group_by(Trade::SYMBOL % 2).aggregate(quantities(&looks).sum()));
    looks.take();
    for id in [3, 5] {
        db.transaction(|s| s.update::<Trade>(id, |trade| trade.qty += 1))?;
        assert_eq!((live.rows().len(), looks.take()), (2, 2));
    }
    Ok(())
}
