//! Live results: equal to the query run again, whatever happens.
mod behaviour;
mod group_programs;
mod models;
mod programs;
