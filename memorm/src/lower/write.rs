//! `insert`, `update`, `delete` as SQL.
use super::dialect::{Dialect, Sql};
use super::writer::Writer;
use crate::Result;
use crate::expr::{Code, Item, Step};
use crate::model::Model;
use crate::query::{Delete, Insert, Returning, Update};
use crate::value::{Kind, Value};

/// A value of a new row.
enum Given {
    Value(Value),
    /// The server assigns it.
    Auto,
}

macro_rules! to_sql { ($($W:ident $write:ident: $what:literal)*) => { $(
    impl<M: Model> $W<M> {
        /// Writes the statement as SQL, with its values as parameters.
        ///
        #[doc = $what]
        ///
        /// # Errors
        /// `NoSql`, which names the closure or the opaque column in the statement.
        pub fn to_sql(&self, dialect: Dialect) -> Result<Sql> {
            let mut writer = Writer::new(dialect, M::table());
            writer.$write(self)?;
            Ok(writer.finish())
        }
    }
    impl<M: Model, T> Returning<$W<M>, T> {
        /// Writes the statement as SQL, with its values as parameters.
        ///
        #[doc = $what]
        /// In which order the rows come back is up to the server.
        ///
        /// # Errors
        /// `NoSql`, which names the closure or the opaque column in the statement.
        pub fn to_sql(&self, dialect: Dialect) -> Result<Sql> {
            let mut writer = Writer::new(dialect, M::table());
            writer.$write(&self.write)?;
            writer.returning(&self.items)?;
            Ok(writer.finish())
        }
    }
)* } }
to_sql! {
    Insert insert: "Values that `set` does not give are left to the server's defaults; of whole rows the keys that are to be assigned."
    Update update: "A `version` column counts up with it; `on_update` columns are left to the server."
    Delete delete: "What refers to the rows is left to the server's foreign keys."
}

impl Writer {
    fn insert<M: Model>(&mut self, insert: &Insert<M>) -> Result<()> {
        let mut rows: Vec<Vec<Option<Given>>> = Vec::with_capacity(insert.whole_rows().len() + 1);
        if insert.describes_a_row() {
            let mut row: Vec<Option<Given>> = Vec::new();
            row.resize_with(self.table.columns.len(), || None);
            for (column, value) in &insert.set {
                row[usize::from(*column)] = Some(Given::Value(value.clone()));
            }
            rows.push(row);
        }
        rows.extend(insert.whole_rows().iter().map(|row| self.whole_row(row)));
        if rows.is_empty() {
            return Err(self.no_sql("an insert of no rows"));
        }
        let is_given = |column: &usize| rows.iter().any(|row| matches!(row[*column], Some(Given::Value(_))));
        let columns: Vec<usize> = (0..self.table.columns.len()).filter(is_given).collect();
        self.text("INSERT INTO ");
        self.name(self.table.name);
        if columns.is_empty() {
            self.text(" DEFAULT VALUES");
            return Ok(());
        }
        let table = self.table;
        self.text(" (");
        self.names(columns.iter().map(|column| table.columns[*column].name));
        self.text(") VALUES ");
        self.list(&rows, |writer, row| {
            writer.text("(");
            writer.list(&columns, |writer, column| match (&row[*column], writer.dialect) {
                (Some(Given::Value(value)), _) => writer.value(value),
                (_, Dialect::Postgres) => writer.text("DEFAULT"),
                (_, Dialect::Sqlite) => writer.text("NULL"),
            });
            writer.text(")");
        });
        Ok(())
    }

    fn whole_row<M: Model>(&self, row: &M) -> Vec<Option<Given>> {
        let columns = (0..).zip(self.table.columns);
        let given = columns.map(|(place, column)| {
            let value = row.cell(place).to_value();
            if column.kind == Kind::Opaque {
                None
            } else if column.is_auto && value == Value::Int(0) {
                Some(Given::Auto)
            } else if column.is_version {
                Some(Given::Value(Value::Int(1)))
            } else {
                Some(Given::Value(value))
            }
        });
        given.collect()
    }

    fn update<M: Model>(&mut self, update: &Update<M>) -> Result<()> {
        self.text("UPDATE ");
        self.name(self.table.name);
        self.text(" SET ");
        let mut is_first = true;
        for (i, (column, code)) in update.set.iter().enumerate() {
            // the last value of a column counts
            if update.set[i + 1..].iter().any(|(later, _)| later == column) {
                continue;
            }
            self.assign(*column, &mut is_first);
            self.new_value(code)?;
        }
        let table = self.table;
        for (place, column) in (0..).zip(table.columns).filter(|(_, column)| column.is_version) {
            if update.set.iter().all(|(set, _)| *set != place) {
                self.assign(place, &mut is_first);
                self.name(column.name);
                self.text(" + 1");
            }
        }
        if is_first {
            return Err(self.no_sql("an update that sets nothing"));
        }
        self.filter(update.filter.as_ref())
    }

    fn assign(&mut self, column: u16, is_first: &mut bool) {
        if !std::mem::take(is_first) {
            self.text(", ");
        }
        self.name(self.table.column(column).name);
        self.text(" = ");
    }

    fn new_value(&mut self, code: &Code) -> Result<()> {
        match code.steps() {
            // as it stands: a document is stored as text
            [Step::Literal(value)] => {
                self.value(value);
                Ok(())
            }
            _ => self.expression(code),
        }
    }

    fn delete<M: Model>(&mut self, delete: &Delete<M>) -> Result<()> {
        self.text("DELETE FROM ");
        self.name(self.table.name);
        self.filter(delete.filter.as_ref())
    }

    fn returning(&mut self, items: &[Item]) -> Result<()> {
        self.text(" RETURNING ");
        self.items(items)
    }
}
