//! The guide: how memorm is used, chapter by chapter.
//!
//! | chapter | answers |
//! |---|---|
//! | [`quick_start`] | what does a first program look like? |
//! | [`models`] | what can a struct say about its table? |
//! | [`sessions`] | how do units of work, savepoints, transactions, conflicts and async go? |
//! | [`statements`] | how are rows found, computed, changed? |
//! | [`relations`] | how are related rows followed, loaded and asked about? Subqueries |
//! | [`queries`] | how is each clause spelt here, in SQLAlchemy, diesel, SQL? |
//! | [`isolation`] | what do concurrent sessions keep each other from, at which level? |
//! | [`versions`] | how are states compared, named, undone, merged, hashed? |
//! | [`feeds`] | how does a program learn of commits, refuse them, keep results current? |
//! | [`inspection`] | what is in there? Diagrams, dumps, figures |
//! | [`rules`] | what exactly happens with order, `None`, numbers, text, keys, constraints? |
//! | [`errors`] | what went wrong? |
//! | [`porting`] | how is it called here? For users of SQLAlchemy, hash maps, SQLite |
//! | [`design`] | how does it work, and when is it the wrong tool? |
//! | [`performance`] | what costs what? |
//! | [`limitations`] | what does it not do? |
//!
//! Every example runs as a test.

pub mod quick_start {
    #![doc = include_str!("quick_start.md")]
}

pub mod models {
    #![doc = include_str!("models.md")]
}

pub mod sessions {
    #![doc = include_str!("sessions.md")]
}

pub mod statements {
    #![doc = include_str!("statements.md")]
}

pub mod relations {
    #![doc = include_str!("relations.md")]
}

pub mod queries {
    #![doc = include_str!("queries.md")]
}

pub mod isolation {
    #![doc = include_str!("isolation.md")]
}

pub mod versions {
    #![doc = include_str!("versions.md")]
}

pub mod feeds {
    #![doc = include_str!("feeds.md")]
}

pub mod inspection {
    #![doc = include_str!("inspection.md")]
}

pub mod rules {
    #![doc = include_str!("rules.md")]
}

pub mod errors {
    #![doc = include_str!("errors.md")]
}

pub mod porting {
    #![doc = include_str!("porting.md")]
}

pub mod design {
    #![doc = include_str!("design.md")]
}

pub mod performance {
    #![doc = include_str!("performance.md")]
    #![doc = include_str!("growth.svg")]
}

pub mod limitations {
    #![doc = include_str!("limitations.md")]
}
