//! memorm beside other stores: equal work, equal answers, one process.
//!
//! ```text
//!   workload ── the same keys, rows and ticks ──► each peer ──► sample: CPU time, operations, answer
//!   measure  ── interleaved rounds, medians, answers compared
//!   report   ── a table with the bars, a JSON object a line, or (markdown) the table of the guide
//!   growth   ── whether an op grows with the table, and its curve
//! ```

pub mod dummies;
pub mod growth;
pub mod markdown;
pub mod measure;
pub mod memory;
pub mod op;
pub mod options;
pub mod peers;
pub mod readers;
pub mod report;
pub mod row;
pub mod seed;
pub mod workload;
