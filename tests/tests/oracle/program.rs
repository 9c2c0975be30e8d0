//! Programs: what sessions do, one call after the other.
use super::rules::T;
use crate::language::answer::Ask;
use crate::language::ask::Put;
use crate::language::{Arg, Cond, Exp, Listed, Val};

/// Calls of up to four sessions on up to two databases.
#[derive(Clone, Debug)]
pub struct Program {
    /// How many versions the databases keep.
    pub history: usize,
    /// Whether everything is looked at after each step. Looking makes a session build its private version, so that half
    /// of the programs go without.
    pub watched: bool,
    pub steps: Listed<Step>,
}

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a program has few of them")]
pub enum Step {
    /// A call of a session: 0 and 1 are on the first database, 2 and 3 on the second, where there is one.
    On(usize, Op),
    /// `db.transaction(..)`; the session named last commits between the closure's end and the first commit.
    Transaction(usize, Listed<Op>, End, Option<usize>),
    /// The other database becomes a fork of this one.
    Fork(usize),
    Clear(usize),
    /// Holds a snapshot to the end.
    Hold(usize),
    Versions(usize, Call),
}

/// A call about the versions of a database. Checkpoints have numbers for names.
#[derive(Clone, Debug)]
pub enum Call {
    Checkpoint(u8),
    At(u8),
    Restore(u8),
    Forget(u8),
    /// The version so many before the newest.
    AsOf(u64),
    Undo,
    Redo,
    /// What differs between two of the versions that the program can name.
    Diff(usize, usize),
    /// Merges what happened since a version that was held, in the other database or up to another one that was held.
    Bring(usize, By),
}

/// What a merge does where both sides changed the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Fail,
    Ours,
    Theirs,
    Rekey,
    /// A closure decides.
    Asked,
}

/// How a closure ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Fine,
    Fails,
}

/// The values of a row.
pub type Row = Listed<Val>;
/// Columns and what they become.
pub type Change = Listed<(u8, Val)>;

#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "a program has few of them")]
pub enum Op {
    /// The flag keeps the object.
    Add(T, Row, bool),
    AddAll(T, Listed<Row>),
    Get(T, Row, bool),
    GetOne(T, Row),
    Peek(T, Row),
    Refresh(usize),
    Update(T, Row, Change, End),
    Merge(T, Row),
    /// Merges a kept object; one of this table with some columns changed.
    MergeKept(usize, T, Change),
    /// Columns without a value are taken from the new row.
    Upsert(T, Row, Listed<(u8, Option<Val>)>),
    UpsertOn(T, u8, Row, Listed<(u8, Option<Val>)>),
    DeleteKept(usize),
    DeleteByKey(T, Row),
    Query(T, Ask, Put),
    Insert(T, Change, Listed<Row>, Returning),
    UpdateWhere(T, Option<Cond>, Listed<(u8, Arg)>, Returning),
    Apply(T, Option<Cond>, Change),
    DeleteWhere(T, Option<Cond>, Returning),
    Flush,
    Commit,
    /// Commits, or else rolls back.
    Settle,
    Rollback,
    Savepoint,
    /// To a savepoint of any session, counted from the last.
    RollbackTo(usize),
    Changes,
    /// Looks at everything that the session sees.
    Look,
    Nested(Listed<Op>, End),
}

/// What a write statement gives back.
#[derive(Clone, Debug)]
pub enum Returning {
    Counted,
    Values(Exp),
}

/// What a call gives back.
#[derive(Clone, Debug)]
pub enum Answer {
    Done,
    Row(Vec<Val>),
    Maybe(Option<Vec<Val>>),
    Rows(Vec<Vec<Val>>),
    Flag(bool),
    Count(usize),
    Version(u64),
    /// Added, changed, deleted, by table.
    Changes(Vec<[Vec<Vec<Val>>; 3]>),
    Tables(Vec<Vec<Vec<Val>>>),
    /// One of these errors, after these rows.
    Failed(Vec<super::rules::Kind>, Vec<Vec<Val>>),
}

impl Answer {
    /// Whether what came is what was wanted: of errors, one that was wanted.
    pub fn admits(&self, got: &Self) -> bool {
        match (self, got) {
            (Self::Done, Self::Done) => true,
            (Self::Row(a), Self::Row(b)) => a == b,
            (Self::Maybe(a), Self::Maybe(b)) => a == b,
            (Self::Rows(a), Self::Rows(b)) => a == b,
            (Self::Flag(a), Self::Flag(b)) => a == b,
            (Self::Count(a), Self::Count(b)) => a == b,
            (Self::Version(a), Self::Version(b)) => a == b,
            (Self::Changes(a), Self::Changes(b)) => a == b,
            (Self::Tables(a), Self::Tables(b)) => a == b,
            (Self::Failed(wanted, a), Self::Failed(got, b)) => {
                a == b && got.iter().all(|kind| wanted.contains(kind))
            }
            _ => false,
        }
    }
}
