//! `Unit`: base version, own writes and private version as one view.
//!
//! Everything here is compiled once: rows are `dyn AnyRow`, keys are cells. [`Session`](super::Session) puts the types
//! back on.
use super::patch::Patches;
use super::savepoints::{Savepoint, Savepoints};
use super::work::TableWork;
use crate::database::{Isolation, Shared};
use crate::link::{Link, own};
use crate::model::TableMeta;
use crate::table::{Cells, RowId, Slots, Table, TableType};
use crate::world::{Reads, World};
use crate::{Error, Result};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};

/// The table in the base of a session that has written.
pub(super) fn table_in<'b>(base: &'b Option<Link<World>>, meta: &'static TableMeta) -> Option<&'b Table> {
    base.as_ref()?.table(meta)
}

/// What the next new row of a table gets.
#[derive(Clone, Copy)]
pub(super) struct Next {
    pub(super) slots: Slots,
    /// Its key is above this one.
    pub(super) last_key: u64,
}

pub(crate) struct Unit {
    pub(crate) shared: Arc<Shared>,
    /// Whether each call goes into the base at once: the unit of an `Exclusive`, which owns its base.
    pub(super) is_direct: bool,
    pub(super) has_written: bool,
    /// The version that the session reads, once it has written.
    pub(super) base: Option<Link<World>>,
    /// The same before that: fetched by the first read, which has no `&mut`.
    first_read: OnceLock<Link<World>>,
    /// Base and own writes as a version; made by the first statement after a write.
    pub(super) private: OnceLock<Link<World>>,
    /// How many written rows statements have looked at since the last commit; see [`reading`](Self::reading).
    pub(super) looked_at: AtomicUsize,
    /// What a serializable session has read.
    pub(super) reads: Option<Arc<Reads>>,
    /// What it sees, as a version that notes what is read of it.
    pub(super) watched: OnceLock<Link<World>>,
    /// What was written, by table. Empty ones are kept for what they have allocated.
    pub(super) work: Vec<TableWork>,
    /// Statements that are computed and not written yet; only where nothing else was written.
    pub(super) patches: Patches,
    pub(super) savepoints: Savepoints,
    /// Open `transaction` and `nested` closures, and those that `rollback` has ended, by their depth.
    pub(super) depth: usize,
    pub(super) doomed: Vec<usize>,
    /// Where the open `nested` closures began: their depth and the savepoint before them.
    pub(super) floors: Vec<(usize, Savepoint)>,
}

impl Unit {
    pub(crate) fn new(shared: Arc<Shared>, isolation: Isolation) -> Self {
        shared.sessions().opened();
        Self {
            shared,
            is_direct: false,
            has_written: false,
            base: None,
            first_read: OnceLock::new(),
            private: OnceLock::new(),
            looked_at: AtomicUsize::new(0),
            reads: (isolation == Isolation::Serializable).then(Arc::default),
            watched: OnceLock::new(),
            work: Vec::new(),
            patches: Patches::default(),
            savepoints: Savepoints::default(),
            depth: 0,
            doomed: Vec::new(),
            floors: Vec::new(),
        }
    }

    /// The version that the session reads, without its own writes.
    #[inline]
    pub(crate) fn base(&self) -> &Link<World> {
        match &self.base {
            Some(base) => base,
            None => self.first_read.get_or_init(|| self.shared.head()),
        }
    }

    /// Fetches the version that the session reads, where no call has done so yet.
    fn begin(&mut self) {
        if self.base.is_none() {
            self.base = Some(self.first_read.take().unwrap_or_else(|| self.shared.head()));
        }
    }

    /// Lets go of the base version and returns it.
    pub(super) fn take_base(&mut self) -> Option<Link<World>> {
        self.watched.take();
        self.base.take().or_else(|| self.first_read.take())
    }

    /// The base version of a session that has one, to be changed in place where nobody shares it.
    pub(super) fn base_mut(&mut self) -> Option<&mut World> {
        self.base.as_mut().map(own)
    }

    /// The table, if nothing but a changed key can go wrong with an update, to be changed in the base: that counts as written
    /// from here on, for a closure that panics has changed its row as well.
    pub(super) fn plain_table(&mut self, meta: &TableMeta) -> Option<&mut Table> {
        let table = self.base.as_mut().map(own)?.plain_table_mut(meta)?;
        self.has_written = true;
        Some(table)
    }

    pub(super) fn set_base(&mut self, base: Link<World>) {
        self.watched.take();
        self.base = Some(base);
    }

    /// What the session sees, to be read by a statement: a serializable session notes what is.
    pub(crate) fn view(&self) -> &Link<World> {
        match &self.reads {
            None => self.own_view(),
            Some(reads) => self.watched.get_or_init(|| Link::new(self.own_view().watched(reads.clone()))),
        }
    }

    /// What the session sees, as a version: the base as long as nothing was written. For checks that a commit repeats.
    pub(super) fn own_view(&self) -> &Link<World> {
        if self.is_clean() {
            return self.base();
        }
        self.private.get_or_init(|| {
            let mut world = World::clone(self.base());
            self.work.iter().for_each(|work| work.apply_to(&mut world, &mut drop));
            self.patches.apply_to(&mut world);
            Link::new(world)
        })
    }

    /// The private version, where there is one.
    pub(super) fn private(&self) -> Option<&Link<World>> {
        self.private.get()
    }

    pub(super) fn take_private(&mut self) -> Option<Link<World>> {
        self.watched.take();
        self.private.take()
    }

    pub(super) fn set_private(&mut self, world: Link<World>) {
        self.private = OnceLock::from(world);
    }

    /// Whether nothing was written.
    pub(crate) fn is_clean(&self) -> bool {
        self.patches.is_empty() && self.work.iter().all(|work| work.entries.is_empty())
    }

    /// Whether nothing was written in this table.
    #[inline]
    pub(crate) fn is_untouched(&self, meta: &TableMeta) -> bool {
        let is_apart = |work: &TableWork| work.entries.is_empty() || !std::ptr::eq(work.kind.meta, meta);
        self.work.iter().all(is_apart) && !self.patches.touch(meta)
    }

    /// What was written in this table.
    pub(crate) fn work_of(&self, meta: &TableMeta) -> Option<&TableWork> {
        self.work.iter().find(|work| std::ptr::eq(work.kind.meta, meta))
    }

    /// The place of the table's work, made where it was absent, to be written.
    ///
    /// # Errors
    /// `Schema` where another model has the table's name, `RolledBack` after a `rollback` inside a closure.
    #[inline]
    pub(super) fn work_in(&mut self, kind: TableType) -> Result<usize> {
        self.settle();
        self.place_in(kind)
    }

    /// The place of the table's work.
    ///
    /// # Errors
    /// Those of [`work_in`](Self::work_in).
    pub(super) fn place_in(&mut self, kind: TableType) -> Result<usize> {
        if !self.doomed.is_empty() {
            return Err(Error::RolledBack);
        }
        self.begin();
        if let Some(at) = self.work.iter().position(|work| std::ptr::eq(work.kind.meta, kind.meta)) {
            let work = &mut self.work[at];
            if !work.entries.is_empty() {
                return Ok(at);
            }
            // a table that the base has was named before, and nobody else can have taken its name
            if let Some(table) = self.base.as_ref().and_then(|base| base.table(kind.meta)) {
                work.start(Some(table));
                return Ok(at);
            }
        }
        self.check_name(kind.meta)?;
        Ok(self.place_of_work(kind))
    }

    /// The place of the table's work, which has no entry yet.
    pub(super) fn place_of_work(&mut self, kind: TableType) -> usize {
        let base = self.base.as_ref().and_then(|base| base.table(kind.meta));
        match self.work.iter().position(|work| std::ptr::eq(work.kind.meta, kind.meta)) {
            Some(at) => {
                self.work[at].start(base);
                at
            }
            None => {
                self.work.push(TableWork::new(kind, base));
                self.work.len() - 1
            }
        }
    }

    /// Whether no other model has the table's name, in the base or among what the session has written.
    fn check_name(&self, meta: &'static TableMeta) -> Result<()> {
        self.base().check_name(meta)?;
        let mut written = self.work.iter().filter(|work| !work.entries.is_empty()).map(|work| work.kind.meta);
        match written.find(|other| other.name == meta.name && !std::ptr::eq(*other, meta)) {
            Some(other) => {
                Err(Error::Schema { table: meta.name, first: other.rust_name, second: meta.rust_name })
            }
            None => Ok(()),
        }
    }

    /// Whether the table is read as the base has it, and nobody notes what is read.
    #[inline]
    pub(crate) fn is_plain(&self, meta: &TableMeta) -> bool {
        self.reads.is_none() && self.is_untouched(meta)
    }

    /// Forgets all work and the version it was based on.
    pub(crate) fn reset(&mut self) {
        self.discard();
        self.take_base();
    }

    /// Forgets all work.
    #[inline]
    pub(super) fn discard(&mut self) {
        self.work.iter_mut().for_each(TableWork::clear);
        self.patches.clear();
        *self.looked_at.get_mut() = 0;
        self.savepoints.clear();
        self.private.take();
        // a view that was handed out notes what is read of it elsewhere from here on
        if let Some(reads) = &mut self.reads {
            *reads = Arc::default();
        }
    }

    /// The primary key of a row as cells, for a message.
    pub(super) fn show_key(&self, meta: &'static TableMeta, id: RowId) -> String {
        self.row(meta, id)
            .map_or_else(String::new, |row| crate::value::show_key(&Cells::of(row, meta.primary_key)))
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        self.shared.sessions().closed();
    }
}
