//! The rows in SQLite, and its answers.
use crate::language::{Kind, Val};
use memorm::prelude::{Sql, Value};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Native, ValueRef};
use rusqlite::{Connection, params_from_iter};

/// An empty database whose `lower` and `upper` know Unicode.
pub fn open() -> Connection {
    let sqlite = Connection::open_in_memory().expect("SQLite is bundled");
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let simple = |map: fn(char) -> Option<char>| {
        move |context: &rusqlite::functions::Context<'_>| {
            let text = context.get::<Option<String>>(0)?;
            Ok(text.map(|text| text.chars().map(|c| map(c).unwrap_or(c)).collect::<String>()))
        }
    };
    sqlite.create_scalar_function("lower", 1, flags, simple(lower)).expect("a new function");
    sqlite.create_scalar_function("upper", 1, flags, simple(upper)).expect("a new function");
    sqlite
}

/// The character's only mapping, if it has one.
fn lower(c: char) -> Option<char> {
    let mut mapped = c.to_lowercase();
    mapped.next().filter(|_| mapped.next().is_none())
}
fn upper(c: char) -> Option<char> {
    let mut mapped = c.to_uppercase();
    mapped.next().filter(|_| mapped.next().is_none())
}

fn native(value: &Value) -> ToSqlOutput<'static> {
    ToSqlOutput::Owned(match value {
        Value::Null => Native::Null,
        Value::Bool(b) => Native::Integer((*b).into()),
        Value::Int(i) => Native::Integer(*i),
        Value::Float(f) => Native::Real(*f),
        Value::Text(s) => Native::Text(s.to_string()),
        other => panic!("{other:?} is no value of the test's tables"),
    })
}

/// Runs a statement that gives no rows.
pub fn run(sqlite: &Connection, sql: &Sql) -> rusqlite::Result<usize> {
    sqlite.prepare(&sql.text)?.execute(params_from_iter(sql.parameters.iter().map(native)))
}

/// The rows of a question; `None` where a value is out of its kind's range: an overflow, or a division by zero.
pub fn ask(sqlite: &Connection, sql: &Sql, kinds: &[Kind]) -> rusqlite::Result<Option<Vec<Vec<Val>>>> {
    let mut statement = sqlite.prepare(&sql.text)?;
    let mut rows = statement.query(params_from_iter(sql.parameters.iter().map(native)))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        let parts = kinds.iter().enumerate().map(|(i, kind)| read(*kind, row.get_ref(i).expect("a column")));
        match parts.collect::<Option<Vec<Val>>>() {
            Some(row) => out.push(row),
            None => return Ok(None),
        }
    }
    Ok(Some(out))
}

fn read(kind: Kind, value: ValueRef<'_>) -> Option<Val> {
    Some(match (kind, value) {
        (_, ValueRef::Null) => Val::Null,
        (Kind::Bool, ValueRef::Integer(i)) => Val::Bool(i != 0),
        (Kind::Small, ValueRef::Integer(i)) => Val::Small(i8::try_from(i).ok()?),
        (Kind::Int, ValueRef::Integer(i)) => Val::Int(i),
        (Kind::Float, ValueRef::Integer(i)) => Val::Float(i as f64),
        (Kind::Float, ValueRef::Real(f)) => Val::Float(f + 0.0),
        (Kind::Text, ValueRef::Text(s)) => Val::Txt(String::from_utf8_lossy(s).into_owned()),
        (Kind::Small | Kind::Int, ValueRef::Real(_)) => return None,
        (kind, other) => panic!("a column of kind {kind:?} came back as {other:?}"),
    })
}

/// The rows of a question, each as the texts of its parts.
pub fn rows(
    sqlite: &Connection,
    sql: &Sql,
    text: impl Fn(ValueRef<'_>) -> String,
) -> rusqlite::Result<Vec<String>> {
    let mut statement = sqlite.prepare(&sql.text)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params_from_iter(sql.parameters.iter().map(native)))?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((0..columns).map(|i| row.get_ref(i).map(&text)).collect::<rusqlite::Result<String>>()?);
    }
    Ok(out)
}

/// The rows of a question after a statement that changes rows, which is undone.
pub fn rows_after(
    sqlite: &Connection,
    change: &Sql,
    question: &Sql,
    text: impl Fn(ValueRef<'_>) -> String,
) -> rusqlite::Result<Vec<String>> {
    sqlite.execute_batch("BEGIN")?;
    let found = run(sqlite, change).and_then(|_| rows(sqlite, question, text));
    sqlite.execute_batch("ROLLBACK")?;
    found
}
