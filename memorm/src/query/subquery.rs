//! Questions inside of expressions: `in_(select ..)`, `exists(select ..)`, one value of a `select`.
use super::{Plan, Rows, Select};
use crate::expr::{
    AggregateTerm, Anywhere, Code, Exists, Expr, List, OneAggregate, Purpose, Question, Scope, Subquery,
};
use crate::model::{Field, Scalar};
use crate::value::Value;
use std::any::Any;
use std::fmt::{self, Display};
use std::sync::Arc;

/// What a subquery asks: a plan, or one value computed of its rows.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The rows.
    pub plan: Plan,
    /// What is computed of them, in the place of what the plan selects.
    pub aggregate: Option<AggregateTerm>,
    /// Brings the answer into the form that its type has in a column; `None` where the type cannot hold it.
    form: fn(&Value) -> Option<Value>,
}

impl crate::expr::Question for Asked {
    fn depth(&self) -> u8 {
        let of_term = self.aggregate.as_ref().and_then(|term| term.of.as_ref()).map_or(0, Code::depth);
        self.plan.depth().max(of_term)
    }
}

impl Asked {
    /// The question of a subquery.
    pub(crate) fn of(subquery: &Subquery) -> Option<&Self> {
        (&*subquery.question as &dyn Any).downcast_ref()
    }

    /// The answer in the form that its type has in a column.
    pub(crate) fn form(&self, value: &Value) -> Option<Value> {
        (self.form)(value)
    }

    /// The question for a value of one row that is in a column's form already, or for whether there is a row.
    pub(crate) fn plain(plan: Plan) -> Arc<dyn Question> {
        Arc::new(Self { plan, aggregate: None, form: |value| Some(value.clone()) })
    }

    fn question<T: Field>(plan: Plan, aggregate: Option<AggregateTerm>) -> Arc<dyn Question> {
        Arc::new(Self { plan, aggregate, form: |value| Some(T::from_value(value)?.to_value()) })
    }
}

impl Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("select ")?;
        match &self.aggregate {
            Some(term) => write!(f, "{term} ")?,
            None => {
                for (i, item) in self.plan.row_items().iter().enumerate() {
                    write!(f, "{}{}", if i == 0 { "" } else { ", " }, item.code)?;
                }
                f.write_str(if self.plan.row_items().is_empty() { "" } else { " " })?;
            }
        }
        write!(f, "from {}", self.plan.table.name)?;
        if let Some(filter) = &self.plan.filter {
            write!(f, " where {filter}")?;
        }
        if let Some(after) = &self.plan.after {
            write!(f, " after {after}")?;
        }
        if let Some(limit) = self.plan.limit {
            write!(f, " limit {limit}")?;
        }
        Ok(())
    }
}

/// What [`exists`] takes: a `select`, with or without a projection.
#[diagnostic::on_unimplemented(
    message = "`exists` takes a query, not `{Self}`",
    label = "expected `select::<M>()..`",
    note = "whether a row has related rows that pass a condition: `Vendor::ITEMS.any(..)`"
)]
pub trait Subselect {
    #[doc(hidden)]
    fn into_plan(self) -> Plan;
}
#[diagnostic::do_not_recommend]
impl<S> Subselect for Select<S> {
    fn into_plan(self) -> Plan {
        self.unscoped.plan
    }
}
#[diagnostic::do_not_recommend]
impl<T> Subselect for Rows<T> {
    fn into_plan(self) -> Plan {
        self.plan
    }
}

/// Tests whether a query has a row: a condition that is the same for every row, and never unknown.
///
/// The query is asked once, before the statement looks at its own rows, and no further than its first row. For a condition on
/// the rows that belong to a row, see `any` of a relation.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
/// # #[derive(Model, Clone)] struct Lock { #[model(primary_key)] name: String }
/// # let db = Database::new();
/// # db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
/// let locked = exists(select::<Lock>().filter(Lock::NAME.eq("items")));
/// let sell = update::<Item>().filter(Item::QTY.gt(3) & !locked).set(Item::QTY, Item::QTY - 1);
/// assert_eq!(db.transaction(|s| sell.exec(s))?, 1);
/// # Ok::<_, memorm::Error>(())
/// ```
pub fn exists(query: impl Subselect) -> Exists {
    let question = Asked::question::<bool>(query.into_plan(), None);
    Exists::new(Code::ask(Code::default(), question, Purpose::Exists))
}

impl<T: Field> Rows<T> {
    /// Takes the one value of the query, as an operand for another statement; `None` where there is no row.
    ///
    /// The query is asked once, before the statement looks at its own rows. More than one row is a `TooManyRows` error then:
    /// `limit(1)` takes the first.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([Item { id: 1, qty: 3 }, Item { id: 2, qty: 4 }]))?;
    /// let first = select::<Item>().filter(Item::ID.eq(1)).select(Item::QTY).scalar();
    /// assert_eq!(select::<Item>().filter(Item::QTY.gt(first)).select(Item::ID).all(&db)?, [2]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn scalar(self) -> Expr<Anywhere, Option<T::Base>> {
        let question = Asked::question::<Option<T::Base>>(self.plan, None);
        Expr::new(Code::ask(Code::default(), question, Purpose::Value))
    }
}

impl<S: Scope> Select<S> {
    /// Takes one aggregate of the query's rows, as an operand for another statement.
    ///
    /// The query is asked once, before the statement looks at its own rows.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, price: f64 }
    /// # let db = Database::new();
    /// # db.transaction(|s| s.add_all([1.0, 2.0, 6.0].map(|price| Item { id: price as u64, price })))?;
    /// let mean = select::<Item>().scalar(Item::PRICE.avg());
    /// assert_eq!(select::<Item>().filter(Item::PRICE.gt(mean)).select(Item::ID).all(&db)?, [6]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn scalar<Side, T: Field>(
        self,
        aggregate: impl OneAggregate<S, Side, Value = T>,
    ) -> Expr<Anywhere, T> {
        let mut terms = Vec::new();
        aggregate.place(&mut terms);
        let question = Asked::question::<T>(self.unscoped.plan, terms.pop());
        Expr::new(Code::ask(Code::default(), question, Purpose::Value))
    }
}

macro_rules! lists { ($([$($g:tt)*] $T:ty, $U:ty;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> List<$T> for Rows<$U> {
        fn within(self, left: Code) -> Code {
            Code::ask(left, Asked::question::<$U>(self.plan, None), Purpose::In)
        }
    }
)* } }
lists! {
    [T: Field] T, T;
    [T: Scalar] Option<T>, T;
    [T: Scalar] T, Option<T>;
}
