//! `select`: statements that ask for rows.
use super::plan::{Plan, SetOperation};
use super::rows::Rows;
use crate::expr::{Code, IntoOrder, Predicate, Project, Scope, Step, TypedTest, Within};
use crate::model::Model;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A question over scope `S`; the same type whatever conditions are chained on it.
///
/// Filter, order, projection, `distinct`, `offset` and `limit` apply in this order, however they are chained. Terminals
/// are in [`Query`](crate::session::Query).
#[must_use = "a select does nothing until `.all(&session)`, `.first(..)`, `.iter(..)` … runs it"]
pub struct Select<S> {
    pub(crate) plan: Plan,
    scope: PhantomData<fn() -> S>,
}

/// Asks for all rows of `M`; narrow it with [`filter`](Select::filter).
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, name: String, qty: i64 }
/// # let db = Database::new();
/// # let row = |id, name: &str, qty| Item { id, name: name.into(), qty };
/// # db.transaction(|s| s.add_all([row(1, "foo", 3), row(2, "bar", 0), row(3, "baz", 5)]))?;
/// let mut query = select::<Item>().order_by((Item::QTY.desc(), Item::ID)).limit(2);
/// if !query.exists(&db)? {
///     query = query.filter(Item::QTY.gt(0)); // the same type
/// }
/// assert_eq!(query.select(Item::NAME).all(&db)?, ["baz", "foo"]);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn select<M: Model>() -> Select<M> {
    Select { plan: Plan::new(M::table()), scope: PhantomData }
}

impl<S> Clone for Select<S> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), scope: PhantomData }
    }
}
impl<S> fmt::Debug for Select<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Select").field(&self.plan).finish()
    }
}

impl<S: Scope> Select<S> {
    /// Keeps the rows where the condition is true. Several filters must all hold.
    pub fn filter<P: Predicate<Scope: Within<S, I>>, I>(mut self, condition: P) -> Self {
        self.plan.and(P::Scope::lift(condition.into_filter().into_code()));
        self
    }
    /// Sorts the rows; equal ones keep their order. Further keys may follow in another call.
    pub fn order_by<I>(mut self, order: impl IntoOrder<S, I>) -> Self {
        order.terms(&mut self.plan.order);
        self
    }
    /// Turns each row into what the projection gives: a value for one part, a tuple for several.
    pub fn select<P: Project<S, I, Out = T>, I, T>(mut self, projection: P) -> Rows<T> {
        projection.place(&mut self.plan.items);
        Rows { plan: self.plan, read: P::read }
    }
    /// Keeps the rows for which the closure says so. Opaque to the planner: filter by columns first, then the
    /// closure sees no row that those conditions have refused.
    pub fn filter_with(mut self, test: impl for<'a> Fn(S::Row<'a>) -> bool + Send + Sync + 'static) -> Self {
        self.plan.and(Code::step(Step::Test(Arc::new(TypedTest::<S, _>::new(test)), 0)));
        self
    }
    /// Borrows the statement as data.
    pub fn inspect(&self) -> &Plan {
        &self.plan
    }
}

/// What `Select` and `Rows` have in common.
macro_rules! shared { ($([$($g:tt)*] $Q:ty;)*) => { $(impl<$($g)*> $Q {
    /// Keeps the first `rows` rows at the most; none for 0.
    pub fn limit(mut self, rows: usize) -> Self {
        self.plan.limit = Some(rows);
        self
    }
    /// Skips the first `rows` rows.
    pub fn offset(mut self, rows: usize) -> Self {
        self.plan.offset = rows;
        self
    }
    /// Keeps the first of equal rows. Two `None` are equal here; whole rows are equal to themselves alone.
    pub fn distinct(mut self) -> Self {
        self.plan.distinct = true;
        self
    }
    /// Asks for the rows of both, each once: those of `self` first. What is chained after it is done to the whole.
    pub fn union(self, other: Self) -> Self {
        self.combine(SetOperation::Union, other)
    }
    /// Asks for the rows of `self`, then those of `other`.
    pub fn union_all(self, other: Self) -> Self {
        self.combine(SetOperation::UnionAll, other)
    }
    /// Asks for the rows that both have, each once.
    pub fn intersect(self, other: Self) -> Self {
        self.combine(SetOperation::Intersect, other)
    }
    /// Asks for the rows that `other` does not have, each once.
    pub fn except(self, other: Self) -> Self {
        self.combine(SetOperation::Except, other)
    }
    fn combine(mut self, operation: SetOperation, other: Self) -> Self {
        self.plan = self.plan.combine(operation, other.plan);
        self
    }
})* } }
shared! { [S: Scope] Select<S>; [T] Rows<T>; }
