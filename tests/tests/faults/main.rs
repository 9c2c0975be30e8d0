//! A fault at every step of every kind of work: afterwards the database is old or new, and all goes on.
//!
//! ```text
//!   for n in 0..:  fresh database ── work, whose nth fault point panics ──► checks
//!                  until the work comes by fewer points
//! ```
mod cases;
mod models;
mod points;
mod walk;
mod ways;
