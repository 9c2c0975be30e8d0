//! `after`: the rows behind a row, by comparing sort keys with those that a subquery reads from it.
//!
//! memorm lets row order decide between rows with equal sort keys. SQL has none, so the sort keys must tell all rows apart.
use super::order::may_be_null;
use super::writer::Writer;
use crate::Result;
use crate::expr::{Code, Comparison, Item, Op, OrderTerm, Purpose, Step};
use crate::model::TableMeta;
use crate::query::{After, Asked, Plan};

impl Writer {
    /// The condition on rows behind a row.
    ///
    /// # Errors
    /// `NoSql` where rows may have equal sort keys, or where those are not all of the first table; `NoPlace`.
    pub(super) fn after(&self, plan: &Plan, after: &After) -> Result<Code> {
        after.check(plan)?;
        let columns: Vec<u16> =
            plan.order.iter().filter_map(|term| own_column(plan.table, &term.code)).collect();
        if !tells_rows_apart(plan.table, &columns) {
            return Err(self
                .no_sql("`after` in an order in which rows may be equal: sort by the primary key at last"));
        }
        if plan.order.iter().any(|term| !is_own(&term.code)) {
            return Err(self.no_sql("`after` in an order by another table"));
        }
        let later = plan.order.iter().rev().fold(None, |behind, term| {
            let row = Row { plan, after, term };
            Some(match behind {
                None => row.later(),
                Some(behind) => row.later().with(row.same().with(behind, Op::And), Op::Or),
            })
        });
        let later = later.unwrap_or_default();
        // what is missing is no `NULL`
        match plan.order.iter().any(|term| may_be_null(&term.code)) {
            true => {
                let row = rows_of(plan.table, after, Code::column(plan.table, plan.table.primary_key[0]));
                Ok(Code::ask(Code::default(), Asked::plain(row), Purpose::Exists).with(later, Op::And))
            }
            false => Ok(later),
        }
    }
}

/// A sort key, and the row whose value it is compared with.
struct Row<'a> {
    plan: &'a Plan,
    after: &'a After,
    term: &'a OrderTerm,
}

impl Row<'_> {
    /// The sort key of the row itself.
    fn value(&self) -> Code {
        let (table, code) = (self.plan.table, &self.term.code);
        let part = own_column(table, code)
            .and_then(|column| table.primary_key.iter().position(|part| *part == column));
        match part.and_then(|part| self.after.key().get(part)) {
            Some(value) => Code::literal(value.clone()),
            None => Code::ask(
                Code::default(),
                Asked::plain(rows_of(table, self.after, code.clone())),
                Purpose::Value,
            ),
        }
    }

    fn later(&self) -> Code {
        let key = || self.term.code.clone();
        let by = if self.term.descending { Comparison::Lt } else { Comparison::Gt };
        let compared = key().with(self.value(), Op::Compare(by));
        if !may_be_null(&self.term.code) {
            return compared;
        }
        let is_null = |code: Code| code.then(Op::IsNull);
        let (first, last) = match self.term.puts_nulls_first() {
            true => (self.value(), key()),
            false => (key(), self.value()),
        };
        compared.with(is_null(first).with(is_null(last).then(Op::Not), Op::And), Op::Or)
    }

    fn same(&self) -> Code {
        let key = self.term.code.clone();
        match may_be_null(&key) {
            true => key.with(self.value(), Op::IsDistinct).then(Op::Not),
            false => key.with(self.value(), Op::Compare(Comparison::Eq)),
        }
    }
}

/// What `code` is of the row.
fn rows_of(table: &'static TableMeta, after: &After, code: Code) -> Plan {
    let mut plan = Plan::new(table);
    plan.filter = Some(after.is_row());
    plan.items = vec![Item::named(code.clone(), code.to_string())];
    plan
}

fn own_column(of: &TableMeta, code: &Code) -> Option<u16> {
    match code.steps() {
        [Step::Column { slot: 0, table, column }] if std::ptr::eq(*table, of) => Some(*column),
        _ => None,
    }
}

fn is_own(code: &Code) -> bool {
    !code.steps().iter().any(|step| matches!(step, Step::Column { slot: 1.., .. }))
}

/// Whether no two rows are equal in all of these columns.
fn tells_rows_apart(table: &TableMeta, columns: &[u16]) -> bool {
    let has_all = |key: &[u16]| key.iter().all(|column| columns.contains(column));
    let never_null = |key: &[u16]| key.iter().all(|column| !table.column(*column).is_nullable);
    has_all(table.primary_key)
        || table
            .indexes
            .iter()
            .any(|index| index.is_unique && has_all(index.columns) && never_null(index.columns))
}
