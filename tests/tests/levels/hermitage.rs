//! The Hermitage cases, played at both levels: an anomaly happens or it does not, and the guide's table says so.
use memorm::prelude::*;
use std::fmt::Write;

#[derive(Model, Clone)]
#[model(table = "test")]
struct Row {
    #[model(primary_key)]
    id: u32,
    value: i64,
}

struct Play {
    db: Database,
    one: Session,
    two: Session,
}

impl Play {
    /// Row 1 with 10, row 2 with 20, and two sessions that have begun without reading a row.
    fn new(level: Isolation) -> memorm::Result<Self> {
        let db = Database::builder().isolation(level).build();
        db.transaction(|s| s.add_all([Row { id: 1, value: 10 }, Row { id: 2, value: 20 }]))?;
        let (mut one, mut two) = (db.session(), db.session());
        one.savepoint();
        two.savepoint();
        Ok(Self { db, one, two })
    }

    fn committed(&self, id: u32) -> i64 {
        value(&self.db.session_with(Isolation::Snapshot), id)
    }
}

fn value(session: &Session, id: u32) -> i64 {
    session.get::<Row>(id).map_or(0, |row| row.value)
}

fn set(session: &mut Session, id: u32, value: i64) -> memorm::Result<()> {
    session.update::<Row>(id, |row| row.value = value).map(drop)
}

fn divisible_by_three(session: &Session) -> memorm::Result<Vec<u32>> {
    select::<Row>().filter((Row::VALUE % 3).eq(0)).select(Row::ID).all(session)
}

/// Whether the commit went through; any error but a conflict is one of the test.
fn commits(session: &mut Session) -> memorm::Result<bool> {
    match session.commit() {
        Ok(_) => Ok(true),
        Err(error) if error.is_conflict() => Ok(false),
        Err(error) => Err(error),
    }
}

fn g0(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    set(&mut play.one, 1, 11)?;
    set(&mut play.two, 1, 12)?;
    set(&mut play.one, 2, 21)?;
    let one = commits(&mut play.one)?;
    set(&mut play.two, 2, 22)?;
    let two = commits(&mut play.two)?;
    Ok((one && two) || (play.committed(1), play.committed(2)) != (11, 21))
}

fn g1a(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    set(&mut play.one, 1, 101)?;
    play.one.flush()?;
    let seen = value(&play.two, 1);
    play.one.rollback();
    Ok(seen != 10 || value(&play.two, 1) != 10)
}

fn g1b(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    set(&mut play.one, 1, 101)?;
    play.one.flush()?;
    let seen = value(&play.two, 1);
    set(&mut play.one, 1, 11)?;
    play.one.commit()?;
    Ok(seen == 101 || value(&play.two, 1) == 101)
}

fn g1c(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    set(&mut play.one, 1, 11)?;
    set(&mut play.two, 2, 22)?;
    let each_saw_the_other = value(&play.one, 2) == 22 && value(&play.two, 1) == 11;
    commits(&mut play.one)?;
    commits(&mut play.two)?;
    Ok(each_saw_the_other)
}

fn otv(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    let watcher = play.db.session();
    set(&mut play.one, 1, 11)?;
    set(&mut play.one, 2, 19)?;
    set(&mut play.two, 1, 12)?;
    play.one.commit()?;
    let first = value(&watcher, 1);
    set(&mut play.two, 2, 18)?;
    commits(&mut play.two)?;
    Ok((first, value(&watcher, 2)) != (11, 19))
}

fn pmp(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    let before = divisible_by_three(&play.one)?;
    play.two.add(Row { id: 3, value: 30 })?;
    play.two.commit()?;
    Ok(divisible_by_three(&play.one)? != before)
}

fn p4(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    let (one, two) = (value(&play.one, 1), value(&play.two, 1));
    set(&mut play.one, 1, one + 1)?;
    set(&mut play.two, 1, two + 1)?;
    let both = commits(&mut play.one)? && commits(&mut play.two)?;
    Ok(both && play.committed(1) != 12)
}

fn g_single(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    let first = value(&play.one, 1);
    set(&mut play.two, 1, 12)?;
    set(&mut play.two, 2, 18)?;
    play.two.commit()?;
    Ok((first, value(&play.one, 2)) != (10, 20))
}

fn g2_item(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    for session in [&play.one, &play.two] {
        assert_eq!((value(session, 1), value(session, 2)), (10, 20));
    }
    set(&mut play.one, 1, 11)?;
    set(&mut play.two, 2, 21)?;
    Ok(commits(&mut play.one)? && commits(&mut play.two)?)
}

fn g2(level: Isolation) -> memorm::Result<bool> {
    let mut play = Play::new(level)?;
    for session in [&play.one, &play.two] {
        assert!(divisible_by_three(session)?.is_empty());
    }
    play.one.add(Row { id: 3, value: 30 })?;
    play.two.add(Row { id: 4, value: 42 })?;
    Ok(commits(&mut play.one)? && commits(&mut play.two)?)
}

/// Whether the anomaly happens at a level.
type Case = fn(Isolation) -> memorm::Result<bool>;

const CASES: [(&str, &str, Case); 10] = [
    ("G0", "write cycles", g0),
    ("G1a", "aborted reads", g1a),
    ("G1b", "intermediate reads", g1b),
    ("G1c", "circular information flow", g1c),
    ("OTV", "observed transactions vanish", otv),
    ("PMP", "predicates see later rows", pmp),
    ("P4", "lost updates", p4),
    ("G-single", "read skew", g_single),
    ("G2-item", "write skew", g2_item),
    ("G2", "write skew through a predicate", g2),
];

#[test]
fn snapshot_prevents_the_first_eight_anomalies_and_serializable_all_ten() -> memorm::Result<()> {
    for (i, (name, _, case)) in CASES.iter().enumerate() {
        assert_eq!(case(Isolation::Snapshot)?, i >= 8, "{name} at Snapshot");
        assert!(!case(Isolation::Serializable)?, "{name} at Serializable");
    }
    Ok(())
}

#[test]
fn the_guide_has_the_table_that_is_printed_here() -> memorm::Result<()> {
    let word = |happens| if happens { "possible" } else { "prevented" };
    let mut table = String::from("| anomaly | what it is | Snapshot | Serializable |\n|---|---|---|---|\n");
    for (name, what, case) in CASES {
        let (snapshot, serializable) = (case(Isolation::Snapshot)?, case(Isolation::Serializable)?);
        let _ = writeln!(table, "| {name} | {what} | {} | {} |", word(snapshot), word(serializable));
    }
    println!("{table}");
    assert!(include_str!("../../../memorm/src/guide/isolation.md").contains(&table), "expected\n{table}");
    Ok(())
}
