//! Those who watch commits: feeds, hooks, live results.
use crate::gives_back;
use crate::models::{Item, ROWS, change, database, item};
use allocation_counter::measure;
use memorm::prelude::*;

#[test]
fn a_feed_that_nobody_reads_holds_what_fits_and_leaves_nothing() {
    let db = database();
    gives_back(|| {
        let feed = db.subscribe_with(4);
        let grown = measure(|| (0..5_000).for_each(|n| change(&db, 1 + n % 100))).bytes_current;
        assert!(grown < 150_000, "{grown} bytes more for 4 commits that wait");
        drop(feed);
    });
}

#[test]
fn unsubscribed_feeds_leave_nothing() {
    let db = database();
    gives_back(|| {
        let mut feeds: Vec<Feed> = (0..20).map(|_| db.subscribe()).collect();
        (1..=200).for_each(|id| change(&db, id));
        let read = feeds.iter_mut().take(10).filter_map(Feed::try_next).map(|c| c.of::<Item>().len());
        assert_eq!(read.sum::<usize>(), 10);
        drop(feeds);
        db.stats();
    });
}

#[test]
fn feeds_that_are_read_hold_no_version() {
    let db = database();
    let feed = std::cell::RefCell::new(db.subscribe());
    gives_back(|| {
        for n in 0..2_000 {
            change(&db, 1 + n % ROWS);
            assert!(feed.borrow_mut().try_next().is_some());
        }
    });
}

#[test]
fn removed_hooks_leave_nothing() {
    let db = database();
    gives_back(|| {
        let held = vec![0_u8; 100_000];
        let hook = db.on_commit(move |commit| match commit.of::<Item>().len() {
            1 => Ok(()),
            n => Err(format!("{n} rows, {} bytes", held.len())),
        });
        change(&db, 1);
        assert!(db.transaction(|s| s.add_all((0..500).map(|n| item(10_001 + 10 * n)))).is_err());
        hook.remove();
    });
}

#[test]
fn dropped_live_results_leave_nothing() {
    let db = database();
    gives_back(|| {
        let all = db.live(select::<Item>().order_by(Item::PRICE));
        let few = db.live(select::<Item>().filter(Item::QTY.gt(0)).limit(5));
        let joined = db.live(select::<Item>().join(Item::PARENT));
        for id in 1..=100 {
            change(&db, id);
            assert_eq!((all.count().ok(), few.rows().len()), (Some(ROWS as usize), 5));
        }
        assert!(!joined.rows().is_empty());
        let fork = db.fork();
        change(&fork, 1);
        assert_eq!(all.on(&fork).rows().len(), ROWS as usize);
    });
}

#[test]
fn a_live_result_holds_the_version_it_was_asked_about_and_no_other() {
    let db = database();
    let live = db.live(select::<Item>().order_by(Item::PRICE));
    gives_back(|| {
        for n in 0..2_000 {
            change(&db, 1 + n % 100);
        }
        assert_eq!(live.rows().len(), ROWS as usize);
    });
}
