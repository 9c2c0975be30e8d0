//! The kinds of work whose steps fail.
use crate::models::{Note, Row, row};
use memorm::prelude::*;

/// Some work, after what has to be there before it.
pub struct Case {
    pub name: &'static str,
    /// Is not disturbed.
    pub before: fn(&mut Stage) -> memorm::Result<()>,
    pub work: fn(&mut Stage) -> memorm::Result<()>,
}

/// What a case plays on.
pub struct Stage {
    pub db: Database,
    pub session: Session,
    pub fork: Option<(Snapshot, Database)>,
}

fn nothing(_: &mut Stage) -> memorm::Result<()> {
    Ok(())
}

/// Adds, updates and deletes, not committed.
fn write(s: &mut Session) -> memorm::Result<()> {
    s.add_all([row(100), row(101)])?;
    s.update::<Row>(7, |row| {
        row.key = 700;
        row.label = "other".to_owned();
    })?;
    s.delete_by_key::<Row>(9)?;
    s.delete_by_key::<Row>(1).map(drop)
}

fn written(stage: &mut Stage) -> memorm::Result<()> {
    write(&mut stage.session)
}

fn written_and_seen(stage: &mut Stage) -> memorm::Result<()> {
    write(&mut stage.session)?;
    select::<Row>().count(&stage.session).map(drop)
}

/// Somebody else commits to another row.
fn moved(stage: &mut Stage) -> memorm::Result<()> {
    write(&mut stage.session)?;
    stage.db.transaction(|s| s.add(row(300)))?;
    stage.db.transaction(|s| s.update::<Row>(12, |row| row.key = 1_200)).map(drop)
}

fn forked(stage: &mut Stage) -> memorm::Result<()> {
    let (base, fork) = (stage.db.snapshot(), stage.db.fork());
    fork.transaction(|s| {
        s.add(row(400))?;
        s.update::<Row>(11, |row| row.label = "theirs".to_owned())?;
        s.delete_by_key::<Row>(6).map(drop)
    })?;
    stage.db.transaction(|s| s.add(row(401)))?;
    stage.fork = Some((base, fork));
    Ok(())
}

fn commit(stage: &mut Stage) -> memorm::Result<()> {
    stage.session.commit().map(drop)
}

fn merge(stage: &mut Stage, resolve: Resolve) -> memorm::Result<()> {
    let (base, fork) = stage.fork.as_ref().ok_or(memorm::Error::NothingToUndo)?;
    stage.db.merge(base, &fork.snapshot(), resolve).map(drop)
}

pub const CASES: [Case; 21] = [
    Case { name: "commit", before: written, work: commit },
    Case {
        name: "commit of one update",
        before: |stage| stage.session.update::<Row>(7, |r| r.key = 70).map(drop),
        work: commit,
    },
    Case { name: "commit of a private version", before: written_and_seen, work: commit },
    Case { name: "commit onto a head that moved", before: moved, work: commit },
    Case {
        name: "commit with a conflict",
        before: |stage| {
            write(&mut stage.session)?;
            stage.db.transaction(|s| s.update::<Row>(7, |row| row.key = 7_000)).map(drop)
        },
        work: commit,
    },
    Case {
        name: "commit of a new table",
        before: |stage| stage.session.add(Note { id: 1, row_id: 12 }).map(drop),
        work: commit,
    },
    Case {
        name: "commit that breaks a rule",
        before: |stage| stage.session.add(Note { id: 1, row_id: 77 }).map(drop),
        work: commit,
    },
    Case {
        name: "write and commit",
        before: nothing,
        work: |stage| write(&mut stage.session).and_then(|()| commit(stage)),
    },
    Case {
        name: "write with a private version and commit",
        before: written_and_seen,
        work: |stage| {
            stage.session.add(row(500))?;
            stage.session.delete_by_key::<Row>(10)?;
            commit(stage)
        },
    },
    Case {
        name: "transaction",
        before: nothing,
        work: |stage| {
            stage.db.transaction(|s| {
                s.delete_by_key::<Row>(2)?;
                update::<Row>().filter(Row::KEY.gt(8)).set(Row::LABEL, "many").exec(s)?;
                s.add(row(600)).map(drop)
            })
        },
    },
    Case {
        name: "nested work that is undone",
        before: written_and_seen,
        work: |stage| {
            let undone = stage.session.nested(|s| {
                s.add(row(710))?;
                s.update::<Row>(8, |row| row.key = 810)?;
                s.delete_by_key::<Row>(12)?;
                Err::<(), _>(memorm::Error::other("no"))
            });
            assert!(undone.is_err());
            commit(stage)
        },
    },
    Case {
        name: "rollback to a savepoint",
        before: nothing,
        work: |stage| {
            let here = stage.session.savepoint();
            write(&mut stage.session)?;
            stage.session.rollback_to(&here)?;
            stage.session.add(row(800))?;
            commit(stage)
        },
    },
    Case {
        name: "a statement that fails",
        before: written_and_seen,
        work: |stage| {
            let same = update::<Row>().filter(Row::ID.gt(6)).set(Row::KEY, 5).exec(&mut stage.session);
            assert!(same.is_err());
            commit(stage)
        },
    },
    Case {
        name: "rollback",
        before: written_and_seen,
        work: |stage| {
            stage.session.rollback();
            Ok(())
        },
    },
    Case { name: "merge", before: forked, work: |stage| merge(stage, Resolve::Rekey) },
    Case { name: "merge that is refused", before: forked, work: |stage| merge(stage, Resolve::Fail) },
    Case {
        name: "restore",
        before: |stage| {
            stage.db.checkpoint("here");
            stage.db.transaction(|s| s.delete_by_key::<Row>(1)).map(drop)
        },
        work: |stage| stage.db.restore("here").map(drop),
    },
    Case {
        name: "undo",
        before: |stage| stage.db.transaction(|s| s.add(row(900))).map(drop),
        work: |stage| match stage.db.undo() {
            // where no history is kept
            Err(memorm::Error::NothingToUndo) => Ok(()),
            other => other.map(drop),
        },
    },
    Case {
        name: "clear",
        before: nothing,
        work: |stage| {
            stage.db.clear();
            Ok(())
        },
    },
    Case { name: "register", before: nothing, work: |stage| stage.db.register::<Note>() },
    Case {
        name: "the direct path",
        before: nothing,
        work: |stage| {
            // no session may be open
            stage.session = Database::new().session();
            stage.db.exclusive()?.add(row(950)).map(drop)
        },
    },
];
