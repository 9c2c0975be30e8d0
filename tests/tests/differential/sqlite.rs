//! The rows in SQLite, and its answers.
use crate::language::{Kind, Val};
use crate::server::{Refused, Server};
use memorm::prelude::{Dialect, Sql, Value};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Native, ValueRef};
use rusqlite::{Connection, Row, params_from_iter};

/// SQLite in memory.
pub struct Sqlite(Connection);

/// An empty database whose `lower` and `upper` know Unicode.
fn open() -> Connection {
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
        Value::Timestamp(nanos) => Native::Integer(i64::try_from(*nanos).expect("a moment of this century")),
        Value::Date(days) => Native::Integer((*days).into()),
        Value::Json(document) => Native::Text(document.to_string()),
        other => panic!("{other:?} is no value of the test's tables"),
    })
}

impl Server for Sqlite {
    const NAME: &'static str = "SQLite";
    const DIALECT: Dialect = Dialect::Sqlite;

    fn open() -> Result<Self, String> {
        Ok(Self(open()))
    }
    fn batch(&mut self, statements: &str) -> Result<(), String> {
        self.0.execute_batch(statements).map_err(|error| error.to_string())
    }
    fn run(&mut self, sql: &Sql) -> Result<(), Refused> {
        let parameters = params_from_iter(sql.parameters.iter().map(native));
        self.0
            .prepare(&sql.text)
            .and_then(|mut statement| statement.execute(parameters))
            .map(drop)
            .map_err(refused)
    }
    fn lines(&mut self, sql: &Sql) -> Result<Vec<String>, Refused> {
        self.rows(sql, |columns, row| (0..columns).map(|i| row.get_ref(i).map(text)).collect())
            .map_err(refused)
    }
    fn ask(&mut self, sql: &Sql, kinds: &[Kind]) -> Result<Option<Vec<Vec<Val>>>, Refused> {
        let part = |row: &Row<'_>, (i, kind): (usize, &Kind)| read(*kind, row.get_ref(i).expect("a column"));
        let rows =
            self.rows(sql, |_, row| Ok(kinds.iter().enumerate().map(|kind| part(row, kind)).collect()));
        Ok(rows.map_err(refused)?.into_iter().collect())
    }
    fn tame(val: Val) -> Val {
        match val {
            Val::Float(f) if !f.is_finite() || f.abs() > 1e6 => Val::Float(1.25),
            Val::Int(i) if i.unsigned_abs() > 1_000_000 => Val::Int(i % 100),
            other => other,
        }
    }
    fn is_comparable(sql: &Sql) -> bool {
        let is_tame = |value: &Value| match value {
            Value::Float(f) => f.is_finite() && f.abs() < 1e6,
            Value::Int(i) => i.unsigned_abs() < 1_000_000,
            _ => true,
        };
        sql.parameters.iter().all(is_tame) && !sql.text.contains(" LIKE ")
    }
}

fn refused(error: rusqlite::Error) -> Refused {
    Refused::Wrongly(error.to_string())
}

impl Sqlite {
    fn rows<T>(
        &self,
        sql: &Sql,
        read: impl Fn(usize, &Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.0.prepare(&sql.text)?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(sql.parameters.iter().map(native)))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            out.push(read(columns, row)?);
        }
        Ok(out)
    }
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

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "null, ".to_owned(),
        ValueRef::Integer(i) => format!("{i}, "),
        ValueRef::Real(f) => format!("{:.9e}, ", f + 0.0),
        ValueRef::Text(text) => format!("{:?}, ", String::from_utf8_lossy(text)),
        ValueRef::Blob(_) => panic!("no table of the test has bytes"),
    }
}
