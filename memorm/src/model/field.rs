//! `Field`: a type that may stand in a column.
use crate::value::{Cell, Kind, Lane, Value};

/// A column type: it can be compared, sorted, indexed, hashed and turned into a [`Value`].
///
/// Implemented for integers, floats, `bool`, `char`, `String`, `Arc<str>`, `Vec<u8>`, `Option` of each, and by
/// cargo features for the types of jiff, chrono, time, uuid, ulid, rust_decimal, smol_str and serde_json. Your own
/// newtypes and fieldless enums: `#[derive(Field)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column type",
    label = "cannot be compared, sorted or indexed",
    note = "a newtype or a fieldless enum: `#[derive(Field)]`; any other type: mark the field `#[model(opaque)]`, use closures (`filter_with(|row| ..)`) and sort the result in Rust"
)]
pub trait Field: Clone + Send + Sync + 'static {
    /// The type without its `Option`.
    type Base: Scalar;
    /// `U`, or `Option<U>` where this type is an `Option`: the type of `length`, `date` ….
    type Map<U: Scalar>: Field;
    /// What a batch of this type is made of: `i64`, `f64`, `&str` …, or [`Value`] for all that has no kernel.
    #[doc(hidden)]
    type Lane<'a>: Lane<'a>;
    /// What a column of this type holds.
    const KIND: Kind;
    /// Whether this type is an `Option`.
    const NULLABLE: bool = false;
    /// The names of an enum's variants, in the order of their declaration.
    #[doc(hidden)]
    const VARIANTS: &'static [&'static str] = &[];
    /// Whether reading a field runs memorm's code alone. Commits in place need it.
    #[doc(hidden)]
    const BUILT_IN: bool = false;

    /// This field in a batch; anything where it is `None`.
    #[doc(hidden)]
    fn lane(&self) -> Self::Lane<'_>;
    /// Whether there is a value.
    #[doc(hidden)]
    fn is_present(&self) -> bool {
        true
    }
    /// The field from its dynamic form; `None` where the type does not hold such a value.
    #[doc(hidden)]
    fn from_cell(cell: Cell<'_>) -> Option<Self>;

    /// This field, borrowed.
    #[doc(hidden)]
    #[inline]
    fn cell(&self) -> Cell<'_> {
        if Self::NULLABLE && !self.is_present() { Cell::Null } else { self.lane().cell() }
    }
    /// Whether two fields have the same value, by the total order of [`Value`].
    #[doc(hidden)]
    #[inline]
    fn is_same(&self, other: &Self) -> bool {
        // what is equal mostly is so at once; NaN is not, and equal all the same
        self.is_present() == other.is_present()
            && (self.lane() == other.lane() || self.cell() == other.cell())
    }
    /// Returns this field in its dynamic form. Allocates for text and bytes.
    fn to_value(&self) -> Value {
        self.cell().to_value()
    }
    /// Makes the field from its dynamic form; `None` where the type cannot hold the value.
    fn from_value(value: &Value) -> Option<Self> {
        Self::from_cell(value.cell())
    }
}

/// A [`Field`] that is not an `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a plain column type",
    label = "an `Option` does not fit here"
)]
pub trait Scalar: Field<Base = Self> {}

#[diagnostic::do_not_recommend]
impl<T: Scalar> Field for Option<T> {
    type Base = T;
    type Map<U: Scalar> = Option<U>;
    type Lane<'a> = T::Lane<'a>;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const VARIANTS: &'static [&'static str] = T::VARIANTS;
    const BUILT_IN: bool = T::BUILT_IN;

    #[inline]
    fn lane(&self) -> T::Lane<'_> {
        self.as_ref().map(T::lane).unwrap_or_default()
    }
    #[inline]
    fn is_present(&self) -> bool {
        self.is_some()
    }
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// Writes `Field`, `Scalar` and `Value::from` for a type: its kind; its lane, from a reference; itself, from a cell.
macro_rules! fields { ($($t:ty: $kind:ident, $lane:ty, $v:ident => $to:expr, $($pat:pat => $from:expr),+;)*) => { $(
    #[diagnostic::do_not_recommend] // the list of column types would hide the advice
    impl $crate::model::Field for $t {
        type Base = Self;
        type Map<U: $crate::model::Scalar> = U;
        type Lane<'a> = $lane;
        const KIND: $crate::value::Kind = $crate::value::Kind::$kind;
        const BUILT_IN: bool = true;
        #[inline]
        fn lane(&self) -> Self::Lane<'_> {
            let $v = self;
            $to
        }
        fn from_cell(cell: $crate::value::Cell<'_>) -> Option<Self> {
            match cell {
                $($pat => $from,)+
                _ => None,
            }
        }
    }
    #[diagnostic::do_not_recommend]
    impl $crate::model::Scalar for $t {}
    impl From<$t> for $crate::value::Value {
        fn from(value: $t) -> Self {
            $crate::model::Field::to_value(&value)
        }
    }
)* } }
pub(crate) use fields;
