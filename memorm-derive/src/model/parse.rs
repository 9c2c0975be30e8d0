//! The struct, its fields and `#[model(..)]` above it, read into a [`Model`].
use super::ast::{Index, Model};
use super::{parse_field, parse_relation};
use crate::attributes::{arguments, crate_path, each, each_entry, expression, only_once, value};
use crate::mistakes::{Mistakes, unknown};
use crate::tokens::{plain_name, snake_case};
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, FieldsNamed, Ident, LitStr, Path, Result};

pub(super) const ON_STRUCT: [&str; 9] =
    ["table", "index", "unique", "constructor", "check", "references", "has_many", "has_one", "crate"];

/// Reads a model; `None` where there is nothing to go on with.
pub(super) fn model(input: &DeriveInput, mistakes: &mut Mistakes) -> Option<Model> {
    let fields = mistakes.keep(named_fields(input));
    let lifetimes: Vec<_> = input.generics.lifetimes().collect();
    for lifetime in &lifetimes {
        let name = &lifetime.lifetime;
        let message = format!("a model owns its data: replace what borrows for `{name}` by an owned type");
        mistakes.at(name.span(), message);
    }
    let mut model = Model {
        name: input.ident.clone(),
        vis: input.vis.clone(),
        generics: input.generics.clone(),
        krate: syn::parse_quote!(::memorm),
        table: snake_case(&plain_name(&input.ident)),
        constructor: None,
        check: None,
        are_fields_read: true,
        columns: Vec::new(),
        indexes: Vec::new(),
        references: Vec::new(),
        reverses: Vec::new(),
    };
    if let Some(fields) = fields {
        let before = mistakes.count();
        for (index, field) in (0..).zip(&fields.named) {
            parse_field::column(field, index, &mut model, mistakes);
        }
        model.are_fields_read = mistakes.count() == before;
        let mut given = Vec::new();
        each_entry(&input.attrs, "model", mistakes, |name, input, mistakes| {
            entry(name, input, &mut model, &mut given, mistakes)
        });
        add_foreign_key_indexes(&mut model);
    }
    lifetimes.is_empty().then_some(model)
}

fn named_fields(input: &DeriveInput) -> Result<&FieldsNamed> {
    let at = input.ident.span();
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if fields.named.is_empty() => {
                Err(Error::new(at, "a model has fields, at least a primary key"))
            }
            Fields::Named(fields) => Ok(fields),
            Fields::Unnamed(fields) => {
                Err(Error::new(fields.span(), "a model names its fields, and thereby its columns"))
            }
            Fields::Unit => Err(Error::new(at, "a model has fields, at least a primary key")),
        },
        Data::Enum(data) => Err(Error::new(
            data.enum_token.span,
            "a model is a struct; an enum can be a column: `#[derive(Field)]`",
        )),
        Data::Union(data) => Err(Error::new(data.union_token.span, "a model is a struct")),
    }
}

fn entry(
    name: &Ident,
    input: ParseStream<'_>,
    model: &mut Model,
    given: &mut Vec<String>,
    mistakes: &mut Mistakes,
) -> Result<()> {
    let key = name.to_string();
    if matches!(key.as_str(), "table" | "constructor" | "check" | "crate") {
        only_once(given.contains(&key), name)?;
        given.push(key.clone());
    }
    match key.as_str() {
        "table" => {
            let text: LitStr = value(name, input, r#"table = "items""#)?;
            if text.value().trim().is_empty() {
                return Err(Error::new(text.span(), "a table needs a name"));
            }
            model.table = text.value();
        }
        "constructor" => model.constructor = Some(value(name, input, "constructor = new")?),
        "check" => model.check = Some(function(name, input)?),
        "crate" => model.krate = crate_path(name, input)?,
        "index" | "unique" => {
            let index = index(name, input, model, mistakes)?;
            model.indexes.push(index);
        }
        "references" => {
            let reference = parse_relation::references_by(name, input, model, mistakes)?;
            model.references.push(reference);
        }
        "has_many" | "has_one" => {
            let reverse = parse_relation::reverse(name, input, mistakes)?;
            model.reverses.extend(reverse);
        }
        key if parse_field::ON_FIELD.contains(&key) => {
            return Err(Error::new(name.span(), format!("`{key}` belongs on a field, not on the struct")));
        }
        _ => return Err(unknown("attribute", name, &ON_STRUCT)),
    }
    Ok(())
}

fn function(name: &Ident, input: ParseStream<'_>) -> Result<Path> {
    let example = "check = function";
    let tokens = expression(name, input, example)?;
    let at = tokens.span();
    syn::parse2(tokens).map_err(|_| Error::new(at, format!("expected the path of a function: `{example}`")))
}

/// `index(a, b)`, `unique(a, b)`, `unique(a, b, deferred)`.
fn index(name: &Ident, input: ParseStream<'_>, model: &Model, mistakes: &mut Mistakes) -> Result<Index> {
    let is_unique = name == "unique";
    let mut index = Index { columns: Vec::new(), is_unique, is_deferred: false };
    if !input.peek(syn::token::Paren) {
        let message = format!(
            "`{name}` on the struct needs columns: `{name}(a, b)`; for one column write it on the field"
        );
        return Err(Error::new(name.span(), message));
    }
    let mut is_empty = true;
    arguments(input, mistakes, |content, mistakes| {
        each(content, mistakes, &mut |column, _, _| {
            is_empty = false;
            if is_unique && column == "deferred" && model.column_named(column).is_none() {
                index.is_deferred = true;
                return Ok(());
            }
            add_column(column, model, &mut index.columns)
        });
        Ok(())
    })?;
    if is_empty {
        mistakes.at(name.span(), format!("`{name}` needs columns: `{name}(a, b)`"));
    }
    Ok(index)
}

/// Adds the column of that name to a list that may contain it once.
pub(super) fn add_column(name: &Ident, model: &Model, columns: &mut Vec<u16>) -> Result<()> {
    let Some(column) = model.column_named(name) else {
        let names: Vec<_> = model.columns.iter().map(|c| c.name.as_str()).collect();
        return Err(unknown("column", name, &names));
    };
    if columns.contains(&column.index) {
        return Err(Error::new(name.span(), format!("column `{name}` is listed twice")));
    }
    if column.is_opaque() {
        let message = format!("column `{name}` is `opaque`: it cannot be compared, and so not indexed");
        return Err(Error::new(name.span(), message));
    }
    columns.push(column.index);
    Ok(())
}

/// Each foreign key has an index, and no two indexes serve the same columns.
fn add_foreign_key_indexes(model: &mut Model) {
    let mut indexes: Vec<Index> = Vec::new();
    let implied = model.references.iter().map(|r| r.columns.clone());
    let implied = implied.map(|columns| Index { columns, is_unique: false, is_deferred: false });
    for index in std::mem::take(&mut model.indexes).into_iter().chain(implied) {
        match indexes.iter_mut().find(|i| i.columns == index.columns) {
            Some(same) if index.is_unique && !same.is_unique => *same = index,
            Some(_) => {}
            None => indexes.push(index),
        }
    }
    model.indexes = indexes;
}
