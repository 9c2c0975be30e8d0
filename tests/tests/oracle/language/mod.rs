//! A small query language of the tests' own, with two readers that know nothing of each other.
//!
//! ```text
//!                    ┌─► interpret, answer    loops over plain rows: what the result must be
//!   Cond, Exp, Ask ──┤
//!                    └─► translate, ask       memorm's own expressions and statements
//! ```
//!
//! Everything prints as the Rust that makes it, so that a shrunk case can be pasted into a test.
//! Must stay true: nothing on the upper path calls memorm.
#![allow(dead_code, reason = "two test programs share this folder, and each uses a part of it")]

pub mod answer;
pub mod ask;
pub mod expression;
pub mod fold;
pub mod generate;
pub mod generate_ask;
pub mod hunt;
pub mod interpret;
pub mod operate;
pub mod subject;
pub mod text;
pub mod translate;
pub mod value;
pub mod write;

pub use expression::{Arg, Cmp, Cond, Exp, Like, Math};
pub use subject::{Info, Subject};
pub use value::{Kind, Text, Val};

use std::fmt;
use std::ops::Deref;

/// A box that prints as the call that makes it.
#[derive(Clone, PartialEq)]
pub struct Boxed<T>(Box<T>);

/// Boxes a part of an expression.
#[allow(non_snake_case, reason = "prints and reads alike")]
pub fn B<T>(value: T) -> Boxed<T> {
    Boxed(Box::new(value))
}

impl<T> Deref for Boxed<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Boxed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "B({:?})", self.0)
    }
}

/// A vector that prints as the call that makes it.
#[derive(Clone, PartialEq)]
pub struct Listed<T>(pub Vec<T>);

/// Makes a list of an array or a vector.
#[allow(non_snake_case, reason = "prints and reads alike")]
pub fn List<T>(values: impl Into<Vec<T>>) -> Listed<T> {
    Listed(values.into())
}

impl<T> Deref for Listed<T> {
    type Target = Vec<T>;
    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for Listed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "List({:?})", self.0)
    }
}

/// A rule that is broken on purpose: the checkers must notice each of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// All rules hold.
    Nothing,
    /// `None` equals `None` in a filter.
    NullEqualsNull,
    /// A title is found under the value it was added with.
    StaleIndex,
    /// Equal rows turn round under `desc`.
    UnstableSort,
    /// The last committer wins.
    LostUpdate,
    /// Unique columns are checked by nobody.
    DuplicateAccepted,
    /// A delete leaves the rows behind that refer to it.
    NoCascade,
    /// `rollback_to` does nothing.
    DeafRollback,
    /// A key that was rolled back is handed out again.
    KeyTwice,
    /// `restore` and `undo` leave the counters of keys as they are.
    CountersStay,
    /// A commit leaves what `redo` would go forward to.
    RedoStays,
    /// A merge takes theirs, whatever it was told.
    TheirsAlways,
    /// `forget` keeps the checkpoint.
    ForgetsNothing,
    /// `undo` goes back by two commits.
    UndoTwice,
}
