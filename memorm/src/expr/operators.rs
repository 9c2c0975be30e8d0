//! `Expression`: what has a value for each row, and everything that can be asked of it.
//!
//! A trait with provided methods, so that `Column` and `Expr` share one definition and one page. Bounds that carry a
//! message of their own (`Text`, `Number`) stand on a method parameter `B`: on `Self::Value` the compiler would
//! answer "no method found" instead.
use super::aggregate::{Agg, Function};
use super::closure::TypedMap;
use super::code::{Code, Step};
use super::column::Column;
use super::expression::Expr;
use super::filter::Filter;
use super::op::{Comparison, Op, TextTest};
use super::operand::{Fallback, List, Operand};
use super::order::Order;
use super::project::Labelled;
use crate::model::{Field, Model, Number, Text};
use std::sync::Arc;

/// A column or an expression, and all that can be asked of it.
///
/// A comparison with a `None` is unknown, and a filter keeps only what is true. Arithmetic and text operators give `None`
/// for a `None`.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key)]
///     id: u64,
///     name: String,
///     qty: i64,
///     note: Option<String>,
/// }
/// let db = Database::new();
/// db.transaction(|s| {
///     s.add(Item { id: 1, name: "Foo".into(), qty: 3, note: None })?;
///     s.add(Item { id: 2, name: "bar_1".into(), qty: 8, note: Some("  new ".into()) })
/// })?;
/// let ids = |filter: Filter<Item>| select::<Item>().filter(filter).select(Item::ID).all(&db);
///
/// // comparisons: with values, columns, lists
/// assert_eq!(ids(Item::QTY.between(3, 5) | Item::ID.in_([2, 9]))?, [1, 2]);
/// assert_eq!(ids(Item::NOTE.is_distinct_from("x") & Item::QTY.gt(Item::QTY - 1))?, [1, 2]);
/// assert_eq!(ids(!Item::NOTE.eq("x"))?, [2]);
///
/// // text
/// assert_eq!(ids(Item::NAME.like("%r\\_1") | Item::NAME.lower().starts_with("fo"))?, [1, 2]);
/// assert_eq!(ids(Item::NOTE.trim().eq("new") & Item::NAME.length().eq(5))?, [2]);
///
/// // numbers, and values for `None`
/// assert_eq!(ids(((Item::QTY * 2 - 1) % 5).eq(0))?, [1, 2]);
/// assert_eq!(ids(Item::NOTE.coalesce("none").eq("none"))?, [1]);
/// # Ok::<(), memorm::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column or an expression",
    label = "expected a column or an expression"
)]
#[allow(
    clippy::wrong_self_convention,
    reason = "`is_none` … build a condition from a column, which is `Copy`"
)]
pub trait Expression: Sized {
    /// What the expression ranges over: a model.
    type Scope;
    /// The type of the value.
    type Value: 'static;
    #[doc(hidden)]
    fn into_code(self) -> Code;

    // comparisons: unknown where a side is `None`

    /// Tests whether this equals `other`.
    fn eq(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Eq), other.code())
    }
    /// Tests whether this differs from `other`. Unknown for a `None`: see [`is_distinct_from`](Self::is_distinct_from).
    fn ne(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Ne), other.code())
    }
    /// Tests whether this is less than `other`.
    fn lt(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Lt), other.code())
    }
    /// Tests whether this is less than `other` or equal to it.
    fn le(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Le), other.code())
    }
    /// Tests whether this is greater than `other`.
    fn gt(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Gt), other.code())
    }
    /// Tests whether this is greater than `other` or equal to it.
    fn ge(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::Compare(Comparison::Ge), other.code())
    }
    /// Tests whether this lies within `low..=high`. No row does where `low` is greater than `high`.
    fn between(
        self,
        low: impl Operand<Self::Scope, Self::Value>,
        high: impl Operand<Self::Scope, Self::Value>,
    ) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        let mut code = self.into_code();
        code.0.extend(low.code().0);
        Filter::apply(code, Op::Between, high.code())
    }
    /// Tests whether this differs from `other`, where two `None` are equal and `None` differs from everything else: never
    /// unknown.
    fn is_distinct_from(self, other: impl Operand<Self::Scope, Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::apply(self.into_code(), Op::IsDistinct, other.code())
    }
    /// Tests whether this is one of an array, `Vec`, set, range, slice or any other iterable of values. Nothing is in an
    /// empty list (of a known type: `Vec::<i64>::new()`).
    fn in_(self, list: impl List<Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::new(list.within(self.into_code()))
    }
    /// Tests whether this is none of the values. Unknown where the list holds a `None` and does not hold the value.
    fn not_in(self, list: impl List<Self::Value>) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        !Filter::new(list.within(self.into_code()))
    }
    /// Tests whether there is no value. Never unknown.
    fn is_none(self) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        Filter::new(self.into_code().then(Op::IsNull))
    }
    /// Tests whether there is a value. Never unknown.
    fn is_some(self) -> Filter<Self::Scope>
    where
        Self::Value: Field,
    {
        !self.is_none()
    }

    // text

    /// Tests whether the text matches a pattern: `%` stands for any text, `_` for one character, `\` escapes. Case matters.
    ///
    /// A pattern that ends in a lone `\` is an `Arithmetic` error when the query runs.
    fn like<B: Text>(self, pattern: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        Filter::apply(self.into_code(), Op::Text(TextTest::Like), pattern.code())
    }
    /// Tests whether the text does not match a pattern.
    fn not_like<B: Text>(self, pattern: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        !self.like(pattern)
    }
    /// Tests whether the text matches a pattern, whatever the case of either, character by character.
    fn ilike<B: Text>(self, pattern: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        Filter::apply(self.into_code(), Op::Text(TextTest::ILike), pattern.code())
    }
    /// Tests whether this begins with `text`.
    fn starts_with<B: Text>(self, text: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        Filter::apply(self.into_code(), Op::Text(TextTest::StartsWith), text.code())
    }
    /// Tests whether this ends with `text`.
    fn ends_with<B: Text>(self, text: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        Filter::apply(self.into_code(), Op::Text(TextTest::EndsWith), text.code())
    }
    /// Tests whether `text` occurs in this.
    fn contains<B: Text>(self, text: impl Operand<Self::Scope, String>) -> Filter<Self::Scope>
    where
        Self::Value: Field<Base = B>,
    {
        Filter::apply(self.into_code(), Op::Text(TextTest::Contains), text.code())
    }
    /// Turns text into lower case, character by character.
    fn lower<B: Text>(self) -> Expr<Self::Scope, Self::Value>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Lower))
    }
    /// Turns text into upper case, character by character.
    fn upper<B: Text>(self) -> Expr<Self::Scope, Self::Value>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Upper))
    }
    /// Cuts the blanks off both ends; other white space stays.
    fn trim<B: Text>(self) -> Expr<Self::Scope, Self::Value>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Trim))
    }
    /// Counts characters, not bytes.
    fn length<B: Text>(self) -> Expr<Self::Scope, <Self::Value as Field>::Map<i64>>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Length))
    }

    // numbers, and any value

    /// Computes the absolute value. That of the smallest integer is an `Arithmetic` error.
    fn abs<B: Number>(self) -> Expr<Self::Scope, Self::Value>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Abs(<Self::Value as Field>::KIND)))
    }
    /// Rounds to the nearest whole number: ties go to the even one for floats, away from zero for decimals.
    fn round<B: Number>(self) -> Expr<Self::Scope, Self::Value>
    where
        Self::Value: Field<Base = B>,
    {
        Expr::new(self.into_code().then(Op::Round(<Self::Value as Field>::KIND)))
    }
    /// Takes the value, or `default` where it is `None`: a nullable column becomes a plain one.
    fn coalesce(
        self,
        default: impl Fallback<Self::Scope, <Self::Value as Field>::Base>,
    ) -> Expr<Self::Scope, <Self::Value as Field>::Base>
    where
        Self::Value: Field,
    {
        Expr::new(self.into_code().with(default.code_exact(), Op::Coalesce))
    }
    /// Computes with a closure. Opaque to the planner, and called for every row that it looks at.
    fn map<U: Field>(self, f: impl Fn(&Self::Value) -> U + Send + Sync + 'static) -> Expr<Self::Scope, U>
    where
        Self::Value: Field,
    {
        Expr::new(self.into_code().and_step(Step::Map(Arc::new(TypedMap::new(f)))))
    }
    /// Names this part of a projection for `mappings` and `to_table`.
    fn label(self, name: &str) -> Labelled<Self> {
        Labelled::new(self, name)
    }

    // order

    /// Sorts by this, smallest first, `None` last.
    fn asc(self) -> Order<Self::Scope>
    where
        Self::Value: Field,
    {
        Order::new(self.into_code(), false)
    }
    /// Sorts by this, greatest first, `None` first.
    fn desc(self) -> Order<Self::Scope>
    where
        Self::Value: Field,
    {
        Order::new(self.into_code(), true)
    }
    /// Sorts by this, `None` first, then smallest first.
    fn nulls_first(self) -> Order<Self::Scope>
    where
        Self::Value: Field,
    {
        self.asc().nulls_first()
    }
    /// Sorts by this, smallest first, then `None`.
    fn nulls_last(self) -> Order<Self::Scope>
    where
        Self::Value: Field,
    {
        self.asc().nulls_last()
    }

    // aggregates: all but `first` and `last` pass over `None`

    /// Sums the values; `None` for no values. Integers add up in `i128`, floats in row order.
    fn sum<B: Number>(self) -> Agg<Self::Scope, Option<B::Sum>>
    where
        Self::Value: Field<Base = B>,
    {
        Agg::new(Function::Sum, self.into_code())
    }
    /// Computes the mean; `None` for no values.
    fn avg<B: Number>(self) -> Agg<Self::Scope, Option<f64>>
    where
        Self::Value: Field<Base = B>,
    {
        Agg::new(Function::Avg, self.into_code())
    }
    /// Computes the sample standard deviation; `None` for less than two values.
    fn stddev<B: Number>(self) -> Agg<Self::Scope, Option<f64>>
    where
        Self::Value: Field<Base = B>,
    {
        Agg::new(Function::Stddev, self.into_code())
    }
    /// Computes the sample variance, by Welford's method; `None` for less than two values.
    fn variance<B: Number>(self) -> Agg<Self::Scope, Option<f64>>
    where
        Self::Value: Field<Base = B>,
    {
        Agg::new(Function::Variance, self.into_code())
    }
    /// Finds the value in the middle, interpolated; `None` for no values. O(n), keeps all values.
    fn median<B: Number>(self) -> Agg<Self::Scope, Option<f64>>
    where
        Self::Value: Field<Base = B>,
    {
        self.quantile(0.5)
    }
    /// Finds the value below which the fraction `q` of all values lies, interpolated as by PostgreSQL's `percentile_cont`;
    /// `None` for no values. O(n), keeps all values.
    ///
    /// A `q` outside of `0.0..=1.0` is an `Arithmetic` error when the query runs.
    fn quantile<B: Number>(self, q: f64) -> Agg<Self::Scope, Option<f64>>
    where
        Self::Value: Field<Base = B>,
    {
        Agg::new(Function::Quantile(q), self.into_code())
    }
    /// Finds the smallest value; `None` for no values.
    fn min(self) -> Agg<Self::Scope, Option<<Self::Value as Field>::Base>>
    where
        Self::Value: Field,
    {
        Agg::new(Function::Min, self.into_code())
    }
    /// Finds the greatest value; `None` for no values. NaN is greater than every number.
    fn max(self) -> Agg<Self::Scope, Option<<Self::Value as Field>::Base>>
    where
        Self::Value: Field,
    {
        Agg::new(Function::Max, self.into_code())
    }
    /// Takes the value of the first row, in row order; `None` for no rows.
    fn first(self) -> Agg<Self::Scope, Option<<Self::Value as Field>::Base>>
    where
        Self::Value: Field,
    {
        Agg::new(Function::First, self.into_code())
    }
    /// Takes the value of the last row, in row order; `None` for no rows.
    fn last(self) -> Agg<Self::Scope, Option<<Self::Value as Field>::Base>>
    where
        Self::Value: Field,
    {
        Agg::new(Function::Last, self.into_code())
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: 'static> Expression for Column<M, T> {
    type Scope = M;
    type Value = T;
    fn into_code(self) -> Code {
        Code::column(M::table(), self.index())
    }
}
#[diagnostic::do_not_recommend]
impl<S, T: 'static> Expression for Expr<S, T> {
    type Scope = S;
    type Value = T;
    fn into_code(self) -> Code {
        self.into_inner()
    }
}
