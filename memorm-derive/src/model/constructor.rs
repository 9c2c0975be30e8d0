//! `constructor = new`, and what a column is when nobody gave it.
use super::ast::{Column, Model, Source, SourceValue};
use crate::tokens::{associated, is_option, pointing_at, tokens, type_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;
use syn::spanned::Spanned;

/// The value of a column that was not given: `None` where it must be given.
pub(super) fn default(model: &Model, column: &Column) -> Option<TokenStream> {
    let ty = &column.ty;
    match column.default.as_ref().or(column.on_update.as_ref()) {
        Some(source) => Some(value(model, column, source)),
        None if column.auto.is_some() || column.version.is_some() => Some(zero(model, column)),
        None if is_option(ty) => Some(tokens!(<#ty as ::core::default::Default>::default())),
        None => None,
    }
}

/// The 0 of `auto` and `version`, which newtypes have as well.
fn zero(model: &Model, column: &Column) -> TokenStream {
    let (private, ty) = (model.private(), &column.ty);
    associated(ty, &tokens!(#private::Counter), &tokens!(ZERO))
}

/// The value of `default` or `on_update`.
pub(super) fn value(model: &Model, column: &Column, source: &Source) -> TokenStream {
    let (private, ty) = (model.private(), &column.ty);
    match &source.value {
        SourceValue::Now => {
            let from_ticks = associated(ty, &tokens!(#private::ClockTime), &tokens!(from_ticks));
            tokens!(#from_ticks(0))
        }
        SourceValue::Default => {
            let default = associated(ty, &tokens!(::core::default::Default), &tokens!(default));
            tokens!(#default())
        }
        SourceValue::Expression(expression) if column.is_opaque() || infers_from_target(expression) => {
            tokens!({ let value: #ty = #expression; value })
        }
        SourceValue::Expression(expression) => {
            let into = quote_spanned! {
                pointing_at(expression.span())=> <_ as #private::Literal<#ty>>::into_field
            };
            tokens!(#into(#expression))
        }
    }
}

/// Whether the expression takes its type from where it is put, so that no literal conversion may stand between:
/// `"x".into()`, `Default::default()`.
fn infers_from_target(expression: &TokenStream) -> bool {
    match syn::parse2(expression.clone()) {
        Ok(Expr::MethodCall(call)) => ["into", "collect"].iter().any(|name| call.method == name),
        Ok(Expr::Call(call)) => match &*call.func {
            Expr::Path(path) => path.path.segments.last().is_some_and(|s| s.ident == "default"),
            _ => false,
        },
        _ => false,
    }
}

pub(super) fn constructor(model: &Model) -> Option<TokenStream> {
    let (new, vis) = (model.constructor.as_ref()?, &model.vis);
    let (mut parameters, mut fields) = (Vec::new(), Vec::new());
    for column in &model.columns {
        let (field, ty) = (&column.field, &column.ty);
        // invisible to the expressions of the other fields
        let parameter = parameter(field);
        match default(model, column) {
            Some(default) => fields.push(tokens!(#field: #default)),
            None if type_name(ty).is_some_and(|name| name == "String") => {
                parameters.push(tokens!(#parameter: impl ::core::convert::Into<#ty>));
                fields.push(tokens!(#field: ::core::convert::Into::into(#parameter)));
            }
            None => {
                parameters.push(tokens!(#parameter: #ty));
                fields.push(tokens!(#field: #parameter));
            }
        }
    }
    let doc = format!("Makes a `{}` from the fields that have no default.", model.name);
    Some(tokens! {
        #[doc = #doc]
        #vis fn #new(#(#parameters),*) -> Self {
            Self { #(#fields),* }
        }
    })
}

fn parameter(field: &Ident) -> Ident {
    let mut parameter = field.clone();
    parameter.set_span(Span::mixed_site().located_at(field.span()));
    parameter
}
