//! Values that are equal and look different: `0.0` and `-0.0`, the decimals 1 and 1.00, NaN of different bits.
use crate::value::{Cell, Value};

/// Whether all values that are equal to this one look like it.
pub(super) fn has_one_look(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Float(_) => false,
        #[cfg(feature = "rust_decimal")]
        Cell::Other(Value::Decimal(_)) => false,
        #[cfg(feature = "json")]
        Cell::Other(Value::Json(_)) => false,
        Cell::Other(Value::Float(_)) => false,
        _ => true,
    }
}

/// Whether the values are equal and look alike. Documents never do: finding out would cost more than it saves.
pub(super) fn is_same(a: &Cell<'_>, b: &Cell<'_>) -> bool {
    match (a, b) {
        (Cell::Float(a), Cell::Float(b)) => a.to_bits() == b.to_bits(),
        #[cfg(feature = "rust_decimal")]
        (Cell::Other(Value::Decimal(a)), Cell::Other(Value::Decimal(b))) => a.serialize() == b.serialize(),
        _ => has_one_look(a) && a == b,
    }
}
