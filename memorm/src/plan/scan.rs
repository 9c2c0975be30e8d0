//! `Scan`: the rows of one table that pass a filter, in row order, a batch at a time.
use super::access::{Access, choose};
use super::after::first_row;
use super::batch::{FrameBatch, retain_true};
use super::overlay::Overlay;
use super::way::Way;
use crate::eval::truth;
use crate::expr::{Code, Step};
use crate::model::TableMeta;
use crate::table::{Block, Blocks, Cells, LEAF_ROWS, RowId, Table, count};
use crate::value::{Fault, show_key};
use crate::{Error, Result};
use std::borrow::Cow;

/// Leaves in the first batch: a `first` that hits at once looks at few rows. Each batch has more than the one before, up to
/// what amortises its buffers and still leaves them in the second cache.
const FIRST_BATCH: usize = 4;
const GROWTH: usize = 4;
const BATCH: usize = 256;

pub(crate) struct Scan<'w, 'p> {
    table: Option<&'w Table>,
    rows: Source<'w>,
    filter: Option<Cow<'p, Code>>,
    leaves: usize,
    /// How the rows are found, for `explain`.
    pub(super) way: Way,
    /// How many rows the access path promised.
    pub(super) expected: usize,
    /// How many rows were looked at; of rows with known ids, those that a filter looked at.
    seen: usize,
    /// An error that comes after the rows before it.
    failed: Option<Box<Error>>,
    #[cfg(feature = "rayon")]
    ahead: Option<Box<super::parallel::Ahead<'w>>>,
}

/// A batch of which the rows are left that pass.
pub(super) struct Filtered<'w> {
    pub(super) blocks: Vec<Block<'w>>,
    /// How many rows were looked at.
    seen: usize,
    /// The error of the first row that has one; the rows are those before it.
    failed: Option<Error>,
}

enum Source<'w> {
    All(Blocks<'w>),
    Some(Vec<RowId>, usize, Option<&'w Overlay>),
}

impl<'w, 'p> Scan<'w, 'p> {
    pub(crate) fn new(table: Option<&'w Table>, filter: Option<&'p Code>) -> Self {
        Self::begin(table, filter.map(Cow::Borrowed))
    }

    /// A scan that keeps its filter.
    pub(super) fn owning(table: Option<&'w Table>, filter: Option<Code>) -> Self {
        Self::begin(table, filter.map(Cow::Owned))
    }

    /// A scan of these rows, which are in row order, that keeps its filter.
    pub(super) fn of_some(table: &'w Table, ids: Vec<RowId>, filter: Option<Code>) -> Self {
        let expected = ids.len();
        Self { filter: filter.map(Cow::Owned), expected, ..Self::of_rows(table, ids, None) }
    }

    /// A scan of the rows of an overlay.
    pub(super) fn over(table: &'w Table, overlay: &'w Overlay, filter: Option<&'p Code>) -> Self {
        let filter = filter.filter(|_| overlay.needs_filter);
        Self {
            rows: Source::Some(overlay.ids.clone(), 0, Some(overlay)),
            way: overlay.way,
            expected: overlay.ids.len(),
            ..Self::of_rows(table, Vec::new(), filter)
        }
    }

    fn begin(table: Option<&'w Table>, filter: Option<Cow<'p, Code>>) -> Self {
        let access = match table {
            Some(table) => choose(table, filter.as_deref()),
            None => Access { ids: Some(Vec::new()), needs_filter: false, way: Way::Nothing },
        };
        let expected = access.ids.as_ref().map_or_else(|| table.map_or(0, Table::len), Vec::len);
        let rows = match (access.ids, table) {
            (None, Some(table)) => Source::All(table.rows.blocks_from(first_row(filter.as_deref()))),
            (ids, _) => Source::Some(ids.unwrap_or_default(), 0, None),
        };
        let filter = filter.filter(|_| access.needs_filter);
        Self {
            table,
            rows,
            filter,
            leaves: FIRST_BATCH,
            way: access.way,
            expected,
            seen: 0,
            failed: None,
            #[cfg(feature = "rayon")]
            ahead: None,
        }
    }

    /// A scan of these rows, which are looked at in the given order.
    pub(crate) fn of_rows(table: &'w Table, ids: Vec<RowId>, filter: Option<&'p Code>) -> Self {
        let rows = Source::Some(ids, 0, None);
        Self {
            table: Some(table),
            rows,
            filter: filter.map(Cow::Borrowed),
            leaves: FIRST_BATCH,
            way: Way::Scan,
            expected: 0,
            seen: 0,
            failed: None,
            #[cfg(feature = "rayon")]
            ahead: None,
        }
    }

    /// So many rows are enough; all of them are wanted where it is `None`.
    ///
    /// To look at rows whose ids are known takes no longer than to find these ids did: so all of them may be in one batch.
    pub(super) fn wanting(mut self, wanted: Option<usize>) -> Self {
        if let Source::Some(..) = self.rows {
            self.leaves = match wanted {
                None => BATCH,
                Some(rows) if self.filter.is_none() => rows.div_ceil(LEAF_ROWS).clamp(1, BATCH),
                Some(_) => FIRST_BATCH,
            };
        }
        self
    }

    /// How many rows were looked at.
    pub(super) fn seen(&self) -> usize {
        match &self.rows {
            Source::Some(_, next, _) if self.filter.is_none() => *next,
            _ => self.seen,
        }
    }

    /// The next rows that pass; `None` at the end. A batch may be empty.
    ///
    /// # Errors
    /// `Arithmetic`: of the first row in row order, after all rows before it.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<Block<'w>>>> {
        if let Some(error) = self.failed.take() {
            return Err(*error);
        }
        let Some(condition) = &self.filter else {
            let blocks = self.rows.pull(self.table, &mut self.leaves);
            if let Source::All(_) = self.rows {
                self.seen += count(&blocks);
            }
            return Ok(Some(blocks).filter(|blocks| !blocks.is_empty()));
        };
        let Some(table) = self.table else { return Ok(None) };
        let pull = || self.rows.pull(self.table, &mut self.leaves);
        #[cfg(feature = "rayon")]
        let filtered = self.ahead.get_or_insert_default().next(table.meta(), condition, pull);
        #[cfg(not(feature = "rayon"))]
        let filtered = std::iter::once_with(pull)
            .find(|blocks| !blocks.is_empty())
            .map(|blocks| filter(table.meta(), condition, blocks));
        let Some(Filtered { blocks, seen, failed }) = filtered else { return Ok(None) };
        self.seen += seen;
        self.failed = failed.map(Box::new);
        Ok(Some(blocks))
    }
}

/// Keeps the rows that pass.
pub(super) fn filter<'w>(
    meta: &'static TableMeta,
    condition: &Code,
    mut blocks: Vec<Block<'w>>,
) -> Filtered<'w> {
    let batch = FrameBatch::of_blocks(&blocks);
    let truth = truth(condition, &batch);
    let seen = truth.yes.len();
    let first = truth.faults.first();
    let failed = first.map(|(lane, fault)| arithmetic_error(meta, condition, &batch, *lane, *fault));
    let end = first.map_or(seen, |(lane, _)| *lane as usize);
    retain_true(&mut blocks, &truth.yes[..end]);
    Filtered { blocks, seen, failed }
}

impl<'w> Source<'w> {
    /// The rows of the next batch; none at the end.
    fn pull(&mut self, table: Option<&'w Table>, leaves: &mut usize) -> Vec<Block<'w>> {
        let next = (*leaves * GROWTH).min(BATCH);
        let leaves = std::mem::replace(leaves, next);
        match self {
            Self::All(rest) => {
                let mut blocks = Vec::with_capacity(leaves + LEAF_ROWS);
                rest.append_to(&mut blocks, leaves);
                blocks
            }
            Self::Some(ids, next, overlay) => {
                let Some(table) = table else { return Vec::new() };
                let rest = ids.get(*next..).unwrap_or_default();
                let ids = &rest[..rest.len().min(leaves * LEAF_ROWS)];
                *next += ids.len();
                match overlay {
                    Some(overlay) => overlay.blocks(table, ids),
                    None => table.rows.blocks_of(ids),
                }
            }
        }
    }
}

/// The error of a row whose expression has no value. It names the first table of the expression that the row has a part
/// of, `meta` where there is none.
pub(crate) fn arithmetic_error(
    meta: &'static TableMeta,
    code: &Code,
    batch: &FrameBatch<'_, '_>,
    lane: u32,
    fault: Fault,
) -> Error {
    let lane = lane as usize;
    let part = |step: &Step| match step {
        Step::Column { slot, table, .. } => Some((*table, batch.row_at(*slot, lane)?)),
        _ => None,
    };
    let found = code.steps().iter().find_map(part).or_else(|| Some((meta, batch.row_at(0, lane)?)));
    Error::Arithmetic {
        table: found.map_or(meta.name, |(table, _)| table.name),
        key: found.map_or_else(String::new, |(table, row)| show_key(&Cells::of(row, table.primary_key))),
        expression: code.to_string(),
        message: fault.message(),
    }
}
