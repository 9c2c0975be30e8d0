//! `Relation`: what the four kinds of relations have in common.
use super::{BelongsTo, HasMany, HasOne, ManyToMany, Model, TableMeta};

/// A relation from one model to another: what `.join(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation",
    label = "expected a relation such as `Item::VENDOR` or `Vendor::ITEMS`",
    note = "`references(..)` on a field and `has_many(..)` on a struct make relations; to join on any condition: `.join_on::<Other>(on(A::X).eq(on(B::Y)))`"
)]
pub trait Relation: Copy + Send + Sync + 'static {
    /// Where the relation starts.
    type From: Model;
    /// Where it leads.
    type To: Model;
    /// Tells how rows of both belong together.
    fn path(self) -> Path;
}

/// How the rows of two tables belong together: by equal values.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// The columns of the table where the relation starts.
    pub from: &'static [u16],
    /// The columns of the table where it leads, in the same order.
    pub to: &'static [u16],
    /// The table between them, for many-to-many.
    pub through: Option<Through>,
}

/// A link table: `by` equals the one table's `from`, `to` the other's `to`.
#[derive(Clone, Copy, Debug)]
pub struct Through {
    /// The link table.
    pub table: &'static TableMeta,
    /// Its columns that refer to the table where the relation starts.
    pub by: &'static [u16],
    /// Its columns that refer to the table where it leads.
    pub to: &'static [u16],
}

#[diagnostic::do_not_recommend]
impl<C: Model, P: Model> Relation for BelongsTo<C, P> {
    type From = C;
    type To = P;
    fn path(self) -> Path {
        Path { from: self.columns(), to: P::table().primary_key, through: None }
    }
}
#[diagnostic::do_not_recommend]
impl<P: Model, C: Model> Relation for HasMany<P, C> {
    type From = P;
    type To = C;
    fn path(self) -> Path {
        Path { from: P::table().primary_key, to: self.by().columns(), through: None }
    }
}
#[diagnostic::do_not_recommend]
impl<P: Model, C: Model> Relation for HasOne<P, C> {
    type From = P;
    type To = C;
    fn path(self) -> Path {
        Path { from: P::table().primary_key, to: self.by().columns(), through: None }
    }
}
#[diagnostic::do_not_recommend]
impl<A: Model, B: Model> Relation for ManyToMany<A, B> {
    type From = A;
    type To = B;
    fn path(self) -> Path {
        let through = Through { table: self.link(), by: self.by(), to: self.to() };
        Path { from: A::table().primary_key, to: B::table().primary_key, through: Some(through) }
    }
}
