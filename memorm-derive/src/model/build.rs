//! `build`: a row of the values that `insert().set(..)` gave.
use super::ast::Model;
use super::constructor;
use crate::tokens::{tokens, unfit};
use proc_macro2::TokenStream;

pub(super) fn build(model: &Model) -> TokenStream {
    let private = model.private();
    let fields = model.columns.iter().map(|c| {
        let (index, field, ty) = (c.index, &c.field, &c.ty);
        let value = match (c.is_opaque(), constructor::default(model, c)) {
            (true, Some(default)) => default,
            (true, None) => tokens!(return ::core::result::Result::Err(row.missing(#index))),
            (false, default) => {
                let default = match default {
                    Some(default) => tokens!(::core::option::Option::Some(|| #default)),
                    None => tokens!(::core::option::Option::None),
                };
                let unfit = unfit(ty, &tokens!(#private::Field), &tokens!(from_cell));
                tokens!({
                    #unfit
                    row.take::<#ty>(#index, #default)?
                })
            }
        };
        tokens!(#field: #value)
    });
    tokens! {
        let _ = &row;
        ::core::result::Result::Ok(Self { #(#fields),* })
    }
}
