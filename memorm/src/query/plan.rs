//! `Plan`: a question as data, without types.
use super::after::After;
use super::join::{Join, On};
use crate::expr::{AggregateTerm, Code, Item, MAX_DEPTH, OrderTerm, Step};
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
    /// Keeps the rows that come after one of them, in the order of the sort keys.
    pub after: Option<After>,
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
    /// How deep sets nest in the origin.
    pub(crate) nesting: u8,
}

/// How rows are grouped.
#[derive(Clone, Debug)]
pub struct Grouping {
    /// What rows of a group have in common.
    pub keys: Vec<Item>,
    /// What is computed of each group.
    pub terms: Vec<AggregateTerm>,
}

impl Grouping {
    fn codes(&self) -> impl Iterator<Item = &Code> {
        self.keys.iter().map(|key| &key.code).chain(self.terms.iter().filter_map(|term| term.of.as_ref()))
    }

    fn codes_mut(&mut self) -> impl Iterator<Item = &mut Code> {
        let of_terms = self.terms.iter_mut().filter_map(|term| term.of.as_mut());
        self.keys.iter_mut().map(|key| &mut key.code).chain(of_terms)
    }
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
            after: None,
            order: Vec::new(),
            items: Vec::new(),
            distinct: false,
            offset: 0,
            limit: None,
            group: None,
            nesting: 0,
        }
    }

    /// Adds a condition that must hold as well.
    pub(crate) fn and(&mut self, condition: Code) {
        self.filter = Some(Code::and(self.filter.take(), condition));
    }

    /// What is done to the rows comes after; a chain of set operations stays flat, however long, and so do equal
    /// operations that are nested on the right: `a ∪ (b ∪ c)` is `(a ∪ b) ∪ c`. Others nest, up to a limit: to run
    /// them, to write them as SQL and to drop them recurses.
    pub(super) fn combine(mut self, operation: SetOperation, mut other: Self) -> Self {
        let mut more = other.take_equal(operation).unwrap_or_default();
        if more.is_empty() {
            more.push((operation, Arc::new(other)));
        }
        let flat = self.is_bare() && matches!(self.origin, Origin::Set(..));
        let below = more.iter().map(|(_, plan)| plan.nesting + 1).max().unwrap_or(0);
        let nesting = below.max(if flat { self.nesting } else { self.nesting + 1 });
        if nesting > MAX_DEPTH {
            self.and(Code::default().and_step(Step::TooDeep(0)));
            self.nesting = MAX_DEPTH; // whatever it becomes a part of says the same at once
            return self;
        }
        let mut whole = match (flat, &mut self.origin) {
            (true, Origin::Set(_, others)) => {
                others.append(&mut more);
                self
            }
            _ => {
                let mut whole = Self::new(self.table);
                whole.origin = Origin::Set(Arc::new(self), more);
                whole
            }
        };
        whole.nesting = nesting;
        whole
    }

    /// Takes the plans of a set that is nothing but this operation, where it does not matter which two are combined first.
    fn take_equal(&mut self, operation: SetOperation) -> Option<Vec<(SetOperation, Arc<Self>)>> {
        let is_bare = self.is_bare();
        let Origin::Set(first, others) = &mut self.origin else { return None };
        let is_equal = others.iter().all(|(other, _)| *other == operation);
        if !is_bare || !is_equal || operation == SetOperation::Except {
            return None;
        }
        let mut plans = std::mem::take(others);
        plans.insert(0, (operation, first.clone()));
        Some(plans)
    }

    /// The expressions that are computed of its own rows.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &Code> {
        let of_items = self.items.iter().flat_map(Item::codes);
        let of_joins = self.joins.iter().filter_map(|join| match &join.on {
            On::Condition(code) => Some(code),
            On::Through(..) => None,
        });
        let of_groups = self.group.iter().flat_map(Grouping::codes);
        self.filter
            .iter()
            .chain(of_groups)
            .chain(of_joins)
            .chain(self.order.iter().map(|term| &term.code))
            .chain(of_items)
    }

    /// The expressions that are computed of its own rows, but for the filter.
    pub(crate) fn computed_mut(&mut self) -> impl Iterator<Item = &mut Code> {
        let of_joins = self.joins.iter_mut().filter_map(|join| match &mut join.on {
            On::Condition(code) => Some(code),
            On::Through(..) => None,
        });
        let of_order = self.order.iter_mut().map(|term| &mut term.code);
        let of_groups = self.group.iter_mut().flat_map(Grouping::codes_mut);
        of_joins.chain(of_groups).chain(of_order).chain(self.items.iter_mut().flat_map(Item::codes_mut))
    }

    /// The plan and all that its rows come from.
    pub(crate) fn sources(&self) -> Vec<&Self> {
        let mut found = vec![self];
        let mut next = 0;
        while let Some(plan) = found.get(next).copied() {
            next += 1;
            if let Origin::Set(first, others) = &plan.origin {
                found.push(first);
                found.extend(others.iter().map(|(_, other)| &**other));
            }
        }
        found
    }

    /// Whether something in the plan, or in what its rows come from, has to be found out before it runs.
    pub(crate) fn has_questions(&self) -> bool {
        let asks = |plan: &Self| plan.after.is_some() || plan.codes().any(Code::has_questions);
        match self.origin {
            Origin::Table => asks(self),
            Origin::Set(..) => self.sources().into_iter().any(asks),
        }
    }

    /// How deep questions and sets nest in one another.
    pub(super) fn depth(&self) -> u8 {
        let codes = self.sources().into_iter().flat_map(Self::codes);
        codes.map(Code::depth).max().unwrap_or(0) + self.nesting
    }

    /// Whether the rows are taken from their origin as they are.
    pub(crate) fn is_bare(&self) -> bool {
        self.joins.is_empty()
            && self.filter.is_none()
            && self.after.is_none()
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

    /// All columns of all tables, of a join by the names of both: `items.id`; with the slot where a table is there twice.
    pub(crate) fn whole_row(&self) -> Vec<Item> {
        let tables = self.tables();
        let mut items = Vec::new();
        for (slot, table) in (0..).zip(&tables) {
            let prefix = match tables.len() {
                1 => String::new(),
                _ => format!("{}.", slot_name(&tables, slot)),
            };
            items.extend((0..).zip(table.columns).map(|(column, meta)| {
                let code = Code::column(table, column).at_slot(slot);
                Item::named(code, format!("{prefix}{}", meta.name))
            }));
        }
        items
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

/// How a table of a statement is called: by its name, with the slot where it is there twice.
pub(crate) fn slot_name(tables: &[&'static TableMeta], slot: u8) -> String {
    let table = tables[usize::from(slot)];
    match tables.iter().filter(|other| std::ptr::eq(**other, table)).count() {
        1 => table.name.to_owned(),
        _ => format!("{}[{slot}]", table.name),
    }
}
