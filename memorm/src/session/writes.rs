//! Write statements with their types: insert, update, delete, with or without `returning`. What they do is in
//! [`bulk`](super::bulk).
use super::bulk::Written;
use super::source::Target;
use crate::model::{Model, TableMeta};
use crate::plan::{Scan, project, resolve_items};
use crate::query::{Delete, Insert, Returning, Update};
use crate::trace::Span;
use crate::{Error, Result};

/// A statement that changes rows: `insert`, `update`, `delete`.
pub trait Write {
    /// The table that it changes.
    #[doc(hidden)]
    fn table(&self) -> &'static TableMeta;

    /// Runs the statement and returns the places of the rows it touched, with the version in which they stand: the new
    /// one, for a delete the old one.
    #[doc(hidden)]
    fn run(&self, target: &mut super::Session) -> Result<Written>;
}

impl<M> Write for Insert<M> {
    fn table(&self) -> &'static TableMeta {
        self.table.meta
    }
    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("insert", self.table.meta.name);
        let _in_span = span.enter();
        target.unit.base(); // the first call chooses the version, also where it fails
        target.unit.insert_rows(self.table, (self.new_rows)(self)?)
    }
}

impl<M> Write for Update<M> {
    fn table(&self) -> &'static TableMeta {
        self.table.meta
    }
    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("update", self.table.meta.name);
        let _in_span = span.enter();
        target.unit.update_where(self.table, self.filter.as_ref(), &self.set)
    }
}

impl<M> Write for Delete<M> {
    fn table(&self) -> &'static TableMeta {
        self.table.meta
    }
    fn run(&self, target: &mut super::Session) -> Result<Written> {
        let span = Span::statement("delete", self.table.meta.name);
        let _in_span = span.enter();
        target.unit.delete_where(self.table, self.filter.as_ref())
    }
}

macro_rules! terminals { ($($W:ident)*) => { $(impl<M> $W<M> {
    /// Runs the statement, whole or not at all; returns how many rows it touched, cascades not counted.
    ///
    /// # Errors
    /// Those of the session's call for one row (`add`, `update`, `delete`); `MissingValue` of an insert; `Arithmetic` and
    /// `InvalidValue` of a filter or a new value.
    pub fn exec(&self, target: &mut impl Target) -> Result<usize> {
        Ok(target.write(|session| self.run(session))?.rows)
    }
})* } }
terminals! { Insert Update Delete }

impl<M: Model> Update<M> {
    /// Changes each row through a closure, after what `set` gives; returns how many rows it touched. Whole or not at all.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64, qty: i64 }
    /// # let db = Database::new();
    /// let mut session = db.session();
    /// session.add_all([Item { id: 1, qty: -3 }, Item { id: 2, qty: 4 }])?;
    /// let mended = update::<Item>().filter(Item::QTY.lt(0)).apply(&mut session, |item| item.qty = item.qty.abs())?;
    /// assert_eq!(mended, 1);
    /// assert_eq!(session.get::<Item>(1).unwrap().qty, 3);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`Session::update`](super::Session::update).
    pub fn apply(&self, target: &mut impl Target, change: impl Fn(&mut M)) -> Result<usize> {
        let span = Span::statement("update", self.table.meta.name);
        let _in_span = span.enter();
        target.write(|session| {
            let mut changes = session.unit.planned_changes(self.table, self.filter.as_ref(), &self.set)?;
            for draft in &mut changes {
                change(super::handle::typed_row(draft.row_mut()));
            }
            Ok(session.unit.replace_rows(self.table, changes)?.rows)
        })
    }
}

impl<W: Write, T> Returning<W, T> {
    /// Runs the statement and returns a projection of each row it touched, in row order: the new values; of a delete the
    /// old ones.
    ///
    /// # Errors
    /// As the statement's `exec`; what the projection cannot compute undoes the write.
    pub fn all(&self, target: &mut impl Target) -> Result<Vec<T>> {
        target.write(|session| self.all_in(session))
    }

    fn all_in(&self, session: &mut super::Session) -> Result<Vec<T>> {
        session.nested(|session| {
            let written = self.write.run(session)?;
            let world = written.before.unwrap_or_else(|| session.unit.own_view().clone());
            let Some(table) = world.table(self.write.table()) else { return Ok(Vec::new()) };
            let items = resolve_items(&world, &self.items)?;
            let mut scan = Scan::of_rows(table, written.ids, None);
            let mut rows = Vec::new();
            while let Some(blocks) = scan.next()? {
                project(self.write.table(), &items, &blocks.into(), self.read, &mut rows)?;
            }
            Ok(rows)
        })
    }

    /// Runs the statement and returns the projection of the only row it touched.
    ///
    /// # Errors
    /// `NoRow` and `TooManyRows`, which undo the write, and as [`all`](Self::all).
    pub fn one(&self, target: &mut impl Target) -> Result<T> {
        target.write(|session| {
            session.nested(|session| {
                let mut rows = self.all_in(session)?;
                match rows.len() {
                    1 => rows.pop().ok_or(Error::NoRow { table: self.write.table().name }),
                    0 => Err(Error::NoRow { table: self.write.table().name }),
                    _ => Err(Error::TooManyRows { table: self.write.table().name }),
                }
            })
        })
    }
}
