//! Results as a table of text, by comfy-table.
use crate::value::Value;
use comfy_table::{CellAlignment, Table, presets};

/// Prints rows under headings. Numbers are aligned to the right, `None` is empty.
pub(crate) fn print_table(headings: Vec<String>, rows: Vec<Vec<Value>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::UTF8_FULL_CONDENSED).set_header(headings);
    for row in rows {
        table.add_row(row.iter().map(cell));
    }
    table.to_string()
}

fn cell(value: &Value) -> comfy_table::Cell {
    match value {
        Value::Null => comfy_table::Cell::new(""),
        Value::Text(text) => comfy_table::Cell::new(text),
        number @ (Value::Int(_) | Value::Wide(_) | Value::Huge(_) | Value::Float(_)) => {
            comfy_table::Cell::new(number).set_alignment(CellAlignment::Right)
        }
        other => comfy_table::Cell::new(other),
    }
}
