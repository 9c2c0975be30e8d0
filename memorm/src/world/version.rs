//! `World`: the tables of one version, and reading them.
use super::foreign_keys::Incoming;
use super::life::Life;
use super::limits::Limits;
use super::reads::{Reads, Watch};
use crate::expr::Code;
use crate::link::{Link, own};
use crate::model::{AnyRow, KeyRef, Model, TableMeta};
use crate::table::{RowId, Table, TableType, key_cells};
use crate::value::Cell;
use crate::{Error, Result};
use std::fmt;
use std::sync::Arc;

/// The number of a version. It grows with each commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// One version of the database. `Clone` copies one pointer a table.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) version: Version,
    /// By table number; a table that was never written is absent.
    tables: Vec<Option<Link<Table>>>,
    /// Who refers to whom; made anew when a table appears.
    incoming: Arc<Incoming>,
    watch: Watch,
    /// Noticed by who counts the versions that are held.
    pub(crate) life: Life,
    /// What a statement may take.
    pub(super) limits: Option<Arc<Limits>>,
}

impl World {
    /// A version without tables, whose statements have these limits.
    pub(crate) fn limited(limits: Limits) -> Self {
        Self { limits: Some(Arc::new(limits)), ..Self::default() }
    }

    /// The same version without its tables.
    pub(crate) fn without_tables(&self) -> Self {
        Self { version: self.version, limits: self.limits.clone(), ..Self::default() }
    }

    /// The table. A session that watches has then read all of it.
    #[inline]
    pub(crate) fn table(&self, meta: &'static TableMeta) -> Option<&Table> {
        if let Some(reads) = &self.watch.0 {
            reads.note_table(meta);
        }
        self.tables.get(meta.number())?.as_deref()
    }

    /// The table, if no other version shares it.
    pub(crate) fn own_table(&self, meta: &TableMeta) -> Option<&Table> {
        self.tables
            .get(meta.number())?
            .as_ref()
            .filter(|table| Link::strong_count(table) == 1)
            .map(|table| &**table)
    }

    /// The table, of which only the rows that `filter` finds are looked at.
    pub(crate) fn table_where(&self, meta: &'static TableMeta, filter: Option<&Code>) -> Option<&Table> {
        if let Some(reads) = &self.watch.0 {
            reads.note_filter(meta, filter);
        }
        self.known_table(meta)
    }

    /// The table, of which the rows with this key in these columns are asked for.
    pub(super) fn table_with(
        &self,
        meta: &'static TableMeta,
        columns: &[u16],
        key: &[Cell<'_>],
    ) -> Option<&Table> {
        if let Some(reads) = &self.watch.0 {
            reads.note_rows_with(meta, columns, key);
        }
        self.known_table(meta)
    }

    /// The table, for its size, or for rows that a noted read has found.
    pub(crate) fn known_table(&self, meta: &'static TableMeta) -> Option<&Table> {
        self.tables.get(meta.number())?.as_deref()
    }

    /// This version, which tells `reads` what is read of it.
    pub(crate) fn watched(&self, reads: Arc<Reads>) -> Self {
        Self { watch: Watch(Some(reads)), ..self.clone() }
    }

    /// The tables that exist, in the order in which their models were first used.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        if let Some(reads) = &self.watch.0 {
            reads.note_everything();
        }
        self.tables.iter().flatten().map(|table| &**table)
    }

    /// The highest key that each table has used, by table number.
    pub(crate) fn last_keys(&self) -> impl Iterator<Item = (usize, u64)> {
        self.tables.iter().enumerate().filter_map(|(number, table)| Some((number, table.as_ref()?.last_key)))
    }

    /// The tables, as what is left of a version that nobody reads.
    pub(super) fn into_tables(self) -> impl Iterator<Item = Link<Table>> {
        self.tables.into_iter().flatten()
    }

    pub(crate) fn incoming(&self) -> &Incoming {
        &self.incoming
    }

    /// The row with that key. Not told to who watches: a session notes its keys by itself.
    ///
    /// Always inlined: the fewer instructions a `get` takes, the more of them the processor has under way at once, and each
    /// waits for memory. As a call it takes a fifth longer.
    #[inline(always)]
    pub(crate) fn get<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<&Arc<M>> {
        self.tables.get(M::table().number())?.as_deref()?.get::<M>(key)
    }

    /// The same for a snapshot: who watches is told.
    #[inline(always)]
    pub(crate) fn get_told<M: Model>(&self, key: &impl KeyRef<M::Key>) -> Option<&Arc<M>> {
        if let Some(reads) = &self.watch.0 {
            let (cells, parts) = key_cells::<M::Key>(key);
            reads.note_rows_with(M::table(), M::table().primary_key, &cells[..parts]);
        }
        self.get(key)
    }

    pub(crate) fn row(&self, meta: &'static TableMeta, id: RowId) -> Option<&dyn AnyRow> {
        self.table(meta)?.rows.row(id)
    }

    /// Finds the table that is called `name`.
    ///
    /// # Errors
    /// `NoSuchTable`.
    pub(crate) fn table_called(&self, name: &str) -> Result<&Table> {
        self.tables()
            .find(|table| table.meta().name == name)
            .ok_or_else(|| Error::NoSuchTable { name: name.to_owned() })
    }

    /// Whether the table may be added: no other model has its name.
    ///
    /// # Errors
    /// `Schema`.
    pub(crate) fn check_name(&self, meta: &'static TableMeta) -> Result<()> {
        if self.table(meta).is_some() {
            return Ok(());
        }
        match self.tables().find(|table| table.meta().name == meta.name) {
            Some(other) => {
                Err(Error::Schema { table: meta.name, first: other.meta().rust_name, second: meta.rust_name })
            }
            None => Ok(()),
        }
    }

    /// The table, to be written: made where it was absent, copied where another version shares it.
    pub(crate) fn table_mut(&mut self, kind: TableType) -> &mut Table {
        let number = kind.meta.number();
        if self.tables.get(number).is_none_or(Option::is_none) {
            self.create(number, kind);
        }
        let table = self.tables[number].as_mut().expect("invariant: the table was just created");
        own(table)
    }

    /// The table, to be written, if its rows may be changed where they lie.
    pub(crate) fn plain_table_mut(&mut self, meta: &TableMeta) -> Option<&mut Table> {
        let table = self.tables.get_mut(meta.number())?.as_mut()?;
        if table.is_plain() { Some(own(table)) } else { None }
    }

    /// This version without rows; counters go on.
    pub(crate) fn cleared(&self) -> Self {
        let mut next = self.clone();
        for table in next.tables.iter_mut().flatten() {
            let last_key = table.last_key;
            let mut empty = Table::new(table.kind);
            empty.last_key = last_key;
            *table = Link::new(empty);
        }
        next
    }

    #[cold]
    fn create(&mut self, number: usize, kind: TableType) {
        if self.tables.len() <= number {
            self.tables.resize_with(number + 1, || None);
        }
        self.tables[number] = Some(Link::new(Table::new(kind)));
        self.incoming = Arc::new(Incoming::of(self.tables()));
    }
}
