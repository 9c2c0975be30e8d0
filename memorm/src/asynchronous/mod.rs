//! Async, for any runtime.
//!
//! ```text
//!   commit().await ──► a place in the queue, first come first served ──► the commit itself, which does not wait
//!   all(query).await ──► some batches ──► yield ──► some batches …
//! ```
//!
//! Reading and writing rows needs no waiting: an [`AsyncSession`] derefs to [`Session`](crate::Session). Only a turn to
//! commit is awaited, and long queries let others run. Nothing here starts a task or a timer.
//!
//! Must stay true: no lock is held across an `await` but the turn; a future that is dropped has published nothing.

mod database;
mod pause;
mod session;

pub use database::AsyncDatabase;
pub use session::AsyncSession;
