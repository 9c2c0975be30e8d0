//! Expressions: what can be asked of a row.
//!
//! ```text
//!   Item::QTY * 2 > 6          Column ─► Expr ─► Filter        typed covers, checked by the compiler
//!                                │        │        │
//!                                ▼        ▼        ▼
//!                              Code: a flat list of steps      data: planned, explained, evaluated in batches
//! ```

mod code;
mod column;

pub use code::{Arithmetic, Code, Comparison, DatePart, Op, RowTest, Step, TextTest, ValueMap};
pub use column::Column;
