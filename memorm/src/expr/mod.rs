//! Expressions: what can be asked of a row.
//!
//! ```text
//!   Item::QTY * 2 > 6          Column ─► Expr ─► Filter        typed covers, checked by the compiler
//!                                │        │        │
//!                                ▼        ▼        ▼
//!                              Code: a flat list of steps      data: planned, explained, evaluated in batches
//! ```
//!
//! Must stay true: an expression runs nothing and knows no rows; everything but closures can be read by
//! [`Code::steps`]; building, printing and dropping are loops.
//! Not here: evaluation.

mod aggregate;
mod anywhere;
mod arithmetic;
mod case;
mod closure;
mod code;
mod column;
mod date;
mod expression;
mod filter;
pub(crate) mod infix;
#[cfg(feature = "json")]
mod json;
mod misplaced;
mod on;
mod op;
mod operand;
mod operators;
mod order;
mod over;
#[cfg(feature = "json")]
mod path;
mod project;
mod question;
mod related;
mod scope;
mod show;
mod sort_key;
mod truth;
mod tuples;
mod window;

pub(crate) use aggregate::ReadResults;
pub use aggregate::{
    Agg, Aggregate, AggregateTerm, Count, Function, OneAggregate, Terms, count, count_distinct, count_of,
};
pub use anywhere::{Anywhere, Exists};
pub use case::{Branch, Branches, CaseWithoutBranch, case};
pub(crate) use closure::TypedTest;
pub use code::{Code, RowTest, Step, ValueMap};
pub(crate) use code::{MAX_SLOTS, operands};
pub use column::Column;
pub use date::{Calendar, Clock, Moment};
pub use expression::Expr;
pub use filter::{Condition, Filter, Predicate};
#[cfg(feature = "json")]
pub use json::{Document, JsonLiteral};
pub use on::{Lift, Liftable, on, opt};
pub use op::{Arithmetic, Comparison, DatePart, Op, TextTest};
pub use operand::{Assign, BranchValue, Exact, Fallback, List, Nullable, NumberOperand, Operand};
pub use operators::Expression;
pub(crate) use order::Ties;
pub use order::{IntoOrder, Order, OrderTerm, Position};
pub use over::{
    OverWindow, Partition, Ranking, Shift, Window, WindowOrder, WindowValue, Windowed, dense_rank, lag, lead,
    partition_by, rank, row_number,
};
#[cfg(feature = "json")]
pub(crate) use path::{Hop, parse_path};
pub(crate) use project::ReadRow;
pub use project::{GroupKey, Item, Labelled, Parts, PerRow, Project, RowReader};
pub(crate) use question::MAX_DEPTH;
pub use question::{Purpose, Quantifier, Question, Related, Subquery};
pub use scope::{
    At, Beside, Has, HasOpt, Here, LEFT, Opt, Optional, Over, Push, RIGHT, ResultRows, Scope, Slot, Starts,
    Whole, Within,
};
pub use sort_key::SortKey;
pub use window::{WindowFunction, WindowTerm};

#[cfg(test)]
mod tests;
