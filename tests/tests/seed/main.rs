//! What the tests of the model project ask, asked of memorm, and what its users get there in every cell of the
//! comparison: same data, same expectations, but for what memorm does better.
//!
//! Statements are values, so the cases are mostly a statement and the keys of the rows that it finds; `models` holds
//! the rows and the one helper that runs them.

mod aggregates;
mod asynchronous;
mod basic;
mod comparison;
mod crud;
mod defaults;
mod engine;
mod expressions;
mod filters;
mod indexes;
mod keys;
mod models;
mod projections;
mod sessions;
mod statements;
mod writes;
