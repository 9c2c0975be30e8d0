//! The constants of a model: one for each column, one for each relation.
use super::ast::{Column, Model, Reference, Reverse, ReverseKind};
use crate::tokens::{associated, enclosed, plain_name, pointing_at, show, tokens, unfit};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Ident, Type};

pub(super) fn column(model: &Model, column: &Column) -> TokenStream {
    let private = model.private();
    let Column { index, field, name, constant, docs, vis, ty, .. } = column;
    let doc = format!("Column `{name}` of table `{}`.", model.table);
    // the documentation of the field follows as a paragraph of its own
    let gap = (!docs.is_empty()).then(|| tokens!(#[doc = ""]));
    let value = match column.is_opaque() {
        true => tokens!(#private::Column::<Self, #ty>::opaque(#index, #name, |row| &row.#field)),
        false => {
            let unfit = unfit(ty, &tokens!(#private::Field), &tokens!(from_cell));
            let column_type = enclosed(ty, tokens!(#private::Column));
            let new = enclosed(ty, tokens!(#column_type::new));
            let get = enclosed(ty, tokens!(|row| { &row.#field }));
            tokens!({
                #unfit
                #new(#index, #name, #get)
            })
        }
    };
    tokens! {
        #[doc = #doc]
        #gap
        #(#docs)*
        #vis const #constant: #private::Column<Self, #ty> = #value;
    }
}

pub(super) fn reference(model: &Model, reference: &Reference) -> TokenStream {
    let private = model.private();
    let Reference { constant, target, columns, vis, .. } = reference;
    let names: Vec<_> = columns.iter().map(|c| format!("`{}`", model.column(*c).name)).collect();
    let doc = format!("The `{}` that {} refers to.", show(target.to_token_stream()), names.join(", "));
    let name = plain_name(constant);
    let fits = fits(model, reference);
    tokens! {
        #[doc = #doc]
        #vis const #constant: #private::BelongsTo<Self, #target> =
            #private::BelongsTo::new(#name, &[#(#columns),*], |row| { #fits });
    }
}

/// Compiles where the columns of a row can hold the key; what cannot is underlined at its field.
fn fits(model: &Model, reference: &Reference) -> TokenStream {
    let (private, target) = (model.private(), &reference.target);
    let key = associated(target, &tokens!(#private::Model), &tokens!(Key));
    let count = reference.columns.len();
    let parts = ["A", "B", "C", "D"].map(|part| Ident::new(part, Span::mixed_site()));
    let columns = reference.columns.iter().map(|index| model.column(*index));
    let checks = columns.zip(&parts).map(|(Column { field, ty, .. }, part)| {
        let key = match count {
            1 => key.clone(),
            _ => enclosed(target, tokens!(<#key as #private::KeyParts<#count>>::#part)),
        };
        let foreign_key = associated(ty, &tokens!(#private::ForeignKey<#key>), &tokens!(foreign_key));
        tokens!(let _ = #foreign_key(&row.#field);)
    });
    tokens!(#(#checks)*)
}

pub(super) fn reverse(model: &Model, reverse: &Reverse) -> TokenStream {
    let private = model.private();
    let Reverse { constant, target, by, kind } = reverse;
    let (vis, name, shown) = (&model.vis, plain_name(constant), show(target.to_token_stream()));
    // what leads somewhere else is underlined at its name
    let back = |from: &Type, by: &Ident, to: TokenStream| {
        let relation = quote_spanned!(pointing_at(by.span())=> <#from>::#by);
        tokens!({
            let relation: #private::BelongsTo<#from, #to> = #relation;
            relation
        })
    };
    let (doc, ty, relations) = match kind {
        ReverseKind::Many => {
            let doc = format!("The rows of `{shown}` that refer to this one.");
            (doc, tokens!(HasMany), back(target, by, tokens!(Self)))
        }
        ReverseKind::One => {
            let doc = format!("The row of `{shown}` that refers to this one.");
            (doc, tokens!(HasOne), back(target, by, tokens!(Self)))
        }
        ReverseKind::Through { link, to } => {
            let (here, there) = (back(link, by, tokens!(Self)), back(link, to, tokens!(#target)));
            let doc = format!("The rows of `{shown}` linked by `{}`.", show(link.to_token_stream()));
            (doc, tokens!(ManyToMany), tokens!(#here, #there))
        }
    };
    tokens! {
        #[doc = #doc]
        #vis const #constant: #private::#ty<Self, #target> =
            #private::#ty::new(#name, #relations);
    }
}
