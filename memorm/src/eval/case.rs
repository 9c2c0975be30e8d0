//! `case` and `coalesce`: lanes chosen from several vectors. Faults of branches that are not taken do not count.
use super::lanes::{View, merge_faults};
use super::truth::Truth;
use crate::value::{Cells, Fault, Value, Vector};
use std::borrow::Cow;

/// A `case` so far: the values of the lanes that are settled.
#[derive(Debug)]
pub(super) struct Branches<'a> {
    value: Vector<'a>,
    taken: Vec<bool>,
}

impl<'a> Branches<'a> {
    pub(super) fn new(len: usize) -> Self {
        let value = Vector { present: vec![false; len], ..Vector::default() };
        Self { value, taken: vec![false; len] }
    }

    /// The next branch: lanes that are not settled and meet the condition take the value.
    pub(super) fn when(&mut self, condition: &Truth, value: View<'_, 'a>) {
        let open = |taken: &Vec<bool>, lane: u32| !taken[lane as usize];
        let faults: Vec<_> =
            condition.faults.iter().filter(|(lane, _)| open(&self.taken, *lane)).copied().collect();
        let take: Vec<bool> =
            condition.yes.iter().zip(&self.taken).map(|(yes, taken)| yes & !taken).collect();
        self.settle(&take, value);
        for (lane, _) in &faults {
            self.taken[*lane as usize] = true;
            self.value.present[*lane as usize] = true;
        }
        self.value.faults = merge_faults(std::mem::take(&mut self.value.faults), &faults);
    }

    /// All other lanes take the value.
    pub(super) fn otherwise(mut self, value: View<'_, 'a>) -> Vector<'a> {
        let take: Vec<bool> = self.taken.iter().map(|taken| !taken).collect();
        self.settle(&take, value);
        self.value
    }

    /// All other lanes are absent.
    pub(super) fn end(self) -> Vector<'a> {
        self.value
    }

    fn settle(&mut self, take: &[bool], value: View<'_, 'a>) {
        let so_far =
            if self.value.is_empty() { View::Literal(&Value::Null) } else { View::Vector(&self.value) };
        let cells = choose(so_far, value, take);
        self.value.cells = cells;
        for (i, take) in take.iter().enumerate().filter(|(_, take)| **take) {
            self.taken[i] = *take;
            self.value.present[i] = value.is_present(i);
        }
        let faults = taken_faults(value, take);
        self.value.faults = merge_faults(std::mem::take(&mut self.value.faults), &faults);
    }
}

/// The value, or the default where it is absent.
pub(super) fn coalesce<'a>(value: View<'_, 'a>, default: View<'_, 'a>, len: usize) -> Vector<'a> {
    let take: Vec<bool> = (0..len).map(|i| !value.is_present(i)).collect();
    let present = (0..len).map(|i| !take[i] || default.is_present(i)).collect();
    let faults = merge_faults(value.faults().to_vec(), &taken_faults(default, &take));
    Vector { cells: choose(value, default, &take), present, faults }
}

fn taken_faults(value: View<'_, '_>, take: &[bool]) -> Vec<(u32, Fault)> {
    value.faults().iter().filter(|(lane, _)| take[*lane as usize]).copied().collect()
}

/// The lanes of `a`, or of `b` where `take` says so.
fn choose<'a>(a: View<'_, 'a>, b: View<'_, 'a>, take: &[bool]) -> Cells<'a> {
    macro_rules! typed {
        ($lanes:ident $Cells:ident) => {
            if let (Some(a), Some(b)) = (a.$lanes(), b.$lanes()) {
                return Cells::$Cells(
                    take.iter()
                        .enumerate()
                        .map(|(i, b_here)| if *b_here { b.at(i) } else { a.at(i) })
                        .collect(),
                );
            }
        };
    }
    typed!(ints Ints);
    typed!(floats Floats);
    typed!(texts Texts);
    typed!(wides Wides);
    typed!(bools Bools);
    #[cfg(feature = "json")]
    typed!(documents Json);
    let pick = |i: usize| if take[i] { b } else { a };
    if (0..take.len()).all(|i| !pick(i).is_present(i) || pick(i).text(i).is_some()) {
        let lanes = (0..take.len()).map(|i| Cow::Owned(pick(i).text(i).unwrap_or_default().to_owned()));
        return Cells::Built(lanes.collect());
    }
    Cells::Values((0..take.len()).map(|i| pick(i).cell(i).to_value()).collect())
}
