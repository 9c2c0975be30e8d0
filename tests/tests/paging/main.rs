//! `after`: pages of a statement put together are the statement, and a page starts behind any row.
mod behaviour;
mod by_name;
mod models;
mod oracle;
mod projections;
mod reach;
mod sql;
