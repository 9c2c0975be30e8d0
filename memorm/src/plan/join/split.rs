//! Where each condition of a joined statement is tested.
use crate::expr::{Code, Comparison, Op, Step};
use crate::model::TableMeta;
use crate::query::{JoinKind, On, Plan};
use crate::value::Kind;

/// The conditions of a statement, by the place where they are tested.
pub(super) struct Split {
    /// For the scan of the first table.
    pub(super) scan: Option<Code>,
    /// For each join.
    pub(super) steps: Vec<Parts>,
    /// For whole rows.
    pub(super) rest: Option<Code>,
}

/// The conditions of one join.
#[derive(Default)]
pub(super) struct Parts {
    /// For the joined table's rows alone.
    pub(super) right: Option<Code>,
    /// Equal values: an expression over the tables before, and one over the joined table.
    pub(super) equal: Vec<(Code, Code)>,
    /// For pairs of a left and a right row.
    pub(super) pairs: Option<Code>,
}

impl Split {
    /// Takes the conditions of a plan apart. `is_scanned`: whether the first table is.
    pub(super) fn of(plan: &Plan, is_scanned: bool) -> Self {
        let mut split =
            Self { scan: None, steps: plan.joins.iter().map(|_| Parts::default()).collect(), rest: None };
        for (join, parts) in plan.joins.iter().zip(&mut split.steps) {
            if let On::Condition(on) = &join.on {
                on.conjuncts().into_iter().for_each(|part| parts.add(Code(part.to_vec()), join.slot));
            }
        }
        for part in plan.filter.iter().flat_map(Code::conjuncts) {
            split.place(Code(part.to_vec()), plan, is_scanned);
        }
        split
    }

    /// A part of the filter goes where all its tables are there, but not past a left join, which would bring back rows
    /// that it has refused.
    fn place(&mut self, part: Code, plan: &Plan, is_scanned: bool) {
        let range = range(&part);
        // a closure does not see rows that conditions before it have refused
        let is_late = part.can_fail() || part.has_closures() && self.rest.is_some();
        let place = range.filter(|_| !is_late).and_then(|(_, high)| {
            if high == 0 && is_scanned {
                return Some(Place::Scan(&mut self.scan));
            }
            let at = plan.joins.iter().position(|join| join.slot == high)?;
            let is_inner = plan.joins[at].kind == JoinKind::Inner && !part.has_closures();
            is_inner.then(|| Place::Join(&mut self.steps[at]))
        });
        match place {
            Some(Place::Scan(scan)) => *scan = Some(Code::and(scan.take(), part)),
            Some(Place::Join(parts)) => parts.add(part, range.map_or(0, |(_, high)| high)),
            None => self.rest = Some(Code::and(self.rest.take(), part)),
        }
    }
}

enum Place<'s> {
    Scan(&'s mut Option<Code>),
    Join(&'s mut Parts),
}

impl Parts {
    /// A condition that partners must meet; `slot` is the joined table's.
    fn add(&mut self, part: Code, slot: u8) {
        if !part.can_fail() {
            if range(&part) == Some((slot, slot)) && !part.has_closures() {
                self.right = Some(Code::and(self.right.take(), part));
                return;
            }
            if let Some(sides) = sides(&part, slot) {
                self.equal.push(sides);
                return;
            }
        }
        self.pairs = Some(Code::and(self.pairs.take(), part));
    }
}

/// The first and the last slot that the expression looks at.
fn range(code: &Code) -> Option<(u8, u8)> {
    let slots = code.steps().iter().filter_map(|step| match step {
        Step::Column { slot, .. } => Some((*slot, *slot)),
        Step::Test(test, slot) => Some((*slot, slot + test.slots().max(1) - 1)),
        Step::Later(_) => Some((0, 0)),
        _ => None,
    });
    slots.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

/// `left = right`, where one side looks at the joined table alone and the other at those before it alone.
fn sides(code: &Code, slot: u8) -> Option<(Code, Code)> {
    let [operands @ .., Step::Apply(Op::Compare(Comparison::Eq))] = code.steps() else { return None };
    // documents equal each other within their kind only, a hash table knows no such rule
    let is_document = |step: &Step| match step {
        Step::Column { table, column, .. } => kind(table, *column) == Kind::Json,
        Step::Apply(Op::JsonPath) => true,
        _ => false,
    };
    if operands.iter().any(is_document) || code.has_closures() {
        return None;
    }
    let starts = code.starts();
    let second = *starts.get(operands.len().checked_sub(1)?)?;
    let (one, other) = (Code(operands[..second].to_vec()), Code(operands[second..].to_vec()));
    let is_right = |code: &Code| range(code) == Some((slot, slot));
    let is_left = |code: &Code| range(code).is_some_and(|(_, high)| high < slot);
    match () {
        () if is_left(&one) && is_right(&other) => Some((one, other)),
        () if is_right(&one) && is_left(&other) => Some((other, one)),
        () => None,
    }
}

fn kind(table: &TableMeta, column: u16) -> Kind {
    table.column(column).kind
}
