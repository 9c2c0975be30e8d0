//! Histories of registers: each write replaces the value, so it hides what was there before.
//!
//! Every value is the number of the transaction that wrote it. Each transaction reads a register before it writes it, so
//! the value that it saw is the one that its own follows: from these pairs come the order of the versions, and with it the
//! write-write and read-write edges. Two followers of one value are a lost update; a cycle is an anomaly, at Snapshot only
//! one in which no two anti-dependencies follow each other.
use crate::history::{Edge, Edges, has_cycle};
use crate::racing::{self, dice};
use memorm::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::thread;

#[derive(Model, Clone)]
struct Register {
    #[model(primary_key)]
    id: u32,
    value: u64,
}

/// What one committed transaction did: values as it saw them, and the registers that it wrote.
#[derive(Clone, Debug)]
struct Done {
    number: u64,
    read: BTreeMap<u32, u64>,
    written: Vec<u32>,
}

/// The edges between the transactions of a history; `None` where two have overwritten the same value.
fn edges(history: &[Done]) -> Option<Edges> {
    let mut next: HashMap<(u32, u64), u64> = HashMap::new();
    for done in history {
        for id in &done.written {
            if next.insert((*id, done.read[id]), done.number).is_some() {
                return None;
            }
        }
    }
    let mut edges = Edges::new();
    let mut add = |from: u64, to: u64, edge| {
        // 0 is what was there at the beginning
        if from != to && from != 0 {
            edges.entry(from).or_default().push((to, edge));
        }
    };
    for ((_, before), after) in &next {
        add(*before, *after, Edge::Depends);
    }
    for done in history {
        for (id, seen) in &done.read {
            add(*seen, done.number, Edge::Depends);
            if let Some(after) = next.get(&(*id, *seen)) {
                add(done.number, *after, Edge::Anti);
            }
        }
    }
    Some(edges)
}

fn is_valid(level: Isolation, history: &[Done]) -> bool {
    edges(history).is_some_and(|edges| !has_cycle(&edges, level == Isolation::Snapshot))
}

const REGISTERS: u64 = 5;

/// One transaction: reads two registers, by key or with a query, and writes none to two of them.
fn run_one(db: &Database, number: u64) -> memorm::Result<Option<Done>> {
    let mut session = db.session();
    let mut roll = dice(number);
    let mut read = BTreeMap::new();
    if roll(3) == 0 {
        let few = select::<Register>().filter(Register::ID.ge(3)).select((Register::ID, Register::VALUE));
        read.extend(few.all(&session)?);
    }
    for _ in 0..2 {
        let id = roll(REGISTERS) as u32;
        read.insert(id, session.get_one::<Register>(id)?.value);
    }
    thread::yield_now();
    let mut written = Vec::new();
    for _ in 0..roll(3) {
        let id = roll(REGISTERS) as u32;
        if !written.contains(&id) {
            read.entry(id).or_insert(session.get_one::<Register>(id)?.value);
            session.update::<Register>(id, |register| register.value = number)?;
            written.push(id);
        }
    }
    match session.commit() {
        Ok(_) => Ok(Some(Done { number, read, written })),
        Err(error) if error.is_conflict() => Ok(None),
        Err(error) => Err(error),
    }
}

fn race(level: Isolation) -> memorm::Result<Vec<Done>> {
    let db = Database::builder().isolation(level).build();
    db.transaction(|s| s.add_all((0..REGISTERS as u32).map(|id| Register { id, value: 0 })))?;
    Ok(racing::race(|number| run_one(&db, number)))
}

#[test]
fn histories_of_registers_are_valid_for_their_level() -> memorm::Result<()> {
    for level in [Isolation::Snapshot, Isolation::Serializable] {
        let history = race(level)?;
        assert!(history.len() > 100, "only {} committed", history.len());
        assert!(is_valid(level, &history), "{level:?}: {history:?}");
    }
    Ok(())
}

fn done(number: u64, read: &[(u32, u64)], written: &[u32]) -> Done {
    Done { number, read: read.iter().copied().collect(), written: written.to_vec() }
}

#[test]
fn a_planted_lost_update_of_a_register_is_reported() {
    let history = [done(1, &[(0, 0)], &[0]), done(2, &[(0, 0)], &[0])];
    assert!(!is_valid(Isolation::Snapshot, &history));
}

#[test]
fn a_planted_read_skew_of_registers_is_reported() {
    let history = [done(1, &[(0, 0), (1, 0)], &[0, 1]), done(2, &[(0, 1), (1, 0)], &[])];
    assert!(!is_valid(Isolation::Snapshot, &history));
}

#[test]
fn a_planted_write_skew_of_registers_is_reported_at_serializable_alone() {
    let history = [done(1, &[(0, 0), (1, 0)], &[0]), done(2, &[(0, 0), (1, 0)], &[1])];
    assert!(is_valid(Isolation::Snapshot, &history));
    assert!(!is_valid(Isolation::Serializable, &history));
}

#[test]
fn a_writer_of_many_rows_is_not_starved_by_writers_of_few() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..4_000).map(|id| Register { id, value: 0 })))?;
    let is_done = std::sync::atomic::AtomicBool::new(false);
    let (db, is_done) = (&db, &is_done);
    thread::scope(|scope| {
        for n in 0..3 {
            scope.spawn(move || {
                // each has rows of its own: nobody conflicts, all race for the head
                while !is_done.load(std::sync::atomic::Ordering::Relaxed) {
                    let write = |s: &mut Session| s.update::<Register>(n, |register| register.value += 1);
                    db.transaction(write).expect("nobody else writes this row");
                }
            });
        }
        let result = (0..20).try_for_each(|_| {
            let mut session = db.session();
            for id in 10..2_000 {
                session.update::<Register>(id, |register| register.value += 1)?;
            }
            // one attempt: it waits for its turn, it does not lose
            session.commit().map(drop)
        });
        is_done.store(true, std::sync::atomic::Ordering::Relaxed);
        result
    })?;
    assert_eq!(db.snapshot().get_one::<Register>(10)?.value, 20);
    Ok(())
}
