//! `select::<M>().with(..)`: rows, and what belongs to them.
use super::load::{Load, Loading};
use super::query::Query;
use super::source::View;
use crate::Result;
use crate::expr::{IntoOrder, Predicate, Within};
use crate::model::{KeyRef, Model};
use crate::plan::{Explain, Group};
use crate::query::{Plan, Select};
use std::fmt;
use std::sync::Arc;

/// A question for rows with related rows beside them: what [`Select::with`] gives.
///
/// Terminals are in [`Query`]. `count` and `exists` load nothing; `mappings` and `to_table` show the rows of the select;
/// `explain` tells how many keys each relation looked up.
#[must_use = "a select does nothing until `.all(&session)`, `.first(..)` … runs it"]
pub struct With<M, T> {
    rows: Select<M>,
    related: Related<M, T>,
}

/// What is loaded beside rows: a `T` for each.
type Related<M, T> = Arc<dyn Fn(&mut Loading<'_>, &[Arc<M>]) -> Result<Vec<T>> + Send + Sync>;

impl<M: Model> Select<M> {
    /// Loads related rows beside each row: a relation, a relation with more beside its rows, or a tuple of up to six of
    /// them. `Option` for one related row at the most, else `Vec`, in the order of `RELATION.of(..)`.
    ///
    /// Filter, order and limit may stand before it or behind it; they are about the rows. Each relation looks up each
    /// different key once, however many rows have it, and rows are shared: O(rows + keys · log n + found). The limits of
    /// the builder count what each relation leads to.
    ///
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// #[model(has_many(ITEMS: Item, by = VENDOR))]
    /// struct Vendor { #[model(primary_key)] id: u32, #[model(references(Vendor, name = PARENT))] parent_id: Option<u32> }
    /// #[derive(Model, Clone)]
    /// #[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
    /// struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: u32 }
    /// #[derive(Model, Clone)]
    /// struct Tag { #[model(primary_key)] name: String }
    /// #[derive(Model, Clone)]
    /// struct ItemTag {
    ///     #[model(primary_key, references(Item))] item_id: u64,
    ///     #[model(primary_key, references(Tag))] tag_name: String,
    /// }
    ///
    /// let db = Database::new();
    /// db.transaction(|s| {
    ///     s.add_all([Vendor { id: 1, parent_id: None }, Vendor { id: 2, parent_id: Some(1) }])?;
    ///     s.add_all([Item { id: 7, vendor_id: 2 }, Item { id: 8, vendor_id: 2 }])?;
    ///     s.add(Tag { name: "red".into() })?;
    ///     s.add(ItemTag { item_id: 8, tag_name: "red".into() })
    /// })?;
    /// let (vendor, items): (Arc<Vendor>, Vec<Arc<Item>>) =
    ///     select::<Vendor>().filter(Vendor::ID.eq(2)).with(Vendor::ITEMS).one(&db)?;
    /// assert_eq!((vendor.id, items[0].id, items[1].id), (2, 7, 8));
    ///
    /// let all = select::<Vendor>().with((Vendor::ITEMS.with(Item::TAGS), Vendor::PARENT)).all(&db)?;
    /// let (vendor, (items, parent)) = &all[1];
    /// let (item, tags) = &items[1];
    /// assert_eq!((item.id, &*tags[0].name), (8, "red"));
    /// assert_eq!((vendor.id, parent.as_ref().unwrap().id), (2, 1));
    /// assert!(all[0].1.0.is_empty() && all[0].1.1.is_none());
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn with<L: Load<M>>(self, related: L) -> With<M, L::Out> {
        With { rows: self, related: Arc::new(move |loading, rows| related.load(loading, rows)) }
    }
}

impl<M: Model, T> With<M, T> {
    fn of_rows(mut self, change: impl FnOnce(Select<M>) -> Select<M>) -> Self {
        self.rows = change(self.rows);
        self
    }
    /// Keeps the rows where the condition is true, as [`Select::filter`] does.
    pub fn filter<Side>(self, condition: impl Predicate<Scope: Within<M, Side>>) -> Self {
        self.of_rows(|rows| rows.filter(condition))
    }
    /// Keeps the rows for which the closure says so, as [`Select::filter_with`] does.
    pub fn filter_with(self, test: impl Fn(&M) -> bool + Send + Sync + 'static) -> Self {
        self.of_rows(|rows| rows.filter_with(test))
    }
    /// Sorts the rows, as [`Select::order_by`] does.
    pub fn order_by<Side>(self, order: impl IntoOrder<M, Side>) -> Self {
        self.of_rows(|rows| rows.order_by(order))
    }
    /// Keeps the first `rows` rows at the most.
    pub fn limit(self, rows: usize) -> Self {
        self.of_rows(|select| select.limit(rows))
    }
    /// Skips the first `rows` rows.
    pub fn offset(self, rows: usize) -> Self {
        self.of_rows(|select| select.offset(rows))
    }
    /// Keeps the rows behind the one with that key, as [`Select::after`] does.
    pub fn after(self, key: impl KeyRef<M::Key>) -> Self {
        self.of_rows(|rows| rows.after(key))
    }
    /// Borrows the select as data. What is loaded beside its rows is no part of it.
    pub fn inspect(&self) -> &Plan {
        self.rows.inspect()
    }
}

impl<M, T> Clone for With<M, T> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), related: self.related.clone() }
    }
}
impl<M, T> fmt::Debug for With<M, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("With").field("rows", &self.rows).finish_non_exhaustive()
    }
}

impl<M: Model, T> Query for With<M, T> {
    type Row = (Arc<M>, T);

    fn plan(&self) -> &Plan {
        &self.rows.plan
    }
    fn read(&self, _: &Group<'_, '_>, _: &mut Vec<Self::Row>) -> Result<()> {
        // a level is loaded for all of its rows: by `collect_rows`
        Ok(())
    }
    fn is_read_by_group(&self) -> bool {
        false
    }
    fn collect_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<Vec<Self::Row>> {
        let rows = self.rows.collect_rows(view, cap)?;
        let related = (self.related)(&mut Loading::new(view.world(), M::table(), None), &rows)?;
        Ok(rows.into_iter().zip(related).collect())
    }
    fn explain_rows(&self, view: &View<'_>) -> Result<Explain> {
        let mut explained = self.rows.explain_rows(view)?;
        let mut loading = Loading::new(view.world(), M::table(), Some(Vec::new()));
        (self.related)(&mut loading, &self.rows.collect_rows(view, None)?)?;
        explained.questions.extend(loading.notes.into_iter().flatten());
        Ok(explained)
    }
}
