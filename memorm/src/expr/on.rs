//! `on`, `opt`, `at`: parts of one table, lifted into the join that they are used in.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::filter::Filter;
use super::operators::Expression;
use super::scope::{At, Has, HasOpt, Over, Whole};
use crate::model::{Field, Model};

/// What `on(..)` takes: a column, an expression or a filter of one table.
#[diagnostic::on_unimplemented(
    message = "`on(..)` takes a column, an expression or a filter of one table, not `{Self}`",
    label = "not a part of one table"
)]
pub trait Lift<S, Side> {
    /// The part, over the whole join.
    type Out;
    #[doc(hidden)]
    fn lifted(self) -> Self::Out;
}
#[diagnostic::do_not_recommend]
impl<S: Has<M, Side>, M: Model, T: Field, Side> Lift<S, Side> for Column<M, T> {
    type Out = Expr<Over<S>, T>;
    fn lifted(self) -> Self::Out {
        Expr::new(self.into_code().at_slot(S::SLOT))
    }
}
#[diagnostic::do_not_recommend]
impl<S: Has<M, Side>, M: Model, T: Field, Side> Lift<S, Side> for Expr<M, T> {
    type Out = Expr<Over<S>, T>;
    fn lifted(self) -> Self::Out {
        Expr::new(self.into_code().at_slot(S::SLOT))
    }
}
#[diagnostic::do_not_recommend]
impl<S: Has<M, Side>, M: Model, Side> Lift<S, Side> for Filter<M> {
    type Out = Filter<Over<S>>;
    fn lifted(self) -> Self::Out {
        Filter::new(self.into_code().at_slot(S::SLOT))
    }
}
// What `.at(..)` has placed stands where it is.
#[diagnostic::do_not_recommend]
impl<S, T> Lift<S, Whole> for Expr<Over<S>, T> {
    type Out = Self;
    fn lifted(self) -> Self {
        self
    }
}
#[diagnostic::do_not_recommend]
impl<S> Lift<S, Whole> for Filter<Over<S>> {
    type Out = Self;
    fn lifted(self) -> Self {
        self
    }
}

/// Lifts a column, an expression or a filter of one table into the join it is used in, so that it can stand beside
/// parts of other tables.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Vendor {
///     #[model(primary_key)]
///     id: u32,
///     least: i64,
/// }
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key)]
///     id: u64,
///     #[model(references(Vendor))]
///     vendor_id: u32,
///     qty: i64,
/// }
/// let db = Database::new();
/// db.transaction(|s| {
///     s.add(Vendor { id: 1, least: 5 })?;
///     s.add_all([Item { id: 1, vendor_id: 1, qty: 4 }, Item { id: 2, vendor_id: 1, qty: 9 }])
/// })?;
/// let scarce = select::<Item>().join(Item::VENDOR).filter(on(Item::QTY).lt(on(Vendor::LEAST)));
/// assert_eq!(scarce.select(Item::ID).all(&db)?, [1]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn on<S, Side, T>(part: impl Lift<S, Side, Out = T>) -> T {
    part.lifted()
}

/// Lifts a column of the optional side of a left join: its value becomes an `Option`, `None` where there is no partner.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Person {
///     #[model(primary_key)]
///     id: u32,
///     #[model(references(Person, name = BOSS))]
///     boss_id: Option<u32>,
/// }
/// let db = Database::new();
/// db.transaction(|s| s.add_all([Person { id: 1, boss_id: None }, Person { id: 2, boss_id: Some(1) }]))?;
/// let bosses = select::<Person>().left_join(Person::BOSS).select((Person::ID, opt(Person::ID)));
/// assert_eq!(bosses.all(&db)?, [(1, None), (2, Some(1))]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn opt<S: HasOpt<M, Side>, M: Model, T: Field, Side>(
    column: Column<M, T>,
) -> Expr<Over<S>, Option<T::Base>> {
    Expr::new(column.into_code().at_slot(S::SLOT))
}

impl<M: Model, T: Field> Column<M, T> {
    /// Names the column of one table of a join that has its model more than once: `Vendor::NAME.at(RIGHT)`,
    /// `Vendor::NAME.at(At::<2>)`.
    pub fn at<S: Has<M, At<N>>, const N: usize>(self, _: At<N>) -> Expr<Over<S>, T> {
        Expr::new(placed::<N>(self.into_code()))
    }
    /// As [`opt`], where several tables of the column's model are left-joined.
    pub fn opt_at<S: HasOpt<M, At<N>>, const N: usize>(self, _: At<N>) -> Expr<Over<S>, Option<T::Base>> {
        Expr::new(placed::<N>(self.into_code()))
    }
}
impl<M: Model, T: Field> Expr<M, T> {
    /// Moves the expression to one table of a join that has its model more than once.
    pub fn at<S: Has<M, At<N>>, const N: usize>(self, _: At<N>) -> Expr<Over<S>, T> {
        Expr::new(placed::<N>(self.into_code()))
    }
}
impl<M: Model> Filter<M> {
    /// Moves the condition to one table of a join that has its model more than once.
    pub fn at<S: Has<M, At<N>>, const N: usize>(self, _: At<N>) -> Filter<Over<S>> {
        Filter::new(placed::<N>(self.into_code()))
    }
}

/// There is a `Has` for places below six alone.
fn placed<const N: usize>(code: Code) -> Code {
    code.at_slot(N as u8)
}
