//! `Truth`: a condition's answer for each row of a batch, in three-valued logic.
//!
//! ```text
//!   and      true   unknown  false  fault         or       true  unknown  false    fault
//!   true     true   unknown  false  fault         true     true  true     true     true
//!   unknown         unknown  false  unknown       unknown        unknown  unknown  unknown
//!   false                    false  false         false                   false    fault
//! ```
//!
//! Both tables are symmetric, so the order in which conditions are written decides nothing.
use super::lanes::{Marks, merge_faults};
use crate::value::{Cell, Cells, Fault, Vector};

/// True, false or unknown for each lane, or the fault that hinders the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Truth {
    /// Where the condition is true. False where it is unknown or at fault.
    pub(crate) yes: Vec<bool>,
    /// Where it is unknown; empty when it never is. False where it is at fault.
    pub(crate) unknown: Vec<bool>,
    /// The faults, by lane, ascending.
    pub(crate) faults: Vec<(u32, Fault)>,
}

/// The answer of one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    True,
    False,
    Unknown,
    Fault(Fault),
}

impl Truth {
    /// The same known answer for all lanes.
    pub(super) fn all(yes: bool, len: usize) -> Self {
        Self { yes: vec![yes; len], unknown: Vec::new(), faults: Vec::new() }
    }

    /// The answers of a kernel: unknown where an operand is absent, at fault where one is.
    pub(super) fn new(yes: Vec<bool>, marks: Marks) -> Self {
        let mut truth = Self { yes, unknown: marks.present, faults: marks.faults };
        if !truth.unknown.is_empty() {
            for (yes, present) in truth.yes.iter_mut().zip(&mut truth.unknown) {
                *yes &= *present;
                *present = !*present;
            }
        }
        truth.faults.iter().for_each(|(lane, _)| truth.yes[*lane as usize] = false);
        truth
    }

    /// The answers of a `bool` vector; unknown where it holds no value.
    pub(super) fn of_vector(vector: &Vector<'_>, len: usize) -> Self {
        let mut marks = Marks { present: vector.present.clone(), faults: vector.faults.clone() };
        if let Cells::Bools(lanes) = &vector.cells {
            return Self::new(lanes.clone(), marks);
        }
        // laid out otherwise, as the branches of a `case` are of which the first is `None`
        let is = |wanted: fn(&Cell<'_>) -> bool| (0..len).map(|i| wanted(&vector.cell(i))).collect();
        marks.present = is(|cell| matches!(cell, Cell::Bool(_)));
        marks.mark_faults_present();
        Self::new(is(|cell| matches!(cell, Cell::Bool(true))), marks)
    }

    /// The answers as a `bool` vector.
    pub(super) fn into_vector<'a>(self) -> Vector<'a> {
        let present = self.unknown.iter().map(|u| !u).collect();
        Vector { cells: Cells::Bools(self.yes), present, faults: self.faults }
    }

    pub(super) fn answer(&self, i: usize) -> Answer {
        if let Ok(at) = self.faults.binary_search_by_key(&(i as u32), |(lane, _)| *lane) {
            return Answer::Fault(self.faults[at].1);
        }
        match (self.yes[i], self.unknown.get(i)) {
            (true, _) => Answer::True,
            (false, Some(true)) => Answer::Unknown,
            (false, _) => Answer::False,
        }
    }

    pub(super) fn not(mut self) -> Self {
        self.yes.iter_mut().for_each(|y| *y = !*y);
        self.yes.iter_mut().zip(&self.unknown).for_each(|(y, u)| *y &= !u);
        self.faults.iter().for_each(|(lane, _)| self.yes[*lane as usize] = false);
        self
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.join(other, Answer::False, |a, b| {
            a.yes.iter_mut().zip(&b.yes).for_each(|(a, b)| *a &= b);
        })
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.join(other, Answer::True, |a, b| {
            a.yes.iter_mut().zip(&b.yes).for_each(|(a, b)| *a |= b);
        })
    }

    /// `decisive` is the answer that settles a lane alone; `known` joins lanes where all is known.
    #[inline]
    fn join(mut self, other: Self, decisive: Answer, known: fn(&mut Self, &Self)) -> Self {
        let faulty = merge_faults(self.faults.clone(), &other.faults);
        let corrections: Vec<(u32, Answer)> = faulty
            .iter()
            .map(|(lane, _)| {
                (*lane, join_lane(self.answer(*lane as usize), other.answer(*lane as usize), decisive))
            })
            .collect();
        if self.unknown.is_empty() && other.unknown.is_empty() {
            known(&mut self, &other);
        } else {
            self.join_unknown(&other, decisive == Answer::False);
        }
        self.faults.clear();
        for (lane, answer) in corrections {
            self.set(lane, answer);
        }
        self
    }

    fn join_unknown(&mut self, other: &Self, and: bool) {
        let len = self.yes.len();
        self.unknown.resize(len, false);
        let none = Vec::new();
        let others = if other.unknown.is_empty() { &none } else { &other.unknown };
        let mut others = others.iter().copied().chain(std::iter::repeat(false));
        for ((yes, unknown), other_yes) in self.yes.iter_mut().zip(&mut self.unknown).zip(&other.yes) {
            let other_unknown = others.next().unwrap_or(false);
            let either = *unknown | other_unknown;
            if and {
                let possible = (*yes | *unknown) & (*other_yes | other_unknown);
                *yes &= other_yes;
                *unknown = either & possible;
            } else {
                *yes |= other_yes;
                *unknown = either & !*yes;
            }
        }
    }

    fn set(&mut self, lane: u32, answer: Answer) {
        let i = lane as usize;
        self.yes[i] = answer == Answer::True;
        if answer == Answer::Unknown && self.unknown.is_empty() {
            self.unknown = vec![false; self.yes.len()];
        }
        if let Some(unknown) = self.unknown.get_mut(i) {
            *unknown = answer == Answer::Unknown;
        }
        if let Answer::Fault(fault) = answer {
            self.faults.push((lane, fault));
        }
    }
}

fn join_lane(a: Answer, b: Answer, decisive: Answer) -> Answer {
    match (a, b) {
        (a, b) if a == decisive || b == decisive => decisive,
        (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
        (Answer::Fault(fault), _) | (_, Answer::Fault(fault)) => Answer::Fault(fault),
        (a, _) => a,
    }
}
