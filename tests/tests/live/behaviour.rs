//! What a live result promises, one by one.
use crate::models::{Item, Other, Part, item};
use memorm::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

fn ids(live: &Live<Arc<Item>>) -> Vec<u64> {
    live.rows().iter().map(|item| item.id).collect()
}

fn groups(numbers: &[i64]) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..).zip(numbers).map(|(id, group)| item(id, *group))))?;
    Ok(db)
}

#[test]
fn a_row_enters_and_leaves_with_its_filter() -> memorm::Result<()> {
    let db = groups(&[1, 5])?;
    let live = db.live(select::<Item>().filter(Item::GROUP.gt(3)));
    assert!(live.is_incremental());
    assert_eq!(ids(&live), [2]);
    db.transaction(|s| s.update::<Item>(1, |i| i.group = 9))?;
    assert_eq!(ids(&live), [1, 2]);
    db.transaction(|s| s.update::<Item>(2, |i| i.group = 0))?;
    assert_eq!((ids(&live), live.count()?), (vec![1], 1));
    Ok(())
}

#[test]
fn the_next_row_moves_up_when_one_leaves_the_limit() -> memorm::Result<()> {
    let db = groups(&[4, 3, 2, 1])?;
    let live = db.live(select::<Item>().order_by(Item::GROUP).limit(2).offset(1));
    assert_eq!(ids(&live), [3, 2]);
    db.transaction(|s| s.delete_by_key::<Item>(3))?;
    assert_eq!(ids(&live), [2, 1]);
    db.transaction(|s| s.add(item(9, 0)))?;
    assert_eq!(ids(&live), [4, 2]);
    Ok(())
}

#[test]
fn equal_sort_keys_keep_row_order_under_desc_too() -> memorm::Result<()> {
    let db = groups(&[7, 7, 7])?;
    let live = db.live(select::<Item>().order_by(Item::GROUP.desc()));
    db.transaction(|s| {
        s.delete_by_key::<Item>(1)?;
        s.add(item(1, 7))
    })?;
    assert_eq!(ids(&live), [2, 3, 1]);
    Ok(())
}

#[test]
fn one_result_lives_on_forks_and_snapshots() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let before = db.snapshot();
    let live = db.live(select::<Item>().order_by(Item::GROUP.desc()));
    let fork = db.fork();
    fork.transaction(|s| s.add(item(3, 3)))?;
    db.clear();
    let theirs = live.on(&fork);
    assert_eq!((ids(&theirs), ids(&live), ids(&live.at(&before))), (vec![3, 2, 1], vec![], vec![2, 1]));
    fork.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!((ids(&theirs), ids(&theirs.on(&Database::new()))), (vec![3, 2], vec![]));
    Ok(())
}

#[test]
fn it_tells_whether_its_table_has_changed_since_it_was_read() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>());
    assert!(!live.changed());
    db.transaction(|s| s.add(Other { id: 1 }))?;
    assert!(!live.changed(), "another table");
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert!(live.changed() && live.version() < db.version());
    live.rows();
    assert!(!live.changed() && live.version() == db.version());
    Ok(())
}

#[test]
fn to_count_is_not_to_read() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let (live, read) = (db.live(select::<Item>()), db.version());
    db.transaction(|s| s.delete_by_key::<Item>(1))?;
    assert_eq!(live.count()?, 1);
    assert!(live.changed() && live.version() == read);
    let same = live.on(&db);
    assert!(same.changed() && same.version() == read);
    Ok(())
}

#[test]
fn a_count_is_of_the_newest_version_whatever_is_kept() -> memorm::Result<()> {
    let db = groups(&[1, 1, 2])?;
    let all = select::<Item>().select(Item::GROUP);
    let (kept, run_again) = (db.live(all.clone()), db.live(all.distinct()));
    db.transaction(|s| s.add(item(4, 5)))?;
    assert_eq!((kept.count()?, run_again.count()?), (4, 3));
    Ok(())
}

#[test]
fn what_cannot_be_kept_is_run_again_and_says_so() -> memorm::Result<()> {
    let db = groups(&[1, 1, 2])?;
    let distinct = db.live(select::<Item>().select(Item::GROUP).distinct());
    let union = db.live(select::<Item>().filter(Item::ID.eq(1)).union(select::<Item>()));
    assert!(!distinct.is_incremental() && !union.is_incremental());
    assert_eq!((distinct.rows(), union.rows().len()), (vec![1, 2], 3));
    db.transaction(|s| s.update::<Item>(1, |i| i.group = 5))?;
    assert!(distinct.changed());
    assert_eq!((distinct.rows(), distinct.count()?), (vec![5, 1, 2], 3));
    assert_eq!(union.rows()[0].group, 5);
    Ok(())
}

#[test]
fn what_looks_beyond_its_row_is_run_again() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([Other { id: 1 }, Other { id: 2 }])?;
        s.add(Part { id: 1, whole_id: Some(1) })
    })?;
    let joined = db.live(select::<Part>().join(Part::WHOLE).select((Part::ID, Other::ID)));
    let asks = db.live(select::<Part>().filter(Part::WHOLE_ID.in_(select::<Other>().select(Other::ID))));
    let related = db.live(select::<Part>().filter(Part::WHOLE.any(Other::ID.gt(1))));
    assert!(!joined.is_incremental() && !asks.is_incremental() && !related.is_incremental());
    let found = || (joined.rows(), asks.rows().len(), related.rows().len());
    assert_eq!(found(), (vec![(1, 1)], 1, 0));
    db.transaction(|s| s.update::<Part>(1, |part| part.whole_id = Some(2)))?;
    assert_eq!(found(), (vec![(1, 2)], 1, 1));
    db.transaction(|s| s.add(Other { id: 3 }))?;
    assert!(joined.changed() && asks.changed() && related.changed(), "a row beyond it may count");
    Ok(())
}

#[test]
fn a_plain_result_looks_at_the_rows_that_changed_alone() -> memorm::Result<()> {
    let db = groups(&[7; 2_000])?;
    let (looks, noted) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let note = looks.clone();
    let live = db.live(select::<Item>().filter_with(move |item| {
        note.fetch_add(1, Ordering::Relaxed);
        item.group > 3
    }));
    let asked = || {
        let count = live.count()?;
        let looks = looks.load(Ordering::Relaxed);
        Ok::<_, memorm::Error>((count, looks - noted.swap(looks, Ordering::Relaxed)))
    };
    assert_eq!(asked()?, (2_000, 2_000));
    db.transaction(|s| s.update::<Item>(9, |item| item.group = 0))?;
    assert_eq!(asked()?, (1_999, 1));
    db.transaction(|s| s.delete_by_key::<Item>(10))?;
    assert_eq!(asked()?, (1_998, 0), "what a row was is known by its place");
    db.transaction(|s| s.add(Other { id: 1 }))?;
    assert_eq!(asked()?, (1_998, 0), "another table");
    Ok(())
}

#[test]
fn a_commit_of_most_rows_is_followed_as_well() -> memorm::Result<()> {
    let db = groups(&[7; 3_000])?;
    let query = select::<Item>().filter(Item::GROUP.gt(3)).select((Item::ID, Item::GROUP));
    let sorted = select::<Item>().filter(Item::GROUP.gt(3)).order_by(Item::GROUP.desc());
    let sorted = sorted.select((Item::ID, Item::GROUP));
    let (live, live_sorted) = (db.live(query.clone()), db.live(sorted.clone()));
    db.transaction(|s| {
        (200..=3_000).try_for_each(|id| s.update::<Item>(id, |i| i.group = id as i64 % 11).map(drop))
    })?;
    assert_eq!((live.try_rows()?, live_sorted.try_rows()?), (query.all(&db)?, sorted.all(&db)?));
    db.transaction(|s| delete::<Item>().filter(Item::ID.gt(100)).exec(s).map(drop))?;
    assert_eq!((live.try_rows()?, live_sorted.try_rows()?), (query.all(&db)?, sorted.all(&db)?));
    Ok(())
}

#[test]
fn an_error_lasts_as_long_as_its_row() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>().filter((Item::GROUP / Item::DIVISOR).gt(0)));
    assert_eq!(live.try_rows()?.len(), 2);
    db.transaction(|s| s.update::<Item>(2, |i| i.divisor = 0))?;
    assert_eq!(live.try_rows().unwrap_err().to_string(), live_error(&db));
    assert!(live.rows().is_empty());
    db.transaction(|s| s.update::<Item>(2, |i| i.divisor = 1))?;
    assert_eq!(live.try_rows()?.len(), 2);
    Ok(())
}

fn live_error(db: &Database) -> String {
    let error = select::<Item>().filter((Item::GROUP / Item::DIVISOR).gt(0)).all(db).unwrap_err();
    error.to_string()
}

#[test]
fn a_panic_in_a_filter_is_forgotten_by_the_next_call() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>().filter_with(|item| {
        assert!(item.group < 10, "ten");
        item.group > 1
    }));
    assert_eq!(ids(&live), [2]);
    db.transaction(|s| s.update::<Item>(1, |i| i.group = 10))?;
    assert!(memorm_tests::panics("ten", || live.rows()));
    db.transaction(|s| s.update::<Item>(1, |i| i.group = 3))?;
    assert_eq!(ids(&live), [1, 2]);
    Ok(())
}

#[test]
fn what_a_statement_may_hold_a_live_result_may_hold() -> memorm::Result<()> {
    let pointer = size_of::<Arc<Item>>();
    for limited in [Database::builder().max_rows(2), Database::builder().max_bytes(2 * pointer)] {
        let db = limited.build();
        db.transaction(|s| s.add_all((1..=2).map(|id| item(id, 1))))?;
        let live = db.live(select::<Item>());
        assert_eq!(live.try_rows()?.len(), 2);
        db.transaction(|s| s.add(item(3, 1)))?;
        let wanted = select::<Item>().all(&db).unwrap_err().to_string();
        assert_eq!(live.try_rows().unwrap_err().to_string(), wanted);
        db.transaction(|s| s.delete_by_key::<Item>(1))?;
        assert_eq!(live.try_rows()?.len(), 2);
    }
    Ok(())
}

#[test]
fn a_result_outlives_its_database() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>());
    drop(db);
    assert_eq!(ids(&live), [1, 2]);
    Ok(())
}

#[test]
fn it_shows_its_version_and_whether_it_is_kept() -> memorm::Result<()> {
    let db = groups(&[1, 2])?;
    let live = db.live(select::<Item>());
    assert_eq!(format!("{live:?}"), "Live { version: Version(1), is_incremental: true, .. }");
    Ok(())
}
