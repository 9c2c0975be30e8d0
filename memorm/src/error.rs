//! The one error type.

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong. Each variant names table, column and key as far as they exist.
///
/// Three questions cover what most callers need: [`is_conflict`](Error::is_conflict) (run the transaction again),
/// [`is_violation`](Error::is_violation) (the data breaks a rule: tell the user) and
/// [`is_not_found`](Error::is_not_found). The [guide](crate::guide::errors) has every message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A primary key or unique value that another row has.
    #[error("duplicate value for {table}.{column}: {value} (already used by {used_by})")]
    Duplicate {
        /// The table.
        table: &'static str,
        /// The column, or `(a, b)` for a compound one.
        column: String,
        /// The value that is there already.
        value: String,
        /// The row that has it, as `id 3`.
        used_by: String,
    },
    /// An `insert` that gave no value to a column without a default.
    #[error("no value for {table}.{column}, which has no default")]
    MissingValue {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A value that a column's type cannot hold.
    #[error("{table}.{column} cannot hold {value}: its type is {expected}")]
    InvalidValue {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The value.
        value: String,
        /// The column's Rust type.
        expected: &'static str,
    },
    /// A foreign key without the row it refers to.
    #[error("{table}.{column} of row {row} refers to {target} {key}, which does not exist")]
    DanglingReference {
        /// The table of the row that refers.
        table: &'static str,
        /// The foreign key's column.
        column: String,
        /// The primary key of the row that refers.
        row: String,
        /// The value of the foreign key.
        key: String,
        /// The table that is referred to.
        target: &'static str,
    },
    /// A deleted row that other rows still refer to.
    #[error("cannot delete {table} {key}: {by} {by_key} still refers to it through {column}")]
    StillReferenced {
        /// The table of the deleted row.
        table: &'static str,
        /// The primary key of the deleted row.
        key: String,
        /// The table that refers to it.
        by: &'static str,
        /// The primary key of a row that refers to it.
        by_key: String,
        /// The foreign key's column.
        column: String,
    },
    /// A row that its `check` function refused.
    #[error("check failed for {table} {key}: {message}")]
    Check {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
        /// What the function said.
        message: String,
    },
    /// An update that changed the primary key.
    #[error("the primary key of {table} {key} cannot be changed: delete the row and add another")]
    KeyChanged {
        /// The table.
        table: &'static str,
        /// The key before the change.
        key: String,
    },
    /// No key is left for an `auto` column.
    #[error("no key is left for {table}.{column}")]
    KeyExhausted {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// No row with that key.
    #[error("no row {key} in {table}")]
    NotFound {
        /// The table.
        table: &'static str,
        /// The key.
        key: String,
    },
    /// `one` of a query that found nothing.
    #[error("no row of {table} found where one was expected")]
    NoRow {
        /// The table.
        table: &'static str,
    },
    /// `one` or `one_or_none` of a query that found more than one row.
    #[error("more than one row of {table} found where one was expected")]
    TooManyRows {
        /// The table.
        table: &'static str,
    },
    /// Another session committed a change of the same row, or one that breaks a constraint together with ours.
    #[error("conflict on {table} {key}: {reason}")]
    Conflict {
        /// The table.
        table: &'static str,
        /// The primary key of the row.
        key: String,
        /// What the other commit did.
        reason: String,
    },
    /// A commit that a hook of `on_commit` refused.
    #[error("commit refused: {message}")]
    Refused {
        /// What the hook said.
        message: String,
    },
    /// A write with an outdated `version` column.
    #[error("stale object for {table} {key}: it is version {given}, the row is version {current}")]
    Stale {
        /// The table.
        table: &'static str,
        /// The primary key.
        key: String,
        /// The version of the object that was handed in.
        given: String,
        /// The version that the row has now.
        current: String,
    },
    /// `commit` inside `transaction` or `nested`, which commit by themselves, or inside of a hook.
    #[error("commit inside a transaction: it commits when its closure returns")]
    InTransaction,
    /// Work on a transaction that `rollback` has ended inside its closure.
    #[error("the transaction was rolled back inside its closure")]
    RolledBack,
    /// A savepoint of another session, of an earlier transaction, or dropped by an earlier `rollback_to`.
    #[error("the savepoint is not one of this transaction")]
    StaleSavepoint,
    /// `upsert_on` with a column that does not identify a row.
    #[error("{table}.{column} is not unique: declare it `#[model(unique)]` to upsert on it")]
    NotUnique {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// Two models with one table name in one database.
    #[error("table {table} belongs to {first}; {second} needs another name")]
    Schema {
        /// The name.
        table: &'static str,
        /// The Rust type that has it.
        first: &'static str,
        /// The Rust type that asked for it.
        second: &'static str,
    },
    /// `exclusive` while sessions are open; a commit while somebody else holds `try_exclusive`.
    #[error("the database is busy: {sessions} {} open", if *sessions == 1 { "session is" } else { "sessions are" })]
    Busy {
        /// The sessions that are open; the holder of `exclusive` is one.
        sessions: usize,
    },
    /// A table name that no model has used.
    #[error("no table is called {name:?}")]
    NoSuchTable {
        /// The name.
        name: String,
    },
    /// A checkpoint that was never made, or forgotten.
    #[error("no checkpoint is called {name:?}")]
    NoSuchCheckpoint {
        /// The name.
        name: String,
    },
    /// A version that is not kept.
    #[error("version v{version} is not kept: the history reaches from v{oldest} to v{newest}")]
    VersionNotKept {
        /// The version that was asked for.
        version: u64,
        /// The oldest version that is kept.
        oldest: u64,
        /// The newest version.
        newest: u64,
    },
    /// `undo` without a commit in the history.
    #[error("nothing to undo: no commit is left in the history")]
    NothingToUndo,
    /// `redo` without an `undo` before it.
    #[error("nothing to redo: no undo since the last commit")]
    NothingToRedo,
    /// Both sides of a merge changed the same thing, each in its own way.
    #[error(
        "merge conflict on {table} {key}{}: {base} became {ours} here and {theirs} there",
        of_column(column)
    )]
    MergeConflict {
        /// The table.
        table: &'static str,
        /// The primary key of the row.
        key: Box<str>,
        /// The column; empty where it is about the whole row.
        column: &'static str,
        /// The value that both came from.
        base: Box<str>,
        /// The value in this database.
        ours: Box<str>,
        /// The value in the version that was to be merged in.
        theirs: Box<str>,
    },
    /// A column name that the table does not have.
    #[error("{table} has no column {name:?}{near}")]
    NoSuchColumn {
        /// The table.
        table: &'static str,
        /// The name.
        name: String,
        /// `; did you mean "price"?`, where a column has nearly that name.
        near: String,
    },
    /// A part of a statement that `to_sql` cannot write: a closure, an opaque column, an aggregate that the server lacks.
    #[error("no sql for {part} in a statement on {table}")]
    NoSql {
        /// The table.
        table: &'static str,
        /// The part, as "the closure of `map`".
        part: String,
    },
    /// Values for a primary key that has another number of columns, in a statement by column name.
    #[error("{key} is no key of {table}: its primary key is {columns}")]
    InvalidKey {
        /// The table.
        table: &'static str,
        /// The values.
        key: String,
        /// The column of the key, or `(a, b)` for a compound one.
        columns: String,
    },
    /// `after` with the key of another table than the first, in an order by another table than the first, or on projections
    /// that a set operation has combined.
    #[error("no place for {table} {key} in {within}")]
    NoPlace {
        /// The table of the key.
        table: &'static str,
        /// The key.
        key: String,
        /// What it has no place in, and why: `rows of items: ..`.
        within: String,
    },
    /// An expression that could not be computed.
    #[error("{message} in {expression} of {table} {key}")]
    Arithmetic {
        /// The table.
        table: &'static str,
        /// The primary key of the first such row.
        key: String,
        /// The expression.
        expression: String,
        /// What went wrong.
        message: &'static str,
    },
    /// Queries in one another, deeper than can be answered: subqueries, `any`, `none`, `every`, and set operations that
    /// do not make one chain.
    #[error("queries nest deeper than {limit}")]
    TooDeep {
        /// How deep they may nest.
        limit: u8,
    },
    /// A statement that takes more than the builder's `max_rows`, `max_bytes` or `statement_limit`.
    #[error("statement on {table} takes more than {limit}")]
    LimitExceeded {
        /// The statement's table.
        table: &'static str,
        /// The limit: `10 rows`, `100 bytes`, `5ms`.
        limit: String,
    },
    /// An error of the caller's own, on its way out of a `transaction` or `nested` closure.
    #[error(transparent)]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

fn of_column(column: &str) -> String {
    if column.is_empty() { String::new() } else { format!(", column {column}") }
}

impl Error {
    /// Wraps an error of the caller, to leave a `transaction` or `nested` closure with.
    ///
    /// ```
    /// let error = memorm::Error::other("out of stock");
    /// assert_eq!(error.to_string(), "out of stock");
    /// ```
    pub fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }

    /// Tells whether others changed the same thing: another session that was faster (the same work may succeed when it
    /// runs again), or the other side of a merge.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. } | Self::Stale { .. } | Self::MergeConflict { .. })
    }

    /// Tells whether the data breaks a declared rule: unique, foreign key, check, a missing or unfit value, a changed
    /// key, a commit that a hook refused.
    pub fn is_violation(&self) -> bool {
        matches!(
            self,
            Self::Duplicate { .. }
                | Self::MissingValue { .. }
                | Self::InvalidValue { .. }
                | Self::DanglingReference { .. }
                | Self::StillReferenced { .. }
                | Self::Check { .. }
                | Self::KeyChanged { .. }
                | Self::Refused { .. }
        )
    }

    /// Tells whether a row or table that was asked for is not there.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::NotFound { .. }
                | Self::NoRow { .. }
                | Self::NoSuchTable { .. }
                | Self::NoSuchCheckpoint { .. }
                | Self::NoSuchColumn { .. }
        )
    }
}
