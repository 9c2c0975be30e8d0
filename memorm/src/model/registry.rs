//! The tables of generic models: a static inside a generic function is shared by all its types, so these are
//! kept by type.
use super::{Model, TableMeta};
use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

type Tables = RwLock<HashMap<TypeId, &'static TableMeta>>;

static TABLES: OnceLock<Tables> = OnceLock::new();

/// The table of the generic model `M`, made by `make` at first use and named `name<T>`. Called by generated code.
#[doc(hidden)]
pub fn generic_table<M: Model>(make: fn() -> TableMeta) -> &'static TableMeta {
    let tables = TABLES.get_or_init(Tables::default);
    let known = tables.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<M>()).copied();
    known.unwrap_or_else(|| {
        let arguments = short_arguments(std::any::type_name::<M>());
        let mut table = make();
        // arguments that are the parameters' defaults are not named
        if !arguments.is_empty() {
            table.name = Box::leak(format!("{}<{arguments}>", table.name).into_boxed_str());
            table.rust_name = Box::leak(format!("{}<{arguments}>", table.rust_name).into_boxed_str());
        }
        tables
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(TypeId::of::<M>())
            .or_insert_with(|| Box::leak(Box::new(table)))
    })
}

/// `app::Boxed<alloc::string::String, u8>` → `String, u8`.
fn short_arguments(type_name: &str) -> String {
    let inside = type_name.split_once('<').map_or("", |(_, rest)| rest.strip_suffix('>').unwrap_or(rest));
    let mut out = String::new();
    let mut word = String::new();
    for c in inside.chars() {
        match c {
            ':' => word.clear(),
            c if c.is_alphanumeric() || c == '_' => word.push(c),
            c => {
                out.push_str(&word);
                word.clear();
                out.push(c);
            }
        }
    }
    out + &word
}

#[cfg(test)]
mod tests {
    use super::short_arguments;

    #[test]
    fn paths_are_dropped_from_type_arguments() {
        assert_eq!(short_arguments("app::Boxed<alloc::string::String, u8>"), "String, u8");
        assert_eq!(short_arguments("app::B<core::option::Option<a::b::C>>"), "Option<C>");
        assert_eq!(short_arguments("app::Plain"), "");
    }
}
