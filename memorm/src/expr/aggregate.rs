//! Aggregates: `count()`, `Item::QTY.sum()` …, one or a tuple of them.
use super::code::Code;
use super::operators::Expression;
use super::scope::{Scope, Whole, Within};
use super::tuples::up_to_twelve;
use crate::model::Field;
use crate::value::Value;
use std::fmt;
use std::marker::PhantomData;
use std::slice;

/// What an aggregate computes. All but `Count`, `First` and `Last` pass over `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the functions' usual names")]
pub enum Function {
    Count,
    CountOf,
    CountDistinct,
    Sum,
    Avg,
    Min,
    Max,
    Stddev,
    Variance,
    Quantile(f64),
    First,
    Last,
}

impl Function {
    fn name(self) -> &'static str {
        match self {
            Self::Count | Self::CountOf => "count",
            Self::CountDistinct => "count_distinct",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Stddev => "stddev",
            Self::Variance => "variance",
            Self::Quantile(_) => "quantile",
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

/// One aggregate as data.
#[derive(Clone, Debug)]
pub struct AggregateTerm {
    /// What is computed.
    pub function: Function,
    /// What it is computed of; `None` for `count()`.
    pub of: Option<Code>,
}

impl fmt::Display for AggregateTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.of, self.function) {
            (Some(of), Function::Quantile(q)) => write!(f, "quantile({of}, {q})"),
            (Some(of), function) => write!(f, "{}({of})", function.name()),
            (None, function) => write!(f, "{}(*)", function.name()),
        }
    }
}

/// An aggregate of an expression over scope `S` that gives a `T`.
#[must_use = "an aggregate does nothing until it is handed to `.aggregate(..)`"]
pub struct Agg<S, T>(AggregateTerm, PhantomData<fn() -> (S, T)>);

impl<S, T> Agg<S, T> {
    pub(super) fn new(function: Function, of: Code) -> Self {
        Self(AggregateTerm { function, of: Some(of) }, PhantomData)
    }
    pub(super) fn into_term(self) -> AggregateTerm {
        self.0
    }
    /// Borrows the aggregate as data.
    pub fn inspect(&self) -> &AggregateTerm {
        &self.0
    }
}
impl<S, T> Clone for Agg<S, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<S, T> fmt::Debug for Agg<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Agg({})", self.0)
    }
}

/// `count()`: rows, whatever they hold.
#[derive(Clone, Copy, Debug)]
#[must_use = "an aggregate does nothing until it is handed to `.aggregate(..)`"]
pub struct Count(());

/// Counts rows.
pub fn count() -> Count {
    Count(())
}
/// Counts the rows where the value is not `None`.
pub fn count_of<E: Expression<Scope = S, Value = T>, S, T: Field>(of: E) -> Agg<S, u64> {
    Agg::new(Function::CountOf, of.into_code())
}
/// Counts the different values; `None` is none.
pub fn count_distinct<E: Expression<Scope = S, Value = T>, S, T: Field>(of: E) -> Agg<S, u64> {
    Agg::new(Function::CountDistinct, of.into_code())
}

/// Reads the results of aggregates; `None` where a type cannot hold the value.
pub(crate) type ReadResults<T> = fn(&mut slice::Iter<'_, Value>) -> Option<T>;

/// What `.aggregate(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate over `{S}`",
    label = "expected `count()`, `COLUMN.sum()`, `.avg()`, `.min()`, `.max()` … or a tuple of up to twelve",
    note = "of a plain column take `.first()`, `.min()` or `.max()`; another table is reached by a join"
)]
pub trait Aggregate<S: Scope, Side>: Terms {
    /// Appends what is to be computed, for the places that the tables have in `S`, and tells how it is read.
    #[doc(hidden)]
    fn place(self, out: &mut Vec<AggregateTerm>) -> ReadResults<Self::Out>
    where
        Self: Sized,
    {
        self.terms(out);
        Self::read
    }
}

/// Aggregates, and what they give, whatever the query ranges over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate",
    label = "expected `count()`, `COLUMN.sum()`, `.avg()`, `.min()`, `.max()` … or a tuple of up to twelve"
)]
pub trait Terms {
    /// What the aggregates give.
    type Out: Clone + Send + Sync + 'static;
    /// Appends what is to be computed.
    #[doc(hidden)]
    fn terms(self, out: &mut Vec<AggregateTerm>);
    /// Takes this aggregate's results; `None` where a type cannot hold the value.
    #[doc(hidden)]
    fn read(results: &mut slice::Iter<'_, Value>) -> Option<Self::Out>;
}
#[diagnostic::do_not_recommend]
impl<S: Scope> Aggregate<S, Whole> for Count {}
#[diagnostic::do_not_recommend]
impl Terms for Count {
    type Out = u64;
    fn terms(self, out: &mut Vec<AggregateTerm>) {
        out.push(AggregateTerm { function: Function::Count, of: None });
    }
    fn read(results: &mut slice::Iter<'_, Value>) -> Option<u64> {
        u64::from_value(results.next()?)
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> Aggregate<S, Side> for Agg<X, T> {
    fn place(self, out: &mut Vec<AggregateTerm>) -> ReadResults<T> {
        out.push(AggregateTerm { of: self.0.of.map(X::lift), ..self.0 });
        Self::read
    }
}
#[diagnostic::do_not_recommend]
impl<X, T: Field> Terms for Agg<X, T> {
    type Out = T;
    fn terms(self, out: &mut Vec<AggregateTerm>) {
        out.push(self.0);
    }
    fn read(results: &mut slice::Iter<'_, Value>) -> Option<T> {
        T::from_value(results.next()?)
    }
}

// Blamed as a whole (the caret still points at the guilty part): a list of tuples would fill the screen.
macro_rules! tuples { ($(($($A:ident $I:ident $i:tt),+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<S: Scope, $($A: Aggregate<S, $I>, $I),+> Aggregate<S, ($($I,)+)> for ($($A,)+) {
        fn place(self, out: &mut Vec<AggregateTerm>) -> ReadResults<Self::Out> {
            $(self.$i.place(out);)+
            Self::read
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($A: Terms),+> Terms for ($($A,)+) {
        type Out = ($($A::Out,)+);
        fn terms(self, out: &mut Vec<AggregateTerm>) {
            $(self.$i.terms(out);)+
        }
        fn read(results: &mut slice::Iter<'_, Value>) -> Option<Self::Out> {
            Some(($($A::read(results)?,)+))
        }
    }
)* } }
up_to_twelve! { tuples }
