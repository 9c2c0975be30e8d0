//! Live results: equal to the query run again, whatever happens.
mod behaviour;
mod group_behaviour;
mod group_programs;
mod group_work;
mod memory;
mod models;
mod programs;
