//! `Changed`: what happened to the rows of one model.
use crate::world::Change;
use std::fmt;
use std::iter::FusedIterator;
use std::ops::Deref;
use std::vec::IntoIter;

/// The changed rows of one model, from [`Diff::of`](super::Diff::of): an iterator, and a slice of what is left of it.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone, Debug)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
/// # let db = Database::new();
/// let before = db.snapshot();
/// db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
/// let diff = db.snapshot().diff(&before);
/// assert!(matches!(&diff.of::<Item>()[..], [Change::Inserted(one), Change::Inserted(_)] if one.id == 1));
/// let added = diff.of::<Item>().filter(|change| matches!(change, Change::Inserted(_)));
/// assert_eq!(added.count(), 2);
/// # Ok::<_, memorm::Error>(())
/// ```
pub struct Changed<M>(IntoIter<Change<M>>);

impl<M> Changed<M> {
    /// Returns the changes that are left.
    pub fn as_slice(&self) -> &[Change<M>] {
        self.0.as_slice()
    }

    /// Counts the changes that are left.
    pub fn len(&self) -> usize {
        self.0.as_slice().len()
    }

    /// Tells whether none is left.
    pub fn is_empty(&self) -> bool {
        self.0.as_slice().is_empty()
    }
}

impl<M> From<Vec<Change<M>>> for Changed<M> {
    fn from(changes: Vec<Change<M>>) -> Self {
        Self(changes.into_iter())
    }
}

impl<M> From<Changed<M>> for Vec<Change<M>> {
    fn from(changed: Changed<M>) -> Self {
        changed.0.collect()
    }
}

impl<M> Iterator for Changed<M> {
    type Item = Change<M>;

    fn next(&mut self) -> Option<Change<M>> {
        self.0.next()
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<M> DoubleEndedIterator for Changed<M> {
    fn next_back(&mut self) -> Option<Change<M>> {
        self.0.next_back()
    }
}

impl<M> ExactSizeIterator for Changed<M> {}

impl<M> FusedIterator for Changed<M> {}

impl<M> Deref for Changed<M> {
    type Target = [Change<M>];

    fn deref(&self) -> &[Change<M>] {
        self.0.as_slice()
    }
}

impl<'a, M> IntoIterator for &'a Changed<M> {
    type Item = &'a Change<M>;
    type IntoIter = std::slice::Iter<'a, Change<M>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.as_slice().iter()
    }
}

impl<M> Clone for Changed<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M: fmt::Debug> fmt::Debug for Changed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl<M> AsRef<[Change<M>]> for Changed<M> {
    fn as_ref(&self) -> &[Change<M>] {
        self
    }
}

impl<M: PartialEq, S: AsRef<[Change<M>]>> PartialEq<S> for Changed<M> {
    fn eq(&self, other: &S) -> bool {
        **self == *other.as_ref()
    }
}
