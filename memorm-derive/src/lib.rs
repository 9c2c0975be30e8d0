//! `#[derive(Model)]`, `#[derive(Field)]`, `#[derive(Projection)]` of memorm.
//!
//! ```text
//!   tokens ──► parse ──► check ──► expand        no mistakes: one file for each generated thing
//!                │         │
//!                └─ mistakes ─► compile errors + stub
//! ```
//!
//! All mistakes of a type are reported at once, each at the smallest token; a stub is written even then, so that one
//! mistake does not cause fifty.
//!
//! Must stay true: generated code names nothing but `<crate>::__private::..`, `::core`, `::std` and what the user
//! wrote; its local names are invisible to the user's expressions.
//! Not here: what needs types. The compiler checks those on the generated code, at the user's tokens.

mod attributes;
mod field;
mod mistakes;
mod model;
mod projection;
mod tokens;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a table: implements `Model` and writes one constant for each column and relation.
///
/// `memorm::Model` documents the attributes.
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or an enum without fields a column type.
#[proc_macro_derive(Field, attributes(field))]
pub fn derive_field(input: TokenStream) -> TokenStream {
    field::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct from the tuples that `select((..))` gives: `From` the tuple of its fields, in order.
#[proc_macro_derive(Projection, attributes(projection))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    projection::derive(&parse_macro_input!(input as DeriveInput)).into()
}
