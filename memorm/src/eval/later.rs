//! Does a row come after a place in the order of its statement?
use super::batch::Batch;
use super::lanes::{View, merge_faults};
use super::truth::Truth;
use crate::expr::{Position, Ties};
use std::cmp::Ordering;

/// Which rows, with these sort keys, come after the place.
pub(super) fn is_later(keys: &[View<'_, '_>], place: &Position, batch: &dyn Batch) -> Truth {
    let len = batch.len();
    let mut yes = match place.ties() {
        Ties::After(id) => batch.is_after(id),
        ties => vec![ties == Ties::All; len],
    };
    if !keys.is_empty() {
        for (i, yes) in yes.iter_mut().enumerate() {
            *yes = match place.compare(keys.iter().map(|key| key.cell(i))) {
                Ordering::Less => false,
                Ordering::Equal => *yes,
                Ordering::Greater => true,
            };
        }
    }
    let faults = keys.iter().fold(Vec::new(), |faults, key| merge_faults(faults, key.faults()));
    faults.iter().for_each(|(lane, _)| yes[*lane as usize] = false);
    Truth { yes, unknown: Vec::new(), faults }
}
