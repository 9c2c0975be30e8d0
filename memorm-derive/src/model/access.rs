//! The ways into a row: its key, one column, all columns, one column of many rows.
use super::ast::{Column, Model};
use crate::tokens::{associated, enclosed, tokens};
use proc_macro2::{Span, TokenStream};
use syn::Ident;

/// The key's type: a field's, or a tuple.
pub(super) fn key_type(model: &Model) -> TokenStream {
    let types: Vec<_> = model.keys().map(|c| &c.ty).collect();
    match &types[..] {
        [one] => tokens!(#one),
        _ => tokens!((#(#types),*)),
    }
}

/// `type PrimaryKey`. A type that is less visible than the model is underlined in the struct.
///
/// The type of one field is named by way of `Field`: of what is no column nobody says that it is no key, too. Only with
/// type parameters as it is, since nothing says of those that they are their own base.
pub(super) fn key_item(model: &Model) -> TokenStream {
    let keys: Vec<_> = model.keys().collect();
    let key_type = match keys[..] {
        [key] if model.generics.params.is_empty() => as_field(model, key, "Base"),
        _ => key_type(model),
    };
    let item = tokens!(type PrimaryKey = #key_type;);
    match keys.first() {
        Some(first) => enclosed(&first.ty, item),
        None => item,
    }
}

pub(super) fn cell(model: &Model) -> TokenStream {
    let private = model.private();
    let arms = plain_columns(model).map(|c| {
        let (index, name) = (c.index, &c.field);
        let cell = call(model, c, "cell", &tokens!(&self.#name));
        tokens!(#index => #cell,)
    });
    tokens! {
        match column {
            #(#arms)*
            _ => #private::Cell::Null,
        }
    }
}

pub(super) fn field(model: &Model) -> TokenStream {
    let arms = model.columns.iter().map(|c| {
        let (index, name) = (c.index, &c.field);
        tokens!(#index => &self.#name,)
    });
    tokens! {
        match column {
            #(#arms)*
            _ => &(),
        }
    }
}

/// One plain loop for each column: closures and iterator chains would be compiled anew for each of them.
pub(super) fn gather(model: &Model) -> TokenStream {
    let private = model.private();
    let arms = plain_columns(model).map(|c| {
        let (index, name) = (c.index, &c.field);
        let (lane, nullable) = (call(model, c, "lane", &tokens!(&row.#name)), as_field(model, c, "NULLABLE"));
        let is_present = call(model, c, "is_present", &tokens!(&row.#name));
        tokens! {
            #index => {
                let lanes = #private::Lane::extend(out, rows.len());
                for (lane, row) in ::core::iter::Iterator::zip(lanes, rows) {
                    *lane = #lane;
                }
                if #nullable {
                    let present = out.extend_presence(rows.len());
                    for (present, row) in ::core::iter::Iterator::zip(present, rows) {
                        *present = #is_present;
                    }
                }
            }
        }
    });
    tokens! {
        match column {
            #(#arms)*
            _ => {}
        }
    }
}

pub(super) fn put(model: &Model) -> TokenStream {
    let arms = plain_columns(model).map(|c| {
        let (index, name) = (c.index, &c.field);
        let from_value = call(model, c, "from_value", &tokens!(value));
        tokens! {
            #index => match #from_value {
                ::core::option::Option::Some(value) => {
                    self.#name = value;
                    true
                }
                ::core::option::Option::None => false,
            },
        }
    });
    tokens! {
        match column {
            #(#arms)*
            _ => false,
        }
    }
}

/// Field by field: `#[derive(Clone)]` has no `clone_from` of its own, and would allocate all of it again.
pub(super) fn refill(model: &Model) -> TokenStream {
    let fields = model.columns.iter().map(|c| &c.field);
    tokens!(#(::core::clone::Clone::clone_from(&mut self.#fields, &from.#fields);)*)
}

/// Column by column, each with its type.
pub(super) fn unlike(model: &Model) -> TokenStream {
    let private = model.private();
    let compared = model.columns.iter().map(|c| {
        let (index, name) = (c.index, &c.field);
        let is_same = match c.is_opaque() {
            // the one that compares where the type can, else the one that says no
            true => tokens!((&#private::Compared(&self.#name)).is_same(&#private::Compared(&other.#name))),
            false => call(model, c, "is_same", &tokens!(&self.#name, &other.#name)),
        };
        tokens!(if !#is_same { found(#index); })
    });
    let traits = model.columns.iter().any(Column::is_opaque).then(|| {
        tokens! {
            #[allow(unused_imports, reason = "which of the two is used depends on the types")]
            use #private::{CannotCompare as _, CanCompare as _};
        }
    });
    tokens!(#traits #(#compared)*)
}

/// The body of `copy_opaque`; `None` for a model without opaque columns.
pub(super) fn opaque(model: &Model) -> Option<TokenStream> {
    let opaque = || model.columns.iter().filter(|c| c.is_opaque());
    opaque().next()?;
    let copied = opaque().map(|c| {
        let (index, name) = (c.index, &c.field);
        tokens!(#index => self.#name = ::core::clone::Clone::clone(&from.#name),)
    });
    Some(tokens! {
        fn copy_opaque(&mut self, from: &Self, column: ::core::primitive::u16) {
            match column {
                #(#copied)*
                _ => {}
            }
        }
    })
}

fn plain_columns(model: &Model) -> impl Iterator<Item = &Column> {
    model.columns.iter().filter(|c| !c.is_opaque())
}

/// `<T as Field>::item`, for the field's type.
pub(super) fn as_field(model: &Model, column: &Column, item: &str) -> TokenStream {
    let (private, item) = (model.private(), Ident::new(item, Span::mixed_site()));
    associated(&column.ty, &tokens!(#private::Field), &tokens!(#item))
}

/// `<T as Field>::item(argument)`, for the field's type.
pub(super) fn call(model: &Model, column: &Column, item: &str, argument: &TokenStream) -> TokenStream {
    let function = as_field(model, column, item);
    enclosed(&column.ty, tokens!(#function(#argument)))
}
