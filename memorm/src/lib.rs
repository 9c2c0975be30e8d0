//! memorm: typed objects in RAM with what a database gives.
extern crate self as memorm;

pub mod error;
pub mod expr;
#[doc(hidden)]
pub mod index;
pub mod model;
pub mod query;
pub mod value;

pub use error::{Error, Result};
