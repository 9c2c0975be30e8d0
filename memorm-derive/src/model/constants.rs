//! The constants of a model: one for each column, one for each relation.
use super::ast::{Column, Model, Reference, Reverse, ReverseKind};
use crate::tokens::{plain_name, pointing_at, show, tokens};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

pub(super) fn column(model: &Model, column: &Column) -> TokenStream {
    let private = model.private();
    let Column { index, field, name, constant, docs, vis, ty, .. } = column;
    let doc = format!("Column `{name}` of table `{}`.", model.table);
    // the documentation of the field follows as a paragraph of its own
    let gap = (!docs.is_empty()).then(|| tokens!(#[doc = ""]));
    let new = if column.is_opaque() { tokens!(opaque) } else { tokens!(new) };
    // a type that does not fit is underlined in the struct
    let column_type = quote_spanned!(pointing_at(ty.span())=> #private::Column);
    tokens! {
        #[doc = #doc]
        #gap
        #(#docs)*
        #vis const #constant: #private::Column<Self, #ty> = #column_type::#new(#index, #name, |row| &row.#field);
    }
}

pub(super) fn reference(model: &Model, reference: &Reference) -> TokenStream {
    let private = model.private();
    let Reference { constant, target, columns, vis, .. } = reference;
    let names: Vec<_> = columns.iter().map(|c| format!("`{}`", model.column(*c).name)).collect();
    let doc = format!("The `{}` that {} refers to.", show(target.to_token_stream()), names.join(", "));
    let name = plain_name(constant);
    let key = key_of(model, reference);
    tokens! {
        #[doc = #doc]
        #vis const #constant: #private::BelongsTo<Self, #target> =
            #private::BelongsTo::new(#name, &[#(#columns),*], #key);
    }
}

/// How a row's foreign key is read; what does not fit the key that it refers to is underlined at the field.
fn key_of(model: &Model, reference: &Reference) -> TokenStream {
    let private = model.private();
    let target = &reference.target;
    let part = |index: &u16| {
        let Column { field, ty, .. } = model.column(*index);
        quote_spanned!(pointing_at(ty.span())=> #private::ForeignKey::foreign_key(&row.#field))
    };
    if let [index] = &reference.columns[..] {
        let Column { field, ty, .. } = model.column(*index);
        let key = tokens!(<#target as #private::Model>::Key);
        let read = quote_spanned! {
            pointing_at(ty.span())=> <#ty as #private::ForeignKey<#key>>::foreign_key(&row.#field)
        };
        return tokens!(|row| ::core::option::Option::<&_>::cloned(#read));
    }
    let parts = reference.columns.iter().map(part);
    tokens! {
        |row| ::core::option::Option::Some((#(::core::clone::Clone::clone(#parts?)),*))
    }
}

pub(super) fn reverse(model: &Model, reverse: &Reverse) -> TokenStream {
    let private = model.private();
    let Reverse { constant, target, by, kind } = reverse;
    let (vis, name, shown) = (&model.vis, plain_name(constant), show(target.to_token_stream()));
    // the relation that leads back, underlined as a whole when it does not
    let back = |ty: &dyn ToTokens, by: &Ident| quote_spanned!(pointing_at(by.span())=> <#ty>::#by);
    let (doc, ty, value) = match kind {
        ReverseKind::Many => {
            let back = back(target, by);
            let doc = format!("The rows of `{shown}` that refer to this one.");
            (doc, tokens!(HasMany), tokens!(HasMany::new(#name, #back)))
        }
        ReverseKind::One => {
            let back = back(target, by);
            let doc = format!("The row of `{shown}` that refers to this one.");
            (doc, tokens!(HasOne), tokens!(HasOne::new(#name, #back)))
        }
        ReverseKind::Through { link, to } => {
            let (back, to) = (back(link, by), back(link, to));
            let doc = format!("The rows of `{shown}` linked by `{}`.", show(link.to_token_stream()));
            (doc, tokens!(ManyToMany), tokens!(ManyToMany::new(#name, #back, #to)))
        }
    };
    tokens! {
        #[doc = #doc]
        #vis const #constant: #private::#ty<Self, #target> = #private::#value;
    }
}
