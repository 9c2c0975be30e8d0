//! `Val`: a value, and the one order of values, written from the rules and not from the library.
use super::translate::{Side, Typed, value};
use super::{Arg, Subject};
use memorm::prelude::{Column, Expression, Value};
use memorm::query::{Insert, Update};
use std::cmp::Ordering;

/// A value of a row or of a program.
#[derive(Clone)]
pub enum Val {
    Null,
    Bool(bool),
    /// An `i8`.
    Small(i8),
    Int(i64),
    Float(f64),
    Txt(String),
}

/// The type of a column, without `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Small,
    Int,
    Float,
    Text,
}

/// Prints as the Rust that makes the value; `NaN` and `inf` are constants of `replay`.
impl std::fmt::Debug for Val {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("Null"),
            Self::Bool(b) => write!(f, "Bool({b})"),
            Self::Small(i) => write!(f, "Small({i})"),
            Self::Int(i) => write!(f, "Int({i})"),
            Self::Float(x) => write!(f, "Float({x:?})"),
            Self::Txt(s) => write!(f, "Text({s:?})"),
        }
    }
}

/// Text, as a value prints it.
#[allow(non_snake_case, reason = "prints and reads alike")]
pub fn Text(text: &str) -> Val {
    Val::Txt(text.to_owned())
}

/// The order of two values that are both there. NaN equals itself and is greatest; the zeros are equal; text by bytes;
/// `false < true`.
pub fn order(a: &Val, b: &Val) -> Ordering {
    match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => a.cmp(b),
        (Val::Small(a), Val::Small(b)) => a.cmp(b),
        (Val::Int(a), Val::Int(b)) => a.cmp(b),
        (Val::Float(a), Val::Float(b)) if a.is_nan() || b.is_nan() => a.is_nan().cmp(&b.is_nan()),
        (Val::Float(a), Val::Float(b)) if a < b => Ordering::Less,
        (Val::Float(a), Val::Float(b)) if a > b => Ordering::Greater,
        (Val::Float(_), Val::Float(_)) => Ordering::Equal,
        (Val::Txt(a), Val::Txt(b)) => a.bytes().cmp(b.bytes()),
        (a, b) => panic!("ill-typed program: {a:?} against {b:?}"),
    }
}

/// Equality of `distinct` and set operations: two `None` are equal.
pub fn same(a: &Val, b: &Val) -> bool {
    match (a.is_null(), b.is_null()) {
        (false, false) => order(a, b).is_eq(),
        (a, b) => a && b,
    }
}

/// `same`, part by part.
pub fn same_all(a: &[Val], b: &[Val]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

/// Equality of unique constraints and keys: `None` equals nothing.
pub fn clashes(a: &[Val], b: &[Val]) -> bool {
    a.iter().chain(b).all(|part| !part.is_null()) && same_all(a, b)
}

impl Val {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// Exactly the same value, down to the sign of a zero: what a dump is compared by.
impl PartialEq for Val {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Small(a), Self::Small(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits(),
            (Self::Txt(a), Self::Txt(b)) => a == b,
            _ => false,
        }
    }
}

/// A Rust type that stands in a column of the tests.
pub trait Cellular: Clone + Sized + 'static {
    const KIND: Kind;
    const NULLABLE: bool = false;
    fn to_val(&self) -> Val;
    fn from_val(val: &Val) -> Self;
    /// `update().set(column, to)`. A plain column takes the kind's zero for `None`.
    fn set<M: Subject>(update: Update<M>, column: Column<M, Self>, to: &Arg) -> Update<M>;
    /// `insert().set(column, to)`.
    fn give<M: Subject>(insert: Insert<M>, column: Column<M, Self>, to: &Val) -> Insert<M>;
}

macro_rules! cellular { ($($t:ty: $kind:ident $variant:ident;)*) => { $(
    impl Cellular for $t {
        const KIND: Kind = Kind::$kind;
        fn to_val(&self) -> Val {
            Val::$variant(self.clone())
        }
        fn from_val(val: &Val) -> Self {
            match val {
                Val::$variant(v) => v.clone(),
                other => panic!("ill-typed program: {other:?} is no {}", stringify!($t)),
            }
        }
        fn set<M: Subject>(update: Update<M>, column: Column<M, Self>, to: &Arg) -> Update<M> {
            let zero: Self = Cellular::from_val(&super::interpret::zero(Kind::$kind));
            match to {
                Arg::Lit(Val::Null) => update.set(column, zero),
                Arg::Lit(val) => update.set(column, Self::from_val(val)),
                Arg::Of(exp) => match value::<M>(exp) {
                    Typed::$kind(Side::Plain(plain)) => update.set(column, plain),
                    Typed::$kind(Side::Maybe(maybe)) => update.set(column, maybe.coalesce(zero)),
                    _ => panic!("ill-typed program: a value of another type is set"),
                },
            }
        }
        fn give<M: Subject>(insert: Insert<M>, column: Column<M, Self>, to: &Val) -> Insert<M> {
            insert.set(column, Self::from_val(to))
        }
    }
    impl Cellular for Option<$t> {
        const KIND: Kind = Kind::$kind;
        const NULLABLE: bool = true;
        fn to_val(&self) -> Val {
            self.as_ref().map_or(Val::Null, Cellular::to_val)
        }
        fn from_val(val: &Val) -> Self {
            (!val.is_null()).then(|| Cellular::from_val(val))
        }
        fn set<M: Subject>(update: Update<M>, column: Column<M, Self>, to: &Arg) -> Update<M> {
            match to {
                Arg::Lit(val) => update.set(column, Self::from_val(val)),
                Arg::Of(exp) => match value::<M>(exp) {
                    Typed::$kind(Side::Plain(plain)) => update.set(column, plain),
                    Typed::$kind(Side::Maybe(maybe)) => update.set(column, maybe),
                    _ => panic!("ill-typed program: a value of another type is set"),
                },
            }
        }
        fn give<M: Subject>(insert: Insert<M>, column: Column<M, Self>, to: &Val) -> Insert<M> {
            insert.set(column, Self::from_val(to))
        }
    }
)* } }
cellular! { bool: Bool Bool; i8: Small Small; i64: Int Int; f64: Float Float; String: Text Txt; }

/// The kind of a typed column, and whether it is nullable.
pub fn kind_of<M, T: Cellular>(_: Column<M, T>) -> (Kind, bool) {
    (T::KIND, T::NULLABLE)
}

/// A value that memorm handed out without its type, as one of `kind`.
pub fn from_dynamic(kind: Kind, value: &Value) -> Val {
    match (kind, value) {
        (_, Value::Null) => Val::Null,
        (Kind::Bool, Value::Bool(b)) => Val::Bool(*b),
        (Kind::Small, Value::Int(i)) => Val::Small(i8::try_from(*i).expect("an i8 column holds an i8")),
        (Kind::Int, Value::Int(i)) => Val::Int(*i),
        (Kind::Float, Value::Float(f)) => Val::Float(*f),
        (Kind::Text, Value::Text(s)) => Val::Txt(s.to_string()),
        (kind, other) => panic!("a column of kind {kind:?} handed out {other:?}"),
    }
}
