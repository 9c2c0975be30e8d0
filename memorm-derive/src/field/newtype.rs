//! Newtypes: a column holds what they wrap.
use super::EXPECTED;
use crate::mistakes::Mistakes;
use crate::tokens::{associated, enclosed, is_option, tokens, type_name};
use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{DataStruct, DeriveInput, Member, Path, Type};

/// A struct of one field; `PhantomData` beside it marks typed keys, as in `struct Id<T>(u64, PhantomData<T>);`.
pub(super) struct Newtype<'a> {
    member: Member,
    inner: &'a Type,
    markers: Vec<Member>,
}

pub(super) fn parse<'a>(
    input: &DeriveInput,
    data: &'a DataStruct,
    mistakes: &mut Mistakes,
) -> Option<Newtype<'a>> {
    let is_marker = |ty| type_name(ty).is_some_and(|name| name == "PhantomData");
    let (markers, values): (Vec<_>, Vec<_>) =
        data.fields.members().zip(&data.fields).partition(|(_, field)| is_marker(&field.ty));
    let [(member, field)] = &values[..] else {
        let at = values.get(1).map_or(input.ident.span(), |(_, second)| second.ty.span());
        mistakes.at(at, EXPECTED);
        return None;
    };
    if is_option(&field.ty) {
        mistakes.at(field.ty.span(), "wrap the inner type and make the column an `Option` of the newtype");
    }
    let markers = markers.into_iter().map(|(member, _)| member).collect();
    Some(Newtype { member: member.clone(), inner: &field.ty, markers })
}

pub(super) fn expand(krate: &Path, input: &DeriveInput, newtype: &Newtype<'_>) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    let (inner, member) = (newtype.inner, &newtype.member);
    let field = |item| associated(inner, &tokens!(#krate::__private::Field), &item);
    let (lane_type, returned_lane) = (field(tokens!(Lane<'lane>)), field(tokens!(Lane<'_>)));
    let (kind, nullable, built_in) =
        (field(tokens!(KIND)), field(tokens!(NULLABLE)), field(tokens!(BUILT_IN)));
    let variants = field(tokens!(VARIANTS));
    let call = |function: TokenStream, argument| {
        let function = field(function);
        enclosed(inner, tokens!(#function(#argument)))
    };
    let lane = call(tokens!(lane), tokens!(&self.#member));
    // the whole function: a return type that does not fit is reported where the function stands
    let lane = enclosed(inner, tokens!(fn lane(&self) -> #returned_lane { #lane }));
    let from_cell = call(tokens!(from_cell), tokens!(cell));
    let wrapped = wrap(newtype);
    let more = more(krate, input, newtype);
    tokens! {
        #[automatically_derived]
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
        impl #impl_generics #krate::__private::Field for #name #arguments #bounds {
            type Base = Self;
            type Map<MappedTo: #krate::__private::Scalar> = MappedTo;
            type Lane<'lane> = #lane_type;
            const KIND: #krate::__private::Kind = #kind;
            const NULLABLE: ::core::primitive::bool = {
                ::core::assert!(!#nullable, "a newtype around an `Option` cannot be a column type");
                false
            };
            const BUILT_IN: ::core::primitive::bool = #built_in;
            const VARIANTS: &'static [&'static ::core::primitive::str] = #variants;
            #lane
            fn from_cell(cell: #krate::__private::Cell<'_>) -> ::core::option::Option<Self> {
                match #from_cell {
                    ::core::option::Option::Some(inner) => ::core::option::Option::Some(#wrapped),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }
        }
        #[automatically_derived]
        impl #impl_generics #krate::__private::Scalar for #name #arguments #bounds {}
        #more
    }
}

fn wrap(newtype: &Newtype<'_>) -> TokenStream {
    let (member, markers) = (&newtype.member, &newtype.markers);
    tokens!(Self { #member: inner, #(#markers: ::core::marker::PhantomData),* })
}

/// What newtypes of integers and text can do besides. Told by name: a derive does not see types.
fn more(krate: &Path, input: &DeriveInput, newtype: &Newtype<'_>) -> Option<TokenStream> {
    match type_name(newtype.inner)?.to_string().as_str() {
        "i32" | "i64" | "i128" | "u32" | "u64" => {
            let (counter, clock) = (counter(krate, input, newtype), clock(krate, input, newtype));
            Some(tokens!(#counter #clock))
        }
        "i8" | "i16" | "isize" | "u8" | "u16" | "u128" | "usize" => Some(counter(krate, input, newtype)),
        "String" => Some(text(krate, input)),
        _ => None,
    }
}

/// Keys that memorm assigns.
fn counter(krate: &Path, input: &DeriveInput, newtype: &Newtype<'_>) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    let (inner, member, wrapped) = (newtype.inner, &newtype.member, wrap(newtype));
    let counter = tokens!(<#inner as #krate::__private::Counter>);
    tokens! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::Counter for #name #arguments #bounds {
            const ZERO: Self = {
                let inner = #counter::ZERO;
                #wrapped
            };
            fn from_u64(number: ::core::primitive::u64) -> ::core::option::Option<Self> {
                match #counter::from_u64(number) {
                    ::core::option::Option::Some(inner) => ::core::option::Option::Some(#wrapped),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }
            fn to_u64(&self) -> ::core::option::Option<::core::primitive::u64> {
                #counter::to_u64(&self.#member)
            }
        }
    }
}

/// Ticks of a simulated clock.
fn clock(krate: &Path, input: &DeriveInput, newtype: &Newtype<'_>) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    let (inner, member, wrapped) = (newtype.inner, &newtype.member, wrap(newtype));
    let clock = tokens!(<#inner as #krate::__private::ClockTime>);
    tokens! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::ClockTime for #name #arguments #bounds {
            fn to_ticks(&self) -> ::core::primitive::i128 {
                #clock::to_ticks(&self.#member)
            }
            fn from_ticks(ticks: ::core::primitive::i128) -> Self {
                let inner = #clock::from_ticks(ticks);
                #wrapped
            }
        }
    }
}

/// Text operators, and keys that are looked up by `&str`.
fn text(krate: &Path, input: &DeriveInput) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    tokens! {
        #[automatically_derived]
        impl #impl_generics #krate::__private::Text for #name #arguments #bounds {}
        #[automatically_derived]
        impl #impl_generics #krate::__private::KeyRef<#name #arguments> for &::core::primitive::str #bounds {
            fn part(&self, _: ::core::primitive::usize) -> #krate::__private::Cell<'_> {
                #krate::__private::Cell::Text(self)
            }
        }
    }
}
