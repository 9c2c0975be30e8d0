//! `#[derive(Model)]`.
//!
//! ```text
//!   parse ──► ast ──► check ──► expand ─┬─ constants     Item::NAME, Item::VENDOR, Vendor::ITEMS
//!                                       ├─ constructor   Item::new(..)
//!                                       ├─ meta          table()
//!                                       ├─ access        key, cell, field, gather, put, refill, unlike
//!                                       ├─ build         a row of `insert().set(..)`
//!                                       └─ stamp         keys, versions, times
//! ```

mod access;
mod ast;
mod build;
mod check;
mod constants;
mod constructor;
mod expand;
mod meta;
mod parse;
mod parse_field;
mod parse_relation;
mod stamp;
mod stub;

use crate::mistakes::Mistakes;
use proc_macro2::TokenStream;
use syn::DeriveInput;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut mistakes = Mistakes::default();
    let Some(model) = parse::model(input, &mut mistakes) else {
        return mistakes.into_tokens().unwrap_or_default();
    };
    check::model(&model, &mut mistakes);
    match mistakes.into_tokens() {
        None => expand::model(&model),
        Some(errors) => {
            let stub = stub::model(&model);
            crate::tokens::tokens! { #errors #stub }
        }
    }
}
