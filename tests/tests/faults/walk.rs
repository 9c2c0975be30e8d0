//! One case, with a fault at its first, second, third … step.
use crate::cases::{CASES, Case, Stage};
use crate::models::{Row, all, fill, row};
use allocation_counter::measure;
use memorm::fault::{Outcome, run};
use memorm::prelude::*;
use memorm_tests::Dump;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How the database is watched.
#[derive(Clone, Copy, Debug)]
pub struct Mode {
    is_watched: bool,
    isolation: Isolation,
}

pub const MODES: [Mode; 3] = [
    Mode { is_watched: false, isolation: Isolation::Snapshot },
    Mode { is_watched: true, isolation: Isolation::Snapshot },
    Mode { is_watched: false, isolation: Isolation::Serializable },
];

fn stage(case: &Case, mode: Mode) -> memorm::Result<Stage> {
    let history = if mode.is_watched { 5 } else { 0 };
    let db = Database::builder().history(history).isolation(mode.isolation).build();
    fill(&db)?;
    if mode.is_watched {
        db.on_commit(|_| Ok::<_, String>(()));
    }
    let mut stage = Stage { session: db.session(), db, fork: None };
    (case.before)(&mut stage)?;
    Ok(stage)
}

/// Whether all goes on: the old session, a new one, the feed.
fn goes_on(stage: &mut Stage) -> memorm::Result<()> {
    stage.session.rollback();
    let key = select::<Row>().select(Row::ID).first(&stage.session)?;
    if let Some(key) = key {
        stage.session.update::<Row>(key, |row| row.key = -1)?;
    }
    stage.session.add(row(-2))?;
    stage.session.commit()?;
    stage.db.transaction(|s| s.add(row(-3)))?;
    stage.db.exclusive().err().map_or(Ok(()), |error| match error {
        memorm::Error::Busy { .. } => Ok(()),
        other => Err(other),
    })
}

/// What is wrong after a fault at `n`; `None` where the work has fewer steps. Points are noted in `seen`.
fn fault(
    case: &Case,
    mode: Mode,
    n: u64,
    new: &Dump,
    seen: &mut BTreeSet<&'static str>,
) -> memorm::Result<Option<Vec<String>>> {
    let mut stage = stage(case, mode)?;
    let old = all(&stage.db.snapshot());
    let mut feed = mode.is_watched.then(|| stage.db.subscribe());
    let point = match run(n, || (case.work)(&mut stage)) {
        Outcome::Failed(point) => point,
        Outcome::Done(_, points) => {
            seen.extend(points);
            return Ok(None);
        }
    };
    let mut wrong = Vec::new();
    let mut note = |what: &str| wrong.push(format!("{}, {mode:?}, step {n} `{point}`: {what}", case.name));
    let now = all(&stage.db.snapshot());
    if now != old && now != *new {
        note("half of it is there");
    }
    if let Some(feed) = &mut feed {
        let told = std::iter::from_fn(|| feed.try_next()).last().map(|commit| all(&commit.snapshot()));
        if told.unwrap_or(old) != now {
            note("the feed tells something else");
        }
    }
    if let Err(error) = goes_on(&mut stage) {
        note(&format!("it does not go on: {error}"));
    }
    if catch_unwind(AssertUnwindSafe(|| stage.db.assert_consistent())).is_err() {
        note("the database is not consistent");
    }
    Ok(Some(wrong))
}

/// Walks through all steps of a case; what is wrong, and how many faults there were.
fn walk(case: &Case, mode: Mode, seen: &mut BTreeSet<&'static str>) -> memorm::Result<(Vec<String>, u64)> {
    let mut whole = stage(case, mode)?;
    // some are refused: then old is new
    let _ = (case.work)(&mut whole);
    let new = all(&whole.db.snapshot());
    drop(whole);
    let mut wrong = Vec::new();
    for n in 0.. {
        match fault(case, mode, n, &new, seen)? {
            Some(found) => wrong.extend(found),
            None => return Ok((wrong, n)),
        }
    }
    Ok((wrong, u64::MAX))
}

/// Walks through all cases; the points that they came by, and how many faults there were.
pub fn walk_all() -> memorm::Result<(BTreeSet<&'static str>, u64)> {
    let mut seen = BTreeSet::new();
    let (mut wrong, mut faults) = (Vec::new(), 0);
    for case in &CASES {
        for mode in MODES {
            let (found, steps) = walk(case, mode, &mut seen)?;
            wrong.extend(found);
            faults += steps;
        }
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok((seen, faults))
}

#[test]
fn a_fault_leaves_nothing_behind_in_memory() -> memorm::Result<()> {
    let all = || walk_all().map(drop);
    all()?;
    let mut result = Ok(());
    let left = measure(|| result = all()).bytes_current;
    assert!(left <= 4_096, "{left} bytes are left");
    result
}

/// Work in two commits, of which a fault leaves the first.
const HALF: Case = Case {
    name: "two commits",
    before: |_| Ok(()),
    work: |stage| {
        stage.db.transaction(|s| s.add(row(100)))?;
        stage.db.transaction(|s| s.add(row(101))).map(drop)
    },
};

#[test]
fn a_planted_half_commit_is_found() -> memorm::Result<()> {
    let (wrong, _) = walk(&HALF, MODES[0], &mut BTreeSet::new())?;
    assert!(wrong.iter().any(|what| what.ends_with("half of it is there")), "{wrong:?}");
    Ok(())
}
