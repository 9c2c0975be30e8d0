//! Windows: what `.over(partition_by(..).order_by(..))` promises.
use memorm::Error;
use memorm::prelude::*;

mod oracle;

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: u64,
    cat: Option<u32>,
    #[model(index)]
    qty: Option<i64>,
    price: f64,
    #[model(references(Vendor))]
    vendor_id: u32,
}

#[derive(Model, Clone, Debug)]
#[model(table = "vendors", has_many(ITEMS: Item, by = VENDOR))]
struct Vendor {
    #[model(primary_key)]
    id: u32,
    country: String,
}

fn shop() -> memorm::Result<Database> {
    let db = Database::new();
    let item = |id, cat, qty, price, vendor_id| Item { id, cat, qty, price, vendor_id };
    db.transaction(|s| {
        let vendor = |id, country: &str| Vendor { id, country: country.into() };
        s.add_all([vendor(1, "CA"), vendor(2, "US"), vendor(3, "CA")])?;
        s.add_all([
            item(1, Some(7), Some(4), 0.0, 1),
            item(2, None, Some(2), f64::NAN, 2),
            item(3, Some(7), Some(1), -0.0, 3),
            item(4, None, None, 2.5, 2),
            item(5, Some(7), Some(4), -f64::NAN, 1),
        ])
    })?;
    Ok(db)
}

#[test]
fn ranks_count_rows_and_groups_of_peers() -> memorm::Result<()> {
    let by_qty = partition_by(Item::CAT).order_by(Item::QTY.desc());
    let ranks = select::<Item>().select((
        Item::ID,
        row_number().over(by_qty.clone()),
        rank().over(by_qty.clone()),
        dense_rank().over(by_qty),
    ));
    // `None` is the greatest, so it is first when descending
    assert_eq!(ranks.all(&shop()?)?, [(1, 1, 1, 1), (2, 2, 2, 2), (3, 3, 3, 2), (4, 1, 1, 1), (5, 2, 1, 1)]);
    Ok(())
}

#[test]
fn with_an_order_an_aggregate_ends_with_the_last_peer() -> memorm::Result<()> {
    let running = partition_by(()).order_by(Item::QTY);
    let sums = select::<Item>().select((Item::QTY.sum().over(running), count().over(running)));
    let expected = [(Some(11), 4), (Some(3), 2), (Some(1), 1), (Some(11), 5), (Some(11), 4)];
    assert_eq!(sums.all(&shop()?)?, expected);
    Ok(())
}

#[test]
fn without_an_order_it_is_of_the_whole_partition() -> memorm::Result<()> {
    let of_cat = select::<Item>()
        .select((count().over(partition_by(Item::CAT)), Item::QTY.sum().over(partition_by(()))));
    assert_eq!(of_cat.all(&shop()?)?, [3, 2, 3, 2, 3].map(|n| (n, Some(11))));
    let places = partition_by(Item::CAT);
    let ranks =
        select::<Item>().select((row_number().over(places), rank().over(places), dense_rank().over(places)));
    assert_eq!(ranks.all(&shop()?)?, [(1, 1, 1), (1, 1, 1), (2, 1, 1), (2, 1, 1), (3, 1, 1)]);
    Ok(())
}

#[test]
fn two_none_are_one_partition_and_so_are_two_nan_and_the_zeros() -> memorm::Result<()> {
    let by_price = select::<Item>().select(count().over(partition_by(Item::PRICE)));
    assert_eq!(by_price.all(&shop()?)?, [2, 2, 2, 1, 2]);
    let by_both = select::<Item>().select(count().over(partition_by((Item::PRICE, Item::CAT))));
    assert_eq!(by_both.all(&shop()?)?, [2, 1, 2, 1, 1]);
    Ok(())
}

#[test]
fn nan_and_the_zeros_are_peers() -> memorm::Result<()> {
    let ranks = select::<Item>().select(rank().over(partition_by(()).order_by(Item::PRICE)));
    assert_eq!(ranks.all(&shop()?)?, [1, 4, 1, 3, 4]);
    Ok(())
}

#[test]
fn lag_and_lead_look_along_the_partition() -> memorm::Result<()> {
    let by_id = partition_by(Item::CAT).order_by(Item::ID);
    let rows = select::<Item>().select((
        lag(Item::ID, 1).over(by_id),
        lead(Item::ID, 1).over(by_id),
        lag(Item::ID, 2).over(by_id),
        lag(Item::QTY, 0).over(by_id),
        lead(Item::ID, usize::MAX).over(by_id),
    ));
    let expected = [
        (None, Some(3), None, Some(4), None),
        (None, Some(4), None, Some(2), None),
        (Some(1), Some(5), None, Some(1), None),
        (Some(2), None, None, None, None),
        (Some(3), None, Some(1), Some(4), None),
    ];
    assert_eq!(rows.all(&shop()?)?, expected);
    Ok(())
}

#[test]
fn every_aggregate_ranges_over_a_window() -> memorm::Result<()> {
    let w = partition_by(());
    let rows = select::<Item>().filter(Item::CAT.eq(7)).select((
        (count_of(Item::QTY).over(w), count_distinct(Item::QTY).over(w), Item::QTY.avg().over(w)),
        (Item::QTY.min().over(w), Item::QTY.max().over(w), Item::QTY.median().over(w)),
        (Item::QTY.variance().over(w), Item::QTY.stddev().over(w), Item::QTY.quantile(0.25).over(w)),
        (Item::ID.first().over(w), Item::ID.last().over(w)),
    ));
    let one = (
        (3, 2, Some(3.0)),
        (Some(1), Some(4), Some(4.0)),
        (Some(3.0), Some(3f64.sqrt()), Some(2.5)),
        (Some(1), Some(5)),
    );
    assert_eq!(rows.all(&shop()?)?, [one; 3]);
    Ok(())
}

#[test]
fn filter_comes_before_windows_and_everything_else_after() -> memorm::Result<()> {
    let db = shop()?;
    let number = row_number().over(partition_by(()).order_by(Item::ID));
    let rows = select::<Item>().filter(Item::ID.gt(1)).order_by(Item::ID.desc()).limit(2).offset(1);
    assert_eq!(rows.select((Item::ID, number.clone())).all(&db)?, [(4, 3), (3, 2)]);
    let counts = select::<Item>().select((Item::CAT, count().over(partition_by(Item::CAT))));
    assert_eq!(counts.clone().distinct().all(&db)?, [(Some(7), 3), (None, 2)]);
    assert_eq!(counts.clone().distinct().offset(1).all(&db)?, [(None, 2)]);
    assert_eq!(counts.limit(0).all(&db)?, []);
    // an index would give the first rows in order: a window wants them all
    let cheapest =
        select::<Item>().order_by(Item::QTY).limit(1).select((Item::ID, count().over(partition_by(()))));
    assert_eq!(cheapest.first(&db)?, Some((3, 5)));
    Ok(())
}

#[test]
fn rows_keep_their_order() -> memorm::Result<()> {
    let rows =
        select::<Item>().select((Item::ID, rank().over(partition_by(Item::CAT).order_by(Item::ID.desc()))));
    assert_eq!(rows.all(&shop()?)?, [(1, 3), (2, 2), (3, 2), (4, 1), (5, 1)]);
    Ok(())
}

#[test]
fn a_window_ranges_over_a_join() -> memorm::Result<()> {
    let db = shop()?;
    let joined = select::<Item>().join(Item::VENDOR);
    let by_country = partition_by(Vendor::COUNTRY).order_by((Item::PRICE, Vendor::ID));
    let rows = joined.clone().select((Item::ID, count().over(by_country)));
    assert_eq!(rows.all(&db)?, [(1, 1), (2, 2), (3, 2), (4, 1), (5, 3)]);
    assert_eq!(rows.first(&db)?, Some((1, 1)));
    let both = joined.order_by(Item::ID.desc()).select((
        Item::ID,
        Vendor::COUNTRY,
        lag(on(Item::ID) + on(Item::ID) % 2 * 10, 1)
            .over(partition_by(on(Vendor::COUNTRY)).order_by(on(Item::ID))),
    ));
    let all = both.limit(3).all(&db)?;
    let country = |s: &str| s.to_owned();
    assert_eq!(
        all,
        [(5, country("CA"), Some(13)), (4, country("US"), Some(2)), (3, country("CA"), Some(11))]
    );
    let left = select::<Vendor>()
        .left_join(Vendor::ITEMS)
        .select((opt(Item::ID), count_of(opt(Item::ID)).over(partition_by(Vendor::ID))));
    assert_eq!(left.count(&db)?, 5);
    Ok(())
}

#[test]
fn sets_combine_what_windows_gave() -> memorm::Result<()> {
    let db = shop()?;
    let counts = |query: Select<Item>| query.select((Item::CAT, count().over(partition_by(()))));
    let (sevens, all) = (counts(select().filter(Item::CAT.eq(7))), counts(select()));
    assert_eq!(sevens.clone().union(all.clone()).all(&db)?, [(Some(7), 3), (Some(7), 5), (None, 5)]);
    assert_eq!(all.clone().intersect(sevens.clone()).all(&db)?, []);
    assert_eq!(all.clone().except(sevens.clone()).all(&db)?, [(Some(7), 5), (None, 5)]);
    assert_eq!(sevens.clone().union_all(all).offset(2).limit(2).all(&db)?, [(Some(7), 3), (Some(7), 5)]);
    // a branch without a window beside one that has one
    let plain = select::<Item>().filter(Item::ID.eq(4)).select((Item::CAT, Item::ID));
    assert_eq!(plain.union_all(sevens.limit(1)).all(&db)?, [(None, 4), (Some(7), 3)]);
    // and a window over the rows of a set
    let whole = select::<Item>().filter(Item::ID.lt(3)).union(select().filter(Item::ID.gt(3)));
    let numbers = whole.select((Item::ID, row_number().over(partition_by(()).order_by(Item::ID.desc()))));
    assert_eq!(numbers.all(&db)?, [(1, 4), (2, 3), (4, 2), (5, 1)]);
    Ok(())
}

#[test]
fn every_terminal_gives_what_windows_gave() -> memorm::Result<()> {
    let db = shop()?;
    let by_id = partition_by(Item::CAT).order_by(Item::ID.desc());
    let rows =
        select::<Item>().order_by(Item::ID).select((Item::ID, rank().over(by_id.clone()).label("place")));
    assert_eq!((rows.count(&db)?, rows.exists(&db)?, rows.first(&db)?), (5, true, Some((1, 3))));
    assert_eq!(rows.mappings(&db)?[0][1], ("place".to_owned(), Value::Wide(3)));
    assert!(rows.to_table(&db)?.contains("place"));
    let snapshot = db.snapshot();
    let walked = rows.iter(&snapshot).collect::<memorm::Result<Vec<_>>>()?;
    assert_eq!(walked, rows.all(&db)?);
    let unnamed = select::<Item>().select(Item::QTY.sum().over(by_id)).mappings(&db)?;
    assert_eq!(unnamed[0][0].0, "sum(qty) over (partition by cat order by id desc)");
    assert_eq!(rows.explain(&db)?.rows, 5);
    assert_eq!(rows.all_as::<Place>(&db)?[4], Place(5, 1));
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Place(u64, u64);
impl From<(u64, u64)> for Place {
    fn from((id, place): (u64, u64)) -> Self {
        Self(id, place)
    }
}

#[test]
fn a_live_result_with_a_window_is_current() -> memorm::Result<()> {
    let db = shop()?;
    let live = db.live(select::<Item>().select((Item::ID, count().over(partition_by(Item::CAT)))));
    assert!(!live.is_incremental());
    assert_eq!(live.rows()[0], (1, 3));
    db.transaction(|s| s.delete_by_key::<Item>(5).map(drop))?;
    assert_eq!(live.rows(), [(1, 2), (2, 2), (3, 2), (4, 2)]);
    Ok(())
}

#[test]
fn a_session_sees_its_own_rows_in_a_window() -> memorm::Result<()> {
    let mut session = shop()?.session();
    session.add(Item { id: 6, cat: Some(7), qty: None, price: 1.0, vendor_id: 1 })?;
    let counts = select::<Item>().select(count().over(partition_by(Item::CAT)));
    assert_eq!(counts.all(&session)?, [4, 2, 4, 2, 4, 4]);
    Ok(())
}

#[test]
fn subqueries_in_a_window_are_answered() -> memorm::Result<()> {
    let canadian =
        Item::VENDOR_ID.in_(select::<Vendor>().filter(Vendor::COUNTRY.eq("CA")).select(Vendor::ID));
    let is_canadian = || case().when(canadian.clone(), 1_i64).otherwise(0_i64);
    let counts = select::<Item>().select((
        count().over(partition_by(is_canadian())),
        lag(is_canadian(), 1).over(partition_by(()).order_by(Item::ID)),
    ));
    let expected = [(3, None), (2, Some(1)), (3, Some(0)), (2, Some(1)), (3, Some(0))];
    assert_eq!(counts.all(&shop()?)?, expected);
    Ok(())
}

#[test]
fn a_window_is_written_as_sql_where_databases_agree() -> memorm::Result<()> {
    let window = partition_by(Item::CAT).order_by(Item::ID.desc());
    let rows =
        select::<Item>().select((lag(Item::ID, 2).over(window.clone()), count().over(partition_by(()))));
    let sql = rows.to_sql(Dialect::Postgres)?.text;
    let lag = r#"lag("id", 2) OVER (PARTITION BY "cat" ORDER BY "id" DESC), count(*) OVER ()"#;
    assert!(sql.contains(lag), "{sql}");
    let median = select::<Item>().select(Item::QTY.median().over(window.clone())).to_sql(Dialect::Sqlite);
    assert!(matches!(&median, Err(Error::NoSql { .. })), "{median:?}");
    let ends = select::<Item>()
        .select((Item::QTY.avg().over(partition_by(())), Item::QTY.last().over(window.clone())));
    let sql = ends.to_sql(Dialect::Sqlite)?.text;
    let over = r#"avg("qty") OVER (), last_value("qty") OVER (PARTITION BY "cat" ORDER BY "id" DESC)"#;
    assert!(sql.contains(over), "{sql}");
    let spread = select::<Item>().select(Item::QTY.stddev().over(window));
    assert!(spread.to_sql(Dialect::Postgres)?.text.contains(r#"stddev_samp("qty") OVER (PARTITION"#));
    assert!(matches!(spread.to_sql(Dialect::Sqlite), Err(Error::NoSql { .. })));
    let any = select::<Item>().select(Item::QTY.first().over(partition_by(Item::CAT)));
    assert!(matches!(any.to_sql(Dialect::Sqlite), Err(Error::NoSql { .. })), "which is the first?");
    Ok(())
}

#[test]
fn no_rows_have_no_windows() -> memorm::Result<()> {
    let rows = select::<Item>().select((Item::ID, rank().over(partition_by(()).order_by(Item::ID))));
    assert_eq!(rows.all(&Database::new())?, []);
    Ok(())
}

#[test]
fn a_value_that_cannot_be_computed_is_the_error_of_its_row() -> memorm::Result<()> {
    let db = shop()?;
    let divided = partition_by(()).order_by(on(Item::QTY) / (on(Item::QTY) - 1));
    let failed = select::<Item>().select(rank().over(divided)).all(&db);
    assert!(
        matches!(&failed, Err(Error::Arithmetic { table: "items", key, .. }) if key == "3"),
        "{failed:?}"
    );
    let outside = select::<Item>().select(Item::QTY.quantile(1.5).over(partition_by(()))).all(&db);
    let said = outside.expect_err("there is no such quantile").to_string();
    assert!(said.starts_with("value out of range in quantile(qty, 1.5) over ("), "{said}");
    Ok(())
}
