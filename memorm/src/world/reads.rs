//! What a serializable session has read, noted where a version hands out a table.
//!
//! ```text
//!   session ──► watched view ──► table(meta)            the whole table was read
//!       │                   ├──► table_where(meta, …)   the rows that a filter finds
//!       │                   └──► table_with(meta, …)    the rows with this key in these columns
//!       └──► get, update, add …                         one row, or that there was none
//! ```
//!
//! Whoever asks a watched version for a table has read all of it, unless it says which part it looks at: statements that
//! know nothing of this are covered, at the price of conflicts that a narrower note would avoid.
use crate::expr::{Code, Step};
use crate::model::TableMeta;
use crate::table::RowId;
use crate::value::{Cell, Value};
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// After so many filters, or so many values that were not found, the whole table counts as read.
const MOST: usize = 1_024;
/// The same for keys, each of which costs a look at its hash.
const MOST_KEYS: usize = 65_536;

/// What was read. Shared with the views that a session has handed out.
#[derive(Default)]
pub(crate) struct Reads(Mutex<ReadSet>);

#[derive(Default)]
pub(crate) struct ReadSet {
    /// In the order of the first read.
    pub(crate) tables: Vec<TableReads>,
    /// More than can be told by table.
    pub(crate) is_everything: bool,
}

/// What was read of one table.
pub(crate) struct TableReads {
    pub(crate) meta: &'static TableMeta,
    pub(crate) is_whole: bool,
    /// Rows of the base.
    pub(crate) rows: HashSet<RowId>,
    /// Values that no row had: of the unique index at this position, of the primary key where there is none.
    pub(crate) missing: HashSet<(Option<usize>, Vec<Value>)>,
    /// Conditions whose rows were asked for.
    pub(crate) filters: Vec<Code>,
    /// Keys whose rows were asked for, by their columns.
    pub(crate) keys: Vec<(Vec<u16>, HashSet<Vec<Value>>)>,
}

impl ReadSet {
    fn table(&mut self, meta: &'static TableMeta) -> &mut TableReads {
        let known = self.tables.iter().position(|reads| std::ptr::eq(reads.meta, meta));
        let at = known.unwrap_or_else(|| {
            self.tables.push(TableReads {
                meta,
                is_whole: false,
                rows: HashSet::new(),
                missing: HashSet::new(),
                filters: Vec::new(),
                keys: Vec::new(),
            });
            self.tables.len() - 1
        });
        &mut self.tables[at]
    }
}

impl Reads {
    pub(crate) fn lock(&self) -> MutexGuard<'_, ReadSet> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn note_everything(&self) {
        self.lock().is_everything = true;
    }

    #[cold]
    pub(crate) fn note_table(&self, meta: &'static TableMeta) {
        let mut set = self.lock();
        let reads = set.table(meta);
        reads.read_whole();
    }

    /// Rows that `filter` finds. A closure may look at anything, and a column of another table says nothing of this one.
    pub(crate) fn note_filter(&self, meta: &'static TableMeta, filter: Option<&Code>) {
        let mut of_slot = None;
        let mut is_plain = |step: &Step| match step {
            // a self join has two slots of one table
            Step::Column { slot, table, .. } => {
                std::ptr::eq(*table, meta) && *of_slot.get_or_insert(*slot) == *slot
            }
            Step::Literal(_) | Step::Apply(_) | Step::InValues(..) | Step::Later(_) => true,
            _ => false,
        };
        match filter.filter(|filter| filter.steps().iter().all(&mut is_plain)) {
            Some(filter) => {
                let mut set = self.lock();
                let reads = set.table(meta);
                if !reads.is_whole {
                    reads.filters.push(filter.clone());
                }
                reads.bound();
            }
            None => self.note_table(meta),
        }
    }

    /// The rows with this key in these columns.
    #[cold]
    pub(super) fn note_rows_with(&self, meta: &'static TableMeta, columns: &[u16], key: &[Cell<'_>]) {
        let mut set = self.lock();
        let reads = set.table(meta);
        if reads.is_whole {
            return;
        }
        let key = key.iter().map(Cell::to_value).collect();
        match reads.keys.iter_mut().find(|(known, _)| *known == columns) {
            Some((_, keys)) => drop(keys.insert(key)),
            None => reads.keys.push((columns.to_vec(), HashSet::from([key]))),
        }
        reads.bound();
    }

    pub(crate) fn note_row(&self, meta: &'static TableMeta, id: RowId) {
        self.lock().table(meta).rows.insert(id);
    }

    pub(crate) fn note_missing(&self, meta: &'static TableMeta, index: Option<usize>, values: &[Cell<'_>]) {
        let mut set = self.lock();
        let reads = set.table(meta);
        reads.missing.insert((index, values.iter().map(Cell::to_value).collect()));
        reads.bound();
    }
}

impl TableReads {
    fn bound(&mut self) {
        let keys: usize = self.keys.iter().map(|(_, keys)| keys.len()).sum();
        if self.filters.len() > MOST || self.missing.len() > MOST || keys > MOST_KEYS {
            self.read_whole();
        }
    }

    fn read_whole(&mut self) {
        self.is_whole = true;
        self.filters.clear();
        self.missing.clear();
        self.keys.clear();
    }
}

/// Who is told of what is read in a version: nobody, but for the view of a serializable session. A copy is another
/// version, which nobody watches.
#[derive(Default)]
pub(super) struct Watch(pub(super) Option<Arc<Reads>>);

impl Clone for Watch {
    fn clone(&self) -> Self {
        Self(None)
    }
}
