//! Looking in: the schema, dumps, figures, limits.
mod background;
mod dump;
mod figures;
mod limits;
mod models;
mod schema;
mod tracing;
