//! Shared pieces of the test programs under `tests/`.

mod dump;
mod panics;
mod random;
mod stack;

pub use dump::{Dump, dump};
pub use panics::panics;
pub use random::Random;
pub use stack::on_small_stack;
