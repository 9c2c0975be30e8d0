//! Enums without fields: ordered by declaration, shown by name.
use crate::mistakes::Mistakes;
use crate::tokens::{plain_name, tokens};
use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{DataEnum, DeriveInput, Fields, Path};

pub(super) fn check(input: &DeriveInput, data: &DataEnum, mistakes: &mut Mistakes) {
    if data.variants.is_empty() {
        mistakes.at(input.ident.span(), "an enum without variants has no value that a column could hold");
    }
    for variant in data.variants.iter().filter(|v| !matches!(v.fields, Fields::Unit)) {
        let message = "a column enum has no fields; keep a richer one in a field marked `#[model(opaque)]`";
        mistakes.at(variant.fields.span(), message);
    }
}

pub(super) fn expand(krate: &Path, input: &DeriveInput, data: &DataEnum) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    let variants: Vec<_> = data.variants.iter().map(|v| &v.ident).collect();
    let ordinals: Vec<u32> = (0..).take(variants.len()).collect();
    let names: Vec<_> = variants.iter().map(|v| plain_name(v)).collect();
    let value = tokens!(#krate::__private::Value::Variant);
    tokens! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
        impl #impl_generics #krate::__private::Field for #name #arguments #bounds {
            type Base = Self;
            type Map<MappedTo: #krate::__private::Scalar> = MappedTo;
            type Lane<'lane> = #krate::__private::Value;
            const KIND: #krate::__private::Kind = #krate::__private::Kind::Variant;
            const BUILT_IN: ::core::primitive::bool = true;
            const VARIANTS: &'static [&'static ::core::primitive::str] = &[#(#names),*];
            fn lane(&self) -> Self::Lane<'_> {
                match self {
                    #(Self::#variants => #value { ordinal: #ordinals, name: #names },)*
                }
            }
            fn from_cell(cell: #krate::__private::Cell<'_>) -> ::core::option::Option<Self> {
                match cell {
                    #(#krate::__private::Cell::Other(#value { ordinal: #ordinals, .. }) => {
                        ::core::option::Option::Some(Self::#variants)
                    })*
                    _ => ::core::option::Option::None,
                }
            }
        }
        #[automatically_derived]
        impl #impl_generics #krate::__private::Scalar for #name #arguments #bounds {}
    }
}
