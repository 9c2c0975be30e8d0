//! Looking in: results as text.

#[cfg(feature = "table")]
mod print;

#[cfg(feature = "table")]
pub(crate) use print::print_table;
