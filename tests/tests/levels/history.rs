//! Histories of racing threads, checked for cycles of dependencies after Adya.
//!
//! Lists hold the numbers of the transactions that appended to them, in order. So each read tells which version it saw, and
//! who came before and after: write-read, write-write and read-write edges follow. A cycle is an anomaly; at Snapshot, only
//! cycles with two read-write edges in a row may happen. Registers, which hide what was there before: `registers`.
use crate::racing::{self, dice};
use memorm::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::thread;

#[derive(Model, Clone)]
struct List {
    #[model(primary_key)]
    id: u32,
    #[model(opaque)]
    appended: Vec<u64>,
}

/// Each list as it was at some moment.
type Lists = BTreeMap<u32, Vec<u64>>;

/// What one committed transaction did: lists as it saw them, and which of them it appended to.
#[derive(Clone, Debug)]
struct Done {
    number: u64,
    read: Lists,
    appended: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edge {
    /// Came later in the same list, or saw what the other wrote.
    Depends,
    /// The other overwrote what this one saw.
    Anti,
}

pub type Edges = HashMap<u64, Vec<(u64, Edge)>>;

fn edges(history: &[Done], last: &Lists) -> Edges {
    let mut edges = Edges::new();
    let mut add = |from: u64, to: u64, edge| {
        if from != to {
            edges.entry(from).or_default().push((to, edge));
        }
    };
    for list in last.values() {
        list.windows(2).for_each(|pair| add(pair[0], pair[1], Edge::Depends));
    }
    for done in history {
        for (id, seen) in &done.read {
            let all = last.get(id).map_or(&[][..], |list| list);
            if let Some(writer) = seen.last() {
                add(*writer, done.number, Edge::Depends);
            }
            if let Some(next) = all.get(seen.len()) {
                add(done.number, *next, Edge::Anti);
            }
        }
    }
    edges
}

/// Whether a list was seen that is no beginning of the last one, or a committed append is missing from it.
fn lost(history: &[Done], last: &Lists) -> bool {
    let list = |id: &u32| last.get(id).map_or(&[][..], |list| list);
    history.iter().any(|done| {
        done.read.iter().any(|(id, seen)| !list(id).starts_with(seen))
            || done.appended.iter().any(|id| !list(id).contains(&done.number))
    })
}

/// Whether there is a cycle; where `may_skew`, one in which no two anti-dependencies follow each other. The states of the
/// walk are (transaction, whether the last edge was an anti-dependency).
pub fn has_cycle(edges: &Edges, may_skew: bool) -> bool {
    let none = Vec::new();
    let start_states = edges.keys().flat_map(|n| [(*n, false), (*n, true)]);
    for start in start_states {
        let mut seen = std::collections::HashSet::new();
        let mut open = vec![start];
        while let Some((at, was_anti)) = open.pop() {
            for (to, edge) in edges.get(&at).unwrap_or(&none) {
                let is_anti = *edge == Edge::Anti;
                if may_skew && was_anti && is_anti {
                    continue;
                }
                let state = (*to, may_skew && is_anti);
                if state == (start.0, may_skew && start.1) {
                    return true;
                }
                if seen.insert(state) {
                    open.push(state);
                }
            }
        }
    }
    false
}

fn is_valid(level: Isolation, history: &[Done], last: &Lists) -> bool {
    !lost(history, last) && !has_cycle(&edges(history, last), level == Isolation::Snapshot)
}

const LISTS: u32 = 4;

/// One transaction: reads two lists, by key or all at once, and appends its number to one or two of them.
fn run_one(db: &Database, number: u64) -> memorm::Result<Option<Done>> {
    let mut session = db.session();
    let mut roll = dice(number);
    let mut read = BTreeMap::new();
    if roll(4) == 0 {
        let few = select::<List>().filter(List::ID.le(2));
        read.extend(few.all(&session)?.iter().map(|list| (list.id, list.appended.clone())));
    }
    for _ in 0..2 {
        let id = roll(u64::from(LISTS)) as u32;
        read.insert(id, session.get_one::<List>(id)?.appended.clone());
    }
    thread::yield_now();
    let mut appended = Vec::new();
    for _ in 0..roll(3) {
        let id = roll(u64::from(LISTS)) as u32;
        if appended.contains(&id) {
            continue;
        }
        // a read as well, of what was there before
        read.entry(id).or_insert(session.get_one::<List>(id)?.appended.clone());
        session.update::<List>(id, |list| list.appended.push(number))?;
        appended.push(id);
    }
    match session.commit() {
        Ok(_) => Ok(Some(Done { number, read, appended })),
        Err(error) if error.is_conflict() => Ok(None),
        Err(error) => Err(error),
    }
}

fn race(level: Isolation) -> memorm::Result<(Vec<Done>, Lists)> {
    let db = Database::builder().isolation(level).build();
    db.transaction(|s| s.add_all((0..LISTS).map(|id| List { id, appended: Vec::new() })))?;
    let history = racing::race(|number| run_one(&db, number));
    let last = select::<List>().all(&db)?.iter().map(|list| (list.id, list.appended.clone())).collect();
    Ok((history, last))
}

#[test]
fn histories_of_four_threads_are_valid_for_their_level() -> memorm::Result<()> {
    for level in [Isolation::Snapshot, Isolation::Serializable] {
        let (history, last) = race(level)?;
        assert!(history.len() > 100, "only {} committed", history.len());
        assert!(is_valid(level, &history, &last), "{level:?}: {history:?}\n{last:?}");
    }
    Ok(())
}

fn done(number: u64, read: &[(u32, &[u64])], appended: &[u32]) -> Done {
    let read = read.iter().map(|(id, seen)| (*id, seen.to_vec())).collect();
    Done { number, read, appended: appended.to_vec() }
}

#[test]
fn a_planted_lost_update_is_reported() {
    let history = [done(1, &[(0, &[])], &[0]), done(2, &[(0, &[])], &[0])];
    let overwritten = BTreeMap::from([(0, vec![2])]);
    assert!(!is_valid(Isolation::Snapshot, &history, &overwritten));
    let blind = BTreeMap::from([(0, vec![1, 2])]);
    assert!(!is_valid(Isolation::Snapshot, &history, &blind), "2 has not seen 1, and follows it");
}

#[test]
fn a_planted_write_skew_is_reported_at_serializable_alone() {
    let history = [done(1, &[(0, &[]), (1, &[])], &[0]), done(2, &[(0, &[]), (1, &[])], &[1])];
    let last = BTreeMap::from([(0, vec![1]), (1, vec![2])]);
    assert!(is_valid(Isolation::Snapshot, &history, &last));
    assert!(!is_valid(Isolation::Serializable, &history, &last));
}

#[test]
fn a_planted_read_skew_is_reported() {
    let history = [done(1, &[(0, &[]), (1, &[])], &[0, 1]), done(2, &[(0, &[1]), (1, &[])], &[])];
    let last = BTreeMap::from([(0, vec![1]), (1, vec![1])]);
    assert!(!is_valid(Isolation::Snapshot, &history, &last));
}
