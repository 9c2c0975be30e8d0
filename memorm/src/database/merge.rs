//! `Database::merge`: what a fork has done, brought home.
use super::handle::Database;
use super::snapshot::Snapshot;
use crate::Result;
use crate::model::TableMeta;
use crate::world::{Rekeyed, Resolve, Version};

/// What a merge did, from [`Database::merge`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Merged {
    /// The version that it published.
    pub version: Version,
    /// The rows that got a fresh key under [`Resolve::Rekey`].
    pub rekeyed: Vec<Rekeyed>,
}

impl Database {
    /// Brings in what happened from `base` to `theirs`, as one new version: a three-way merge with the newest version.
    ///
    /// Rows are paired by primary key. What only one side changed is taken from it, column by column; `resolve` says what
    /// happens where both changed one column in two ways, one deleted what the other changed, or both added one key.
    /// `version` and `on_update` columns never conflict: they become one more than the greater, and the later. Our rows
    /// keep their places; theirs that are new come behind. Unique columns, foreign keys and checks hold on the result. Costs
    /// what they changed.
    ///
    /// # Errors
    /// `MergeConflict` names table, key, column and the three values. `Duplicate`, `DanglingReference`,
    /// `StillReferenced`, `Check`: the result would break a rule. `KeyExhausted`, `Schema`, `Refused`, `Busy`; `InTransaction` in a
    /// hook. Nothing is changed then.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64, price: f64 }
    /// let db = Database::new();
    /// db.transaction(|s| s.add(Item { id: 1, qty: 3, price: 1.5 }))?;
    /// let (base, what_if) = (db.snapshot(), db.fork());
    /// db.transaction(|s| s.update::<Item>(1, |item| item.qty = 2))?;
    /// what_if.transaction(|s| s.update::<Item>(1, |item| item.price = 9.0))?;
    /// db.merge(&base, &what_if.snapshot(), Resolve::Fail)?;
    /// let item = db.snapshot().get::<Item>(1).unwrap();
    /// assert_eq!((item.qty, item.price), (2, 9.0));
    ///
    /// what_if.transaction(|s| s.update::<Item>(1, |item| item.qty = 7))?;
    /// let error = db.merge(&base, &what_if.snapshot(), Resolve::Fail).unwrap_err();
    /// assert_eq!(error.to_string(), "merge conflict on item 1, column qty: 3 became 2 here and 7 there");
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn merge(&self, base: &Snapshot, theirs: &Snapshot, resolve: Resolve) -> Result<Merged> {
        let next_key =
            |meta: &TableMeta, above, fits: &dyn Fn(u64) -> bool| self.shared.next_key(meta, above, fits);
        let (version, rekeyed) = self
            .shared
            .try_replace_head(|head| head.merged(base.world(), theirs.world(), &resolve, &next_key))?;
        Ok(Merged { version, rekeyed })
    }
}
