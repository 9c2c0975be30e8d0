//! Live results: equal to the query run again, whatever happens.
mod behaviour;
mod models;
mod programs;
