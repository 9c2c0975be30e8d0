//! A version is a value: differences, checkpoints, history, merges, hashes.
mod checkpoints;
mod diff;
mod hash;
mod history;
mod merge;
mod merge_edges;
mod merge_oracle;
mod models;
mod overtaken;
mod whole_rows;
