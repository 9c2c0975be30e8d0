//! `Dialect`, `Sql`: for whom a statement is written, and the statement as written.
use crate::value::{Kind, Value};
use std::fmt;

/// The SQL that a statement is written in.
///
/// memorm's rules are PostgreSQL's, so statements mean the same there, given a database that compares text by bytes
/// (`C.UTF-8`). Only floats go further here: a result out of their range is infinity, where PostgreSQL gives an error, and `%`
/// of them, which it does not have, is written with `trunc` and inexact for large quotients. SQLite differs where it cannot do
/// better: division by zero and overflow give `NULL` or a float instead of an error, of several rows a subquery's value is the
/// first, a pattern that ends in `\` is taken without it, NaN is stored as `NULL`, `lower`, `upper` and `ilike` know ASCII
/// only, integers have 64 bits and decimals are floats. It has no `stddev`, `variance` and `quantile`. `first` and `last` are
/// in neither, and PostgreSQL has no least and greatest of `bool` and UUID.
///
/// | column | SQLite | PostgreSQL |
/// |---|---|---|
/// | `bool` | `INTEGER` | `bool` |
/// | integers up to 64 bits | `INTEGER` | `int2`, `int4`, `int8`, the next larger one for unsigned types |
/// | `u64`, `i128` and wider | `INTEGER` | `numeric` |
/// | `f32`, `f64` | `REAL` | `float4`, `float8` |
/// | decimals | `NUMERIC` | `numeric` |
/// | text, `char`, ULID | `TEXT` | `text` |
/// | bytes | `BLOB` | `bytea` |
/// | enums, by their place in the declaration | `INTEGER` | `int4` |
/// | timestamps | `INTEGER`: nanoseconds | `timestamptz`, `timestamp` |
/// | dates | `INTEGER`: days since 1970 | `date` |
/// | times | `INTEGER`: nanoseconds | `time` |
/// | UUID | `BLOB` | `uuid` |
/// | JSON | `TEXT` | `jsonb` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite, from 3.39 on. Parameters are `?`.
    Sqlite,
    /// PostgreSQL, from 14 on. Parameters are `$1`, `$2` …, each with its type.
    Postgres,
}

/// A statement as SQL: what `to_sql` gives.
///
/// Displays as its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sql {
    /// The statement.
    pub text: String,
    /// The values of its parameters, in order.
    pub parameters: Vec<Value>,
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Dialect {
    /// The type of a column; `None` for an opaque one.
    pub(super) fn column_type(self, kind: Kind) -> Option<&'static str> {
        Some(match (self, kind) {
            (_, Kind::Opaque) => return None,
            (Self::Sqlite, Kind::F32 | Kind::F64) => "REAL",
            (Self::Sqlite, Kind::Decimal) => "NUMERIC",
            (Self::Sqlite, Kind::Char | Kind::Text | Kind::Ulid | Kind::Json) => "TEXT",
            (Self::Sqlite, Kind::Bytes | Kind::Uuid) => "BLOB",
            (Self::Sqlite, _) => "INTEGER",
            (Self::Postgres, kind) => match kind {
                Kind::Bool => "bool",
                Kind::I8 | Kind::I16 | Kind::U8 => "int2",
                Kind::I32 | Kind::U16 | Kind::Variant => "int4",
                Kind::I64 | Kind::U32 => "int8",
                Kind::F32 => "float4",
                Kind::F64 => "float8",
                Kind::Char | Kind::Text | Kind::Ulid => "text",
                Kind::Bytes => "bytea",
                Kind::Timestamp => "timestamptz",
                Kind::DateTime => "timestamp",
                Kind::Date => "date",
                Kind::Time => "time",
                Kind::Uuid => "uuid",
                Kind::Json => "jsonb",
                _ => "numeric",
            },
        })
    }
}

/// The type of a value on PostgreSQL, which cannot always tell it from where a parameter stands.
pub(super) fn parameter_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "unknown",
        Value::Bool(_) => "bool",
        Value::Int(_) => "int8",
        Value::Float(_) => "float8",
        Value::Text(_) | Value::Ulid(_) => "text",
        Value::Bytes(_) => "bytea",
        Value::Variant { .. } => "int4",
        Value::Timestamp(_) => "timestamptz",
        Value::DateTime(_) => "timestamp",
        Value::Date(_) => "date",
        Value::Time(_) => "time",
        Value::Uuid(_) => "uuid",
        #[cfg(feature = "json")]
        Value::Json(_) => "jsonb",
        _ => "numeric",
    }
}
