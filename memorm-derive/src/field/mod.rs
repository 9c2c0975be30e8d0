//! `#[derive(Field)]`: newtypes and enums without fields as column types.
mod enumeration;
mod newtype;

use crate::attributes::{crate_path, each_entry, only_once};
use crate::mistakes::{Mistakes, unknown};
use crate::tokens::tokens;
use proc_macro2::TokenStream;
use syn::{Attribute, Data, DeriveInput, Path};

const EXPECTED: &str = "a column type is a newtype such as `struct OrderId(u64);` or an enum without fields";

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let krate = attributes(input, &mut mistakes);
    if let Some(lifetime) = input.generics.lifetimes().next() {
        mistakes.at(
            lifetime.lifetime.span(),
            "a column type owns its data: replace borrowed parts by owned ones",
        );
    }
    let body = match &input.data {
        Data::Struct(data) => {
            newtype::parse(input, data, &mut mistakes).map(|n| newtype::expand(&krate, input, &n))
        }
        Data::Enum(data) => {
            enumeration::check(input, data, &mut mistakes);
            Some(enumeration::expand(&krate, input, data))
        }
        Data::Union(_) => {
            mistakes.at(input.ident.span(), EXPECTED);
            None
        }
    };
    match (mistakes.into_tokens(), body) {
        (None, Some(body)) => body,
        (errors, _) => {
            let stub = stub(&krate, input);
            tokens! { #errors #stub }
        }
    }
}

fn attributes(input: &DeriveInput, mistakes: &mut Mistakes) -> Path {
    let mut krate = None;
    each_entry(&input.attrs, "field", mistakes, |name, input, _| match name.to_string().as_str() {
        "crate" => {
            only_once(krate.is_some(), name)?;
            krate = Some(crate_path(name, input)?);
            Ok(())
        }
        _ => Err(unknown("attribute", name, &["crate"])),
    });
    for attributes in inner_attributes(input) {
        each_entry(attributes, "field", mistakes, |name, _, _| {
            Err(syn::Error::new(name.span(), "`#[field(..)]` belongs on the type"))
        });
    }
    krate.unwrap_or_else(|| syn::parse_quote!(::memorm))
}

fn inner_attributes(input: &DeriveInput) -> Vec<&[Attribute]> {
    match &input.data {
        Data::Struct(data) => data.fields.iter().map(|f| f.attrs.as_slice()).collect(),
        Data::Enum(data) => data.variants.iter().map(|v| v.attrs.as_slice()).collect(),
        Data::Union(_) => Vec::new(),
    }
}

/// What keeps the rest of a program quiet when the type is wrong.
fn stub(krate: &Path, input: &DeriveInput) -> Option<TokenStream> {
    if input.generics.lifetimes().next().is_some() {
        return None;
    }
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    Some(tokens! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::Field for #name #arguments #bounds {
            type Base = Self;
            type Map<MappedTo: #krate::__private::Scalar> = MappedTo;
            type Lane<'lane> = #krate::__private::Value;
            const KIND: #krate::__private::Kind = #krate::__private::Kind::Opaque;
            fn lane(&self) -> Self::Lane<'_> {
                ::core::unreachable!()
            }
            fn from_cell(_: #krate::__private::Cell<'_>) -> ::core::option::Option<Self> {
                ::core::option::Option::None
            }
        }
        #[automatically_derived]
        impl #impl_generics #krate::__private::Scalar for #name #arguments #bounds {}
    })
}
