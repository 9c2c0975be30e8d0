//! `Subject`: a model that the language can speak about.
use super::value::{Cellular, Kind, Val};
use memorm::prelude::{Arc, Column, Field, Model, Session};
use std::fmt::Debug;

/// What the language knows of a column.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    pub name: &'static str,
    pub kind: Kind,
    pub nullable: bool,
}

/// A model whose columns can be named by their place. `subject!` writes it.
pub trait Subject: Model + Debug {
    fn infos() -> Vec<Info>;
    /// Shows a column with its type.
    fn visit<V: Visitor<Self>>(column: u8, visitor: V) -> V::Out;
    fn to_vals(&self) -> Vec<Val>;
    fn from_vals(vals: &[Val]) -> Self;
    fn get(session: &Session, key: &[Val]) -> Option<Arc<Self>>;
    fn get_one(session: &Session, key: &[Val]) -> memorm::Result<Arc<Self>>;
    fn peek<'s>(session: &'s Session, key: &[Val]) -> Option<&'s Self>;
    fn update(
        session: &mut Session,
        key: &[Val],
        change: impl FnOnce(&mut Self) -> memorm::Result<()>,
    ) -> memorm::Result<Arc<Self>>;
    fn delete_by_key(session: &mut Session, key: &[Val]) -> memorm::Result<bool>;
}

/// Something to be done with a column of any type.
pub trait Visitor<M> {
    type Out;
    fn visit<T: Field + Cellular>(self, column: Column<M, T>) -> Self::Out;
}

/// Writes [`Subject`]: the fields with their constants, in order; and the key, made of its parts.
macro_rules! subject { ($M:ident { $($field:ident: $column:ident),+ $(,)? } |$key:ident| $make:expr) => {
    impl $crate::language::Subject for $M {
        fn infos() -> Vec<$crate::language::Info> {
            vec![$({
                let (kind, nullable) = $crate::language::value::kind_of(Self::$column);
                $crate::language::Info { name: Self::$column.name(), kind, nullable }
            }),+]
        }
        fn visit<V: $crate::language::subject::Visitor<Self>>(column: u8, visitor: V) -> V::Out {
            let mut places = 0..;
            $(if places.next() == Some(column) {
                return visitor.visit(Self::$column);
            })+
            panic!("the program names column {column} of {}", stringify!($M))
        }
        fn to_vals(&self) -> Vec<$crate::language::Val> {
            vec![$($crate::language::value::Cellular::to_val(&self.$field)),+]
        }
        fn from_vals(vals: &[$crate::language::Val]) -> Self {
            let mut vals = vals.iter();
            Self { $($field: $crate::language::value::Cellular::from_val(
                vals.next().expect("the program gives every column")
            )),+ }
        }
        fn get(session: &memorm::Session, $key: &[$crate::language::Val]) -> Option<std::sync::Arc<Self>> {
            session.get::<Self>($make)
        }
        fn get_one(session: &memorm::Session, $key: &[$crate::language::Val]) -> memorm::Result<std::sync::Arc<Self>> {
            session.get_one::<Self>($make)
        }
        fn peek<'s>(session: &'s memorm::Session, $key: &[$crate::language::Val]) -> Option<&'s Self> {
            session.peek::<Self>($make)
        }
        fn update(
            session: &mut memorm::Session,
            $key: &[$crate::language::Val],
            change: impl FnOnce(&mut Self) -> memorm::Result<()>,
        ) -> memorm::Result<std::sync::Arc<Self>> {
            session.update::<Self>($make, change)
        }
        fn delete_by_key(session: &mut memorm::Session, $key: &[$crate::language::Val]) -> memorm::Result<bool> {
            session.delete_by_key::<Self>($make)
        }
    }
} }
pub(crate) use subject;
