//! Shared pieces of the test programs under `tests/`.
