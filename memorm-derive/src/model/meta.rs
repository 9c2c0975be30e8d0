//! `table()`: the model's description as static data.
use super::access::as_field;
use super::ast::{Column, Model, OnDelete, Reference};
use crate::tokens::{associated, plain_name, show, tokens, without_self};
use proc_macro2::TokenStream;
use quote::ToTokens;

pub(super) fn table(model: &Model) -> TokenStream {
    let private = model.private();
    let (table, rust_name) = (&model.table, plain_name(&model.name));
    let columns = model.columns.iter().map(|c| column(model, c));
    let keys = model.keys().map(|c| c.index);
    let indexes = model.indexes.iter().map(|index| {
        let (columns, unique, deferred) = (&index.columns, index.is_unique, index.is_deferred);
        tokens! {
            #private::IndexMeta { columns: &[#(#columns),*], is_unique: #unique, is_deferred: #deferred }
        }
    });
    let relations = model.references.iter().map(|r| relation(model, r));
    let (columns, indexes, relations) =
        (tokens!(&[#(#columns),*]), tokens!(&[#(#indexes),*]), tokens!(&[#(#relations),*]));
    let keys = tokens!(&[#(#keys),*]);
    let watched = model.watched();
    let watched = tokens!(&[#(#watched),*]);
    let checked = model.check.is_some().then(|| tokens!(.checked()));
    if model.is_generic() {
        // a static here would be shared by all types
        return tokens! {
            #private::generic_table::<Self>(|| #private::TableMeta::new(
                #table, #rust_name, const { #columns }, const { #keys }, const { #indexes }, const { #relations },
                const { #watched },
            ) #checked)
        };
    }
    let (columns, relations) = (without_self(columns, &model.name), without_self(relations, &model.name));
    tokens! {
        static TABLE: #private::TableMeta = #private::TableMeta::new(
            #table, #rust_name, #columns, #keys, #indexes, #relations, #watched,
        ).with_present_key() #checked;
        &TABLE
    }
}

fn column(model: &Model, column: &Column) -> TokenStream {
    let private = model.private();
    let Column { name, ty, .. } = column;
    let rust_type = show(ty.to_token_stream());
    let field = |item| as_field(model, column, item);
    let (kind, variants, is_nullable, is_built_in) = match column.is_opaque() {
        true => (tokens!(#private::Kind::Opaque), tokens!(&[]), tokens!(false), tokens!(false)),
        false => (field("KIND"), field("VARIANTS"), field("NULLABLE"), field("BUILT_IN")),
    };
    let (is_primary_key, is_auto) = (column.primary_key.is_some(), column.auto.is_some());
    let (is_version, is_on_update) = (column.version.is_some(), column.on_update.is_some());
    let is_hashed = !(is_version || is_on_update || column.is_opaque() || column.unhashed.is_some());
    tokens! {
        #private::ColumnMeta {
            name: #name,
            rust_type: #rust_type,
            kind: #kind,
            variants: #variants,
            is_nullable: #is_nullable,
            is_primary_key: #is_primary_key,
            is_auto: #is_auto,
            is_version: #is_version,
            is_on_update: #is_on_update,
            is_hashed: #is_hashed,
            is_built_in: #is_built_in,
        }
    }
}

fn relation(model: &Model, reference: &Reference) -> TokenStream {
    let private = model.private();
    let Reference { constant, target, columns, .. } = reference;
    let name = plain_name(constant);
    let on_delete = match reference.on_delete {
        OnDelete::Restrict => tokens!(Restrict),
        OnDelete::Cascade => tokens!(Cascade),
        OnDelete::SetNull => tokens!(SetNull),
    };
    let table = associated(target, &tokens!(#private::Model), &tokens!(table));
    tokens! {
        #private::RelationMeta {
            name: #name,
            columns: &[#(#columns),*],
            target: #table,
            on_delete: #private::OnDelete::#on_delete,
        }
    }
}
