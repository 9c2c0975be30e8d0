//! The documented surface, as a user types it: each call compiles and does what is said of it.
#![allow(clippy::type_complexity, reason = "the documented shape of each result is spelt out")]
mod models;
mod sessions;
mod several_tables;
mod statements;
mod versions;
