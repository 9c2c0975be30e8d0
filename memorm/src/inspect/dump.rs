//! A version as text, for golden files.
use crate::model::{AnyRow, TableMeta};
use crate::value::Kind;
use crate::world::World;
use std::fmt::Write;

/// One paragraph a table, by name; one line a row, in row order. Tables without rows are left out: they equal absent
/// ones.
pub(crate) fn dump(world: &World) -> String {
    let mut tables: Vec<_> = world.tables().filter(|table| table.len() > 0).collect();
    tables.sort_by_key(|table| (table.meta().name, table.meta().rust_name));
    let mut out = String::new();
    for table in tables {
        let meta = table.meta();
        if !out.is_empty() {
            out.push('\n');
        }
        let names: Vec<_> = meta.columns.iter().map(|column| column.name).collect();
        out.push_str(&format!("{} ({})\n", meta.name, names.join(", ")));
        for (_, row) in table.rows.iter() {
            write_row(&mut out, meta, row);
        }
    }
    out
}

fn write_row(out: &mut String, meta: &TableMeta, row: &dyn AnyRow) {
    for (position, column) in (0..).zip(meta.columns) {
        out.push_str(if position == 0 { "  " } else { ", " });
        if column.kind == Kind::Opaque {
            out.push('?');
        } else {
            // a `String` takes everything
            let _ = write!(out, "{}", row.cell(position).to_value());
        }
    }
    out.push('\n');
}
