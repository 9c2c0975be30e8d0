//! `group_by(key).aggregate(aggregates)`: a key and its aggregates are two things, so that a column which is neither
//! grouped nor aggregated cannot be written.
use super::plan::{Grouping, Plan};
use super::select::Select;
use crate::expr::{Aggregate, GroupKey, Item, ReadResults, ReadRow, Scope, SortKey};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// Grouped rows, before [`aggregate`](Grouped::aggregate).
#[must_use = "end a `group_by` with `.aggregate(..)`"]
pub struct Grouped<S, K> {
    plan: Plan,
    keys: Vec<Item>,
    read_key: ReadRow<K>,
    scope: PhantomData<fn() -> S>,
}

/// A question for groups: rows of a key `K` and its aggregates `A`, in the order in which keys are first seen.
#[must_use = "a select does nothing until `.all(&session)`, `.first(..)` … runs it"]
pub struct Groups<K, A> {
    pub(crate) plan: Plan,
    pub(crate) read_key: ReadRow<K>,
    pub(crate) read_results: ReadResults<A>,
    pub(crate) having: Vec<Having<K, A>>,
    pub(crate) order: Option<Sort<K, A>>,
    pub(crate) offset: usize,
    pub(crate) limit: Option<usize>,
}

/// Whether a group is kept.
pub(crate) type Having<K, A> = Arc<dyn Fn(&K, &A) -> bool + Send + Sync>;
/// The places of groups, by their sort keys.
pub(crate) type Sort<K, A> = Arc<dyn Fn(&[(K, A)]) -> Vec<usize> + Send + Sync>;

impl<S: Scope> Select<S> {
    /// Groups the rows by a key: a column, an expression or a tuple of them. Filter, order and limit of this select apply
    /// to the rows before they are grouped. Two `None` are one key, and so are two NaN.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, cat: u32, qty: i64 }
    /// # let db = Database::new();
    /// # let row = |id, cat, qty| Item { id, cat, qty };
    /// # db.transaction(|s| s.add_all([row(1, 7, 1), row(2, 8, 5), row(3, 7, 2), row(4, 9, 0)]))?;
    /// let stock = select::<Item>()
    ///     .filter(Item::QTY.gt(0))
    ///     .group_by(Item::CAT)
    ///     .aggregate((count(), Item::QTY.sum()));
    /// assert_eq!(stock.all(&db)?, [(7, (2, Some(3))), (8, (1, Some(5)))]);
    /// let largest = stock.order_by(|_cat, (_, total)| std::cmp::Reverse(*total)).limit(1);
    /// assert_eq!(largest.all(&db)?, [(8, (1, Some(5)))]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn group_by<Side, K>(self, key: impl GroupKey<S, Side, Out = K>) -> Grouped<S, K> {
        let mut keys = Vec::new();
        let read_key = key.place(&mut keys);
        Grouped { plan: self.unscoped.plan, keys, read_key, scope: PhantomData }
    }
}

impl<S: Scope, K> Grouped<S, K> {
    /// Computes one value, or a tuple of up to twelve, of each group.
    pub fn aggregate<Side, O>(self, aggregates: impl Aggregate<S, Side, Out = O>) -> Groups<K, O> {
        let mut terms = Vec::new();
        let read_results = aggregates.place(&mut terms);
        let mut plan = self.plan;
        plan.group = Some(Grouping { keys: self.keys, terms });
        Groups {
            plan,
            read_key: self.read_key,
            read_results,
            having: Vec::new(),
            order: None,
            offset: 0,
            limit: None,
        }
    }
}

impl<K: 'static, A: 'static> Groups<K, A> {
    /// Keeps the groups for which the closure says so. Several must all hold.
    pub fn having(mut self, test: impl Fn(&K, &A) -> bool + Send + Sync + 'static) -> Self {
        self.having.push(Arc::new(test));
        self
    }
    /// Sorts the groups by an owned key (`k.clone()`, `*n`, `Reverse(..)`, a tuple), which is computed once for each group;
    /// equal ones keep their order. Replaces an earlier order.
    pub fn order_by<O: SortKey>(mut self, key: impl Fn(&K, &A) -> O + Send + Sync + 'static) -> Self {
        self.order = Some(Arc::new(move |groups: &[(K, A)]| {
            let keys: Vec<O> = groups.iter().map(|(k, a)| key(k, a)).collect();
            let mut places: Vec<usize> = (0..keys.len()).collect();
            places.sort_by(|a, b| keys[*a].order(&keys[*b]));
            places
        }));
        self
    }
    /// Keeps the first `groups` groups at the most; none for 0.
    pub fn limit(mut self, groups: usize) -> Self {
        self.limit = Some(groups);
        self
    }
    /// Skips the first `groups` groups.
    pub fn offset(mut self, groups: usize) -> Self {
        self.offset = groups;
        self
    }
    /// Borrows the statement as data: rows, keys and aggregates. What closures say, and how groups are limited, is no data.
    pub fn inspect(&self) -> &Plan {
        &self.plan
    }
}

impl<S, K> Clone for Grouped<S, K> {
    fn clone(&self) -> Self {
        Self { plan: self.plan.clone(), keys: self.keys.clone(), read_key: self.read_key, scope: PhantomData }
    }
}
impl<S, K> fmt::Debug for Grouped<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grouped").field("plan", &self.plan).field("keys", &self.keys).finish_non_exhaustive()
    }
}
impl<K, A> Clone for Groups<K, A> {
    fn clone(&self) -> Self {
        Self {
            plan: self.plan.clone(),
            read_key: self.read_key,
            read_results: self.read_results,
            having: self.having.clone(),
            order: self.order.clone(),
            offset: self.offset,
            limit: self.limit,
        }
    }
}
impl<K, A> fmt::Debug for Groups<K, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups")
            .field("plan", &self.plan)
            .field("having", &self.having.len())
            .field("offset", &self.offset)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
