//! Scopes: what a statement ranges over, and how a part written for one table fits into a join.
//!
//! ```text
//!   select::<Item>()                                 Item
//!     .left_join(Item::VENDOR)                       (Item, Opt<Vendor>)      up to six slots
//!       .filter(Item::QTY.gt(1))                      Item: Within<(Item, Opt<Vendor>), At<0>>
//!       .filter(on(Item::QTY).gt(opt(Vendor::ID)))    Over<S>: Within<S, Whole>
//! ```
//!
//! Columns, expressions and filters of one table carry that table as their scope; those made by `on`, `opt` and `at`
//! carry [`Over`]. A statement takes a part if that scope is [`Within`] its own. `Side`, which place
//! that is, is always inferred; its name stands in what the compiler says of a self join without `.at(..)`.
use super::code::Code;
use crate::model::{AnyRow, Model, downcast_row};
use std::marker::PhantomData;
use std::sync::Arc;

/// One slot of a join: a model, or [`Opt`] of one.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a model", label = "a joined table must be a model")]
pub trait Slot: 'static {
    /// What closures see of it.
    type Row<'a>: Copy;
    /// What `all` returns of it.
    type Owned: Clone + Send + Sync + 'static;
    /// What `iter` gives of it.
    type Shared<'a>: Copy;
    #[doc(hidden)]
    fn part(part: Option<&dyn AnyRow>) -> Option<Self::Row<'_>>;
    #[doc(hidden)]
    fn shared<'w>(rows: &impl ResultRows<'w>, slot: u8) -> Vec<Self::Shared<'w>>;
    #[doc(hidden)]
    fn to_owned(shared: Self::Shared<'_>) -> Self::Owned;
}
#[diagnostic::do_not_recommend]
impl<M: Model> Slot for M {
    type Row<'a> = &'a M;
    type Owned = Arc<M>;
    type Shared<'a> = &'a Arc<M>;
    fn part(part: Option<&dyn AnyRow>) -> Option<&M> {
        downcast_row(part?)
    }
    fn shared<'w>(rows: &impl ResultRows<'w>, slot: u8) -> Vec<&'w Arc<M>> {
        let mut out = Vec::with_capacity(rows.len());
        rows.borrow(slot, &mut out);
        out
    }
    fn to_owned(shared: &Arc<M>) -> Arc<M> {
        shared.clone()
    }
}

/// The optional side of a left join, as `(Item, Opt<Vendor>)`.
#[derive(Debug)]
pub struct Opt<M>(PhantomData<fn() -> M>);
#[diagnostic::do_not_recommend]
impl<M: Model> Slot for Opt<M> {
    type Row<'a> = Option<&'a M>;
    type Owned = Option<Arc<M>>;
    type Shared<'a> = Option<&'a Arc<M>>;
    fn part(part: Option<&dyn AnyRow>) -> Option<Option<&M>> {
        Some(part.and_then(downcast_row))
    }
    fn shared<'w>(rows: &impl ResultRows<'w>, slot: u8) -> Vec<Option<&'w Arc<M>>> {
        let mut out = Vec::with_capacity(rows.len());
        rows.borrow_optional(slot, &mut out);
        out
    }
    fn to_owned(shared: Option<&Arc<M>>) -> Option<Arc<M>> {
        shared.cloned()
    }
}

/// What a statement ranges over: a model, or a tuple of up to six slots that joins have made.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query scope",
    note = "a scope is a model, or a tuple of models made by `.join(..)`"
)]
pub trait Scope: 'static {
    /// What closures see of a row: `&Item`, `(&Item, Option<&Vendor>)`.
    type Row<'a>: Copy;
    /// What a query without a projection returns for a row: `Arc<Item>`, `(Arc<Item>, Option<Arc<Vendor>>)`.
    type Owned: Clone + Send + Sync + 'static;
    /// What `iter` gives: `&Arc<Item>`, `(&Arc<Item>, Option<&Arc<Vendor>>)`.
    type Shared<'a>;
    /// How many tables there are.
    const SLOTS: u8;
    #[doc(hidden)]
    fn row<'a>(parts: &[Option<&'a dyn AnyRow>]) -> Option<Self::Row<'a>>;
    #[doc(hidden)]
    fn shared<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<Self::Shared<'w>>);
    #[doc(hidden)]
    fn owned<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<Self::Owned>);
}
#[diagnostic::do_not_recommend]
impl<M: Model> Scope for M {
    type Row<'a> = &'a M;
    type Owned = Arc<M>;
    type Shared<'a> = &'a Arc<M>;
    const SLOTS: u8 = 1;
    fn row<'a>(parts: &[Option<&'a dyn AnyRow>]) -> Option<&'a M> {
        downcast_row((*parts.first()?)?)
    }
    fn shared<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<&'w Arc<M>>) {
        rows.borrow(0, out);
    }
    fn owned<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<Arc<M>>) {
        rows.share(out);
    }
}

/// Rows of a result, as scopes read them. There is one implementation, below which rows know their type.
#[doc(hidden)]
pub trait ResultRows<'w> {
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Appends the part in `slot` of each row that has one.
    fn borrow<M: Model>(&self, slot: u8, out: &mut Vec<&'w Arc<M>>);
    /// Appends the part in `slot` of each row; `None` where a left join found none.
    fn borrow_optional<M: Model>(&self, slot: u8, out: &mut Vec<Option<&'w Arc<M>>>);
    /// Appends the rows of a result of one table, to be kept.
    fn share<M: Model>(&self, out: &mut Vec<Arc<M>>);
}

/// Marks "the whole scope is this model".
#[derive(Debug)]
pub struct Here;

/// Marks "written for the whole scope".
#[derive(Debug)]
pub struct Whole;

/// A place in a join, as a type and as a value: [`LEFT`], [`RIGHT`], `At::<2>`.
#[derive(Clone, Copy, Debug)]
pub struct At<const N: usize>;
/// The first table of a join.
pub const LEFT: At<0> = At;
/// The second table of a join.
pub const RIGHT: At<1> = At;

/// `Self` ranges over table `M`, on side `Side`.
#[diagnostic::on_unimplemented(
    message = "table `{M}` is not part of this query",
    label = "the query ranges over `{Self}`",
    note = "another table is reached by a join; on the optional side of a left join write `opt({M}::COLUMN)`"
)]
pub trait Has<M: Model, Side>: Scope {
    /// The position as a number.
    #[doc(hidden)]
    const SLOT: u8;
}
#[diagnostic::do_not_recommend]
impl<M: Model> Has<M, Here> for M {
    const SLOT: u8 = 0;
}

/// `Self` left-joins table `M`, on side `Side`.
#[diagnostic::on_unimplemented(
    message = "table `{M}` is not left-joined in this query",
    label = "the query ranges over `{Self}`",
    note = "`opt(..)` is for the optional side of `.left_join(..)`; for any other table write the column as it is"
)]
pub trait HasOpt<M: Model, Side>: Scope {
    /// The position as a number.
    #[doc(hidden)]
    const SLOT: u8;
}

/// Marks "the optional side of a left join at this place".
#[derive(Debug)]
pub struct Optional<const N: usize>;

/// `Self` ranges over table `M`, on side `Side`, be it on the optional side of a left join: relations of it lead on.
#[diagnostic::on_unimplemented(
    message = "table `{M}`, where the relation starts, is not part of this query",
    label = "the query ranges over `{Self}`",
    note = "join `{M}` first; a relation leads from the table that declares it"
)]
pub trait Starts<M: Model, Side>: Scope {
    /// The position as a number.
    #[doc(hidden)]
    const SLOT: u8;
}
#[diagnostic::do_not_recommend]
impl<M: Model> Starts<M, Here> for M {
    const SLOT: u8 = 0;
}

/// `Self` with one more slot on the right.
#[diagnostic::on_unimplemented(
    message = "a query can join six tables at most",
    label = "no room for another `{R}`",
    note = "ask twice: `.in_(..)` with the first answer's keys, or follow relations from its rows"
)]
pub trait Push<R: Slot>: Scope {
    /// The scope with it.
    type Out: Scope;
}
/// `Self` as one more table of `S`: [`Push`] from the other side, so that the compiler tells which bound failed.
#[diagnostic::on_unimplemented(
    message = "a query can join six tables at most",
    label = "no room for another table beside `{S}`",
    note = "ask twice: `.in_(..)` with the first answer's keys, or follow relations from its rows"
)]
pub trait Beside<S>: Slot {
    /// The scope with it.
    type Out: Scope;
}
#[diagnostic::do_not_recommend]
impl<R: Slot, S: Push<R>> Beside<S> for R {
    type Out = S::Out;
}
#[diagnostic::do_not_recommend]
impl<M: Model, R: Slot> Push<R> for M {
    type Out = (M, R);
}

macro_rules! scopes { ($($n:literal: $($S:ident $row:ident $i:tt),+;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($S: Slot),+> Scope for ($($S,)+) {
        type Row<'a> = ($($S::Row<'a>,)+);
        type Owned = ($($S::Owned,)+);
        type Shared<'a> = ($($S::Shared<'a>,)+);
        const SLOTS: u8 = $n;
        fn row<'a>(parts: &[Option<&'a dyn AnyRow>]) -> Option<Self::Row<'a>> {
            Some(($($S::part(*parts.get($i)?)?,)+))
        }
        fn shared<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<Self::Shared<'w>>) {
            let ($($row,)+) = ($($S::shared(rows, $i),)+);
            let len = rows.len() $(.min($row.len()))+;
            out.extend((0..len).map(|lane| ($($row[lane],)+)));
        }
        fn owned<'w>(rows: &impl ResultRows<'w>, out: &mut Vec<Self::Owned>) {
            let ($($row,)+) = ($($S::shared(rows, $i),)+);
            let len = rows.len() $(.min($row.len()))+;
            out.extend((0..len).map(|lane| ($($S::to_owned($row[lane]),)+)));
        }
    }
)* } }
scopes! {
    2: A a 0, B b 1;
    3: A a 0, B b 1, C c 2;
    4: A a 0, B b 1, C c 2, D d 3;
    5: A a 0, B b 1, C c 2, D d 3, E e 4;
    6: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5;
}
macro_rules! pushes { ($(($($S:ident)+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($S: Slot,)+ R: Slot> Push<R> for ($($S,)+) {
        type Out = ($($S,)+ R);
    }
)* } }
pushes! { (A B) (A B C) (A B C D) (A B C D E) }

// The implementation for models alone would stand for a full tuple as well: `.join(..)` would be refused, and so would
// each call on what it would have made. Of two that do not hold the compiler takes neither, and complains once.
#[doc(hidden)]
#[diagnostic::do_not_recommend]
impl<A: Slot, B: Slot, C: Slot, D: Slot, E: Slot, F: Slot, R: Slot + Seventh> Push<R> for (A, B, C, D, E, F) {
    type Out = Self;
}
/// What no slot is.
#[doc(hidden)]
pub trait Seventh {}

// `slot [before] [after]`: table `M` may stand between these slots
macro_rules! positions { ($($i:literal [$($L:ident)*] [$($R:ident)*];)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<Table: Model, $($L: Slot,)* $($R: Slot,)*> Has<Table, At<$i>> for ($($L,)* Table, $($R,)*) {
        const SLOT: u8 = $i;
    }
    #[diagnostic::do_not_recommend]
    impl<Table: Model, $($L: Slot,)* $($R: Slot,)*> Starts<Table, At<$i>> for ($($L,)* Table, $($R,)*) {
        const SLOT: u8 = $i;
    }
    #[diagnostic::do_not_recommend]
    impl<Table: Model, $($L: Slot,)* $($R: Slot,)*> Starts<Table, Optional<$i>> for ($($L,)* Opt<Table>, $($R,)*) {
        const SLOT: u8 = $i;
    }
    #[diagnostic::do_not_recommend]
    impl<Table: Model, $($L: Slot,)* $($R: Slot,)*> HasOpt<Table, At<$i>> for ($($L,)* Opt<Table>, $($R,)*) {
        const SLOT: u8 = $i;
    }
)* } }
positions! {
    0 [] [A]; 1 [A] [];
    0 [] [A B]; 1 [A] [B]; 2 [A B] [];
    0 [] [A B C]; 1 [A] [B C]; 2 [A B] [C]; 3 [A B C] [];
    0 [] [A B C D]; 1 [A] [B C D]; 2 [A B] [C D]; 3 [A B C] [D]; 4 [A B C D] [];
    0 [] [A B C D E]; 1 [A] [B C D E]; 2 [A B] [C D E]; 3 [A B C] [D E]; 4 [A B C D] [E]; 5 [A B C D E] [];
}

/// The scope of an expression made by `on`, `opt` or `at`; `S` is inferred from the statement.
#[derive(Debug)]
pub struct Over<S>(PhantomData<fn() -> S>);

/// `Self` (a model, or [`Over`] a scope) fits into a statement over `S`.
#[diagnostic::on_unimplemented(
    message = "a part over `{Self}` does not fit into a query over `{S}`",
    label = "belongs to another query",
    note = "columns of several tables in one condition: wrap each in `on(..)`"
)]
pub trait Within<S: Scope, Side> {
    /// Moves the columns to the slots that their tables have in `S`.
    #[doc(hidden)]
    fn lift(code: Code) -> Code;
}
impl<M: Model, S: Has<M, Side>, Side> Within<S, Side> for M {
    fn lift(code: Code) -> Code {
        code.at_slot(S::SLOT)
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope> Within<S, Whole> for Over<S> {
    fn lift(code: Code) -> Code {
        code
    }
}
