//! Relations: from a row to its relatives.
mod declared;
mod models;
mod of;
