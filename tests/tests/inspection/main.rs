//! Looking in: the schema, dumps, figures, limits.
mod background;
mod dump;
mod figures;
mod models;
mod schema;
