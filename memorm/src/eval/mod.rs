//! Evaluation: expressions over batches of rows.
//!
//! ```text
//!   dyn Batch ──gather──► Vector (i64, f64, &str …) ──kernels──► Truth    filters
//!                                                            └─► Vector   projections, sort keys, new values
//!                                                                  └────► Accumulator ─► Value
//! ```
//!
//! Compiled once for all models: a batch is asked for columns, and only the code that the derive writes knows the
//! struct. A column is gathered once for each batch, however often an expression names it.
//!
//! Must stay true: an error of a row is a fault of its lane, never a panic and never the end of the batch, because
//! `false & fault` is false; nothing here recurses over an expression.
//! Not here: where rows live, which rows are looked at, and what becomes of a fault.

mod aggregate;
mod arithmetic;
mod batch;
mod case;
mod compare;
mod date;
mod evaluator;
mod group;
#[cfg(feature = "json")]
mod json;
mod lanes;
mod later;
mod list;
mod pattern;
mod sort;
mod text;
mod truth;
mod window;

pub(crate) use aggregate::Accumulator;
pub(crate) use batch::Batch;
pub(crate) use evaluator::{Evaluator, evaluate, truth};
pub(crate) use group::{Groups, States};
pub(crate) use sort::sort_lanes;
pub(crate) use window::WindowRows;

#[cfg(test)]
mod tests;
