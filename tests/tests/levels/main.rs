//! Both isolation levels: which anomalies they let happen, what Serializable notes, and histories of racing threads.
mod hermitage;
mod history;
mod precedence;
mod racing;
mod reads;
mod registers;
mod turns;
mod vanishing;
