//! `Vendor::ITEMS.any(filter)`, `.none(filter)`, `.every(filter)`.
use super::code::Code;
use super::filter::{Condition, Filter};
use super::question::Quantifier;
use crate::model::{BelongsTo, HasMany, HasOne, ManyToMany, Model, Relation};

macro_rules! conditions { ($($(#[$example:meta])* $R:ident<$A:ident, $B:ident>: $From:ident, $To:ident;)*) => { $(
    impl<$A: Model, $B: Model> $R<$A, $B> {
        /// Tests whether there is a related row for which the condition is true. Never unknown: without a related row, or
        /// where the key that leads there is `None`, it is false.
        ///
        $(#[$example])*
        pub fn any(self, condition: impl Condition<$To>) -> Filter<$From> {
            related(self, self.name(), Quantifier::Any, condition)
        }
        /// Tests whether there is no related row for which the condition is true: the opposite of `any`.
        pub fn none(self, condition: impl Condition<$To>) -> Filter<$From> {
            related(self, self.name(), Quantifier::None, condition)
        }
        /// Tests whether there is no related row for which the condition is false or unknown. True where there is no related
        /// row at all.
        pub fn every(self, condition: impl Condition<$To>) -> Filter<$From> {
            related(self, self.name(), Quantifier::Every, condition)
        }
    }
)* } }
conditions! {
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// struct Vendor { #[model(primary_key)] id: u32, country: String }
    /// #[derive(Model, Clone)]
    /// struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: Option<u32> }
    ///
    /// let db = Database::new();
    /// db.transaction(|s| {
    ///     s.add(Vendor { id: 1, country: "CA".into() })?;
    ///     s.add_all([Item { id: 1, vendor_id: Some(1) }, Item { id: 2, vendor_id: None }])
    /// })?;
    /// let canadian = select::<Item>().filter(Item::VENDOR.any(Vendor::COUNTRY.eq("CA")));
    /// assert_eq!(canadian.select(Item::ID).all(&db)?, [1]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    BelongsTo<C, P>: C, P;
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// #[model(has_many(ITEMS: Item, by = VENDOR))]
    /// struct Vendor { #[model(primary_key)] id: u32 }
    /// #[derive(Model, Clone)]
    /// struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: u32, price: f64 }
    ///
    /// let db = Database::new();
    /// db.transaction(|s| {
    ///     s.add_all([Vendor { id: 1 }, Vendor { id: 2 }, Vendor { id: 3 }])?;
    ///     s.add(Item { id: 1, vendor_id: 1, price: 9.5 })?;
    ///     s.add(Item { id: 2, vendor_id: 2, price: 3.0 })
    /// })?;
    /// let ids = |filter| select::<Vendor>().filter(filter).select(Vendor::ID).all(&db);
    /// assert_eq!(ids(Vendor::ITEMS.any(Item::PRICE.gt(5)))?, [1]);
    /// assert_eq!(ids(Vendor::ITEMS.none(Item::PRICE.gt(5)))?, [2, 3]);
    /// assert_eq!(ids(Vendor::ITEMS.every(Item::PRICE.gt(5)))?, [1, 3], "vendor 3 has no item");
    /// # Ok::<_, memorm::Error>(())
    /// ```
    HasMany<P, C>: P, C;
    HasOne<P, C>: P, C;
    ManyToMany<A, B>: A, B;
}

fn related<R: Relation>(
    relation: R,
    name: &'static str,
    how: Quantifier,
    condition: impl Condition<R::To>,
) -> Filter<R::From> {
    let to = (name, relation.path(), R::To::table());
    Filter::new(Code::related(R::From::table(), to, how, condition.condition().into_code()))
}
