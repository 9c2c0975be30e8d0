//! Each call of a session, with user code that panics at its first, second, third … call until it does no more.
//! Whatever panics, the call has not happened, or has; and all goes on.
use crate::fuse::{At, blows, burn};
use crate::models::{Row, Touchy, all, database, row};
use memorm::prelude::*;
use memorm_tests::Dump;
use std::panic::{AssertUnwindSafe, catch_unwind};

type Call = fn(&mut Session) -> memorm::Result<()>;

const CALLS: [(&str, Call); 20] = [
    ("add", |s| s.add(row(0, 100)).map(drop)),
    ("add an arc", |s| s.add(shared(100)).map(drop)),
    ("add_all", |s| s.add_all([row(0, 100), row(0, 101), row(50, 102)]).map(drop)),
    ("update", |s| s.update::<Row>(7, change).map(drop)),
    ("update of a new row", |s| s.update::<Row>(20, change).map(drop)),
    ("merge into a row", |s| s.merge(row(7, 100)).map(drop)),
    ("merge a new row", |s| s.merge(row(60, 100)).map(drop)),
    ("upsert", |s| s.upsert(row(7, 7), take).map(drop)),
    ("upsert_on", |s| s.upsert_on(Row::KEY, row(0, 8), take).map(drop)),
    ("delete", |s| s.delete_by_key::<Row>(9).map(drop)),
    ("delete with a cascade", |s| s.delete_by_key::<Row>(1).map(drop)),
    ("delete of an object", |s| s.get::<Row>(9).map_or(Ok(()), |r| s.delete(&r).map(drop))),
    ("insert", |s| insert::<Row>().rows([row(0, 100), row(0, 101)]).exec(s).map(drop)),
    ("update statement", |s| {
        update::<Row>().filter(Row::PLAIN.between(7, 9)).set(Row::PLAIN, Row::PLAIN + 1).exec(s).map(drop)
    }),
    ("update of an indexed column", |s| {
        update::<Row>().filter(Row::N.eq(Touchy(2))).set(Row::N, Touchy(4)).exec(s).map(drop)
    }),
    ("update of a unique column", |s| {
        update::<Row>().filter(Row::PLAIN.eq(8)).set(Row::KEY, Touchy(500)).exec(s).map(drop)
    }),
    ("apply", |s| update::<Row>().filter(Row::PLAIN.gt(6)).apply(s, change).map(drop)),
    ("filter_with", |s| {
        let test = |r: &Row| {
            burn(At::Closure);
            r.plain > 6
        };
        delete::<Row>().filter_with(test).exec(s).map(drop)
    }),
    ("returning", |s| {
        update::<Row>()
            .filter(Row::PLAIN.gt(6))
            .set(Row::N, Touchy(3))
            .returning((Row::N, Row::KEY))
            .all(s)
            .map(drop)
    }),
    ("nested", |s| {
        s.nested(|s| {
            s.add(row(0, 100))?;
            burn(At::Closure);
            s.nested(|s| s.update::<Row>(8, change))?;
            burn(At::Closure);
            s.delete_by_key::<Row>(1).map(drop)
        })
    }),
];

fn shared(key: i64) -> Arc<Row> {
    thread_local! {
        static HELD: std::cell::RefCell<Vec<Arc<Row>>> = const { std::cell::RefCell::new(Vec::new()) };
    }
    let row = Arc::new(row(0, key));
    HELD.with_borrow_mut(|held| held.push(row.clone()));
    row
}

fn change(row: &mut Row) {
    row.plain += 1_000;
    burn(At::Closure);
    row.n = Touchy(row.n.0 + 100);
    row.key = Touchy(row.key.0 + 1_000);
    burn(At::Closure);
}

fn take(old: &mut Row, new: Row) {
    old.plain = -new.plain;
    burn(At::Closure);
    old.n = Touchy(77);
}

/// A session in the middle of its work: with its own version, or with rows that are only noted.
fn session(db: &Database, is_private: bool) -> memorm::Result<Session> {
    let mut session = db.session();
    session.add(row(20, 20))?;
    session.update::<Row>(10, |r| r.n = Touchy(3))?;
    if is_private {
        session.delete_by_key::<Row>(11)?;
        select::<Row>().count(&session)?;
    }
    Ok(session)
}

/// What the session sees before a call and after it, undisturbed.
fn expected(call: Call, is_private: bool) -> memorm::Result<(Dump, Dump)> {
    let db = database();
    let before = all(&session(&db, is_private)?.view());
    let mut session = session(&db, is_private)?;
    call(&mut session)?;
    Ok((before, all(&session.view())))
}

/// What is wrong after user code of this kind has panicked in each of its calls, one after the other.
fn wrongs(at: At, name: &str, call: Call) -> memorm::Result<Vec<String>> {
    let mut wrongs = Vec::new();
    for is_private in [false, true] {
        let (before, after) = expected(call, is_private)?;
        for n in 0.. {
            let db = database();
            let old = all(&db.snapshot());
            let mut session = session(&db, is_private)?;
            if !blows(at, n, || call(&mut session)) {
                break;
            }
            let mut note =
                |what: &str| wrongs.push(format!("{name}, call {n} of {at:?}, private {is_private}: {what}"));
            if all(&db.snapshot()) != old {
                note("the database has changed");
            }
            let now = all(&session.view());
            // a replaced row may be dropped when all is done
            if now != before && !(at == At::Drop && now == after) {
                note("the session does not see what it saw before the call");
            }
            match session.commit() {
                Ok(_) if all(&db.snapshot()) != now => note("what was committed is not what the session saw"),
                Ok(_) => {}
                Err(error) => note(&format!("the session cannot commit: {error}")),
            }
            if catch_unwind(AssertUnwindSafe(|| db.assert_consistent())).is_err() {
                note("the database is not consistent");
            }
            if db.transaction(|s| s.add(row(0, 900))).is_err() {
                note("the next commit fails");
            }
        }
    }
    Ok(wrongs)
}

fn nothing_is_wrong(at: At) -> memorm::Result<()> {
    let mut all = Vec::new();
    for (name, call) in CALLS {
        all.extend(wrongs(at, name, call)?);
    }
    assert!(all.is_empty(), "{} are wrong:\n{}", all.len(), all.join("\n"));
    Ok(())
}

#[test]
fn a_clone_that_panics_undoes_the_call() -> memorm::Result<()> {
    nothing_is_wrong(At::Clone)
}

#[test]
fn a_check_that_panics_undoes_the_call() -> memorm::Result<()> {
    nothing_is_wrong(At::Check)
}

#[test]
fn a_closure_that_panics_undoes_the_call() -> memorm::Result<()> {
    nothing_is_wrong(At::Closure)
}

#[test]
fn a_clock_that_panics_undoes_the_call() -> memorm::Result<()> {
    nothing_is_wrong(At::Clock)
}

#[test]
fn a_column_type_that_panics_undoes_the_call() -> memorm::Result<()> {
    nothing_is_wrong(At::Field)
}

#[test]
fn a_drop_that_panics_leaves_the_call_undone_or_done() -> memorm::Result<()> {
    nothing_is_wrong(At::Drop)
}

/// Ends of a unit of work: afterwards the database is old or new.
const ENDS: [(&str, Call); 5] = [
    ("commit", |s| s.commit().map(drop)),
    ("flush and commit", |s| s.flush().and_then(|()| s.commit()).map(drop)),
    ("view and commit", |s| s.view().get_one::<Row>(20).and_then(|_| s.commit()).map(drop)),
    ("delete, commit", |s| s.delete_by_key::<Row>(1).and_then(|_| s.commit()).map(drop)),
    ("rollback", |s| {
        s.rollback();
        Ok(())
    }),
];

#[test]
fn a_panic_at_the_end_of_the_work_leaves_the_database_old_or_new() -> memorm::Result<()> {
    for at in [At::Clone, At::Check, At::Field, At::Drop, At::Clock] {
        for (name, end) in ENDS {
            for (is_private, is_moved) in [(false, false), (true, false), (false, true), (true, true)] {
                let prepare = || -> memorm::Result<(Database, Session)> {
                    let db = database();
                    let session = session(&db, is_private)?;
                    if is_moved {
                        db.transaction(|s| s.update::<Row>(12, |r| r.plain = -1))?;
                    }
                    Ok((db, session))
                };
                let (db, mut session) = prepare()?;
                end(&mut session)?;
                let new = all(&db.snapshot());
                for n in 0.. {
                    let (db, mut session) = prepare()?;
                    let old = all(&db.snapshot());
                    if !blows(at, n, || end(&mut session)) {
                        break;
                    }
                    let what = format!("{name}, call {n} of {at:?}, private {is_private}, moved {is_moved}");
                    let now = all(&db.snapshot());
                    assert!(now == old || now == new, "{what}: half of it");
                    db.assert_consistent();
                    session.rollback();
                    assert_eq!(all(&session.view()), now, "{what}");
                    session.update::<Row>(8, |r| r.plain = 0)?;
                    session.commit()?;
                    db.transaction(|s| s.add(row(0, 900)))?;
                    db.assert_consistent();
                }
            }
        }
    }
    Ok(())
}

#[test]
fn reading_with_a_panic_leaves_the_session_as_it_was() -> memorm::Result<()> {
    let reads: [(&str, Call); 8] = [
        ("get", |s| s.get_one::<Row>(7).map(drop)),
        ("all", |s| select::<Row>().all(s).map(drop)),
        ("filter", |s| {
            select::<Row>().filter(Row::N.gt(Touchy(1)) & Row::KEY.ne(Touchy(3))).all(s).map(drop)
        }),
        ("by index", |s| {
            select::<Row>().filter(Row::N.eq(Touchy(3)) | Row::KEY.eq(Touchy(3))).all(s).map(drop)
        }),
        ("order", |s| select::<Row>().order_by((Row::N.desc(), Row::KEY)).limit(3).all(s).map(drop)),
        ("project", |s| select::<Row>().select((Row::N, Row::LOAD)).all(s).map(drop)),
        ("aggregate", |s| select::<Row>().aggregate((Row::N.max(), count_distinct(Row::KEY)), s).map(drop)),
        ("closure", |s| {
            let test = |_: &Row| {
                burn(At::Closure);
                true
            };
            select::<Row>().filter_with(test).select(Row::PLAIN.map(|n| n + 1)).all(s).map(drop)
        }),
    ];
    for at in [At::Clone, At::Field, At::Closure, At::Drop] {
        for (name, read) in reads {
            for is_private in [false, true] {
                let (before, _) = expected(|_| Ok(()), is_private)?;
                for n in 0.. {
                    let db = database();
                    let mut session = session(&db, is_private)?;
                    if !blows(at, n, || read(&mut session)) {
                        break;
                    }
                    assert_eq!(all(&session.view()), before, "{name}, call {n} of {at:?}");
                    session.commit()?;
                    assert_eq!(all(&db.snapshot()), before, "{name}, call {n} of {at:?}");
                    db.assert_consistent();
                }
            }
        }
    }
    Ok(())
}
