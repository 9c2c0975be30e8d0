//! Joins: rows of several tables, side by side.
mod conditions;
mod models;
mod naive;
mod order;
mod plans;
mod relations;
mod self_joins;
mod terminals;
mod writes;
