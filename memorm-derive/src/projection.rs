//! `#[derive(Projection)]`: `From` the tuple of the struct's fields, in order.
use crate::attributes::{crate_path, each_entry};
use crate::mistakes::{Mistakes, unknown};
use crate::tokens::tokens;
use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Index, Member, Type};

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    each_entry(&input.attrs, "projection", &mut mistakes, |name, input, _| match name.to_string().as_str() {
        // nothing of memorm is named; accepted so that all derives can be written alike
        "crate" => crate_path(name, input).map(drop),
        _ => Err(unknown("attribute", name, &["crate"])),
    });
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        _ => &Fields::Unit,
    };
    if fields.is_empty() {
        mistakes.at(input.ident.span(), "a projection is a struct with one field for each selected value");
    }
    let conversions = (!fields.is_empty()).then(|| expand(input, fields));
    let errors = mistakes.into_tokens();
    tokens! { #errors #conversions }
}

fn expand(input: &DeriveInput, fields: &Fields) -> TokenStream {
    let name = &input.ident;
    let (impl_generics, arguments, bounds) = input.generics.split_for_impl();
    let members: Vec<Member> = fields.members().collect();
    let types: Vec<&Type> = fields.iter().map(|f| &f.ty).collect();
    let positions = (0..members.len()).map(Index::from);
    // a single column is selected without a tuple around it
    let alone = (members.len() == 1).then(|| {
        tokens! {
            #[automatically_derived]
            impl #impl_generics ::core::convert::From<#(#types)*> for #name #arguments #bounds {
                fn from(row: #(#types)*) -> Self {
                    Self { #(#members: row)* }
                }
            }
        }
    });
    tokens! {
        #[automatically_derived]
        impl #impl_generics ::core::convert::From<(#(#types,)*)> for #name #arguments #bounds {
            fn from(row: (#(#types,)*)) -> Self {
                Self { #(#members: row.#positions),* }
            }
        }
        #alone
    }
}
