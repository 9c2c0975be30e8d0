//! `TableMeta`: a table's description as static data.
use crate::value::Kind;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

/// A table: its names, columns, keys, indexes and relations. `Item::table()` gives it.
pub struct TableMeta {
    /// The table's name.
    pub name: &'static str,
    /// The Rust type's name.
    pub rust_name: &'static str,
    /// The columns, in the order of the struct's fields.
    pub columns: &'static [ColumnMeta],
    /// The positions of the primary key's columns.
    pub primary_key: &'static [u16],
    /// The declared indexes, in the order in which they were declared.
    pub indexes: &'static [IndexMeta],
    /// The foreign keys.
    pub relations: &'static [RelationMeta],
    /// The positions of the columns that the table finds its rows by: the primary key, then those in indexes, each once.
    pub(crate) watched: &'static [u16],
    /// Whether the model has a check.
    pub(crate) is_checked: bool,
    number: AtomicU32,
}

/// A column of a table.
#[derive(Debug)]
pub struct ColumnMeta {
    /// The column's name: the field's, without `r#`.
    pub name: &'static str,
    /// The field's type as it is written in the struct.
    pub rust_type: &'static str,
    /// What the column holds.
    pub kind: Kind,
    /// The names of the variants, in the order of their declaration, where the column holds an enum.
    pub variants: &'static [&'static str],
    /// Whether the field is an `Option`.
    pub is_nullable: bool,
    /// Whether the column belongs to the primary key.
    pub is_primary_key: bool,
    /// Whether memorm assigns the value where it is 0.
    pub is_auto: bool,
    /// Whether this is the column that counts the row's updates.
    pub is_version: bool,
    /// Whether memorm renews the value when the row is updated.
    pub is_on_update: bool,
    /// Whether the column counts for `state_hash`.
    pub is_hashed: bool,
    /// Whether reading the column runs memorm's code alone.
    #[doc(hidden)]
    pub is_built_in: bool,
}

/// An index over one or more columns.
#[derive(Debug)]
pub struct IndexMeta {
    /// The positions of the columns.
    pub columns: &'static [u16],
    /// Whether two rows may not have the same values.
    pub is_unique: bool,
    /// Whether uniqueness is checked at commit instead of at each call.
    pub is_deferred: bool,
}

/// A foreign key.
pub struct RelationMeta {
    /// The relation's constant, as `VENDOR`.
    pub name: &'static str,
    /// The positions of the columns that hold the key.
    pub columns: &'static [u16],
    /// The table that is referred to.
    pub target: fn() -> &'static TableMeta,
    /// What happens to the rows that refer when the row they refer to is deleted.
    pub on_delete: OnDelete,
}

impl fmt::Debug for RelationMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelationMeta")
            .field("name", &self.name)
            .field("columns", &self.columns)
            .field("target", &(self.target)().name)
            .field("on_delete", &self.on_delete)
            .finish()
    }
}

/// What happens to the rows that refer to a deleted row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// The delete is refused, at commit or flush.
    Restrict,
    /// They are deleted as well, at once.
    Cascade,
    /// Their foreign key becomes `None`, at once.
    SetNull,
}

static NEXT_NUMBER: AtomicU32 = AtomicU32::new(1);

impl TableMeta {
    /// Describes a table. Called by generated code.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        rust_name: &'static str,
        columns: &'static [ColumnMeta],
        primary_key: &'static [u16],
        indexes: &'static [IndexMeta],
        relations: &'static [RelationMeta],
        watched: &'static [u16],
    ) -> Self {
        let (is_checked, number) = (false, AtomicU32::new(0));
        Self { name, rust_name, columns, primary_key, indexes, relations, watched, is_checked, number }
    }

    /// Refuses, where the program is compiled, a primary key that may be `None`. Called by generated code: the derive sees
    /// the name of a type, not what the name stands for.
    #[doc(hidden)]
    #[must_use]
    pub const fn with_present_key(self) -> Self {
        let mut part = 0;
        while part < self.primary_key.len() {
            let column = &self.columns[self.primary_key[part] as usize];
            assert!(!column.is_nullable, "a primary key always has a value: it cannot be an `Option`");
            part += 1;
        }
        self
    }

    /// Notes that the model has a check. Called by generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn checked(self) -> Self {
        Self { is_checked: true, ..self }
    }

    /// The table's place in every version: a small number, given at first use and the same in all databases of
    /// the process. One relaxed load.
    #[inline]
    pub(crate) fn number(&self) -> usize {
        match self.number.load(Ordering::Relaxed) {
            0 => self.assign_number(),
            n => n as usize,
        }
    }

    #[cold]
    fn assign_number(&self) -> usize {
        let mine = NEXT_NUMBER.fetch_add(1, Ordering::Relaxed);
        match self.number.compare_exchange(0, mine, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => mine as usize,
            Err(theirs) => theirs as usize,
        }
    }

    /// The column's name, or `(a, b)` for several.
    pub(crate) fn column_names(&self, columns: &[u16]) -> String {
        match columns {
            [one] => self.column(*one).name.to_owned(),
            many => {
                let names: Vec<_> = many.iter().map(|c| self.column(*c).name).collect();
                format!("({})", names.join(", "))
            }
        }
    }

    pub(crate) fn column(&self, column: u16) -> &'static ColumnMeta {
        &self.columns[usize::from(column)]
    }
}

impl fmt::Debug for TableMeta {
    /// Writes the names of the table and its columns: a table is a part of each statement that somebody prints.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        write!(f, "{}({})", self.name, columns.join(", "))
    }
}
