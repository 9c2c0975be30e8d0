//! The rules of memorm, sentence by sentence: a module for each paragraph, a test for each rule, named for it.
#![allow(clippy::eq_op, reason = "a column is divided by itself to have an error where it is 0")]

mod clock;
mod composite_keys;
mod conflicts;
mod constraints;
mod deletes;
mod filter_errors;
mod keys;
mod models;
mod nulls;
mod numbers;
mod order;
mod overflow;
mod savepoints;
mod sessions;
mod stale;
mod tables;
mod text;
mod time;
mod updates;
