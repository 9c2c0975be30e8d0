//! One table with an index on everything, and the same table without any.
use crate::language::subject::subject;
use memorm::prelude::*;

/// Writes a model and how the language speaks of it.
macro_rules! table { ($(#[$outer:meta])* $M:ident { $($(#[$inner:meta])* $field:ident $column:ident: $t:ty,)+ }) => {
    #[derive(Model, Clone, Debug)]
    $(#[$outer])*
    pub struct $M { $($(#[$inner])* $field: $t,)+ }
    subject! { $M { $($field: $column),+ } |key| i64::from_val(&key[0]) }
} }

use crate::language::value::Cellular;

table! {
    #[model(table = "full", index(a, x), index(s, b, c), unique(c, u), index(t, g))]
    Indexed {
        #[model(primary_key)] id ID: i64,
        #[model(index)] a A: i64,
        #[model(index)] b B: Option<i64>,
        #[model(index)] c C: i8,
        #[model(index)] x X: f64,
        #[model(index)] y Y: Option<f64>,
        #[model(index)] s S: String,
        #[model(index)] t T: Option<String>,
        #[model(index)] f F: bool,
        #[model(index)] g G: Option<bool>,
        #[model(unique)] u U: i64,
        #[model(unique, deferred)] w W: Option<i64>,
    }
}

table! {
    #[model(table = "bare")]
    Bare {
        #[model(primary_key)] id ID: i64,
        a A: i64,
        b B: Option<i64>,
        c C: i8,
        x X: f64,
        y Y: Option<f64>,
        s S: String,
        t T: Option<String>,
        f F: bool,
        g G: Option<bool>,
        u U: i64,
        w W: Option<i64>,
    }
}
