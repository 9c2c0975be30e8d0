//! memorm: typed objects in RAM with what a database gives.
extern crate self as memorm;

pub mod error;
#[allow(dead_code, unused_imports, reason = "run by the executor")]
pub(crate) mod eval;
pub mod expr;
pub mod model;
pub mod query;
pub mod value;

pub use error::{Error, Result};
