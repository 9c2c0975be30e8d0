//! Feeds of commits, and hooks that may refuse one.
mod hooks;
mod models;
mod order;
mod reading;
mod stream;
mod told;
