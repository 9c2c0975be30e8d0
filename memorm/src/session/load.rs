//! What is loaded beside rows: relations, nested relations, tuples of them.
//!
//! ```text
//!   vendors ──keys──► ITEMS: one look-up a key ──► items, each once ──keys──► TAGS ──► tags, each once
//!      ▲                                             ▲                                   │
//!      └───────────── shared by `Arc` ───────────────┴────────── shared by `Arc` ────────┘
//! ```
//!
//! A level is loaded for all of its rows at once, so the number of look-ups follows the number of different keys and
//! not the number of rows. The shape is a type, so nesting is as deep as the statement is written, whatever the rows.
use crate::Result;
use crate::model::{BelongsTo, HasMany, HasOne, ManyToMany, Model, Relation, TableMeta};
use crate::world::{Budget, Reach, World};
use std::fmt;
use std::sync::Arc;

/// What `select::<M>().with(..)` takes: a relation of `M`, `RELATION.with(..)`, or a tuple of up to six of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of `{M}`",
    label = "expected a relation of `{M}`, `RELATION.with(..)`, or a tuple of them",
    note = "relations such as `Item::VENDOR` come from `references(..)` and `has_many(..)` and lead from the model that declares them"
)]
pub trait Load<M: Model>: Clone + Send + Sync + 'static {
    /// What is loaded beside each row: an `Option` where there is one related row at the most, else a `Vec`.
    type Out: Clone + Send + Sync + 'static;

    /// The type itself: what is made of a wrong one has no type then, and the compiler answers it once.
    #[doc(hidden)]
    type Loader: Load<M, Out = Self::Out>;
    #[doc(hidden)]
    fn loader(self) -> Self::Loader;

    /// What belongs to each of the rows, in their order.
    #[doc(hidden)]
    fn load(&self, loading: &mut Loading<'_>, rows: &[Arc<M>]) -> Result<Vec<Self::Out>>;
}

/// A relation with what is loaded beside its rows: `Vendor::ITEMS.with(Item::TAGS)`.
#[derive(Clone, Copy, Debug)]
pub struct Nested<R, L>(pub R, pub L);

/// The version that is loaded from, and what was looked up.
#[doc(hidden)]
pub struct Loading<'w> {
    world: &'w World,
    /// `None` where nobody asks.
    pub(super) notes: Option<Vec<String>>,
    budget: Budget,
}

impl fmt::Debug for Loading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loading").field("notes", &self.notes).finish_non_exhaustive()
    }
}

impl<'w> Loading<'w> {
    pub(super) fn new(world: &'w World, table: &'static TableMeta, notes: Option<Vec<String>>) -> Self {
        Self { world, notes, budget: Budget::start(world, table.name) }
    }

    /// The rows that a relation reaches, each once, and which of them belong to which row.
    fn reach<R: Relation>(
        &mut self,
        (relation, name): (R, &str),
        only_first: bool,
        rows: &[Arc<R::From>],
    ) -> Result<(Vec<Arc<R::To>>, Reach)> {
        let to = R::To::table();
        let mut asking = rows.iter().map(|row| &**row as _);
        let reach = self.world.reach((relation.path(), to), only_first, &mut asking, &self.budget)?;
        if let Some(notes) = &mut self.notes {
            let (found, keys) = (reach.ids.len(), reach.lookups());
            notes.push(format!("{name}: {found} rows of {} by {keys} keys, looked up", to.name));
        }
        let Some(table) = self.world.known_table(to) else { return Ok((Vec::new(), reach)) };
        let row =
            |id| table.rows.get(id).cloned().expect("invariant: a key or an index names a row that is there");
        Ok((reach.ids.iter().map(|id| row(*id)).collect(), reach))
    }
}

/// What each row leads to, by the places in `found`.
fn gather<T: Clone, F>(
    found: &[T],
    reach: &Reach,
    rows: usize,
    hold: impl Fn(&mut dyn Iterator<Item = T>) -> F,
) -> Vec<F> {
    (0..rows).map(|row| hold(&mut reach.places(row).iter().map(|place| found[*place].clone()))).collect()
}

macro_rules! relation {
    ($R:ident<$A:ident, $B:ident>: $From:ident, $To:ident, $Found:ident, $hold:ident, $only_first:literal) => {
        #[diagnostic::do_not_recommend]
        impl<$A: Model, $B: Model> Load<$From> for $R<$A, $B> {
            type Out = $Found<Arc<$To>>;
            type Loader = Self;
            fn loader(self) -> Self {
                self
            }
            fn load(&self, loading: &mut Loading<'_>, rows: &[Arc<$From>]) -> Result<Vec<Self::Out>> {
                let (found, reach) = loading.reach((*self, self.name()), $only_first, rows)?;
                Ok(gather(&found, &reach, rows.len(), |rows| rows.$hold()))
            }
        }
        #[diagnostic::do_not_recommend]
        impl<$A: Model, $B: Model, L: Load<$To>> Load<$From> for Nested<$R<$A, $B>, L> {
            type Out = $Found<(Arc<$To>, L::Out)>;
            type Loader = Self;
            fn loader(self) -> Self {
                self
            }
            fn load(&self, loading: &mut Loading<'_>, rows: &[Arc<$From>]) -> Result<Vec<Self::Out>> {
                let (found, reach) = loading.reach((self.0, self.0.name()), $only_first, rows)?;
                let more = self.1.load(loading, &found)?;
                let found: Vec<_> = found.into_iter().zip(more).collect();
                Ok(gather(&found, &reach, rows.len(), |rows| rows.$hold()))
            }
        }
    };
}
// one by one, for the sake of messages that show the line
relation!(BelongsTo<C, P>: C, P, Option, next, true);
relation!(HasMany<P, C>: P, C, Vec, collect, false);
relation!(HasOne<P, C>: P, C, Option, next, true);
relation!(ManyToMany<A, B>: A, B, Vec, collect, false);

macro_rules! tuples { ($(($($L:ident $of:ident $i:tt)+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<M: Model, $($L: Load<M>),+> Load<M> for ($($L,)+) {
        type Out = ($($L::Out,)+);
        type Loader = Self;
        fn loader(self) -> Self {
            self
        }
        fn load(&self, loading: &mut Loading<'_>, rows: &[Arc<M>]) -> Result<Vec<Self::Out>> {
            $(let mut $of = self.$i.load(loading, rows)?.into_iter();)+
            Ok((0..rows.len()).map_while(|_| Some(($($of.next()?,)+))).collect())
        }
    }
)* } }
tuples! {
    (A a 0)
    (A a 0 B b 1)
    (A a 0 B b 1 C c 2)
    (A a 0 B b 1 C c 2 D d 3)
    (A a 0 B b 1 C c 2 D d 3 E e 4)
    (A a 0 B b 1 C c 2 D d 3 E e 4 F f 5)
}

impl<C: Model, P: Model> BelongsTo<C, P> {
    /// Loads more beside the related rows: `Item::VENDOR.with(Vendor::PARENT)`, for [`Select::with`](crate::query::Select::with).
    pub fn with<R: Load<P, Loader = L>, L>(self, related: R) -> Nested<Self, L> {
        Nested(self, related.loader())
    }
}

impl<P: Model, C: Model> HasMany<P, C> {
    /// Loads more beside the related rows: `Vendor::ITEMS.with(Item::TAGS)`, for [`Select::with`](crate::query::Select::with).
    pub fn with<R: Load<C, Loader = L>, L>(self, related: R) -> Nested<Self, L> {
        Nested(self, related.loader())
    }
}

impl<P: Model, C: Model> HasOne<P, C> {
    /// Loads more beside the related rows: `Vendor::PROFILE.with(Profile::PICTURES)`, for [`Select::with`](crate::query::Select::with).
    pub fn with<R: Load<C, Loader = L>, L>(self, related: R) -> Nested<Self, L> {
        Nested(self, related.loader())
    }
}

impl<A: Model, B: Model> ManyToMany<A, B> {
    /// Loads more beside the related rows: `Item::TAGS.with(Tag::ITEMS)`, for [`Select::with`](crate::query::Select::with).
    pub fn with<R: Load<B, Loader = L>, L>(self, related: R) -> Nested<Self, L> {
        Nested(self, related.loader())
    }
}
