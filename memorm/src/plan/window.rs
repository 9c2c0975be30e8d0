//! Window functions over the rows of a query.
//!
//! ```text
//!   all filtered rows ─► Windows    columns   a value a row, for each function     shared
//!                          │        lanes     which value is whose                 follows sort, distinct and cut
//! ```
use super::batch::FrameBatch;
use super::frame::Frame;
use super::scan::arithmetic_error;
use super::sort::key;
use crate::eval::{Groups, WindowRows};
use crate::expr::{Code, Item, WindowTerm};
use crate::model::TableMeta;
use crate::value::{Cells, Value, Vector};
use crate::{Error, Result};
use std::sync::Arc;

/// What window functions gave for the rows of a frame.
#[derive(Clone)]
pub(super) struct Windows {
    /// The values of each function.
    columns: Arc<[Vec<Value>]>,
    /// Where the values of each row are.
    lanes: Vec<u32>,
}

impl Windows {
    /// The values of the function that is the `at`th.
    pub(super) fn vector(&self, at: usize) -> Vector<'static> {
        let values = self.columns.get(at);
        let cells =
            values.map(|values| self.lanes.iter().map(|lane| values[*lane as usize].clone()).collect());
        Vector { cells: cells.map_or(Cells::None, Cells::Values), ..Vector::default() }
    }

    /// Keeps the rows that are `true`; those past the end go.
    pub(super) fn retain_true(&mut self, yes: &[bool]) {
        let mut yes = yes.iter();
        self.lanes.retain(|_| yes.next() == Some(&true));
    }

    /// The rows at these lanes, in this order.
    pub(super) fn take(&self, lanes: &[u32]) -> Self {
        let lanes = lanes.iter().map(|lane| self.lanes[*lane as usize]).collect();
        Self { columns: self.columns.clone(), lanes }
    }
}

/// Whether some item is a window function.
pub(super) fn has_windows(items: &[Item]) -> bool {
    items.iter().any(|item| item.window.is_some())
}

/// Computes the window functions among `items` over all rows of the result.
///
/// # Errors
/// `Arithmetic`: of the first row with a part that has no value, or of a row whose value makes a sum overflow.
pub(super) fn windows(meta: &'static TableMeta, items: &[Item], frame: &Frame<'_>) -> Result<Windows> {
    let terms = items.iter().filter_map(|item| item.window.as_deref());
    let columns = terms.map(|term| column(meta, term, frame)).collect::<Result<_>>()?;
    Ok(Windows { columns, lanes: (0..frame.len() as u32).collect() })
}

fn column(meta: &'static TableMeta, term: &WindowTerm, frame: &Frame<'_>) -> Result<Vec<Value>> {
    let batches = frame.batches();
    let error = |code: &Code, lane, fault| arithmetic_error(meta, code, &FrameBatch::new(frame), lane, fault);
    let of = term.of.as_ref().map(|code| key(code, &batches));
    let keys: Vec<Vector<'_>> = term.order.iter().map(|order| key(&order.code, &batches)).collect();
    let parts: Vec<Vector<'_>> = term.partition.iter().map(|code| key(code, &batches)).collect();
    let codes = term.partition.iter().chain(term.order.iter().map(|order| &order.code)).chain(&term.of);
    let faults = parts.iter().chain(&keys).chain(&of).zip(codes);
    let faults = faults.filter_map(|(vector, code)| Some((vector.faults.first()?, code)));
    if let Some(((lane, fault), code)) = faults.min_by_key(|((lane, _), _)| *lane) {
        return Err(error(code, *lane, *fault));
    }
    let mut partitions = Vec::new();
    if !parts.is_empty() {
        Groups::new(parts.len()).number(&parts, frame.len(), &mut partitions);
    }
    let rows = WindowRows { partitions: &partitions, keys, order: &term.order, of, rows: frame.len() };
    rows.compute(term.function).map_err(|(lane, fault)| {
        let mut error = error(term.of.as_ref().unwrap_or(&Code::default()), lane, fault);
        // what it is computed of has a value: the function has none
        if let Error::Arithmetic { expression, .. } = &mut error {
            *expression = term.to_string();
        }
        error
    })
}
