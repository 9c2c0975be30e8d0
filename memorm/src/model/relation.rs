//! Relations: the constants that `references`, `has_many` and `has_one` make.
//!
//! ```text
//!   Item::VENDOR  BelongsTo<Item, Vendor>  ──────►  one vendor
//!   Vendor::ITEMS HasMany<Vendor, Item>    ◄──────  the same columns, read backwards
//!   Item::TAGS    ManyToMany<Item, Tag>    ◄──ItemTag──►
//! ```
//!
//! Not here: joins, `of`, loading and `any` / `none` / `every`, which need tables or expressions.
use super::{Model, TableMeta};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;

/// Child to parent: from `references(..)`.
pub struct BelongsTo<C, P> {
    name: &'static str,
    columns: &'static [u16],
    ends: PhantomData<fn() -> (C, P)>,
}

/// Parent to children: from `has_many(..)`.
pub struct HasMany<P, C> {
    name: &'static str,
    by: BelongsTo<C, P>,
}

/// Parent to its one child: from `has_one(..)`.
pub struct HasOne<P, C> {
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

macro_rules! plain_values { ($($R:ident<$A:ident, $B:ident>)*) => { $(
    impl<$A, $B> Clone for $R<$A, $B> {
        fn clone(&self) -> Self {
            *self
        }
    }
    impl<$A, $B> Copy for $R<$A, $B> {}
    impl<$A, $B> fmt::Debug for $R<$A, $B> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.name)
        }
    }
    impl<$A, $B> $R<$A, $B> {
        /// Returns the name of the relation's constant.
        pub fn name(self) -> &'static str {
            self.name
        }
    }
)* } }
plain_values! { BelongsTo<C, P> HasMany<P, C> HasOne<P, C> ManyToMany<A, B> }

impl<C, P> BelongsTo<C, P> {
    /// `_fits` compiles where the columns of `C` can hold the key of `P`; it is not called.
    #[doc(hidden)]
    pub const fn new(name: &'static str, columns: &'static [u16], _fits: fn(&C)) -> Self {
        Self { name, columns, ends: PhantomData }
    }

    /// Returns the positions of the columns that hold the key, among the columns of `C`.
    pub fn columns(self) -> &'static [u16] {
        self.columns
    }
}

impl<C: Model, P: Model> BelongsTo<C, P> {
    /// Returns the key that `row` refers to. `None` where the field is `None`, and for a key of several columns, which no
    /// field holds as a whole.
    pub fn key_of(self, row: &C) -> Option<&P::Key> {
        let [column] = self.columns else { return None };
        let field: &dyn Any = row.field(*column);
        field.downcast_ref().or_else(|| field.downcast_ref::<Option<P::Key>>()?.as_ref())
    }
}

impl<P, C> HasMany<P, C> {
    #[doc(hidden)]
    pub const fn new(name: &'static str, by: BelongsTo<C, P>) -> Self {
        Self { name, by }
    }

    /// Returns the relation that leads back.
    pub fn by(self) -> BelongsTo<C, P> {
        self.by
    }
}

impl<P, C> HasOne<P, C> {
    #[doc(hidden)]
    pub const fn new(name: &'static str, by: BelongsTo<C, P>) -> Self {
        Self { name, by }
    }

    /// Returns the relation that leads back.
    pub fn by(self) -> BelongsTo<C, P> {
        self.by
    }
}

impl<A, B> ManyToMany<A, B> {
    #[doc(hidden)]
    pub const fn new<L: Model>(name: &'static str, by: BelongsTo<L, A>, to: BelongsTo<L, B>) -> Self {
        Self { name, link: L::table, by: by.columns, to: to.columns, ends: PhantomData }
    }

    /// Describes the link table.
    pub fn link(self) -> &'static TableMeta {
        (self.link)()
    }

    /// Returns the positions of the link table's columns that refer to `A`.
    pub fn by(self) -> &'static [u16] {
        self.by
    }

    /// Returns the positions of the link table's columns that refer to `B`.
    pub fn to(self) -> &'static [u16] {
        self.to
    }
}

/// A key of `N` columns, as a foreign key of several columns refers to it.
#[diagnostic::on_unimplemented(
    message = "`by` must name one column for each part of the key `{Self}`",
    label = "its key is `{Self}`"
)]
#[doc(hidden)]
pub trait KeyParts<const N: usize> {
    type A;
    type B;
    type C;
    type D;
}
#[diagnostic::do_not_recommend]
impl<A, B> KeyParts<2> for (A, B) {
    type A = A;
    type B = B;
    type C = ();
    type D = ();
}
#[diagnostic::do_not_recommend]
impl<A, B, C> KeyParts<3> for (A, B, C) {
    type A = A;
    type B = B;
    type C = C;
    type D = ();
}
#[diagnostic::do_not_recommend]
impl<A, B, C, D> KeyParts<4> for (A, B, C, D) {
    type A = A;
    type B = B;
    type C = C;
    type D = D;
}
