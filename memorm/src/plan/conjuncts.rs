//! The conditions of a filter that must all hold.
use crate::expr::{Code, Op, Step};

fn arity(step: &Step) -> usize {
    match step {
        Step::Column { .. } | Step::Literal(_) | Step::Test(_) => 0,
        Step::InValues(..) | Step::Map(_) => 1,
        Step::Apply(op) => op.arity(),
    }
}

/// Splits a condition at its outermost `and`s. One pass and a worklist, however long the chain.
pub(super) fn conjuncts(code: &Code) -> Vec<&[Step]> {
    let steps = code.steps();
    let starts = starts(steps);
    let mut open = vec![(0, steps.len())];
    let mut parts = Vec::new();
    while let Some((start, end)) = open.pop() {
        if start == end {
            continue;
        }
        match &steps[end - 1] {
            Step::Apply(Op::And) => {
                let middle = starts[end - 2];
                open.push((middle, end - 1));
                open.push((start, middle));
            }
            _ => parts.push(&steps[start..end]),
        }
    }
    parts
}

/// Where the expression that ends at each step begins.
fn starts(steps: &[Step]) -> Vec<usize> {
    let mut open: Vec<usize> = Vec::new();
    let mut starts = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let kept = open.len().saturating_sub(arity(step));
        let start = open.get(kept).copied().unwrap_or(at);
        open.truncate(kept);
        open.push(start);
        starts.push(start);
    }
    starts
}
