//! `Model` → its constants and `impl Mapped`.
use super::ast::Model;
use super::{access, build, constants, constructor, meta, stamp};
use crate::tokens::{pointing_at, tokens};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(super) fn model(model: &Model) -> TokenStream {
    let columns = model.columns.iter().map(|c| constants::column(model, c));
    let references = model.references.iter().map(|r| constants::reference(model, r));
    let reverses = model.reverses.iter().map(|r| constants::reverse(model, r));
    let inherent = inherent(model, &tokens!(#(#columns)* #(#references)* #(#reverses)*));
    let implementation = implementation(model);
    tokens!(#inherent #implementation)
}

/// The `impl` block of the constants and the constructor.
pub(super) fn inherent(model: &Model, constants: &TokenStream) -> TokenStream {
    let name = &model.name;
    let (impl_generics, arguments, bounds) = model.generics.split_for_impl();
    let constructor = constructor::constructor(model);
    tokens! {
        #[allow(
            dead_code, deprecated, non_upper_case_globals, private_interfaces, unreachable_pub,
            unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery
        )]
        impl #impl_generics #name #arguments #bounds {
            #constants
            #constructor
        }
    }
}

fn implementation(model: &Model) -> TokenStream {
    let (name, private) = (&model.name, model.private());
    let (impl_generics, arguments, bounds) = model.generics.split_for_impl();
    let table = meta::table(model);
    let key_item = access::key_item(model);
    let key_columns = model.keys().map(|c| c.index);
    let watched = model.watched();
    let (cell, field) = (access::cell(model), access::field(model));
    let (gather, put, refill) = (access::gather(model), access::put(model), access::refill(model));
    let (build, stamp) = (build::build(model), stamp::stamp(model));
    let (check, unlike, opaque) = (check(model), access::unlike(model), access::opaque(model));
    tokens! {
        #[automatically_derived]
        #[allow(
            deprecated, unreachable_code, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery
        )]
        impl #impl_generics #private::Mapped for #name #arguments #bounds {
            #key_item
            const KEY: &'static [::core::primitive::u16] = &[#(#key_columns),*];
            const WATCHED: &'static [::core::primitive::u16] = &[#(#watched),*];
            fn meta() -> &'static #private::TableMeta {
                #table
            }
            fn cell(&self, column: ::core::primitive::u16) -> #private::Cell<'_> {
                #cell
            }
            fn field(
                &self,
                column: ::core::primitive::u16,
            ) -> &(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync) {
                #field
            }
            fn gather<'gathered>(
                rows: &[&'gathered Self],
                column: ::core::primitive::u16,
                out: &mut #private::Vector<'gathered>,
            ) {
                #gather
            }
            fn put(
                &mut self,
                column: ::core::primitive::u16,
                value: &#private::Value,
            ) -> ::core::primitive::bool {
                #put
            }
            fn refill(&mut self, from: &Self) {
                #refill
            }
            fn unlike(&self, other: &Self, found: &mut dyn ::core::ops::FnMut(::core::primitive::u16)) {
                #unlike
            }
            fn build(row: &mut #private::NewRow) -> ::core::result::Result<Self, #private::Error> {
                #build
            }
            fn stamp(
                &mut self,
                old: ::core::option::Option<&Self>,
                stamps: &mut #private::Stamps<'_>,
            ) -> ::core::result::Result<(), #private::Error> {
                #stamp
            }
            #opaque
            #check
        }
    }
}

fn check(model: &Model) -> Option<TokenStream> {
    let (function, private) = (model.check.as_ref()?, model.private());
    let call = quote_spanned!(pointing_at(function.span())=> #private::Check::message(#function(self)));
    Some(tokens! {
        fn check(&self) -> ::core::result::Result<(), ::std::string::String> {
            #call
        }
    })
}
