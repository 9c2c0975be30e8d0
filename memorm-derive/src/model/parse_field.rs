//! A field and the `#[model(..)]` above it.
use super::ast::{Column, Index, Model, Source, SourceValue};
use super::parse::ON_STRUCT;
use super::parse_relation;
use crate::attributes::{arguments, each, each_entry, expression, once, only_once, value};
use crate::mistakes::{Mistakes, unknown};
use crate::tokens::{constant_name, plain_name};
use syn::parse::ParseStream;
use syn::{Attribute, Error, Ident, Result, Token};

pub(super) const ON_FIELD: [&str; 12] = [
    "primary_key",
    "auto",
    "index",
    "unique",
    "deferred",
    "references",
    "default",
    "on_update",
    "version",
    "opaque",
    "unhashed",
    "column",
];

/// Reads a field into the model.
pub(super) fn column(field: &syn::Field, index: u16, model: &mut Model, mistakes: &mut Mistakes) {
    let Some(ident) = field.ident.clone() else { return };
    let name = plain_name(&ident);
    let is_doc = |a: &&Attribute| a.path().is_ident("doc") || a.path().is_ident("deprecated");
    let mut column = Column {
        index,
        constant: constant_name(&name, ident.span()),
        field: ident,
        name,
        docs: field.attrs.iter().filter(is_doc).cloned().collect(),
        vis: field.vis.clone(),
        ty: field.ty.clone(),
        primary_key: None,
        auto: None,
        version: None,
        opaque: None,
        unhashed: None,
        plain_index: None,
        unique: None,
        deferred: None,
        default: None,
        on_update: None,
    };
    let mut is_renamed = false;
    let mut reference = None;
    each_entry(&field.attrs, "model", mistakes, |name, input, mistakes| match name.to_string().as_str() {
        "column" => {
            only_once(is_renamed, name)?;
            is_renamed = true;
            column.constant = value(name, input, "column = KIND")?;
            Ok(())
        }
        "references" => {
            only_once(reference.is_some(), name)?;
            reference = Some(parse_relation::references(name, input, &column, mistakes)?);
            Ok(())
        }
        _ => entry(name, input, &mut column, mistakes),
    });
    for (given, is_unique) in [(column.plain_index, false), (column.unique, true)] {
        if given.is_some() {
            let is_deferred = column.deferred.is_some();
            model.indexes.push(Index { columns: vec![index], is_unique, is_deferred });
        }
    }
    model.references.extend(reference);
    model.columns.push(column);
}

fn entry(name: &Ident, input: ParseStream<'_>, column: &mut Column, mistakes: &mut Mistakes) -> Result<()> {
    match name.to_string().as_str() {
        "primary_key" => once(&mut column.primary_key, name),
        "auto" => once(&mut column.auto, name),
        "version" => once(&mut column.version, name),
        "opaque" => once(&mut column.opaque, name),
        "unhashed" => once(&mut column.unhashed, name),
        "deferred" => once(&mut column.deferred, name),
        "index" => {
            once(&mut column.plain_index, name)?;
            no_columns(name, input)
        }
        "unique" => {
            once(&mut column.unique, name)?;
            unique(name, input, column, mistakes)
        }
        "default" => {
            only_once(column.default.is_some(), name)?;
            column.default = Some(source(name, input)?);
            Ok(())
        }
        "on_update" => {
            only_once(column.on_update.is_some(), name)?;
            column.on_update = Some(source(name, input)?);
            Ok(())
        }
        key if ON_STRUCT.contains(&key) => {
            Err(Error::new(name.span(), format!("`{key}` belongs on the struct, not on a field")))
        }
        _ => Err(unknown("attribute", name, &ON_FIELD)),
    }
}

/// `unique`, `unique(deferred)`.
fn unique(name: &Ident, input: ParseStream<'_>, column: &mut Column, mistakes: &mut Mistakes) -> Result<()> {
    let ahead = input.fork();
    let is_deferred = arguments(&ahead, &mut Mistakes::default(), |content, _| {
        content.parse::<Ident>().and_then(|i| if i == "deferred" { Ok(()) } else { Err(content.error("")) })
    });
    if is_deferred.is_err() {
        return no_columns(name, input);
    }
    arguments(input, mistakes, |content, mistakes| {
        each(content, mistakes, &mut |option, _, _| once(&mut column.deferred, option));
        Ok(())
    })
}

fn no_columns(name: &Ident, input: ParseStream<'_>) -> Result<()> {
    if input.peek(syn::token::Paren) {
        let message = format!("`{name}` on a field takes no columns; write `{name}(a, b)` on the struct");
        return Err(Error::new(name.span(), message));
    }
    Ok(())
}

/// `default`, `default = now`, `default = expression`.
fn source(name: &Ident, input: ParseStream<'_>) -> Result<Source> {
    let span = name.span();
    if name == "default" && !input.peek(Token![=]) {
        return Ok(Source { span, value: SourceValue::Default });
    }
    let tokens = expression(name, input, &format!("{name} = expression"))?;
    let is_now = tokens.to_string() == "now";
    let value = if is_now { SourceValue::Now } else { SourceValue::Expression(tokens) };
    Ok(Source { span, value })
}
