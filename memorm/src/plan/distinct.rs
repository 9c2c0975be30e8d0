//! Keeping the first of equal rows.
use super::frame::Frame;
use super::project::sound_values;
use crate::expr::Item;
use crate::model::TableMeta;
use crate::table::RowId;
use crate::value::Value;
use crate::{Error, Result};
use std::collections::HashSet;

/// The rows that were seen. Two `None` are equal here.
#[derive(Default)]
pub(super) struct Distinct(HashSet<Vec<Value>>);

impl Distinct {
    /// Keeps the rows that were not seen before. A row without a projection is equal to itself alone.
    ///
    /// The first row that cannot be compared goes with all behind it; its error is returned.
    pub(super) fn keep(
        &mut self,
        meta: &'static TableMeta,
        items: &[Item],
        frame: &mut Frame<'_>,
    ) -> Option<Error> {
        let (keys, failed) = sound_keys(meta, items, frame);
        let mut keys = keys.into_iter();
        frame.retain(|_| keys.next().is_some_and(|key| self.0.insert(key)));
        failed
    }
}

/// What makes rows equal: their projected values, or for whole rows the row itself.
pub(super) fn keys(meta: &'static TableMeta, items: &[Item], frame: &Frame<'_>) -> Result<Vec<Vec<Value>>> {
    let (keys, failed) = sound_keys(meta, items, frame);
    failed.map_or(Ok(keys), Err)
}

/// The keys of the rows before the first that has none, and the error of that row.
fn sound_keys(
    meta: &'static TableMeta,
    items: &[Item],
    frame: &Frame<'_>,
) -> (Vec<Vec<Value>>, Option<Error>) {
    if items.is_empty() {
        return (
            frame.places().into_iter().map(|places| places.into_iter().map(place).collect()).collect(),
            None,
        );
    }
    let (mut keys, failed) = sound_values(meta, items, frame);
    // what cannot be looked into is equal to itself alone
    if items.iter().any(|item| item.direct.is_some() && item.decode.is_none()) {
        keys.iter_mut()
            .zip(frame.places())
            .for_each(|(key, places)| key.extend(places.into_iter().map(place)));
    }
    (keys, failed)
}

fn place(id: Option<RowId>) -> Value {
    id.map_or(Value::Null, |id| Value::Wide(i128::from(id)))
}
