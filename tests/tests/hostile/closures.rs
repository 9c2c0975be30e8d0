//! Closures that panic inside of transactions, and what is left of their work.
use crate::models::{Row, all, database, row};
use memorm::prelude::*;
use memorm_tests::panics;

#[test]
fn a_panic_in_each_place_of_a_transaction_leaves_the_database_old() -> memorm::Result<()> {
    let places = 0..4;
    for place in places {
        let db = database();
        let old = all(&db.snapshot());
        let reached = |here: i32| assert!(here != place, "here");
        assert!(panics("here", || db.transaction(|s| {
            reached(0);
            s.add(row(0, 100))?;
            reached(1);
            s.nested(|s| {
                s.update::<Row>(8, |r| {
                    r.plain = 9;
                    reached(2);
                })?;
                s.delete_by_key::<Row>(1)
            })?;
            reached(3);
            Ok(())
        })));
        assert_eq!(all(&db.snapshot()), old);
        db.transaction(|s| s.add(row(0, 100)))?;
        db.assert_consistent();
    }
    Ok(())
}

#[test]
fn a_caught_panic_in_nested_leaves_the_rest_of_the_transaction() -> memorm::Result<()> {
    let db = database();
    db.transaction(|s| {
        s.add(row(0, 100))?;
        assert!(panics("inside", || s.nested(|s| -> memorm::Result<()> {
            s.add(row(0, 101))?;
            panic!("inside")
        })));
        s.add(row(0, 102)).map(drop)
    })?;
    let plain = select::<Row>().filter(Row::PLAIN.ge(100)).select(Row::PLAIN).all(&db)?;
    assert_eq!(plain, [100, 102]);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_caught_panic_in_update_leaves_the_session_at_work() -> memorm::Result<()> {
    let db = database();
    let mut session = db.session();
    session.add(row(0, 100))?;
    for _ in 0..3 {
        assert!(panics("inside", || session.update::<Row>(8, |r| {
            r.plain = -1;
            assert!(r.plain > 0, "inside");
        })));
        assert!(panics("inside", || update::<Row>().apply(&mut session, |r| assert!(r.id != 9, "inside"))));
        assert!(panics("inside", || { session.upsert(row(8, 8), |_, new| assert!(new.id != 8, "inside")) }));
    }
    assert_eq!(session.get_one::<Row>(8)?.plain, 8);
    session.commit()?;
    assert_eq!(select::<Row>().count(&db)?, 13);
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_closure_of_an_update_may_end_in_a_panic() -> memorm::Result<()> {
    let mut db = database();
    let mut session = db.session();
    assert!(panics("inside", || session.update::<Row>(8, |r| {
        r.plain = -1;
        panic!("inside")
    })));
    assert_eq!(session.get_one::<Row>(8)?.plain, 8);
    drop(session);
    let mut hot = db.exclusive()?;
    assert!(panics("inside", || hot.update::<Row>(8, |_| panic!("inside"))));
    assert_eq!(hot.get_one::<Row>(8)?.plain, 8);
    Ok(())
}

#[test]
fn a_panic_in_another_thread_poisons_nothing() -> memorm::Result<()> {
    let db = database();
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            panics("there", || {
                db.transaction(|s| -> memorm::Result<()> {
                    s.add(row(0, 100))?;
                    panic!("there")
                })
            })
        });
        assert!(thread.join().expect("the panic was caught"));
    });
    db.transaction(|s| s.add(row(0, 100)))?;
    assert_eq!(select::<Row>().count(&db)?, 13);
    Ok(())
}
