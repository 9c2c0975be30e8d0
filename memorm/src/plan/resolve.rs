//! `resolve`: questions inside of a statement, answered before it runs.
//!
//! ```text
//!   VENDOR_ID in (select ..)    ──ask once──►  VENDOR_ID in (1, 4, 9)           short: an index can answer it
//!   exists (select ..)          ──ask once──►  true
//!   (select avg(PRICE) ..)      ──ask once──►  4.5
//!   ID │ ITEMS any (PRICE > 5)  ──by keys──►   ID in (keys of vendors with such an item)
//! ```
//!
//! What runs, runs without questions: evaluation and the choice of an index see values and keys alone. A statement
//! without questions is borrowed as it is.
//!
//! Must stay true: a question is asked whether or not a row needs it, so that its error does not depend on indexes;
//! the recursion is as deep as questions nest, which is limited where they are built.
use super::access::choose;
use super::after;
use super::aggregate::aggregate;
use super::project::values;
use super::related::{Outer, hold};
use super::run::Run;
use crate::expr::{AggregateTerm, Code, Item, MAX_DEPTH, Op, Purpose, Step, Subquery};
use crate::model::TableMeta;
use crate::query::{Asked, Origin, Plan};
use crate::value::{Cell, KeySet, Value};
use crate::world::World;
use crate::{Error, Result};
use std::borrow::Cow;
use std::sync::Arc;

/// Answers of so many values are sorted lists, as `in_` makes them; more are found faster in a set.
const LIST: usize = 1_000;

/// Answers the questions in a plan; run what it returns.
///
/// # Errors
/// Those of the questions: `Arithmetic`, `TooManyRows` of a value, `TooDeep`.
pub(crate) fn resolve<'p>(world: &World, plan: &'p Plan) -> Result<Cow<'p, Plan>> {
    if !plan.has_questions() {
        return Ok(Cow::Borrowed(plan));
    }
    Ok(Cow::Owned(Resolver::new(world).plan(plan)?))
}

/// Answers the questions in the filter of a statement over one table.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_filter<'p>(
    world: &World,
    meta: &'static TableMeta,
    filter: Option<&'p Code>,
) -> Result<Option<Cow<'p, Code>>> {
    match filter {
        Some(code) if code.has_questions() => Ok(Some(Cow::Owned(Resolver::new(world).filter(meta, code)?))),
        filter => Ok(filter.map(Cow::Borrowed)),
    }
}

/// Answers the questions in an expression.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_code<'p>(world: &World, code: &'p Code) -> Result<Cow<'p, Code>> {
    if !code.has_questions() {
        return Ok(Cow::Borrowed(code));
    }
    Ok(Cow::Owned(Resolver::new(world).code(code)?))
}

/// Whether something in the terms has to be found out before they are computed.
pub(crate) fn have_questions(terms: &[AggregateTerm]) -> bool {
    terms.iter().any(|term| term.of.as_ref().is_some_and(Code::has_questions))
}

/// Answers the questions in what aggregates are computed of.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_terms<'p>(
    world: &World,
    terms: &'p [AggregateTerm],
) -> Result<Cow<'p, [AggregateTerm]>> {
    if !have_questions(terms) {
        return Ok(Cow::Borrowed(terms));
    }
    let mut terms = terms.to_vec();
    for of in terms.iter_mut().filter_map(|term| term.of.as_mut()) {
        *of = resolve_code(world, of)?.into_owned();
    }
    Ok(Cow::Owned(terms))
}

/// Answers the questions in what is computed of each row.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_items<'p>(world: &World, items: &'p [Item]) -> Result<Cow<'p, [Item]>> {
    if !items.iter().any(|item| item.code.has_questions()) {
        return Ok(Cow::Borrowed(items));
    }
    let mut items = items.to_vec();
    for item in &mut items {
        item.code = resolve_code(world, &item.code)?.into_owned();
    }
    Ok(Cow::Owned(items))
}

/// Answers questions, and keeps notes of what became of them.
pub(super) struct Resolver<'w> {
    pub(super) world: &'w World,
    /// A line for each question, where somebody wants to know.
    pub(super) notes: Option<Vec<String>>,
}

impl<'w> Resolver<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        Self { world, notes: None }
    }

    pub(super) fn plan(&mut self, plan: &Plan) -> Result<Plan> {
        let mut plan = plan.clone();
        if let Some(filter) = plan.filter.take() {
            // the columns of a join are of several tables
            plan.filter = Some(match plan.joins.is_empty() && matches!(plan.origin, Origin::Table) {
                true => self.filter(plan.table, &filter)?,
                false => self.code(&filter)?,
            });
        }
        for code in plan.computed_mut().filter(|code| code.has_questions()) {
            *code = self.code(code)?;
        }
        if let Some(after) = &plan.after {
            let place = after::find(self.world, &plan, after)?;
            if matches!(plan.origin, Origin::Table) {
                let later = after::condition(&plan.order, &place);
                plan.filter = Some(match plan.filter {
                    Some(filter) => later.with(filter, Op::And),
                    None => later,
                });
            }
            plan.after = Some(after.found(place));
        }
        if let Origin::Set(first, others) = &mut plan.origin {
            for source in std::iter::once(first).chain(others.iter_mut().map(|(_, other)| other)) {
                *source = Arc::new(self.plan(source)?);
            }
        }
        Ok(plan)
    }

    /// A filter over one table. What its other conditions leave of the rows decides how related rows are asked.
    pub(super) fn filter(&mut self, meta: &'static TableMeta, filter: &Code) -> Result<Code> {
        let filter = self.subqueries(filter)?;
        if !filter.has_questions() {
            return Ok(filter);
        }
        let outer =
            self.world.table(meta).map(|table| Outer { table, ids: choose(table, Some(&filter)).ids });
        self.relations(&filter, outer.as_ref())
    }

    /// A filter that is asked of these rows alone.
    pub(super) fn filter_of(&mut self, outer: Option<&Outer<'_>>, filter: &Code) -> Result<Code> {
        let filter = self.subqueries(filter)?;
        self.relations(&filter, outer)
    }

    fn code(&mut self, code: &Code) -> Result<Code> {
        let code = self.subqueries(code)?;
        self.relations(&code, None)
    }

    /// The expression with the answers of its subqueries.
    fn subqueries(&mut self, code: &Code) -> Result<Code> {
        let mut steps = Vec::with_capacity(code.steps().len());
        for step in code.steps() {
            steps.push(match step {
                Step::Subquery(subquery) => self.answer(subquery)?,
                Step::TooDeep(_) => return Err(Error::TooDeep { limit: MAX_DEPTH }),
                other => other.clone(),
            });
        }
        Ok(Code::of_steps(steps))
    }

    /// The expression with keys in the place of its conditions on related rows.
    fn relations(&mut self, code: &Code, outer: Option<&Outer<'_>>) -> Result<Code> {
        let mut steps = Vec::with_capacity(code.steps().len());
        for step in code.steps() {
            match step {
                Step::Related(related) => hold(self, related, outer, &mut steps)?,
                other => steps.push(other.clone()),
            }
        }
        Ok(Code::of_steps(steps))
    }

    fn answer(&mut self, subquery: &Subquery) -> Result<Step> {
        let Some(asked) = Asked::of(subquery) else { return Ok(Step::Literal(Value::Null)) };
        let plan = match asked.plan.has_questions() {
            true => Cow::Owned(self.plan(&asked.plan)?),
            false => Cow::Borrowed(&asked.plan),
        };
        let (step, came_to) = match subquery.purpose {
            Purpose::In => self.list(&plan)?,
            Purpose::Exists => {
                let is_there = self.has_row(&plan)?;
                (Step::Literal(Value::Bool(is_there)), is_there.to_string())
            }
            Purpose::Value => {
                let value = self.value(asked, &plan)?;
                let shown = value.to_string();
                (Step::Literal(value), shown)
            }
        };
        self.note(|| format!("{asked}: {came_to}"));
        Ok(step)
    }

    pub(super) fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(notes) = &mut self.notes {
            notes.push(line());
        }
    }

    #[inline(never)]
    fn list(&self, plan: &Plan) -> Result<(Step, String)> {
        let mut run = Run::new(self.world, plan, None)?;
        let mut keys = KeySet::new(1);
        while let Some(group) = run.next()? {
            for row in values(plan.table, group.items, &group.frame)? {
                keys.insert(&[row.first().map_or(Cell::Null, Value::cell)]);
            }
        }
        let came_to = format!("{} values, {}", keys.len(), run.describe());
        if keys.len() > LIST {
            return Ok((Step::InKeys(Arc::new(keys), false), came_to));
        }
        let mut list = keys.values().to_vec();
        list.sort_unstable();
        Ok((Step::InValues(list.into(), keys.had_null()), came_to))
    }

    #[inline(never)]
    fn has_row(&self, plan: &Plan) -> Result<bool> {
        let mut run = Run::new(self.world, plan, Some(1))?;
        while let Some(group) = run.next()? {
            if group.frame.len() > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[inline(never)]
    fn value(&self, asked: &Asked, plan: &Plan) -> Result<Value> {
        let table = plan.table.name;
        let value = match &asked.aggregate {
            Some(term) => {
                let terms = resolve_terms(self.world, std::slice::from_ref(term))?;
                aggregate(Run::new(self.world, plan, None)?, plan, &terms)?.pop()
            }
            None => {
                let mut run = Run::new(self.world, plan, Some(2))?;
                let mut rows = Vec::new();
                while let Some(group) = run.next()? {
                    rows.extend(values(plan.table, group.items, &group.frame)?);
                }
                if rows.len() > 1 {
                    return Err(Error::TooManyRows { table });
                }
                rows.pop().and_then(|mut row| row.pop())
            }
        };
        let value = value.unwrap_or_default();
        asked.form(&value).ok_or_else(|| Error::InvalidValue {
            table,
            column: "subquery",
            value: value.to_string(),
            expected: "the type of the subquery",
        })
    }
}
