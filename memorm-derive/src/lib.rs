//! Derive macros of memorm.
