//! `after`: pages of a statement put together are the statement, and a page starts behind any row.
mod behaviour;
mod models;
mod oracle;
mod reach;
mod sql;
