//! Merging one row: column by column against what both sides came from.
use super::change::{key, unlike_columns};
use super::resolve::{MergeConflict, Resolution, Resolve};
use crate::model::{AnyRow, TableMeta};
use crate::value::{Cell, Kind, Value, show_key};
use crate::{Error, Result};
use std::sync::Arc;

/// Which side a whole row is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Ours,
    Theirs,
}

/// Decides about a conflict of whole rows: which of base, ours and theirs are there tells what happened.
pub(super) fn choose_row(
    resolve: &Resolve,
    meta: &'static TableMeta,
    row: &dyn AnyRow,
    [base, ours, theirs]: [bool; 3],
) -> Result<Side> {
    let say = |is_there| Value::Bool(is_there);
    let conflict = MergeConflict {
        table: meta.name,
        key: key(row, meta),
        column: None,
        base: say(base),
        ours: say(ours),
        theirs: say(theirs),
    };
    match decide(resolve, &conflict) {
        Resolution::Ours => Ok(Side::Ours),
        Resolution::Theirs => Ok(Side::Theirs),
        Resolution::Value(_) | Resolution::Fail => {
            let word = |is_there, other| if is_there { other } else { "no row" };
            Err(refusal(
                meta,
                row,
                "",
                word(base, "a row").to_owned(),
                word(ours, if base { "a changed row" } else { "a row" }).to_owned(),
                word(theirs, if base { "a changed row" } else { "another row" }).to_owned(),
            ))
        }
    }
}

/// Both sides changed the row: each column is taken from the side that changed it.
///
/// # Errors
/// `MergeConflict` where a column changed on both sides, in two ways, and `resolve` refuses.
pub(super) fn merge_columns(
    resolve: &Resolve,
    meta: &'static TableMeta,
    [base, ours, theirs]: [&dyn AnyRow; 3],
) -> Result<Arc<dyn AnyRow>> {
    let mut merged = ours.copy();
    let row = Arc::get_mut(&mut merged).expect("invariant: a fresh copy has one owner");
    let [by_us, unlike] = [base, theirs].map(|other| unlike_columns(ours, other));
    for column in unlike_columns(base, theirs) {
        let described = meta.column(column);
        let is_ours = by_us.contains(&column);
        let is_counted = described.is_version && is_ours;
        if !unlike.contains(&column) && !is_counted {
            continue;
        }
        if !is_ours {
            take(row, theirs, meta, column);
        } else if described.is_version || described.is_on_update {
            put(row, meta, column, &later(ours, theirs, column, described.is_version))?;
        } else {
            settle(resolve, meta, column, [base, ours, theirs], row)?;
        }
    }
    Ok(merged)
}

/// The greater of both; one more for a `version`, which counts the merge as an update.
fn later(ours: &dyn AnyRow, theirs: &dyn AnyRow, column: u16, is_version: bool) -> Value {
    let latest = ours.cell(column).max(theirs.cell(column));
    match latest {
        Cell::Int(n) if is_version => Value::Int(n.saturating_add(1)),
        Cell::Wide(n) if is_version => Value::Wide(n.saturating_add(1)),
        other => other.to_value(),
    }
}

fn settle(
    resolve: &Resolve,
    meta: &'static TableMeta,
    column: u16,
    [base, ours, theirs]: [&dyn AnyRow; 3],
    row: &mut dyn AnyRow,
) -> Result<()> {
    let value = |side: &dyn AnyRow| side.cell(column).to_value();
    let conflict = MergeConflict {
        table: meta.name,
        key: key(ours, meta),
        column: Some(meta.column(column).name),
        base: value(base),
        ours: value(ours),
        theirs: value(theirs),
    };
    match decide(resolve, &conflict) {
        Resolution::Ours => Ok(()),
        Resolution::Theirs => {
            take(row, theirs, meta, column);
            Ok(())
        }
        Resolution::Value(value) => put(row, meta, column, &value),
        Resolution::Fail => {
            let show = |value: Value| match meta.column(column).kind {
                Kind::Opaque => "an opaque value".to_owned(),
                _ => value.to_string(),
            };
            let MergeConflict { base, ours: our, theirs, .. } = conflict;
            Err(refusal(meta, ours, meta.column(column).name, show(base), show(our), show(theirs)))
        }
    }
}

fn decide(resolve: &Resolve, conflict: &MergeConflict) -> Resolution {
    match resolve {
        Resolve::Ours => Resolution::Ours,
        Resolve::Theirs => Resolution::Theirs,
        Resolve::Fail | Resolve::Rekey => Resolution::Fail,
        Resolve::With(decide) => (decide.0)(conflict),
    }
}

fn take(row: &mut dyn AnyRow, from: &dyn AnyRow, meta: &TableMeta, column: u16) {
    if meta.column(column).kind == Kind::Opaque {
        row.copy_opaque(from, column);
    } else {
        row.put(column, &from.cell(column).to_value());
    }
}

pub(super) fn put(row: &mut dyn AnyRow, meta: &'static TableMeta, column: u16, value: &Value) -> Result<()> {
    if row.put(column, value) {
        return Ok(());
    }
    let described = meta.column(column);
    Err(Error::InvalidValue {
        table: meta.name,
        column: described.name,
        value: value.to_string(),
        expected: described.rust_type,
    })
}

fn refusal(
    meta: &'static TableMeta,
    row: &dyn AnyRow,
    column: &'static str,
    base: String,
    ours: String,
    theirs: String,
) -> Error {
    let key = show_key(&crate::table::Cells::of(row, meta.primary_key));
    Error::MergeConflict {
        table: meta.name,
        key: key.into(),
        column,
        base: base.into(),
        ours: ours.into(),
        theirs: theirs.into(),
    }
}
