//! From a row to its relatives: `Item::VENDOR.of(&session, &item)`.
use super::source::Source;
use crate::model::{BelongsTo, HasMany, HasOne, ManyToMany, Model, Relation};
use crate::world::World;
use std::sync::Arc;

impl<C: Model, P: Model> BelongsTo<C, P> {
    /// Finds the row that `row` refers to. `None` where the foreign key is, or a part of it. O(log n).
    ///
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// struct Vendor { #[model(primary_key)] id: u32, name: String }
    /// #[derive(Model, Clone)]
    /// struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: Option<u32> }
    ///
    /// let db = Database::new();
    /// let mut session = db.session();
    /// session.add(Vendor { id: 1, name: "acme".into() })?;
    /// let item = session.add(Item { id: 1, vendor_id: Some(1) })?;
    /// assert_eq!(Item::VENDOR.of(&session, &item).unwrap().name, "acme");
    /// assert!(Item::VENDOR.of(&session, &Item { id: 2, vendor_id: None }).is_none());
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn of(self, source: &impl Source, row: &C) -> Option<Arc<P>> {
        first(self, source.view().world(), row)
    }
}

impl<P: Model, C: Model> HasMany<P, C> {
    /// Finds the rows that refer to `row`, in row order. O(log n + found).
    ///
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// #[model(has_many(ITEMS: Item, by = VENDOR))]
    /// struct Vendor { #[model(primary_key)] id: u32 }
    /// #[derive(Model, Clone)]
    /// struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: u32 }
    ///
    /// let db = Database::new();
    /// let mut session = db.session();
    /// let vendor = session.add(Vendor { id: 1 })?;
    /// session.add_all([Item { id: 7, vendor_id: 1 }, Item { id: 4, vendor_id: 1 }])?;
    /// let items = Vendor::ITEMS.of(&session, &vendor);
    /// assert_eq!(items.iter().map(|item| item.id).collect::<Vec<_>>(), [7, 4]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn of(self, source: &impl Source, row: &P) -> Vec<Arc<C>> {
        all(self, source.view().world(), row)
    }
}

impl<P: Model, C: Model> HasOne<P, C> {
    /// Finds the row that refers to `row`: the first in row order where there are several. O(log n + found).
    pub fn of(self, source: &impl Source, row: &P) -> Option<Arc<C>> {
        first(self, source.view().world(), row)
    }
}

impl<A: Model, B: Model> ManyToMany<A, B> {
    /// Finds the rows that are linked to `row`, each once, in the row order of the link table.
    /// O(log n) for each link.
    ///
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// #[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
    /// struct Item { #[model(primary_key)] id: u64 }
    /// #[derive(Model, Clone)]
    /// struct Tag { #[model(primary_key)] name: String }
    /// #[derive(Model, Clone)]
    /// struct ItemTag {
    ///     #[model(primary_key, references(Item))] item_id: u64,
    ///     #[model(primary_key, references(Tag))] tag_name: String,
    /// }
    ///
    /// let db = Database::new();
    /// let mut session = db.session();
    /// let item = session.add(Item { id: 1 })?;
    /// session.add_all(["blue", "red"].map(|name| Tag { name: name.into() }))?;
    /// session.add_all(["red", "blue"].map(|name| ItemTag { item_id: 1, tag_name: name.into() }))?;
    /// let tags = Item::TAGS.of(&session, &item);
    /// assert_eq!(tags.iter().map(|tag| &*tag.name).collect::<Vec<_>>(), ["red", "blue"]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn of(self, source: &impl Source, row: &A) -> Vec<Arc<B>> {
        all(self, source.view().world(), row)
    }
}

fn all<R: Relation>(relation: R, world: &World, row: &R::From) -> Vec<Arc<R::To>> {
    let meta = R::To::table();
    let ids = world.related(relation.path(), meta, row);
    let Some(table) = world.known_table(meta) else { return Vec::new() };
    ids.into_iter().filter_map(|id| table.rows.get(id).cloned()).collect()
}

fn first<R: Relation>(relation: R, world: &World, row: &R::From) -> Option<Arc<R::To>> {
    let meta = R::To::table();
    let id = *world.related(relation.path(), meta, row).first()?;
    world.known_table(meta)?.rows.get(id).cloned()
}
