//! A statement with memorm's answer, to be compared.
use memorm::prelude::*;

/// A database, and the SQL in which its server is asked.
pub type At<'a> = (&'a Database, Dialect);

/// A statement's answer, a line of text for each row, and the statement as SQL.
pub struct Asked {
    pub rows: Vec<String>,
    pub sql: Sql,
    pub then: Then,
}

/// What gives the server's answer.
pub enum Then {
    /// The statement.
    Answer,
    /// The statement, which changes rows: it is undone.
    Undo,
    /// A question after the statement, which changes rows: it is undone.
    Ask(Sql),
}

/// A question.
macro_rules! ask {
    ($at:expr, $query:expr) => {{
        let (query, (db, dialect)) = ($query, $at);
        let rows = $crate::asked::lines(query.mappings(db)?);
        let then = $crate::asked::Then::Answer;
        Ok($crate::asked::Asked { rows, sql: query.to_sql(dialect)?, then })
    }};
}
pub(crate) use ask;

/// A statement that changes rows, and all rows of its table then.
macro_rules! change {
    ($at:expr, $M:ty, $statement:expr) => {{
        let (statement, (db, dialect)) = ($statement, $at);
        let fork = db.fork();
        fork.transaction(|s| statement.exec(s))?;
        let all = select::<$M>();
        let rows = $crate::asked::lines(all.mappings(&fork)?);
        let then = $crate::asked::Then::Ask(all.to_sql(dialect)?);
        Ok($crate::asked::Asked { rows, sql: statement.to_sql(dialect)?, then })
    }};
}
pub(crate) use change;

/// A statement that changes rows and returns parts of them.
macro_rules! returned {
    ($at:expr, $statement:expr, ($($part:ident),+)) => {{
        let (statement, (db, dialect)) = ($statement, $at);
        let rows = db.fork().transaction(|s| statement.all(s))?;
        let line = |($($part),+,)| [$($crate::asked::mine(&Field::to_value(&$part))),+].concat();
        let (rows, then) = (rows.into_iter().map(line).collect(), $crate::asked::Then::Undo);
        Ok($crate::asked::Asked { rows, sql: statement.to_sql(dialect)?, then })
    }};
}
pub(crate) use returned;

pub fn lines(rows: Vec<Vec<(String, Value)>>) -> Vec<String> {
    rows.into_iter().map(|row| row.iter().map(|(_, value)| mine(value)).collect()).collect()
}

/// A value as the servers' answers are written: moments as nanoseconds, dates as days since 1970.
pub fn mine(value: &Value) -> String {
    match value {
        Value::Null => "null, ".to_owned(),
        Value::Bool(b) => format!("{}, ", i8::from(*b)),
        Value::Int(i) => format!("{i}, "),
        Value::Wide(i) | Value::Timestamp(i) => format!("{i}, "),
        Value::Float(f) => format!("{:.9e}, ", f + 0.0),
        Value::Text(text) => format!("{text:?}, "),
        Value::Date(days) => format!("{days}, "),
        Value::Json(document) => json(document),
        other => panic!("{other:?} is no value of the test's tables"),
    }
}

/// A part of a document: a plain value, or a document as text.
pub fn json(document: &serde_json::Value) -> String {
    use serde_json::Value as Json;
    match document {
        Json::Null => "null, ".to_owned(),
        Json::Bool(b) => format!("{}, ", i8::from(*b)),
        Json::Number(n) if n.is_f64() => format!("{:.9e}, ", n.as_f64().unwrap_or_default()),
        Json::Number(n) => format!("{n}, "),
        Json::String(text) => format!("{text:?}, "),
        other => format!("{:?}, ", other.to_string()),
    }
}
