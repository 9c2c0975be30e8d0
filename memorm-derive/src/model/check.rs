//! What cannot be seen at one attribute alone.
use super::ast::{Column, Model, Reference};
use crate::mistakes::Mistakes;
use crate::tokens::{is_option, show};
use proc_macro2::Span;
use quote::ToTokens;
use syn::Ident;
use syn::spanned::Spanned;

/// The most fields of a primary key: keys are tuples, for each of which the library has written its code.
const MAX_KEY_PARTS: usize = 4;

pub(super) fn model(model: &Model, mistakes: &mut Mistakes) {
    if model.columns.is_empty() {
        return;
    }
    primary_key(model, mistakes);
    for column in &model.columns {
        self::column(column, mistakes);
        opaque(model, column, mistakes);
    }
    for reference in &model.references {
        set_null(model, reference, mistakes);
    }
    constants(model, mistakes);
}

fn primary_key(model: &Model, mistakes: &mut Mistakes) {
    // what was not understood may have been meant as the key
    if model.keys().next().is_none() && model.are_fields_read {
        let name = &model.name;
        let message = format!("`{name}` has no primary key: mark a field with `#[model(primary_key)]`");
        mistakes.at(name.span(), message);
    }
    if let Some(span) = model.keys().nth(MAX_KEY_PARTS).and_then(|c| c.primary_key) {
        mistakes.at(span, "a primary key has at most four fields");
    }
    for key in model.keys().filter(|c| is_option(&c.ty)) {
        let message = format!("a primary key always has a value: `{}` cannot be an `Option`", key.name);
        mistakes.at(key.ty.span(), message);
    }
    at_most_one(model.columns.iter().filter_map(|c| c.auto), "auto", mistakes);
    at_most_one(model.columns.iter().filter_map(|c| c.version), "version", mistakes);
}

fn at_most_one(given: impl Iterator<Item = Span>, name: &str, mistakes: &mut Mistakes) {
    for span in given.skip(1) {
        mistakes.at(span, format!("a model has at most one `{name}` field"));
    }
}

fn column(column: &Column, mistakes: &mut Mistakes) {
    if let (Some(span), None) = (column.auto, column.primary_key) {
        mistakes.at(span, "`auto` assigns primary keys: write `#[model(primary_key, auto)]`");
    }
    if let (Some(span), None) = (column.deferred, column.unique) {
        mistakes.at(span, "`deferred` says when `unique` is checked: write `#[model(unique, deferred)]`");
    }
    if let (Some(span), Some(_)) = (column.version, column.primary_key) {
        mistakes.at(span, "`version` changes with every update: it cannot be part of the primary key");
    }
    for (source, word) in [(&column.default, "default"), (&column.on_update, "on_update")] {
        let Some(source) = source else { continue };
        let owner = match (column.auto, column.version) {
            (Some(_), _) => "auto",
            (_, Some(_)) => "version",
            _ => continue,
        };
        mistakes.at(source.span, format!("`{owner}` gives the value already: remove `{word}`"));
    }
    if let (Some(source), Some(_), None) = (&column.on_update, column.primary_key, column.auto) {
        mistakes.at(source.span, "a primary key does not change: remove `on_update`");
    }
}

fn opaque(model: &Model, column: &Column, mistakes: &mut Mistakes) {
    if !column.is_opaque() {
        return;
    }
    let name = &column.name;
    let given = [
        (column.primary_key, "be a primary key"),
        (column.plain_index, "be indexed"),
        (column.unique, "be unique"),
        (column.version, "count versions"),
    ];
    for (span, what) in given {
        let Some(span) = span else { continue };
        mistakes.at(span, format!("`{name}` is `opaque`: memorm does not look into it, so it cannot {what}"));
    }
    for reference in model.references.iter().filter(|r| r.columns.contains(&column.index)) {
        let message =
            format!("`{name}` is `opaque`: memorm does not look into it, so it cannot refer to a model");
        mistakes.at(reference.target.span(), message);
    }
}

fn set_null(model: &Model, reference: &Reference, mistakes: &mut Mistakes) {
    let Some(span) = reference.set_null else { return };
    let plain = reference.columns.iter().map(|c| model.column(*c)).find(|c| !is_option(&c.ty));
    if let Some(Column { name, ty, .. }) = plain {
        let ty = show(ty.to_token_stream());
        mistakes.at(
            span,
            format!("`set_null` needs a field that can be `None`: make `{name}` an `Option<{ty}>`"),
        );
    }
}

/// Each column and each relation has a constant of its own.
fn constants(model: &Model, mistakes: &mut Mistakes) {
    let columns = model.columns.iter().map(|c| (&c.constant, "column = OTHER"));
    let references = model.references.iter().map(|r| (&r.constant, "references(.., name = OTHER)"));
    let reverses = model.reverses.iter().map(|r| (&r.constant, "another name"));
    let mut seen: Vec<&Ident> = Vec::new();
    for (constant, remedy) in columns.chain(references).chain(reverses) {
        if seen.contains(&constant) {
            let message = format!("two constants are called `{constant}`: rename one, here with `{remedy}`");
            mistakes.at(constant.span(), message.replace("with `another name`", "by another name"));
        }
        seen.push(constant);
    }
}
