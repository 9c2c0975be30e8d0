//! `references(..)`, `has_many(..)`, `has_one(..)`.
use super::ast::{Column, Model, OnDelete, Reference, Reverse, ReverseKind};
use super::parse::add_column;
use crate::attributes::{arguments, each, only_once, value};
use crate::mistakes::{Mistakes, unknown};
use crate::tokens::{constant_name, plain_name, snake_case, type_name};
use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Error, Ident, Result, Token, Type, Visibility};

/// What `references(Model, ..)` may say.
struct Options {
    target: Type,
    constant: Option<Ident>,
    on_delete: Option<OnDelete>,
    set_null: Option<Span>,
    by: Option<Vec<u16>>,
}

/// `references(Vendor, name = OWNER, on_delete = cascade)` on a field.
pub(super) fn references(
    name: &Ident,
    input: ParseStream<'_>,
    column: &Column,
    mistakes: &mut Mistakes,
) -> Result<Reference> {
    let options = options(name, input, None, mistakes)?;
    // `vendor_id` → VENDOR; a field that does not end in `_id` takes the model's name: Tag → TAG
    let stem = column.name.strip_suffix("_id").filter(|stem| !stem.is_empty());
    let stem = stem.map_or_else(|| target_name(&options.target), str::to_owned);
    Ok(reference(options, &stem, vec![column.index], column.vis.clone()))
}

/// `references(Order, by = (order_id, line))` on the struct.
pub(super) fn references_by(
    name: &Ident,
    input: ParseStream<'_>,
    model: &Model,
    mistakes: &mut Mistakes,
) -> Result<Reference> {
    let mut options = options(name, input, Some(model), mistakes)?;
    let Some(columns) = options.by.take() else {
        let message = "`references` on the struct needs columns: `references(Order, by = (order_id, line))`";
        return Err(Error::new(name.span(), message));
    };
    // as visible as the least visible of its columns is hard to tell: private if one is
    let vis =
        columns.iter().map(|c| model.column(*c).vis.clone()).find(|v| !matches!(v, Visibility::Public(_)));
    let stem = target_name(&options.target);
    Ok(reference(options, &stem, columns, vis.unwrap_or_else(|| model.vis.clone())))
}

fn reference(options: Options, stem: &str, columns: Vec<u16>, vis: Visibility) -> Reference {
    let span = type_name(&options.target).map_or_else(|| options.target.span(), Ident::span);
    Reference {
        constant: options.constant.unwrap_or_else(|| constant_name(stem, span)),
        target: options.target,
        columns,
        on_delete: options.on_delete.unwrap_or(OnDelete::Restrict),
        set_null: options.set_null,
        vis,
    }
}

fn target_name(target: &Type) -> String {
    type_name(target).map(|name| snake_case(&plain_name(name))).unwrap_or_default()
}

fn options(
    name: &Ident,
    input: ParseStream<'_>,
    on_struct: Option<&Model>,
    mistakes: &mut Mistakes,
) -> Result<Options> {
    let example = match on_struct {
        None => "references(Vendor)",
        Some(_) => "references(Order, by = (order_id, line))",
    };
    if !input.peek(syn::token::Paren) {
        return Err(Error::new(name.span(), format!("`references` needs a model: `{example}`")));
    }
    let mut read = None;
    arguments(input, mistakes, |content, mistakes| {
        let target = model_type(content, name, example)?;
        comma(content)?;
        let options =
            read.insert(Options { target, constant: None, on_delete: None, set_null: None, by: None });
        each(content, mistakes, &mut |option, content, mistakes| {
            reference_option(option, content, on_struct, options, mistakes)
        });
        Ok(())
    })?;
    read.ok_or_else(|| Error::new(name.span(), format!("expected `{example}`")))
}

fn reference_option(
    option: &Ident,
    content: ParseStream<'_>,
    on_struct: Option<&Model>,
    options: &mut Options,
    mistakes: &mut Mistakes,
) -> Result<()> {
    match (option.to_string().as_str(), on_struct) {
        ("name", _) => {
            only_once(options.constant.is_some(), option)?;
            options.constant = Some(value(option, content, "name = OWNER")?);
        }
        ("on_delete", _) => {
            only_once(options.on_delete.is_some(), option)?;
            let action: Ident = value(option, content, "on_delete = cascade")?;
            options.on_delete = Some(match action.to_string().as_str() {
                "restrict" => OnDelete::Restrict,
                "cascade" => OnDelete::Cascade,
                "set_null" => OnDelete::SetNull,
                _ => return Err(unknown("action", &action, &["restrict", "cascade", "set_null"])),
            });
            options.set_null = (action == "set_null").then(|| action.span());
        }
        ("by", Some(model)) => {
            only_once(options.by.is_some(), option)?;
            options.by = Some(by_columns(option, content, model, mistakes)?);
        }
        ("by", None) => {
            let message = "`by` belongs into `references(.., by = (a, b))` on the struct; on a field the column is known";
            return Err(Error::new(option.span(), message));
        }
        (_, Some(_)) => return Err(unknown("option", option, &["by", "name", "on_delete"])),
        (_, None) => return Err(unknown("option", option, &["name", "on_delete"])),
    }
    Ok(())
}

/// `= (order_id, line)`.
fn by_columns(
    by: &Ident,
    content: ParseStream<'_>,
    model: &Model,
    mistakes: &mut Mistakes,
) -> Result<Vec<u16>> {
    let example = "by = (order_id, line)";
    let mut columns = Vec::new();
    if content.parse::<Option<Token![=]>>()?.is_none() || !content.peek(syn::token::Paren) {
        return Err(Error::new(by.span(), format!("expected `{example}`")));
    }
    let mut is_empty = true;
    arguments(content, mistakes, |content, mistakes| {
        each(content, mistakes, &mut |column, _, _| {
            is_empty = false;
            add_column(column, model, &mut columns)
        });
        Ok(())
    })?;
    if is_empty {
        return Err(Error::new(by.span(), format!("expected `{example}`")));
    }
    Ok(columns)
}

/// `has_many(ITEMS: Item, by = VENDOR)`, `has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG)`,
/// `has_one(PROFILE: Profile, by = USER)`.
///
/// `None` where its mistakes are reported already.
pub(super) fn reverse(
    name: &Ident,
    input: ParseStream<'_>,
    mistakes: &mut Mistakes,
) -> Result<Option<Reverse>> {
    let example = match name == "has_one" {
        true => "has_one(PROFILE: Profile, by = USER)",
        false => "has_many(ITEMS: Item, by = VENDOR)",
    };
    let expected = |span| Error::new(span, format!("expected `{example}`"));
    if !input.peek(syn::token::Paren) {
        return Err(expected(name.span()));
    }
    let (mut by, mut link, mut to): (Option<Ident>, Option<Type>, Option<Ident>) = (None, None, None);
    let (mut head, mut is_sound) = (None, true);
    arguments(input, mistakes, |content, mistakes| {
        let at = if content.is_empty() { name.span() } else { content.span() };
        let constant: Ident = content.parse().map_err(|_| expected(at))?;
        content.parse::<Token![:]>().map_err(|_| expected(constant.span()))?;
        let target = model_type(content, &constant, example)?;
        comma(content)?;
        head = Some((constant, target));
        each(content, mistakes, &mut |option, content, _| {
            let read = match option.to_string().as_str() {
                "by" => set(&mut by, option, content, "by = VENDOR"),
                "through" => set(&mut link, option, content, "through = ItemTag"),
                "to" => set(&mut to, option, content, "to = TAG"),
                _ => Err(unknown("option", option, &["by", "through", "to"])),
            };
            is_sound &= read.is_ok();
            read
        });
        Ok(())
    })?;
    if !is_sound {
        return Ok(None);
    }
    let (constant, target) = head.ok_or_else(|| expected(name.span()))?;
    let kind = match (name == "has_one", link, to) {
        (true, None, None) => ReverseKind::One,
        (true, ..) => {
            return Err(Error::new(constant.span(), "`has_one` leads to one row: it has no `through`"));
        }
        (false, None, None) => ReverseKind::Many,
        (false, Some(link), Some(to)) => ReverseKind::Through { link: Box::new(link), to },
        (false, ..) => {
            let message = "`through` and `to` go together: `has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG)`";
            return Err(Error::new(constant.span(), message));
        }
    };
    let Some(by) = by else {
        let message = format!("`{constant}` needs `by`, the relation that leads back: `{example}`");
        return Err(Error::new(constant.span(), message));
    };
    Ok(Some(Reverse { constant, target, by, kind }))
}

fn set<T: Parse>(
    slot: &mut Option<T>,
    option: &Ident,
    content: ParseStream<'_>,
    example: &str,
) -> Result<()> {
    only_once(slot.is_some(), option)?;
    *slot = Some(value(option, content, example)?);
    Ok(())
}

fn model_type(content: ParseStream<'_>, before: &Ident, example: &str) -> Result<Type> {
    let at = if content.is_empty() { before.span() } else { content.span() };
    let ty: Option<Type> = content.parse().ok();
    ty.filter(|ty| type_name(ty).is_some())
        .ok_or_else(|| Error::new(at, format!("expected a model: `{example}`")))
}

/// A comma, or the end.
fn comma(content: ParseStream<'_>) -> Result<()> {
    if content.is_empty() {
        return Ok(());
    }
    content.parse::<Token![,]>().map(drop).map_err(|e| Error::new(e.span(), "expected `,`"))
}
