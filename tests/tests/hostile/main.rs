//! User code that panics, lies or comes back: never a panic of ours, a loop or a deadlock, and afterwards the database
//! is old or new and the next commit works.

mod closures;
mod direct;
mod drops;
mod fuse;
mod lies;
mod models;
mod panics;
mod reentrant;
