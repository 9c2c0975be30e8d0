//! What the comparison needs of a server, whichever it is.
use crate::language::{Kind, Val};
use memorm::prelude::{Dialect, Sql};

/// A server with the tables of one case.
pub trait Server: Sized {
    const NAME: &'static str;
    const DIALECT: Dialect;

    /// A server without tables.
    fn open() -> Result<Self, String>;
    /// Runs statements without parameters.
    fn batch(&mut self, statements: &str) -> Result<(), String>;
    /// Runs a statement that gives no rows.
    fn run(&mut self, sql: &Sql) -> Result<(), Refused>;
    /// The rows of a question, each as the texts of its parts.
    fn lines(&mut self, sql: &Sql) -> Result<Vec<String>, Refused>;
    /// The rows of a question; `None` where a value is out of its kind's range: an overflow, or a division by zero.
    fn ask(&mut self, sql: &Sql, kinds: &[Kind]) -> Result<Option<Vec<Vec<Val>>>, Refused>;
    /// A value that the server can store, and calculate with for a while.
    fn tame(val: Val) -> Val;
    /// Whether the server can be asked: see the table of rules.
    fn is_comparable(sql: &Sql) -> bool;

    /// The rows of a question after a statement that changes rows, which is undone.
    fn lines_after(&mut self, change: &Sql, question: &Sql) -> Result<Vec<String>, Refused> {
        self.batch("BEGIN").map_err(Refused::Wrongly)?;
        let found = self.run(change).and_then(|()| self.lines(question));
        self.batch("ROLLBACK").map_err(Refused::Wrongly)?;
        found
    }

    /// The rows that a statement gives which changes rows, which is undone.
    fn lines_of(&mut self, change: &Sql) -> Result<Vec<String>, Refused> {
        self.batch("BEGIN").map_err(Refused::Wrongly)?;
        let found = self.lines(change);
        self.batch("ROLLBACK").map_err(Refused::Wrongly)?;
        found
    }
}

/// Why a server gives no rows.
#[derive(Debug)]
pub enum Refused {
    /// An expression has no value by a rule of the server's own: see the table of rules.
    #[allow(dead_code, reason = "SQLite has no such rule")]
    ByRule(String),
    /// An expression has no value for some row, or the statement is wrong.
    Wrongly(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::ByRule(text) | Self::Wrongly(text)) = self;
        f.write_str(text)
    }
}
