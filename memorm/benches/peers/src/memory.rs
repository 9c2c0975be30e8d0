//! Bytes a row, by a counting allocator, and what a deletion of all rows gives back.
//!
//! Two tables: the one of the other measurements, and one with a text key and two indexes. Beside memorm stands a bare
//! hash map with the same indexes kept by hand.
use crate::dummies;
use crate::peers::Store;
use crate::row::Row;
use hashbrown::{HashMap, HashSet};
use memorm::prelude::*;
use std::any::Any;
use std::collections::BTreeSet;

/// A row with a text key.
#[derive(Model, Clone, Debug)]
#[model(table = "named")]
pub struct Named {
    #[model(primary_key)]
    pub name: String,
    #[model(index)]
    pub price: f64,
    #[model(index)]
    pub cat: u32,
    pub qty: i64,
}

impl Named {
    fn nth(n: u64) -> Self {
        let Row { name, qty, price, cat, .. } = Row::nth(n);
        Self { name: format!("{name} {n:08}"), price, cat, qty }
    }
}

/// What a table takes.
#[derive(Clone, Copy, Debug)]
pub struct Bytes {
    pub table: &'static str,
    pub rows: usize,
    pub memorm: f64,
    pub hashmap: f64,
    /// Bytes in use when memorm was empty, full, and empty again.
    pub course: [usize; 3],
}

impl Bytes {
    /// memorm's bytes a row over those of the hash map.
    pub fn ratio(&self) -> f64 {
        self.memorm / self.hashmap
    }

    /// What is left after the deletion, as a share of what the rows took.
    pub fn left(&self) -> f64 {
        let [start, full, end] = self.course;
        end.saturating_sub(start) as f64 / (full - start) as f64
    }
}

/// Measures both tables; `used` gives the bytes in use.
pub fn measure(rows: usize, used: impl Fn() -> usize) -> [Bytes; 2] {
    let numbered = course(&used, (0..rows).map(|n| Row::nth(n as u64)));
    let named = course(&used, (0..rows).map(|n| Named::nth(n as u64)));
    let bytes = |table, course: [usize; 3], hashmap: usize| Bytes {
        table,
        rows,
        memorm: (course[1] - course[0]) as f64 / rows as f64,
        hashmap: hashmap as f64 / rows as f64,
        course,
    };
    [
        bytes("rows", numbered, taken(&used, || Store::filled(rows))),
        bytes("named", named, taken(&used, || NamedStore::filled(rows))),
    ]
}

/// How many bytes what `make` makes takes.
fn taken<T: Any>(used: impl Fn() -> usize, make: impl FnOnce() -> T) -> usize {
    let start = used();
    let made = make();
    let taken = used() - start;
    drop(made);
    taken
}

/// Fills a table, a tenth in a commit, and deletes all of it.
fn course<M: Model>(used: impl Fn() -> usize, mut rows: impl ExactSizeIterator<Item = M>) -> [usize; 3] {
    let db = Database::new();
    dummies::register(&db).expect("the names differ");
    db.register::<M>().expect("the names differ");
    let start = used();
    let mut session = db.session();
    let batch = rows.len().div_ceil(10);
    while rows.len() > 0 {
        session.add_all(rows.by_ref().take(batch)).expect("the keys differ");
        session.commit().expect("nobody else writes");
    }
    drop(session);
    let full = used();
    let snapshot = db.snapshot();
    let mut session = db.session();
    delete::<M>().exec(&mut session).expect("nothing refers to it");
    session.commit().expect("nobody else writes");
    drop((session, snapshot));
    [start, full, used()]
}

/// The table with a text key, kept by hand: one allocation of the key for the map and its indexes.
#[derive(Default)]
struct NamedStore {
    rows: HashMap<Arc<str>, Arc<Named>>,
    by_cat: HashMap<u32, HashSet<Arc<str>>>,
    by_price: BTreeSet<(u64, Arc<str>)>,
}

impl NamedStore {
    fn filled(rows: usize) -> Self {
        let mut store = Self::default();
        for row in (0..rows as u64).map(Named::nth) {
            let key: Arc<str> = row.name.as_str().into();
            store.by_cat.entry(row.cat).or_default().insert(key.clone());
            store.by_price.insert((row.price.to_bits(), key.clone()));
            store.rows.insert(key, Arc::new(row));
        }
        store
    }
}
