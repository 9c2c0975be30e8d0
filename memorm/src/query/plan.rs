//! `Plan`: a question as data, without types.
use super::join::Join;
use crate::expr::{AggregateTerm, Code, Item, OrderTerm};
use crate::model::TableMeta;
use std::sync::Arc;

/// A question as data. Its parts apply in the order of the fields.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The table that the columns belong to.
    pub table: &'static TableMeta,
    /// Where the rows come from.
    pub origin: Origin,
    /// The tables that are joined, one after the other.
    pub joins: Vec<Join>,
    /// Keeps the rows where this is true.
    pub filter: Option<Code>,
    /// The sort keys, most important first; rows that are equal in all keep their order.
    pub order: Vec<OrderTerm>,
    /// What is computed of each row; empty for the row itself.
    pub items: Vec<Item>,
    /// Keeps the first of equal rows, before rows are skipped and counted.
    pub distinct: bool,
    /// How many rows are skipped.
    pub offset: usize,
    /// How many rows are kept at the most.
    pub limit: Option<usize>,
    /// How the rows are grouped.
    pub group: Option<Grouping>,
}

/// How rows are grouped.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// What rows of a group have in common.
    pub keys: Vec<Item>,
    /// What is computed of each group.
    pub terms: Vec<AggregateTerm>,
}

/// Where the rows of a plan come from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The plan's table, in row order.
    Table,
    /// The rows of a plan, combined with those of others, one after the other.
    Set(Arc<Plan>, Vec<(SetOperation, Arc<Plan>)>),
}

/// How the rows of two plans are combined. All but `UnionAll` leave one of equal rows, the first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetOperation {
    /// The rows of either.
    Union,
    /// The rows of the first, then those of the second.
    UnionAll,
    /// The rows of the first that the second has.
    Intersect,
    /// The rows of the first that the second does not have.
    Except,
}

impl Plan {
    pub(crate) fn new(table: &'static TableMeta) -> Self {
        Self {
            table,
            origin: Origin::Table,
            joins: Vec::new(),
            filter: None,
            order: Vec::new(),
            items: Vec::new(),
            distinct: false,
            offset: 0,
            limit: None,
            group: None,
        }
    }

    /// Adds a condition that must hold as well.
    pub(super) fn and(&mut self, condition: Code) {
        self.filter = Some(Code::and(self.filter.take(), condition));
    }

    /// What is done to the rows comes after; a chain of set operations stays flat, however long.
    pub(super) fn combine(mut self, operation: SetOperation, other: Self) -> Self {
        let other = Arc::new(other);
        if self.is_bare()
            && let Origin::Set(_, others) = &mut self.origin
        {
            others.push((operation, other));
            return self;
        }
        let mut whole = Self::new(self.table);
        whole.origin = Origin::Set(Arc::new(self), vec![(operation, other)]);
        whole
    }

    /// Whether the rows are taken from their origin as they are.
    fn is_bare(&self) -> bool {
        self.joins.is_empty()
            && self.filter.is_none()
            && self.order.is_empty()
            && self.items.is_empty()
            && !self.distinct
            && self.offset == 0
            && self.limit.is_none()
    }

    /// The tables of the statement, by slot.
    pub(crate) fn tables(&self) -> Vec<&'static TableMeta> {
        let mut plans = vec![self];
        while let Some(Origin::Set(first, _)) = plans.last().map(|plan| &plan.origin) {
            plans.push(first);
        }
        let joined = plans.into_iter().rev().flat_map(|plan| &plan.joins).map(|join| join.table);
        std::iter::once(self.table).chain(joined).collect()
    }

    /// The items of the rows: the plan's own, or those of the plan that its rows come from.
    pub(crate) fn row_items(&self) -> &[Item] {
        let mut plan = self;
        while let (true, Origin::Set(first, _)) = (plan.items.is_empty(), &plan.origin) {
            plan = first;
        }
        &plan.items
    }
}
