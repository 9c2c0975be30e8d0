//! The workload of the project that memorm is modelled on: 20,000 rows, 1,000 selects, 500 updates and 500 deletes, in a
//! database of its own, whatever the size of the other tables.
use crate::peers::{Sample, timed};
use memorm::prelude::*;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, params, params_from_iter};
use std::sync::LazyLock;

#[path = "../../../../examples/seed_bench/phases.rs"]
mod phases;
#[path = "../../../../examples/seed_bench/workload.rs"]
mod workload;

use phases::{delete_rows, insert_rows, select_all, select_some, update_rows};
use workload::{Item, LIMIT, Workload};

/// The files, read once.
static WORKLOAD: LazyLock<Workload> = LazyLock::new(|| Workload::read().expect("the files are as they were"));

/// The selects as SQL, written once: all of the phase "all", then those of the phase "limit".
static SELECTS: LazyLock<Vec<Sql>> = LazyLock::new(|| {
    let all = WORKLOAD.all.iter().map(|question| question.statement().to_sql(Dialect::Sqlite));
    let limited =
        WORKLOAD.limited.iter().map(|question| question.statement().limit(LIMIT).to_sql(Dialect::Sqlite));
    all.chain(limited).map(|sql| sql.expect("no statement has a closure")).collect()
});

const SCHEMA: &str = "
    create table items (id integer primary key, active integer not null, category text not null, price real not null,
        cost real not null);
    create index by_active on items (active);
    create index by_category on items (category);
    create index by_price on items (price);";

/// The whole of it. A statement is built each time.
pub fn memorm() -> Option<Sample> {
    let Workload { rows, all, limited, updates, deletes } = &*WORKLOAD;
    let rows = rows.clone();
    let run = || -> memorm::Result<usize> {
        let db = Database::new();
        insert_rows(&db, rows)?;
        let found = [select_all(&db, all)?, select_some(&db, limited)?].concat();
        Ok(found.iter().sum::<usize>() + update_rows(&db, updates)? + delete_rows(&db, deletes)?)
    };
    let sample = timed(|| (1, run().expect("the workload fits") as f64));
    let expected = all.iter().map(|question| question.rows).sum::<usize>()
        + limited.iter().map(|question| question.rows.min(LIMIT)).sum::<usize>()
        + updates.len()
        + deletes.len();
    sample.inspect(|sample| assert_eq!(sample.answer, expected as f64))
}

/// The same with the statements as text, each prepared when it is met.
pub fn sqlite() -> Option<Sample> {
    let selects = &*SELECTS;
    timed(|| (1, in_sqlite(selects).expect("the workload fits") as f64))
}

fn in_sqlite(selects: &[Sql]) -> rusqlite::Result<usize> {
    let db = Connection::open_in_memory()?;
    db.execute_batch(SCHEMA)?;
    db.execute_batch("begin")?;
    let mut insert =
        db.prepare("insert into items (active, category, price, cost) values (?1, ?2, ?3, ?4)")?;
    for row in &WORKLOAD.rows {
        insert.execute(params![row.active, row.category, row.price, row.cost])?;
    }
    db.execute_batch("commit")?;
    let mut found = 0;
    for sql in selects {
        let mut statement = db.prepare(&sql.text)?;
        let rows = statement.query_map(params_from_iter(sql.parameters.iter().map(parameter)), item)?;
        found += rows.collect::<rusqlite::Result<Vec<Item>>>()?.len();
    }
    db.execute_batch("begin")?;
    let mut update = db.prepare("update items set category = ?2, active = ?3 where id = ?1")?;
    for change in &WORKLOAD.updates {
        found += update.execute(params![change.id, change.category, change.active])?;
    }
    let mut delete = db.prepare("delete from items where id = ?1")?;
    for id in &WORKLOAD.deletes {
        found += delete.execute([id])?;
    }
    db.execute_batch("commit")?;
    Ok(found)
}

fn item(row: &rusqlite::Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: row.get(0)?,
        active: row.get(1)?,
        category: row.get(2)?,
        price: row.get(3)?,
        cost: row.get(4)?,
    })
}

fn parameter(value: &Value) -> ToSqlOutput<'_> {
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::Int(n) => (*n).into(),
        Value::Float(n) => (*n).into(),
        Value::Text(text) => (&**text).into(),
        other => unreachable!("no statement has a {other:?}"),
    }
}
