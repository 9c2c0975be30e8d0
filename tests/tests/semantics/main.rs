//! The rules of memorm, sentence by sentence: a module for each paragraph, a test for each rule, named for it.

mod clock;
mod composite_keys;
mod conflicts;
mod constraints;
mod deletes;
mod exclusive;
mod filter_errors;
mod keys;
mod models;
mod moved_places;
mod moved_rows;
mod nulls;
mod numbers;
mod order;
mod overflow;
mod own_writes;
mod savepoints;
mod sessions;
mod stale;
mod tables;
mod text;
mod time;
mod truths;
mod updates;
