//! A connection to the server, and its answers.
mod wire;

use crate::language::{Kind, Val};
use crate::server::{Refused, Server};
use memorm::prelude::{Dialect, Sql, Value};
use memorm_postgres_tests::Running;
use postgres::types::{ToSql, Type};
use postgres::{Client, NoTls};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use wire::{Cell, Parameter};

/// Where the server listens.
static SOCKET: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Lets connections be opened to this server.
pub fn serve(server: &Running) {
    *SOCKET.lock().expect("no test panics here") = Some(server.socket().to_owned());
}

/// A connection with a schema of its own.
pub struct Postgres {
    client: Client,
    schema: String,
}

impl Server for Postgres {
    const NAME: &'static str = "PostgreSQL";
    const DIALECT: Dialect = Dialect::Postgres;

    fn open() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let socket = SOCKET.lock().expect("no test panics here").clone().ok_or("no server was started")?;
        let mut config = postgres::Config::new();
        config.host_path(socket).user("memorm").dbname("postgres");
        let client = config.connect(NoTls).map_err(|error| error.to_string())?;
        let schema = format!("s{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let mut server = Self { client, schema };
        let (create, path) =
            (&format!("CREATE SCHEMA {}", server.schema), &format!("SET search_path = {}", server.schema));
        server.batch(create)?;
        server.batch(path)?;
        Ok(server)
    }
    fn batch(&mut self, statements: &str) -> Result<(), String> {
        self.client.batch_execute(statements).map_err(|error| shown(&error))
    }
    fn run(&mut self, sql: &Sql) -> Result<(), Refused> {
        self.rows(sql).map(drop)
    }
    fn lines(&mut self, sql: &Sql) -> Result<Vec<String>, Refused> {
        let rows = self.rows(sql)?;
        Ok(rows.into_iter().map(|row| row.iter().map(Cell::text).collect()).collect())
    }
    fn ask(&mut self, sql: &Sql, kinds: &[Kind]) -> Result<Option<Vec<Vec<Val>>>, Refused> {
        let rows = self.rows(sql)?;
        let row = |row: Vec<Cell>| row.iter().zip(kinds).map(|(cell, kind)| read(*kind, cell)).collect();
        Ok(rows.into_iter().map(row).collect())
    }
    fn tame(val: Val) -> Val {
        val
    }
    fn is_comparable(sql: &Sql) -> bool {
        // `%` of floats
        !sql.text.contains("trunc(a / b)")
    }
}

impl Postgres {
    fn rows(&mut self, sql: &Sql) -> Result<Vec<Vec<Cell>>, Refused> {
        let parameters: Vec<Parameter<'_>> = sql.parameters.iter().map(Parameter).collect();
        let parameters: Vec<&(dyn ToSql + Sync)> =
            parameters.iter().map(|p| p as &(dyn ToSql + Sync)).collect();
        let rows = self.client.query(&sql.text, &parameters).map_err(|error| refused(&error))?;
        Ok(rows.iter().map(|row| (0..row.len()).map(|i| row.get::<_, Cell>(i)).collect()).collect())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // the server is thrown away in any case
        let _ = self.client.batch_execute(&format!("DROP SCHEMA {} CASCADE", self.schema));
    }
}

fn shown(error: &postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |error| format!("{} {}", error.code().code(), error.message()))
}

fn refused(error: &postgres::Error) -> Refused {
    let text = shown(error);
    // of floats; integers say which type is too small
    match text.starts_with("22003 value out of range: ") {
        true => Refused::ByRule(text),
        false => Refused::Wrongly(text),
    }
}

fn read(kind: Kind, cell: &Cell) -> Option<Val> {
    Some(match (kind, cell) {
        (_, Cell::Null) => Val::Null,
        (Kind::Bool, Cell::Bool(b)) => Val::Bool(*b),
        (Kind::Small, Cell::Int(i)) => Val::Small(i8::try_from(*i).ok()?),
        (Kind::Int, Cell::Int(i)) => Val::Int(i64::try_from(*i).ok()?),
        (Kind::Float, Cell::Float(f)) => Val::Float(f + 0.0),
        (Kind::Text, Cell::Text(s)) => Val::Txt(s.clone()),
        (kind, other) => panic!("a column of kind {kind:?} came back as {other:?}"),
    })
}

/// The value is of a type that the server's parameter takes.
fn is_known(value: &Value, as_type: &Type) -> bool {
    match value {
        Value::Bool(_) => *as_type == Type::BOOL,
        Value::Int(_) => *as_type == Type::INT8,
        Value::Wide(_) => *as_type == Type::NUMERIC,
        Value::Float(_) => *as_type == Type::FLOAT8,
        Value::Text(_) => *as_type == Type::TEXT,
        _ => true,
    }
}
