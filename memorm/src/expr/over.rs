//! Window functions, typed: `rank().over(partition_by(..).order_by(..))`, and every aggregate `.over(..)`.
//!
//! ```text
//!   Item::QTY.sum()  .over(partition_by(Item::CAT)  .order_by(Item::ID))
//!   WindowValue<S>         Partition<S>              WindowOrder<S>        each fits into the query by itself
//!        └───────────────────────┴────────────────────────┴─────► WindowTerm: data, in an `Item`
//! ```
use super::aggregate::{Agg, Count, Function};
use super::code::Code;
use super::operators::Expression;
use super::order::{IntoOrder, OrderTerm};
use super::project::{GroupKey, Item, Labelled, Parts, Project, ReadRow, RowReader};
use super::scope::{Scope, Whole, Within};
use super::window::{WindowFunction, WindowTerm};
use crate::model::Field;
use std::marker::PhantomData;

/// Starts a window: rows with equal parts are a partition; `partition_by(())` is one partition of all rows.
///
/// The rows of the query are filtered first; its order, `distinct`, `offset` and `limit` come after. With an order, an
/// aggregate ranges from the start of the partition to the row's last peer (the rows that are equal in all sort keys);
/// without one, over the whole partition. Two `None` are one partition.
///
/// The whole result is computed before its first row is given. It costs a sort of all rows for each function; a `median`
/// or `quantile` with an order costs the rows so far for each group of peers besides.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, cat: u32, qty: i64 }
/// # let db = Database::new();
/// # let row = |id, cat, qty| Item { id, cat, qty };
/// # db.transaction(|s| s.add_all([row(1, 7, 4), row(2, 8, 5), row(3, 7, 2)]))?;
/// let by_cat = partition_by(Item::CAT).order_by(Item::QTY);
/// let places = select::<Item>().select((
///     Item::ID,
///     row_number().over(by_cat),
///     Item::QTY.sum().over(by_cat),
///     count().over(partition_by(())),
/// ));
/// assert_eq!(places.all(&db)?, [(1, 2, Some(6), 3), (2, 1, Some(5), 3), (3, 1, Some(2), 3)]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn partition_by<P>(partition: P) -> Window<P, ()> {
    Window { partition, order: () }
}

/// Partition `P` and order `O` of a window; what they range over is settled where the window is used.
#[derive(Clone, Copy, Debug)]
#[must_use = "a window does nothing until it is handed to `.over(..)`"]
pub struct Window<P, O> {
    partition: P,
    order: O,
}
impl<P> Window<P, ()> {
    /// Sorts the rows of each partition: what a query's `order_by` takes.
    pub fn order_by<O>(self, order: O) -> Window<P, O> {
        Window { partition: self.partition, order }
    }
}

/// A function that needs a window and gives a `T`: the place of a row.
#[derive(Clone, Copy, Debug)]
#[must_use = "end a window function with `.over(partition_by(..).order_by(..))`"]
pub struct Ranking<T>(WindowFunction, PhantomData<fn() -> T>);

/// A value from another row of the partition: `lag(..)` and `lead(..)`.
#[derive(Clone, Debug)]
#[must_use = "end a window function with `.over(partition_by(..).order_by(..))`"]
pub struct Shift<X, T>(WindowFunction, Code, PhantomData<fn() -> (X, T)>);

/// Numbers the rows of each partition from 1. Peers are numbered in row order.
pub fn row_number() -> Ranking<u64> {
    Ranking(WindowFunction::RowNumber, PhantomData)
}
/// Gives the place of each row in its partition, the same one to peers: 1, 2, 2, 4.
pub fn rank() -> Ranking<u64> {
    Ranking(WindowFunction::Rank, PhantomData)
}
/// Gives the place of each row in its partition without gaps, the same one to peers: 1, 2, 2, 3.
pub fn dense_rank() -> Ranking<u64> {
    Ranking(WindowFunction::DenseRank, PhantomData)
}
/// Gives the value `rows` rows earlier in the partition; `None` before its start.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Day { #[model(primary_key)] id: u32, sales: i64 }
/// # let db = Database::new();
/// # db.transaction(|s| s.add_all([Day { id: 1, sales: 5 }, Day { id: 2, sales: 9 }]))?;
/// let days = partition_by(()).order_by(Day::ID);
/// let pairs = select::<Day>().select((Day::SALES, lag(Day::SALES, 1).over(days), lead(Day::SALES, 1).over(days)));
/// assert_eq!(pairs.all(&db)?, [(5, None, Some(9)), (9, Some(5), None)]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn lag<E: Expression<Scope = S, Value = T>, S, T: Field>(
    of: E,
    rows: usize,
) -> Shift<S, Option<T::Base>> {
    Shift(WindowFunction::Lag(rows), of.into_code(), PhantomData)
}
/// Gives the value `rows` rows later in the partition; `None` past its end.
pub fn lead<E: Expression<Scope = S, Value = T>, S, T: Field>(
    of: E,
    rows: usize,
) -> Shift<S, Option<T::Base>> {
    Shift(WindowFunction::Lead(rows), of.into_code(), PhantomData)
}

macro_rules! over { ($([$($g:ident),*] $F:ty;)*) => { $(impl<$($g),*> $F {
    /// Computes the function for each row, of the window that the row stands in.
    pub fn over<P, O>(self, window: Window<P, O>) -> OverWindow<Self, P, O> {
        OverWindow { function: self, window }
    }
})* } }
over! { [T] Ranking<T>; [X, T] Shift<X, T>; [] Count; [S, T] Agg<S, T>; }

/// A function over a window: stands in `.select(..)`, alone or beside other parts.
#[derive(Clone, Debug)]
#[must_use = "a window function does nothing until it is handed to `.select(..)`"]
pub struct OverWindow<F, P, O> {
    function: F,
    window: Window<P, O>,
}
impl<F, P, O> OverWindow<F, P, O> {
    /// Names the part for `mappings` and `to_table`.
    pub fn label(self, name: &str) -> Labelled<Self> {
        Labelled::new(self, name)
    }
}

/// A function that can be computed over a window, and what it gives.
#[diagnostic::on_unimplemented(message = "`{Self}` is no window function")]
pub trait WindowValue {
    /// What it gives for each row.
    type Out: Field;
}
/// A window function that fits into a query over `S`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no window function over `{S}`",
    label = "expected a function of columns of `{S}`",
    note = "another table is reached by a join"
)]
pub trait Windowed<S: Scope, Side>: WindowValue {
    /// The function and what it is computed of, for the places that the tables have in `S`.
    #[doc(hidden)]
    fn place(self) -> (WindowFunction, Option<Code>);
}
#[diagnostic::do_not_recommend]
impl<T: Field> WindowValue for Ranking<T> {
    type Out = T;
}
#[diagnostic::do_not_recommend]
impl<S: Scope, T: Field> Windowed<S, Whole> for Ranking<T> {
    fn place(self) -> (WindowFunction, Option<Code>) {
        (self.0, None)
    }
}
#[diagnostic::do_not_recommend]
impl<X, T: Field> WindowValue for Shift<X, T> {
    type Out = T;
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> Windowed<S, Side> for Shift<X, T> {
    fn place(self) -> (WindowFunction, Option<Code>) {
        (self.0, Some(X::lift(self.1)))
    }
}
#[diagnostic::do_not_recommend]
impl WindowValue for Count {
    type Out = u64;
}
#[diagnostic::do_not_recommend]
impl<S: Scope> Windowed<S, Whole> for Count {
    fn place(self) -> (WindowFunction, Option<Code>) {
        (WindowFunction::Aggregated(Function::Count), None)
    }
}
#[diagnostic::do_not_recommend]
impl<X, T: Field> WindowValue for Agg<X, T> {
    type Out = T;
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> Windowed<S, Side> for Agg<X, T> {
    fn place(self) -> (WindowFunction, Option<Code>) {
        let term = self.into_term();
        (WindowFunction::Aggregated(term.function), term.of.map(X::lift))
    }
}

#[diagnostic::do_not_recommend]
impl<F: WindowValue, P, O> Parts for OverWindow<F, P, O> {
    type Out = F::Out;
    fn read(row: &mut RowReader<'_>) -> Option<F::Out> {
        row.take()
    }
}
#[diagnostic::do_not_recommend]
impl<S, F, P, O, IF, IP, IO> Project<S, (IF, IP, IO)> for OverWindow<F, P, O>
where
    S: Scope,
    F: Windowed<S, IF>,
    P: Partition<S, IP>,
    O: WindowOrder<S, IO>,
{
    fn place(self, out: &mut Vec<Item>) -> ReadRow<F::Out> {
        let (function, of) = self.function.place();
        let (mut partition, mut order) = (Vec::new(), Vec::new());
        self.window.partition.codes(&mut partition);
        self.window.order.terms(&mut order);
        out.push(Item::of_window::<F::Out>(WindowTerm { function, of, partition, order }));
        Self::read
    }
}

/// What `partition_by` takes: what rows can be grouped by, or `()`.
#[diagnostic::on_unimplemented(
    message = "cannot partition a query over `{S}` by `{Self}`",
    label = "expected columns and expressions over `{S}`, or `()`",
    note = "another table is reached by a join; an opaque column cannot be compared"
)]
pub trait Partition<S: Scope, Side> {
    #[doc(hidden)]
    fn codes(self, out: &mut Vec<Code>);
}
#[diagnostic::do_not_recommend]
impl<S: Scope> Partition<S, ()> for () {
    fn codes(self, _: &mut Vec<Code>) {}
}
#[diagnostic::do_not_recommend]
impl<S: Scope, P: GroupKey<S, Side>, Side> Partition<S, (Whole, Side)> for P {
    fn codes(self, out: &mut Vec<Code>) {
        let mut items = Vec::new();
        self.place(&mut items);
        out.extend(items.into_iter().map(|item| item.code));
    }
}

/// The order of a window: what a query's `order_by` takes, or none.
#[diagnostic::on_unimplemented(
    message = "cannot order a window of a query over `{S}` by `{Self}`",
    label = "expected sort keys over `{S}`",
    note = "another table is reached by a join"
)]
pub trait WindowOrder<S: Scope, Side> {
    #[doc(hidden)]
    fn terms(self, out: &mut Vec<OrderTerm>);
}
#[diagnostic::do_not_recommend]
impl<S: Scope> WindowOrder<S, ()> for () {
    fn terms(self, _: &mut Vec<OrderTerm>) {}
}
#[diagnostic::do_not_recommend]
impl<S: Scope, O: IntoOrder<S, Side>, Side> WindowOrder<S, (Whole, Side)> for O {
    fn terms(self, out: &mut Vec<OrderTerm>) {
        IntoOrder::terms(self, out);
    }
}
