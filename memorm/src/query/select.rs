//! `select`: statements that ask for rows.
use super::join::{Join, JoinKind, On, Route};
use super::plan::{Plan, SetOperation};
use super::rows::Rows;
use crate::expr::{
    Beside, Code, Filter, IntoOrder, Opt, Over, Predicate, Project, Push, Scope, Step, TypedTest, Within,
};
use crate::model::{Model, TableMeta};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// A question over scope `S`; the same type whatever conditions are chained on it.
///
/// Filter, order, projection, `distinct`, `offset` and `limit` apply in this order, however they are chained. Terminals
/// are in [`Query`](crate::session::Query).
#[must_use = "a select does nothing until `.all(&session)`, `.first(..)`, `.iter(..)` … runs it"]
pub struct Select<S> {
    pub(crate) unscoped: Unscoped,
    scope: PhantomData<fn() -> S>,
}

/// A question without its scope, whose rows are values by position.
///
/// A `Select` leads to it so that the compiler finds the terminals of `select::<M>()` even where `M` is no model, and says
/// so once.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Unscoped {
    pub(crate) plan: Plan,
}

#[doc(hidden)]
impl<S> Deref for Select<S> {
    type Target = Unscoped;
    fn deref(&self) -> &Unscoped {
        &self.unscoped
    }
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
    Select { unscoped: Unscoped { plan: Plan::new(M::table()) }, scope: PhantomData }
}

impl<S> Clone for Select<S> {
    fn clone(&self) -> Self {
        Self { unscoped: self.unscoped.clone(), scope: PhantomData }
    }
}
impl<S> fmt::Debug for Select<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Select").field(&self.plan).finish()
    }
}

impl<S: Scope> Select<S> {
    /// Keeps the rows where the condition is true. Several filters must all hold. Looks at every row, or at those that a
    /// key or an index promises: [`explain`](crate::session::Query::explain) tells.
    pub fn filter<Side>(mut self, condition: impl Predicate<Scope: Within<S, Side>>) -> Self {
        self.unscoped.plan.and(condition.into_filter().placed());
        self
    }
    /// Adds the table that a relation leads to: each row once for each partner. The relation starts in any table of the
    /// query; in a self join, name the side: `.join(Vendor::PARENT.at(RIGHT))`.
    ///
    /// Rows come in the order of the left side, then in that of the joined table.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Vendor { #[model(primary_key)] id: u32, country: String }
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: u32 }
    /// # let db = Database::new();
    /// # db.transaction(|s| {
    /// #     s.add_all([Vendor { id: 1, country: "CA".into() }, Vendor { id: 2, country: "US".into() }])?;
    /// #     s.add_all([Item { id: 1, vendor_id: 2 }, Item { id: 2, vendor_id: 1 }])
    /// # })?;
    /// let canadian = select::<Item>().join(Item::VENDOR).filter(Vendor::COUNTRY.eq("CA"));
    /// let rows: Vec<(Arc<Item>, Arc<Vendor>)> = canadian.all(&db)?;
    /// assert_eq!((rows.len(), rows[0].0.id, rows[0].1.id), (1, 2, 1));
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn join<Side, T, N>(self, relation: impl Route<S, Side, To = T>) -> Select<N>
    where
        T: Model + Beside<S, Out = N>,
    {
        let on = relation.on(S::SLOTS);
        self.with_table(T::table(), JoinKind::Inner, on)
    }
    /// Adds the table that a relation leads to, and keeps rows without a partner: `None` in its place.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Vendor { #[model(primary_key)] id: u32, name: String }
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: Option<u32> }
    /// # let db = Database::new();
    /// # db.transaction(|s| {
    /// #     s.add(Vendor { id: 1, name: "acme".into() })?;
    /// #     s.add_all([Item { id: 1, vendor_id: None }, Item { id: 2, vendor_id: Some(1) }])
    /// # })?;
    /// let names = select::<Item>().left_join(Item::VENDOR).select((Item::ID, opt(Vendor::NAME)));
    /// assert_eq!(names.all(&db)?, [(1, None), (2, Some("acme".to_owned()))]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn left_join<Side, T, N>(self, relation: impl Route<S, Side, To = T>) -> Select<N>
    where
        T: Model,
        Opt<T>: Beside<S, Out = N>,
    {
        let on = relation.on(S::SLOTS);
        self.with_table(T::table(), JoinKind::Left, on)
    }
    /// Adds any table, on any condition. Equal values are found by a key, an index or a hash table; any other condition
    /// is tested for each pair of rows.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Ask { #[model(primary_key)] id: u32, price: i64 }
    /// # #[derive(Model, Clone)] struct Bid { #[model(primary_key)] id: u32, price: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| {
    /// #     s.add_all([Ask { id: 1, price: 5 }, Ask { id: 2, price: 7 }])?;
    /// #     s.add_all([Bid { id: 1, price: 6 }, Bid { id: 2, price: 4 }])
    /// # })?;
    /// let crossed = select::<Bid>().join_on::<Ask>(on(Bid::PRICE).ge(on(Ask::PRICE)));
    /// assert_eq!(crossed.select((Bid::ID, Ask::ID)).all(&db)?, [(1, 1)]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn join_on<R: Model>(
        self,
        condition: Filter<Over<<S as Push<R>>::Out>>,
    ) -> Select<<S as Push<R>>::Out>
    where
        S: Push<R>,
    {
        self.with_table(R::table(), JoinKind::Inner, On::Condition(condition.into_code()))
    }
    /// Adds any table, on any condition, and keeps rows without a partner.
    pub fn left_join_on<R: Model>(
        self,
        condition: Filter<Over<<S as Push<R>>::Out>>,
    ) -> Select<<S as Push<Opt<R>>>::Out>
    where
        S: Push<R> + Push<Opt<R>>,
    {
        self.with_table(R::table(), JoinKind::Left, On::Condition(condition.into_code()))
    }
    fn with_table<T>(mut self, table: &'static TableMeta, kind: JoinKind, on: On) -> Select<T> {
        self.unscoped.plan.joins.push(Join { table, slot: S::SLOTS, kind, on });
        Select { unscoped: self.unscoped, scope: PhantomData }
    }
    /// Sorts the rows; equal ones keep their order. Further keys may follow in another call. O(n log n) for the rows that
    /// pass the filter; with a `limit`, only so many are kept, or an index gives them in order.
    pub fn order_by<Side>(mut self, order: impl IntoOrder<S, Side>) -> Self {
        order.terms(&mut self.unscoped.plan.order);
        self
    }
    /// Turns each row into what the projection gives: a value for one part, a tuple for several, up to twelve; tuples of
    /// tuples hold more.
    pub fn select<Side, T>(mut self, projection: impl Project<S, Side, Out = T>) -> Rows<T> {
        let read = projection.place(&mut self.unscoped.plan.items);
        Rows { plan: self.unscoped.plan, read }
    }
    /// Keeps the rows for which the closure says so. Opaque to the planner: filter by columns first, then the
    /// closure sees no row that those conditions have refused.
    pub fn filter_with(mut self, test: impl for<'a> Fn(S::Row<'a>) -> bool + Send + Sync + 'static) -> Self {
        self.unscoped.plan.and(Code::step(Step::Test(Arc::new(TypedTest::<S, _>::new(test)), 0)));
        self
    }
    /// Borrows the statement as data.
    pub fn inspect(&self) -> &Plan {
        &self.plan
    }
}

/// What `Select` and `Rows` have in common.
macro_rules! shared { ($([$($g:tt)*] $Q:ty, $($plan:ident).+;)*) => { $(impl<$($g)*> $Q {
    /// Keeps the first `rows` rows at the most; none for 0.
    pub fn limit(mut self, rows: usize) -> Self {
        self.$($plan).+.limit = Some(rows);
        self
    }
    /// Skips the first `rows` rows.
    pub fn offset(mut self, rows: usize) -> Self {
        self.$($plan).+.offset = rows;
        self
    }
    /// Keeps the first of equal rows, of which a hash table is made. Two `None` are equal here; whole rows are equal to
    /// themselves alone.
    pub fn distinct(mut self) -> Self {
        self.$($plan).+.distinct = true;
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
        self.$($plan).+ = self.$($plan).+.combine(operation, other.$($plan).+);
        self
    }
})* } }
shared! { [S: Scope] Select<S>, unscoped.plan; [T] Rows<T>, plan; }
