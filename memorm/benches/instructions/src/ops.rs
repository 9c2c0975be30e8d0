//! The operations, each done as often as it is told to on a table of its own.
use memorm::Result;
use memorm::prelude::*;
use std::hint::black_box;

#[derive(Model, Clone, Debug)]
struct Row {
    #[model(primary_key, auto)]
    id: u64,
    name: String,
    qty: i64,
    #[model(index)]
    price: f64,
    #[model(index)]
    cat: u32,
}

const ROWS: u64 = 2_000;

/// Numbers that look random and are the same in each run.
fn scattered(n: u64) -> u64 {
    n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40
}

fn row(n: u64) -> Row {
    let (price, cat) = (scattered(n) as f64 / 1e4, (scattered(n + 7) % 100) as u32);
    Row { id: 0, name: format!("item {n:09}"), qty: (scattered(n + 3) % 100) as i64, price, cat }
}

/// A key that exists.
fn key(n: usize) -> u64 {
    scattered(n as u64) % ROWS + 1
}

/// A session on a table of two thousand rows, and the database.
fn filled() -> Result<(Database, Session)> {
    let db = Database::new();
    let mut session = db.session();
    session.add_all((0..ROWS).map(row))?;
    session.commit()?;
    Ok((db, session))
}

/// Does something so many times.
type Run = fn(usize) -> Result<()>;

/// An operation, and how many are enough to tell it from the start of the program.
pub struct Op {
    pub name: &'static str,
    pub times: usize,
    pub run: Run,
}

const fn op(name: &'static str, times: usize, run: Run) -> Op {
    Op { name, times, run }
}

pub const OPS: [Op; 10] = [
    op("get", 10_000, get),
    op("peek", 10_000, peek),
    op("insert", 1_000, insert),
    op("update", 2_000, update_one),
    op("delete", 1_000, delete_one),
    op("statement", 100, statement),
    op("scan", 100, scan),
    op("index", 1_000, index),
    op("sum", 100, sum),
    op("top", 100, top),
];

fn get(times: usize) -> Result<()> {
    let (_db, session) = filled()?;
    (0..times).for_each(|n| drop(black_box(session.get::<Row>(key(n)))));
    Ok(())
}

fn peek(times: usize) -> Result<()> {
    let snapshot = filled()?.0.snapshot();
    for n in 0..times {
        black_box(snapshot.peek::<Row>(key(n)));
    }
    Ok(())
}

fn insert(times: usize) -> Result<()> {
    let (_db, mut session) = filled()?;
    for n in 0..times as u64 {
        session.add(row(ROWS + n))?;
        session.commit()?;
    }
    Ok(())
}

fn update_one(times: usize) -> Result<()> {
    let (_db, mut session) = filled()?;
    for n in 0..times {
        session.update::<Row>(key(n), |row| row.qty += 1)?;
        session.commit()?;
    }
    Ok(())
}

fn delete_one(times: usize) -> Result<()> {
    let (_db, mut session) = filled()?;
    for n in 0..times as u64 {
        // 7 and the number of rows have no common divisor: each key once
        session.delete_by_key::<Row>(n * 7 % ROWS + 1)?;
        session.commit()?;
    }
    Ok(())
}

fn statement(times: usize) -> Result<()> {
    let (_db, mut session) = filled()?;
    for _ in 0..times {
        update::<Row>().set(Row::QTY, Row::QTY + 1).exec(&mut session)?;
        session.commit()?;
    }
    Ok(())
}

fn scan(times: usize) -> Result<()> {
    let snapshot = filled()?.0.snapshot();
    for n in 0..times as i64 {
        black_box(select::<Row>().filter(Row::QTY.eq(n % 100)).all(&snapshot)?);
    }
    Ok(())
}

fn index(times: usize) -> Result<()> {
    let snapshot = filled()?.0.snapshot();
    for n in 0..times as u32 {
        black_box(select::<Row>().filter(Row::CAT.eq(n % 100)).all(&snapshot)?);
    }
    Ok(())
}

fn sum(times: usize) -> Result<()> {
    let snapshot = filled()?.0.snapshot();
    for _ in 0..times {
        black_box(select::<Row>().filter(Row::QTY.lt(50)).aggregate(Row::PRICE.sum(), &snapshot)?);
    }
    Ok(())
}

fn top(times: usize) -> Result<()> {
    let snapshot = filled()?.0.snapshot();
    for _ in 0..times {
        black_box(select::<Row>().order_by(Row::QTY.desc()).limit(10).all(&snapshot)?);
    }
    Ok(())
}
