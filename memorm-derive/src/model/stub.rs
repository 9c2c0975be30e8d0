//! What keeps the rest of a program quiet when the attributes are wrong.
use super::ast::{Model, Reference};
use super::{access, constants, expand};
use crate::tokens::{plain_name, tokens};
use proc_macro2::TokenStream;
use syn::Ident;

pub(super) fn model(model: &Model) -> TokenStream {
    let mut seen: Vec<&Ident> = Vec::new();
    let mut is_new = |constant| {
        let is_new = !seen.contains(&constant);
        seen.push(constant);
        is_new
    };
    let columns: Vec<_> = model.columns.iter().filter(|c| is_new(&c.constant)).collect();
    let references: Vec<_> = model.references.iter().filter(|r| is_new(&r.constant)).collect();
    let reverses: Vec<_> = model.reverses.iter().filter(|r| is_new(&r.constant)).collect();
    let columns = columns.into_iter().map(|c| constants::column(model, c));
    let references = references.into_iter().map(|r| reference(model, r));
    let reverses = reverses.into_iter().map(|r| constants::reverse(model, r));
    let inherent = expand::inherent(model, &tokens!(#(#columns)* #(#references)* #(#reverses)*));
    let implementation = implementation(model);
    tokens!(#inherent #implementation)
}

/// A relation whose columns may not fit.
fn reference(model: &Model, reference: &Reference) -> TokenStream {
    let private = model.private();
    let Reference { constant, target, vis, .. } = reference;
    let name = plain_name(constant);
    tokens! {
        #vis const #constant: #private::BelongsTo<Self, #target> =
            #private::BelongsTo::new(#name, &[], |_| {});
    }
}

fn implementation(model: &Model) -> TokenStream {
    let (name, private) = (&model.name, model.private());
    let (impl_generics, arguments, bounds) = model.generics.split_for_impl();
    let is_key = matches!(model.keys().count(), 1..=4) && model.keys().all(|c| !c.is_opaque());
    let key_item = if is_key {
        access::key_item(model)
    } else {
        tokens!(
            type PrimaryKey = ::core::primitive::u64;
        )
    };
    tokens! {
        #[automatically_derived]
        impl #impl_generics #private::Mapped for #name #arguments #bounds {
            #key_item
            const KEY: &'static [::core::primitive::u16] = &[];
            const WATCHED: &'static [::core::primitive::u16] = &[];
            fn meta() -> &'static #private::TableMeta {
                ::core::unreachable!()
            }
            fn cell(&self, _: ::core::primitive::u16) -> #private::Cell<'_> {
                ::core::unreachable!()
            }
            fn field(
                &self,
                _: ::core::primitive::u16,
            ) -> &(dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync) {
                ::core::unreachable!()
            }
            fn gather<'gathered>(
                _: &[&'gathered Self],
                _: ::core::primitive::u16,
                _: &mut #private::Vector<'gathered>,
            ) {
            }
            fn put(&mut self, _: ::core::primitive::u16, _: &#private::Value) -> ::core::primitive::bool {
                false
            }
            fn refill(&mut self, _: &Self) {}
            fn unlike(&self, _: &Self, _: &mut dyn ::core::ops::FnMut(::core::primitive::u16)) {}
            fn build(_: &mut #private::NewRow) -> ::core::result::Result<Self, #private::Error> {
                ::core::unreachable!()
            }
            fn stamp(
                &mut self,
                _: ::core::option::Option<&Self>,
                _: &mut #private::Stamps<'_>,
            ) -> ::core::result::Result<(), #private::Error> {
                ::core::result::Result::Ok(())
            }
        }
    }
}
