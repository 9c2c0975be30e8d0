//! Tables as diagrams.
use crate::model::{ColumnMeta, IndexMeta, OnDelete, RelationMeta, TableMeta};
use std::fmt::Write;

pub(super) fn mermaid(tables: &[&'static TableMeta]) -> String {
    let mut out = String::from("erDiagram\n");
    for table in tables {
        line(&mut out, format_args!("    {} {{", name(table.name)));
        for (position, column) in (0..).zip(table.columns) {
            let keys = keys(table, position).join(", ");
            let notes = notes(table, position).join(", ");
            let mut text = format!("        {} {}", word(base_type(column)), word(column.name));
            if !keys.is_empty() {
                text.push(' ');
                text.push_str(&keys);
            }
            if !notes.is_empty() {
                text.push_str(&format!(" \"{notes}\""));
            }
            line(&mut out, format_args!("{text}"));
        }
        line(&mut out, format_args!("    }}"));
    }
    for table in tables {
        for relation in table.relations {
            let parent = name((relation.target)().name);
            let (one, many) = ends(table, relation);
            let label = match on_delete(relation) {
                Some(action) => format!("\"{}, {action}\"", relation.name),
                None => name(relation.name),
            };
            line(&mut out, format_args!("    {parent} {one}--{many} {} : {label}", name(table.name)));
        }
    }
    out
}

pub(super) fn dot(tables: &[&'static TableMeta]) -> String {
    let mut out = String::from(
        "digraph schema {\n    rankdir=LR;\n    node [shape=plain, fontname=\"Helvetica\"];\n    edge [fontname=\"Helvetica\", fontsize=10];\n",
    );
    for table in tables {
        line(&mut out, format_args!("    {:?} [label=<", table.name));
        out.push_str("        <table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">\n");
        line(&mut out, format_args!("        <tr><td colspan=\"3\"><b>{}</b></td></tr>", escape(table.name)));
        for (position, column) in (0..).zip(table.columns) {
            let marks: Vec<String> = keys(table, position)
                .into_iter()
                .map(str::to_owned)
                .chain(notes(table, position).into_iter().filter(|note| note != "nullable"))
                .collect();
            let row = [column.name, column.rust_type, &marks.join(", ")].map(escape);
            let [name, kind, marks] = row;
            line(
                &mut out,
                format_args!(
                    "        <tr><td port=\"{position}\" align=\"left\">{name}</td><td align=\"left\">{kind}</td>\
                     <td align=\"left\">{marks}</td></tr>"
                ),
            );
        }
        out.push_str("        </table>>];\n");
    }
    for table in tables {
        for relation in table.relations {
            let target = (relation.target)();
            let from = relation.columns.first().copied().unwrap_or_default();
            let to = target.primary_key.first().copied().unwrap_or_default();
            let label = match on_delete(relation) {
                Some(action) => format!("{}\\n{action}", relation.name),
                None => relation.name.to_owned(),
            };
            let style = if is_nullable(table, relation) { ", style=dashed" } else { "" };
            line(
                &mut out,
                format_args!(
                    "    {:?}:{from} -> {:?}:{to} [label=\"{label}\"{style}];",
                    table.name, target.name
                ),
            );
        }
    }
    out.push_str("}\n");
    out
}

/// Writing to a `String` cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

/// What the column is a key of.
fn keys(table: &TableMeta, position: u16) -> Vec<&'static str> {
    let is_foreign = table.relations.iter().any(|relation| relation.columns.contains(&position));
    let is_unique = table.indexes.iter().any(|index| index.is_unique && index.columns == [position]);
    let all = [(table.column(position).is_primary_key, "PK"), (is_foreign, "FK"), (is_unique, "UK")];
    all.into_iter().filter(|(is_one, _)| *is_one).map(|(_, name)| name).collect()
}

/// What else there is to say of a column. An index of several columns stands at its first.
fn notes(table: &TableMeta, position: u16) -> Vec<String> {
    let column = table.column(position);
    let flags = [
        (column.is_auto, "auto"),
        (column.is_version, "version"),
        (column.is_on_update, "on_update"),
        (column.is_nullable, "nullable"),
    ];
    let mut notes: Vec<String> =
        flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, name)| name.to_owned()).collect();
    let mine = table.indexes.iter().filter(|index| index.columns.first() == Some(&position));
    notes.extend(mine.filter_map(|index| index_note(table, index)));
    notes
}

/// `None` for what `UK` says already.
fn index_note(table: &TableMeta, index: &IndexMeta) -> Option<String> {
    let kind = if index.is_unique { "unique" } else { "index" };
    let when = if index.is_deferred { ", deferred" } else { "" };
    match (index.columns.len(), index.is_unique) {
        (1, true) if index.is_deferred => Some("deferred".to_owned()),
        (1, true) => None,
        (1, false) => Some(kind.to_owned()),
        _ => Some(format!("{kind} {}{when}", table.column_names(index.columns))),
    }
}

/// Mermaid's signs for how many parents a child has, and how many children a parent.
fn ends(table: &TableMeta, relation: &RelationMeta) -> (&'static str, &'static str) {
    let has_one = table.primary_key == relation.columns
        || table.indexes.iter().any(|index| index.is_unique && index.columns == relation.columns);
    (if is_nullable(table, relation) { "|o" } else { "||" }, if has_one { "o|" } else { "o{" })
}

fn is_nullable(table: &TableMeta, relation: &RelationMeta) -> bool {
    relation.columns.iter().any(|column| table.column(*column).is_nullable)
}

/// `None` for the usual `restrict`.
fn on_delete(relation: &RelationMeta) -> Option<&'static str> {
    match relation.on_delete {
        OnDelete::Restrict => None,
        OnDelete::Cascade => Some("on delete cascade"),
        OnDelete::SetNull => Some("on delete set null"),
    }
}

/// The type without its `Option`, which the notes tell.
fn base_type(column: &ColumnMeta) -> &str {
    let inside = column.rust_type.split_once("Option").map(|(_, rest)| rest.trim());
    match inside.and_then(|rest| rest.strip_prefix('<')?.strip_suffix('>')) {
        Some(inner) if column.is_nullable => inner.trim(),
        _ => column.rust_type,
    }
}

/// A type or column as Mermaid takes it: it begins with a letter or `_`; letters, digits, `_`, `-` and brackets follow. What
/// begins with the sign for a key gets a `_` behind it, as words of Rust do.
fn word(name: &str) -> String {
    let fit = |c: char| match c {
        '<' => Some('['),
        '>' => Some(']'),
        ' ' | '\'' | '&' | '(' | ')' => None,
        c if c.is_alphanumeric() || "_-[]".contains(c) => Some(c),
        _ => Some('_'),
    };
    let word: String = name.chars().filter_map(fit).collect();
    let word = word.trim_start_matches(|c: char| !c.is_alphabetic() && c != '_');
    let first = word.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(word.len());
    let (first, rest) = word.split_at(first);
    let is_key = ["PK", "FK", "UK"].iter().any(|key| key.eq_ignore_ascii_case(first));
    format!("{first}{}{rest}", if is_key { "_" } else { "" })
}

/// Words that mean something to Mermaid where names stand, whatever their case.
const WORDS: [&str; 11] = [
    "accdescr",
    "acctitle",
    "class",
    "classdef",
    "end",
    "erdiagram",
    "many",
    "one",
    "style",
    "subgraph",
    "to",
];

/// The name of a table or relation as Mermaid takes it: in quotes where it is not plain, with signs that end a name in
/// quotes, or begin a code, as codes.
fn name(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    if is_plain {
        return name.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in name.chars() {
        match c {
            '"' => quoted.push_str("#quot;"),
            '#' | '%' | '\\' => quoted.push_str(&format!("#{};", u32::from(c))),
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// Text between the tags of a label. XML has no control characters.
fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace(char::is_control, " ")
}
