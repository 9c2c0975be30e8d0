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
/// ```text
/// #[derive(Model, Clone)]
/// #[model(table = "items", index(vendor_id, price), unique(vendor_id, sku), constructor = new)]
/// pub struct Item {
///     #[model(primary_key, auto)]         pub id: u64,        // Item::ID; 0 means "assign"
///     #[model(unique)]                    pub sku: String,    // Item::SKU
///     #[model(references(Vendor))]        pub vendor_id: u32, // Item::VENDOR_ID, Item::VENDOR, an index
///     #[model(default = 1.0)]             pub price: f64,     // Item::PRICE
/// }
/// ```
///
/// Each constant has the visibility of its field. A key's type must be as visible as the struct.
///
/// On the struct, in `#[model(..)]`:
///
/// | attribute | meaning |
/// |---|---|
/// | `table = "items"` | the table's name; without it the struct's in snake case |
/// | `index(a, b)`, `unique(a, b)` | over several columns; `unique(a, b, deferred)` is checked at commit |
/// | `constructor = new` | writes `Item::new(..)`, which takes the fields without a default, in order |
/// | `check = function` | `fn(&Item) -> Result<(), impl Display>`, run on every write |
/// | `references(Order, by = (order_id, line))` | a foreign key of several columns, in the order of the key's parts |
/// | `has_many(ITEMS: Item, by = VENDOR)` | the other end of `Item::VENDOR`; `has_one(..)` likewise |
/// | `has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG)` | across a link table |
/// | `crate = "path"` | where memorm is, when it is renamed or re-exported |
///
/// On a field:
///
/// | attribute | meaning |
/// |---|---|
/// | `primary_key` | up to four fields; several make a composite key |
/// | `auto` | memorm assigns the key where it is 0 |
/// | `index`, `unique`, `unique(deferred)` | over this column; deferred: checked at commit |
/// | `references(Vendor, name = OWNER, on_delete = cascade)` | a foreign key; `restrict` (the default), `cascade`, `set_null` |
/// | `default = expression`, `default` | for `insert` and the constructor; alone: `Default::default()` |
/// | `on_update = expression` | renewed by every update that does not set it |
/// | `default = now`, `on_update = now` | the database's clock |
/// | `version` | counts the row's updates |
/// | `opaque` | stored, not looked into: any `Clone + Send + Sync + 'static` type |
/// | `unhashed` | does not count for `state_hash` |
/// | `column = KIND` | the constant's name |
#[proc_macro_derive(Model, attributes(model))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    model::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a newtype or an enum without fields a column type.
///
/// A newtype is stored, compared and shown as what it wraps: `struct OrderId(u64);`, also with `PhantomData` beside it.
/// Around an integer it can be an `auto` key and a `version`; around a `String` it has the text operators and is found by
/// `&str`. Enums compare in the order of their declaration. `#[field(crate = "path")]` says where memorm is.
#[proc_macro_derive(Field, attributes(field))]
pub fn derive_field(input: TokenStream) -> TokenStream {
    field::derive(&parse_macro_input!(input as DeriveInput)).into()
}

/// Makes a struct from the tuples that `select((..))` gives: `From` the tuple of its fields, in order.
///
/// A struct of one field is made from the bare value as well.
#[proc_macro_derive(Projection, attributes(projection))]
pub fn derive_projection(input: TokenStream) -> TokenStream {
    projection::derive(&parse_macro_input!(input as DeriveInput)).into()
}
