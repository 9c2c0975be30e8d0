//! A commit that fails leaves everything as it was.
use super::*;
use memorm_tests::{Dump, dump};

fn everything(db: &Database) -> (Dump, Version) {
    (dump(&db.snapshot(), &["test", "ledger"]), db.version())
}

/// Work whose commit fails.
type Work = fn(&mut Session) -> memorm::Result<()>;

#[test]
fn a_failing_commit_leaves_everything_as_it_was() -> memorm::Result<()> {
    let entry = |row_id, number| Entry { id: 0, row_id, number };
    let failing: [(&str, Work); 6] = [
        ("conflict", |s| s.update::<Row>(1, |r| r.value = 0).map(drop)),
        ("dangling", |s| s.add(Entry { id: 0, row_id: 99, number: 99 }).map(drop)),
        ("restrict", |s| s.delete_by_key::<Row>(2).map(drop)),
        ("restrict by statement", |s| delete::<Row>().exec(s).map(drop)),
        ("deferred unique", |s| s.add(Entry { id: 0, row_id: 2, number: 1 }).map(drop)),
        ("key", |s| s.add(row(50, 0)).map(drop)),
    ];
    for (name, work) in failing {
        let db = two_rows()?;
        db.transaction(|s| s.add_all([entry(1, 1), entry(2, 2)]))?;
        let mut session = db.session();
        // work that would succeed surrounds the one that fails
        session.add_all((3..30).map(|id| row(id, 0)))?;
        session.add(entry(3, 3))?;
        session.update::<Entry>(2, |e| e.row_id = 5)?;
        session.update::<Entry>(2, |e| e.row_id = 2)?;
        work(&mut session)?;
        session.add(entry(4, 4))?;
        db.transaction(|s| s.update::<Row>(1, |r| r.value += 1).and_then(|_| s.add(row(50, 1))))?;
        let before = everything(&db);
        let held = db.snapshot();
        assert!(session.commit().is_err(), "{name}");
        assert!(session.commit().is_err(), "{name}, again");
        assert_eq!(everything(&db), before, "{name}");
        assert_eq!(held.version(), db.version(), "{name}");
        db.assert_consistent();
        session.rollback();
        session.add(entry(50, 50))?;
        session.commit()?;
        db.assert_consistent();
    }
    Ok(())
}
