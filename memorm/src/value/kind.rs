//! `Kind`: what a column holds.

/// What a column holds: its Rust type without `Option`, newtypes seen through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "each variant is named after the Rust type it stands for")]
pub enum Kind {
    Bool,
    I8,
    I16,
    I32,
    I64,
    I128,
    Isize,
    U8,
    U16,
    U32,
    U64,
    U128,
    Usize,
    F32,
    F64,
    Decimal,
    Char,
    Text,
    Bytes,
    /// A fieldless enum.
    Variant,
    /// A moment: nanoseconds since the epoch, in UTC.
    Timestamp,
    /// A date with a time of day, without a zone.
    DateTime,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    Uuid,
    Ulid,
    Json,
    /// A type that memorm stores and does not look into.
    Opaque,
}

impl Kind {
    /// The smallest and largest value of an integer kind; `None` for every other kind.
    pub(crate) fn integer_range(self) -> Option<(i128, i128)> {
        Some(match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::I64 => (i64::MIN.into(), i64::MAX.into()),
            Self::Isize => (isize::MIN as i128, isize::MAX as i128),
            Self::I128 => (i128::MIN, i128::MAX),
            Self::U8 => (0, u8::MAX.into()),
            Self::U16 => (0, u16::MAX.into()),
            Self::U32 => (0, u32::MAX.into()),
            Self::U64 => (0, u64::MAX.into()),
            Self::Usize => (0, usize::MAX as i128),
            Self::U128 => (0, i128::MAX),
            _ => return None,
        })
    }

    /// Whether a batch of this kind is made of `i64` lanes.
    pub(crate) fn is_narrow_integer(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::U8 | Self::U16 | Self::U32)
    }

    /// Whether a batch of this kind is made of `f64` lanes.
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Self::F32 | Self::F64)
    }
}
