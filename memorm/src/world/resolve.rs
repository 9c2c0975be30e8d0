//! What a merge does where both sides changed the same thing.
use crate::value::Value;
use std::fmt;
use std::sync::Arc;

/// What a merge does where both sides changed the same thing, each in its own way.
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Resolve {
    /// Refuses the merge: `Error::MergeConflict` names the first such place.
    #[default]
    Fail,
    /// Keeps what this database has.
    Ours,
    /// Takes what the other version has.
    Theirs,
    /// Gives rows that they added under an `auto` key which is taken here a fresh key, and rewrites the declared references
    /// to them in what they changed. A key that holds such a reference follows, and what refers to that key. Refuses every
    /// other conflict.
    Rekey,
    /// Asks for each; see [`Resolve::with`].
    #[doc(hidden)]
    With(Decide),
}

/// A closure that decides about conflicts.
#[doc(hidden)]
#[derive(Clone)]
pub struct Decide(pub(super) Arc<dyn Fn(&MergeConflict) -> Resolution + Send + Sync>);

impl fmt::Debug for Decide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closure")
    }
}

impl fmt::Debug for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fail => "Fail",
            Self::Ours => "Ours",
            Self::Theirs => "Theirs",
            Self::Rekey => "Rekey",
            Self::With(_) => "with(closure)",
        })
    }
}

impl Resolve {
    /// Asks a closure about each conflict.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 10 }))?;
    /// let (base, fork) = (db.snapshot(), db.fork());
    /// db.transaction(|s| s.update::<Item>(1, |item| item.qty -= 3))?;
    /// fork.transaction(|s| s.update::<Item>(1, |item| item.qty -= 4))?;
    /// // what left on either side has left
    /// let add_up = Resolve::with(|conflict| match (&conflict.base, &conflict.ours, &conflict.theirs) {
    ///     (Value::Int(base), Value::Int(ours), Value::Int(theirs)) => Resolution::Value(Value::Int(ours + theirs - base)),
    ///     _ => Resolution::Fail,
    /// });
    /// db.merge(&base, &fork.snapshot(), add_up)?;
    /// assert_eq!(db.snapshot().get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn with(decide: impl Fn(&MergeConflict) -> Resolution + Send + Sync + 'static) -> Self {
        Self::With(Decide(Arc::new(decide)))
    }
}

/// A place that both sides of a merge changed, as a closure of [`Resolve::with`] sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MergeConflict {
    /// The table.
    pub table: &'static str,
    /// The primary key of the row, in the order of its columns.
    pub key: Vec<Value>,
    /// The column; `None` where it is about the whole row: deleted on one side, or added on both.
    pub column: Option<&'static str>,
    /// The value that both came from. For a whole row `Bool`: whether it was there.
    pub base: Value,
    /// The value in this database. For a whole row: whether it is there.
    pub ours: Value,
    /// The value in the version that is merged in. For a whole row: whether it is there.
    pub theirs: Value,
}

/// What becomes of a conflict.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Resolution {
    /// Keep what this database has.
    Ours,
    /// Take what the other version has.
    Theirs,
    /// Take this value instead. Where it is about a whole row, or the column cannot hold it, the merge is refused.
    Value(Value),
    /// Refuse the merge.
    Fail,
}

/// A row that a merge has given a fresh key.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Rekeyed {
    /// The table.
    pub table: &'static str,
    /// The key in the version that was merged in.
    pub old: Value,
    /// The key here.
    pub new: Value,
}
