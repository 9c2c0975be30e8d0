//! `order_by`: columns, expressions, `.desc()`, tuples and vectors of them.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::operators::Expression;
use super::scope::{Scope, Within};
use super::tuples::up_to_twelve;
use crate::model::{Field, Model};
use crate::value::{Cell, Value};
use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

/// One sort key: an expression and a direction.
#[must_use = "a sort key does nothing until it is handed to `.order_by(..)`"]
pub struct Order<S>(OrderTerm, PhantomData<fn() -> S>);

/// A sort key as data.
#[derive(Clone, Debug)]
pub struct OrderTerm {
    /// What is sorted by.
    pub code: Code,
    /// Greatest first.
    pub descending: bool,
    /// Where `None` goes; by default it is the greatest value.
    pub nulls_first: Option<bool>,
}

impl OrderTerm {
    /// Tells whether `None` comes before every value.
    pub fn puts_nulls_first(&self) -> bool {
        self.nulls_first.unwrap_or(self.descending)
    }
}
impl fmt::Display for OrderTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.code.fmt(f)?;
        f.write_str(if self.descending { " desc" } else { "" })?;
        f.write_str(match self.nulls_first {
            Some(true) => " nulls first",
            Some(false) => " nulls last",
            None => "",
        })
    }
}

/// A place in the order of a statement: the sort keys of a row, and where that row stands among those that have the same.
#[derive(Clone, Debug)]
pub struct Position {
    parts: Vec<PositionPart>,
    ties: Ties,
}

#[derive(Clone, Debug)]
struct PositionPart {
    value: Value,
    descending: bool,
    nulls_first: bool,
}

/// Which rows come after a place among those with the same sort keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ties {
    /// Those with a greater row id in the first table.
    After(u64),
    /// All of them.
    All,
    /// None of them.
    None,
}

impl Position {
    /// The place of a row with these sort keys.
    pub(crate) fn new(order: &[OrderTerm], keys: Vec<Value>, ties: Ties) -> Self {
        let part = |(term, value): (&OrderTerm, Value)| PositionPart {
            value,
            descending: term.descending,
            nulls_first: term.puts_nulls_first(),
        };
        Self { parts: order.iter().zip(keys).map(part).collect(), ties }
    }

    /// How many sort keys there are.
    pub(crate) fn arity(&self) -> usize {
        self.parts.len()
    }

    /// The sort key at a position.
    pub(crate) fn key(&self, at: usize) -> Option<&Value> {
        self.parts.get(at).map(|part| &part.value)
    }

    pub(crate) fn ties(&self) -> Ties {
        self.ties
    }

    /// The same place, with another rule for rows that have its keys.
    pub(crate) fn with_ties(&self, ties: Ties) -> Self {
        Self { parts: self.parts.clone(), ties }
    }

    /// Whether a row with these sort keys stands before, at or after the keys of the place.
    pub(crate) fn compare<'c>(&self, keys: impl Iterator<Item = Cell<'c>>) -> Ordering {
        let orders = keys.zip(&self.parts).map(|(cell, part)| part.compare(&cell));
        orders.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl PositionPart {
    fn compare(&self, cell: &Cell<'_>) -> Ordering {
        match (cell.is_null(), self.value.is_null()) {
            (false, false) if self.descending => self.value.cell().cmp(cell),
            (false, false) => cell.cmp(&self.value.cell()),
            (true, true) => Ordering::Equal,
            (is_null, _) if is_null == self.nulls_first => Ordering::Less,
            _ => Ordering::Greater,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        for (i, part) in self.parts.iter().enumerate() {
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, part.value)?;
        }
        f.write_str(")")
    }
}

impl<S> Order<S> {
    pub(super) fn new(code: Code, descending: bool) -> Self {
        Self(OrderTerm { code, descending, nulls_first: None }, PhantomData)
    }
    /// Sorts rows without a value before all others.
    pub fn nulls_first(mut self) -> Self {
        self.0.nulls_first = Some(true);
        self
    }
    /// Sorts rows without a value after all others.
    pub fn nulls_last(mut self) -> Self {
        self.0.nulls_first = Some(false);
        self
    }
    /// Borrows the sort key as data.
    pub fn inspect(&self) -> &OrderTerm {
        &self.0
    }
}
impl<S> Clone for Order<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<S> fmt::Debug for Order<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Order({})", self.0)
    }
}

/// What `order_by` takes.
#[diagnostic::on_unimplemented(
    message = "cannot order a query over `{S}` by `{Self}`",
    label = "expected sort keys over `{S}`",
    note = "a sort key is a column, an expression, `.asc()` or `.desc()` of one, or a tuple or `Vec` of them",
    note = "an opaque column cannot be sorted by; another table is reached by a join"
)]
pub trait IntoOrder<S: Scope, Side> {
    #[doc(hidden)]
    fn terms(self, out: &mut Vec<OrderTerm>);
}
#[diagnostic::do_not_recommend]
impl<S: Scope, M: Model + Within<S, Side>, T: Field, Side> IntoOrder<S, Side> for Column<M, T> {
    fn terms(self, out: &mut Vec<OrderTerm>) {
        out.push(placed::<S, M, Side>(self.asc()));
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> IntoOrder<S, Side> for Expr<X, T> {
    fn terms(self, out: &mut Vec<OrderTerm>) {
        out.push(placed::<S, X, Side>(self.asc()));
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, Side> IntoOrder<S, Side> for Order<X> {
    fn terms(self, out: &mut Vec<OrderTerm>) {
        out.push(placed::<S, X, Side>(self));
    }
}

/// A sort key that was written for `X`, for its place in `S`.
fn placed<S: Scope, X: Within<S, Side>, Side>(order: Order<X>) -> OrderTerm {
    OrderTerm { code: X::lift(order.0.code), ..order.0 }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, O: IntoOrder<S, Side>, Side> IntoOrder<S, Vec<Side>> for Vec<O> {
    fn terms(self, out: &mut Vec<OrderTerm>) {
        self.into_iter().for_each(|o| o.terms(out));
    }
}
macro_rules! tuples { ($(($($O:ident $I:ident $i:tt),+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<S: Scope, $($O: IntoOrder<S, $I>, $I),+> IntoOrder<S, ($($I,)+)> for ($($O,)+) {
        fn terms(self, out: &mut Vec<OrderTerm>) {
            $(self.$i.terms(out);)+
        }
    }
)* } }
up_to_twelve! { tuples }
