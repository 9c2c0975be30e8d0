//! `Database::exclusive`: the way to write without a commit.
use super::handle::Database;
use crate::Result;
use crate::session::Exclusive;
use std::sync::Arc;

impl Database {
    /// Opens the direct path: each call writes straight into the newest version, in place where no snapshot shares it. For
    /// the hot loop of a simulation, which needs neither a commit for each step nor a way back.
    ///
    /// Constraints hold and indexes are in step after each call. All calls together are one version, published when the
    /// result is dropped. No [hook](Self::on_commit) is asked: it could refuse nothing any more. There is no rollback: keep a
    /// [`snapshot`](Self::snapshot) or a fork of the state before.
    ///
    /// # Errors
    /// `Busy` while a session of this database exists.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key, auto)] id: u64, qty: i64 }
    /// let mut db = Database::new();
    /// let mut hot = db.exclusive()?;
    /// let item = hot.add(Item { id: 0, qty: 3 })?;
    /// for _ in 0..10 {
    ///     hot.update::<Item>(item.id, |item| item.qty += 1)?;
    /// }
    /// update::<Item>().set(Item::QTY, Item::QTY * 2).exec(&mut hot)?;
    /// assert_eq!(select::<Item>().one(&hot)?.qty, 26);
    /// drop(hot);
    /// assert_eq!(db.snapshot().get::<Item>(item.id).unwrap().qty, 26);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn exclusive(&mut self) -> Result<Exclusive<'_>> {
        let is_alone = Arc::strong_count(&self.shared) == 1;
        Exclusive::open(&self.shared, is_alone)
    }

    /// Opens the direct path on a database that others hold too, as an `Arc<Database>`.
    ///
    /// Until it is dropped, others read the version before. Sessions that they open meanwhile can commit nothing, and nothing
    /// else publishes a version (`Busy`), but for `clear`, which waits: do not call it while you hold the result. The first
    /// write to each part of a table copies that part.
    ///
    /// # Errors
    /// `Busy` while a session of this database exists, or another exclusive handle.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key, auto)] id: u64, qty: i64 }
    /// let db = Arc::new(Database::new());
    /// let session = db.session();
    /// assert!(matches!(db.try_exclusive(), Err(memorm::Error::Busy { sessions: 1 })));
    /// drop(session);
    /// let mut hot = db.try_exclusive()?;
    /// hot.add(Item { id: 0, qty: 3 })?;
    /// assert_eq!(select::<Item>().count(&db)?, 0);
    /// drop(hot);
    /// assert_eq!(select::<Item>().count(&db)?, 1);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn try_exclusive(&self) -> Result<Exclusive<'_>> {
        Exclusive::open(&self.shared, false)
    }
}
