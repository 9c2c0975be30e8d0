//! The benchmark of the project that memorm is modelled on, with its rows, its statements and its figures.
//!
//! ```text
//! cargo run --release -p memorm --example seed_bench
//! ```
//!
//! Five phases over 20,000 rows: insert all, 500 selects that want every row, 500 that want five, 500 updates and 500
//! deletes, each a statement that finds its row by key. Building a statement counts, reading the files does not. Times
//! are CPU seconds of this thread. Beside them stand those of the model project (Python objects in RAM) and of SQLite in
//! memory behind its ORM, taken on another machine: read the ratios for their order of magnitude.
//!
//! Every number of rows is checked.
pub mod phases;
pub mod workload;

use cpu_time::ThreadTime;
use memorm::prelude::*;
use phases::{delete_rows, insert_rows, select_all, select_some, update_rows};
use workload::{Change, Item, LIMIT, Parsed, Question, Workload};

/// A phase with the CPU seconds of the two others.
struct Phase {
    name: &'static str,
    model_project: f64,
    sqlite: f64,
}

const INSERT: Phase = Phase { name: "insert 20,000 rows", model_project: 0.34, sqlite: 0.91 };
const ALL: Phase = Phase { name: "500 selects, all rows", model_project: 9.6, sqlite: 48.4 };
const LIMITED: Phase = Phase { name: "500 selects, limit 5", model_project: 0.46, sqlite: 0.28 };
const UPDATES: Phase = Phase { name: "500 updates", model_project: 0.09, sqlite: 0.16 };
const DELETES: Phase = Phase { name: "500 deletes", model_project: 0.07, sqlite: 0.07 };

/// What the 500 statements of the phase "all" return together.
const ROWS_OF_ALL: usize = 2_810_168;

fn main() -> Parsed<()> {
    let Workload { rows, all, limited, updates, deletes } = Workload::read()?;
    let inserted = rows.len();
    let db = Database::new();

    println!(
        "{:24}{:>10}{:>16}{:>10}{:>12}{:>9}",
        "CPU seconds", "memorm", "model project", "ratio", "SQLite ORM", "ratio"
    );
    timed(&INSERT, || insert_rows(&db, rows))?;
    assert_eq!(select::<Item>().count(&db)?, inserted);

    let found = timed(&ALL, || select_all(&db, &all))?;
    check("all", &all, &found, usize::MAX);
    assert_eq!(found.iter().sum::<usize>(), ROWS_OF_ALL);

    let found = timed(&LIMITED, || select_some(&db, &limited))?;
    check("limit", &limited, &found, LIMIT);

    assert_eq!(timed(&UPDATES, || update_rows(&db, &updates))?, updates.len());
    let is_written = |change: &Change| -> memorm::Result<bool> {
        let item = db.snapshot().get_one::<Item>(change.id)?;
        Ok(item.category == change.category && item.active == change.active)
    };
    for change in &updates {
        assert!(is_written(change)?, "{change:?}");
    }

    assert_eq!(timed(&DELETES, || delete_rows(&db, &deletes))?, deletes.len());
    assert_eq!(select::<Item>().count(&db)?, inserted - deletes.len());
    db.assert_consistent();
    println!("all {} row counts are right", all.len() + limited.len());
    Ok(())
}

/// Runs a phase and prints its line.
fn timed<T>(phase: &Phase, work: impl FnOnce() -> memorm::Result<T>) -> memorm::Result<T> {
    let start = ThreadTime::now();
    let result = work()?;
    let seconds = start.elapsed().as_secs_f64();
    let Phase { name, model_project, sqlite } = phase;
    let (to_model, to_sqlite) = (model_project / seconds, sqlite / seconds);
    println!("{name:24}{seconds:>10.4}{model_project:>16.2}{to_model:>9.0}x{sqlite:>12.2}{to_sqlite:>8.0}x");
    Ok(result)
}

fn check(phase: &str, questions: &[Question], found: &[usize], limit: usize) {
    assert_eq!(questions.len(), found.len());
    for (i, (question, found)) in questions.iter().zip(found).enumerate() {
        assert_eq!(*found, question.rows.min(limit), "statement {i} of phase {phase}: {question:?}");
    }
}
