//! Relations: from a row to its relatives, and conditions on them.
mod conditions;
mod declared;
mod models;
mod of;
