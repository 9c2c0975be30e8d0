//! Adding a row, or changing the one that is there.
use super::handle::{Session, typed, typed_row};
use super::rows::UniqueChecks;
use crate::Result;
use crate::expr::Column;
use crate::model::{Field, Insertable, Model};
use crate::table::{Cells, table_type};
use std::sync::Arc;

impl Session {
    /// Adds the row, or changes the one with its primary key: `change` gets the old row and the new one.
    ///
    /// # Errors
    /// Those of [`add`](Self::add) and [`update`](Self::update), and `Stale` where the model has a `version` column that
    /// is outdated.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// for qty in [3, 4] {
    ///     session.upsert(Item { id: 7, sku: "A-17".into(), qty }, |old, new| old.qty += new.qty)?;
    /// }
    /// assert_eq!(session.get::<Item>(7).unwrap().qty, 7);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn upsert<I: Insertable>(
        &mut self,
        row: I,
        change: impl FnOnce(&mut I::Model, I::Model),
    ) -> Result<Arc<I::Model>> {
        let row = row.into_model();
        let id = self.unit.locate(I::Model::table(), &Cells::of(&row, I::Model::table().primary_key));
        self.upsert_at(id, row, change)
    }

    /// Adds the row, or changes the one that has its value in the unique column `on`.
    ///
    /// # Errors
    /// Those of [`upsert`](Self::upsert), and `NotUnique` where the column is neither unique nor the primary key.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone, Debug, PartialEq)] #[model(constructor = new)]
    /// # struct Item { #[model(primary_key, auto)] id: u64, #[model(unique)] sku: String, qty: i64 }
    /// # let db = Database::new();
    /// # let mut session = db.session();
    /// for qty in [3, 4] {
    ///     session.upsert_on(Item::SKU, Item::new("A-17", qty), |old, new| old.qty += new.qty)?;
    /// }
    /// assert_eq!(select::<Item>().one(&session)?.qty, 7);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn upsert_on<I: Insertable, T: Field>(
        &mut self,
        on: Column<I::Model, T>,
        row: I,
        change: impl FnOnce(&mut I::Model, I::Model),
    ) -> Result<Arc<I::Model>> {
        let row = row.into_model();
        let id = self.unit.locate_by(I::Model::table(), on.index(), &row)?;
        self.upsert_at(id, row, change)
    }

    fn upsert_at<M: Model>(
        &mut self,
        id: Option<u64>,
        row: M,
        change: impl FnOnce(&mut M, M),
    ) -> Result<Arc<M>> {
        let kind = table_type::<M>();
        let Some(id) = id else { return self.add(row) };
        let Some(mut draft) = self.unit.draft(kind, id)? else { return self.add(row) };
        if let Some(old) = self.unit.row(kind.meta, id) {
            self.unit.check_version(kind.meta, old, &row)?;
        }
        change(typed_row(draft.row_mut()), row);
        self.unit.finish_update(draft, UniqueChecks::Now).map(typed)
    }
}
