//! Relations: the constants that `references`, `has_many` and `has_one` make.
//!
//! ```text
//!   Item::VENDOR  BelongsTo<Item, Vendor>  ──────►  one vendor
//!   Vendor::ITEMS HasMany<Vendor, Item>    ◄──────  the same columns, read backwards
//!   Item::TAGS    ManyToMany<Item, Tag>    ◄──ItemTag──►
//! ```
//!
//! Not here: joins, loading and `any` / `none` / `every`, which need tables or expressions.
use super::{Model, TableMeta};
use std::fmt;
use std::marker::PhantomData;

/// Child to parent: from `references(..)`.
pub struct BelongsTo<C, P: Model> {
    name: &'static str,
    columns: &'static [u16],
    key: fn(&C) -> Option<P::Key>,
}

/// Parent to children: from `has_many(..)`.
pub struct HasMany<P: Model, C> {
    name: &'static str,
    by: BelongsTo<C, P>,
}

/// Parent to its one child: from `has_one(..)`.
pub struct HasOne<P: Model, C> {
    name: &'static str,
    by: BelongsTo<C, P>,
}

/// Across a link table: from `has_many(.., through = Link, ..)`.
pub struct ManyToMany<A, B> {
    name: &'static str,
    link: fn() -> &'static TableMeta,
    by: &'static [u16],
    to: &'static [u16],
    ends: PhantomData<fn() -> (A, B)>,
}

macro_rules! plain_values { ($($R:ident<$A:ident $(: $Am:ident)?, $B:ident $(: $Bm:ident)?>)*) => { $(
    impl<$A $(: $Am)?, $B $(: $Bm)?> Clone for $R<$A, $B> {
        fn clone(&self) -> Self {
            *self
        }
    }
    impl<$A $(: $Am)?, $B $(: $Bm)?> Copy for $R<$A, $B> {}
    impl<$A $(: $Am)?, $B $(: $Bm)?> fmt::Debug for $R<$A, $B> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.name)
        }
    }
    impl<$A $(: $Am)?, $B $(: $Bm)?> $R<$A, $B> {
        /// The name of the relation's constant.
        pub fn name(self) -> &'static str {
            self.name
        }
    }
)* } }
plain_values! { BelongsTo<C, P: Model> HasMany<P: Model, C> HasOne<P: Model, C> ManyToMany<A, B> }

impl<C, P: Model> BelongsTo<C, P> {
    #[doc(hidden)]
    pub const fn new(name: &'static str, columns: &'static [u16], key: fn(&C) -> Option<P::Key>) -> Self {
        Self { name, columns, key }
    }

    /// The positions of the columns that hold the key, among the columns of `C`.
    pub fn columns(self) -> &'static [u16] {
        self.columns
    }

    /// The key that `row` refers to; `None` where a part of it is `None`. Copies the key.
    pub fn key_of(self, row: &C) -> Option<P::Key> {
        (self.key)(row)
    }
}

impl<P: Model, C> HasMany<P, C> {
    #[doc(hidden)]
    pub const fn new(name: &'static str, by: BelongsTo<C, P>) -> Self {
        Self { name, by }
    }

    /// The relation that leads back.
    pub fn by(self) -> BelongsTo<C, P> {
        self.by
    }
}

impl<P: Model, C> HasOne<P, C> {
    #[doc(hidden)]
    pub const fn new(name: &'static str, by: BelongsTo<C, P>) -> Self {
        Self { name, by }
    }

    /// The relation that leads back.
    pub fn by(self) -> BelongsTo<C, P> {
        self.by
    }
}

impl<A: Model, B: Model> ManyToMany<A, B> {
    #[doc(hidden)]
    pub const fn new<L: Model>(name: &'static str, by: BelongsTo<L, A>, to: BelongsTo<L, B>) -> Self {
        Self { name, link: L::table, by: by.columns, to: to.columns, ends: PhantomData }
    }

    /// The link table.
    pub fn link(self) -> &'static TableMeta {
        (self.link)()
    }

    /// The positions of the link table's columns that refer to `A`.
    pub fn by(self) -> &'static [u16] {
        self.by
    }

    /// The positions of the link table's columns that refer to `B`.
    pub fn to(self) -> &'static [u16] {
        self.to
    }
}
