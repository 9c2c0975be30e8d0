//! `stamp`: what memorm writes into a row by itself.
use super::access::as_field;
use super::ast::{Column, Model, Source, SourceValue};
use super::constructor;
use crate::tokens::{pointing_at, tokens};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(super) fn stamp(model: &Model) -> TokenStream {
    let columns = model.columns.iter().map(|c| column(model, c));
    tokens! {
        let _ = (&old, &stamps);
        #(#columns)*
        ::core::result::Result::Ok(())
    }
}

fn column(model: &Model, column: &Column) -> TokenStream {
    let private = model.private();
    let Column { index, field, ty, .. } = column;
    let at = pointing_at(ty.span());
    let auto = column.auto.map(|_| {
        let assign = quote_spanned!(at=> #private::assign_auto(&mut self.#field, #index, stamps));
        tokens!(if ::core::option::Option::is_none(&old) { #assign?; })
    });
    let version = column.version.map(|_| {
        let bump = quote_spanned!(at=> #private::bump_version);
        tokens! {
            #bump(&mut self.#field, match old {
                ::core::option::Option::Some(old) => ::core::option::Option::Some(::core::clone::Clone::clone(&old.#field)),
                ::core::option::Option::None => ::core::option::Option::None,
            });
        }
    });
    // `on_update = now` fills new rows as well
    let is_now = |source: &Option<Source>| matches!(source, Some(Source { value: SourceValue::Now, .. }));
    let fill = (is_now(&column.default) || is_now(&column.on_update)).then(|| {
        let fill = quote_spanned!(at=> #private::fill_now(&mut self.#field, stamps));
        tokens!(if ::core::option::Option::is_none(&old) { #fill; })
    });
    let renew = column.on_update.as_ref().map(|source| renew(model, column, source));
    tokens!(#auto #version #fill #renew)
}

/// A new value for an updated row, unless the update itself has given one.
fn renew(model: &Model, column: &Column, source: &Source) -> TokenStream {
    let private = model.private();
    let (name, ty) = (&column.field, &column.ty);
    let renew = match &source.value {
        SourceValue::Now => {
            quote_spanned!(pointing_at(ty.span())=> #private::renew_now(&mut self.#name, &old.#name, stamps);)
        }
        _ => {
            let (value, field) = (constructor::value(model, column, source), as_field(model, column));
            let is_untouched = match column.is_opaque() {
                true => tokens!(true),
                false => {
                    tokens!(::core::cmp::PartialEq::eq(&#field::cell(&self.#name), &#field::cell(&old.#name)))
                }
            };
            tokens!(if #is_untouched { self.#name = #value; })
        }
    };
    tokens! {
        if let ::core::option::Option::Some(old) = old {
            let _ = &old;
            #renew
        }
    }
}
