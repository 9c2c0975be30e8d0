//! Indexes: from a key to the ids of the rows that have it.
//!
//! ```text
//!   HashTree      hash of a key ─► candidate row ids; the caller compares keys on the rows
//!   OrderedIndex  value ─► Postings, in the order of values: equality, ranges, scans in order
//!   Postings      the row ids of one value, ascending
//!   Batch         many entries for an `OrderedIndex`, sorted before they are put in
//! ```
//!
//! All of them are versions: `clone` copies a pointer, a clone shares all that was not changed since, and a change
//! is made in place where nobody else holds the node. Rows are `u64` ids here and keys are
//! [`Cell`](crate::value::Cell)s, so all of this is compiled once and not once for each model.
//!
//! Not here: reading keys from rows, verifying candidates, uniqueness. That is the table's.

mod hash_tree;
mod ordered;
mod postings;

#[cfg(test)]
mod tests;

pub use hash_tree::{Candidates, HashTree};
pub use ordered::{Batch, OrderedIndex, Walk};
pub use postings::{Postings, PostingsIter};
