//! The ways into a row: its key, one column, all columns, one column of many rows.
use super::ast::{Column, Model};
use crate::tokens::{pointing_at, tokens};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

/// `type Key` and `fn key`.
pub(super) fn key(model: &Model) -> (TokenStream, TokenStream) {
    let keys: Vec<_> = model.keys().collect();
    let types = keys.iter().map(|c| &c.ty);
    let values = keys.iter().map(|c| {
        let field = &c.field;
        tokens!(::core::clone::Clone::clone(&self.#field))
    });
    match keys.len() {
        1 => (tokens!(#(#types)*), tokens!(#(#values)*)),
        _ => (tokens!((#(#types),*)), tokens!((#(#values),*))),
    }
}

pub(super) fn cell(model: &Model) -> TokenStream {
    let private = model.private();
    let arms = plain_columns(model).map(|c| {
        let (index, name, field) = (c.index, &c.field, as_field(model, c));
        tokens!(#index => #field::cell(&self.#name),)
    });
    tokens! {
        match column {
            #(#arms)*
            _ => #private::Cell::Null,
        }
    }
}

pub(super) fn field(model: &Model) -> TokenStream {
    let arms = model.columns.iter().map(|c| {
        let (index, name) = (c.index, &c.field);
        tokens!(#index => &self.#name,)
    });
    tokens! {
        match column {
            #(#arms)*
            _ => &(),
        }
    }
}

/// One plain loop for each column: closures and iterator chains would be compiled anew for each of them.
pub(super) fn gather(model: &Model) -> TokenStream {
    let private = model.private();
    let arms = plain_columns(model).map(|c| {
        let (index, name, field) = (c.index, &c.field, as_field(model, c));
        tokens! {
            #index => {
                let lanes = <#field::Lane<'gathered> as #private::Lane<'gathered>>::extend(out, rows.len());
                for (lane, row) in ::core::iter::Iterator::zip(lanes, rows) {
                    *lane = #field::lane(&row.#name);
                }
                if #field::NULLABLE {
                    let present = out.extend_presence(rows.len());
                    for (present, row) in ::core::iter::Iterator::zip(present, rows) {
                        *present = #field::is_present(&row.#name);
                    }
                }
            }
        }
    });
    tokens! {
        match column {
            #(#arms)*
            _ => {}
        }
    }
}

pub(super) fn put(model: &Model) -> TokenStream {
    let arms = plain_columns(model).map(|c| {
        let (index, name, field) = (c.index, &c.field, as_field(model, c));
        tokens! {
            #index => match #field::from_value(value) {
                ::core::option::Option::Some(value) => {
                    self.#name = value;
                    true
                }
                ::core::option::Option::None => false,
            },
        }
    });
    tokens! {
        match column {
            #(#arms)*
            _ => false,
        }
    }
}

/// Field by field: `#[derive(Clone)]` has no `clone_from` of its own, and would allocate all of it again.
pub(super) fn refill(model: &Model) -> TokenStream {
    let fields = model.columns.iter().map(|c| &c.field);
    tokens!(#(::core::clone::Clone::clone_from(&mut self.#fields, &from.#fields);)*)
}

fn plain_columns(model: &Model) -> impl Iterator<Item = &Column> {
    model.columns.iter().filter(|c| !c.is_opaque())
}

/// `<T as Field>` at the field's type.
pub(super) fn as_field(model: &Model, column: &Column) -> TokenStream {
    let (private, ty) = (model.private(), &column.ty);
    quote_spanned!(pointing_at(ty.span())=> <#ty as #private::Field>)
}
