//! `Writer`: the statement so far.
use super::dialect::{Dialect, Sql, parameter_type};
use crate::model::TableMeta;
use crate::value::Value;
use std::fmt::Write;

/// How the columns of a table in a join are called: `"items"."id"`, after a set operation `"rows"."items.id"`.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) alias: String,
    pub(super) prefix: String,
}

pub(super) struct Writer {
    pub(super) dialect: Dialect,
    pub(super) table: &'static TableMeta,
    /// How the columns of each slot are called; nothing where a name is enough.
    pub(super) slots: Vec<Slot>,
    sql: Sql,
}

impl Writer {
    pub(super) fn new(dialect: Dialect, table: &'static TableMeta) -> Self {
        Self { dialect, table, slots: Vec::new(), sql: Sql::default() }
    }

    pub(super) fn finish(self) -> Sql {
        self.sql
    }

    pub(super) fn text(&mut self, text: &str) {
        self.sql.text.push_str(text);
    }

    pub(super) fn number(&mut self, number: usize) {
        // an i64 is what both take
        let _ = write!(self.sql.text, "{}", i64::try_from(number).unwrap_or(i64::MAX));
    }

    /// A name in quotes: any name is one then.
    pub(super) fn name(&mut self, name: &str) {
        push_name(&mut self.sql.text, name);
    }

    /// A column of the table in a slot.
    pub(super) fn column(&mut self, slot: u8, table: &TableMeta, column: u16) {
        let name = table.column(column).name;
        match self.slots.get(usize::from(slot)).cloned() {
            Some(Slot { alias, prefix }) => {
                self.name(&alias);
                self.text(".");
                self.name(&(prefix + name));
            }
            None => self.name(name),
        }
    }

    /// Names in quotes, with commas between.
    pub(super) fn names<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        self.list(names, |writer, name| writer.name(name));
    }

    pub(super) fn list<T>(
        &mut self,
        parts: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        for (i, part) in parts.into_iter().enumerate() {
            if i > 0 {
                self.text(", ");
            }
            write(self, part);
        }
    }

    /// A value, as a parameter.
    pub(super) fn value(&mut self, value: &Value) {
        if value.is_null() {
            return self.text("NULL");
        }
        self.sql.parameters.push(value.clone());
        match self.dialect {
            Dialect::Sqlite => self.text("?"),
            Dialect::Postgres => {
                let _ = write!(self.sql.text, "${}::{}", self.sql.parameters.len(), parameter_type(value));
            }
        }
    }
}

pub(super) fn push_name(out: &mut String, name: &str) {
    out.push('"');
    out.push_str(&name.replace('"', "\"\""));
    out.push('"');
}
