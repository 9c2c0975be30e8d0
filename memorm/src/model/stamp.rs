//! What memorm writes into a row by itself: keys, versions, times.
use super::{ClockTime, TableMeta};
use crate::{Error, Result};
use std::fmt::{self, Display};

/// The sources of keys and time during one write.
#[doc(hidden)]
pub struct Stamps<'a> {
    pub(crate) table: &'static TableMeta,
    /// The database's clock.
    pub(crate) now: &'a dyn Fn() -> i128,
    /// Hands out the next key, if the column's type can hold it. One that it cannot hold counts as not handed out.
    pub(crate) next_key: &'a mut dyn FnMut(fn(u64) -> bool) -> Option<u64>,
    /// Learns of a key that the caller chose.
    pub(crate) explicit_key: &'a mut dyn FnMut(u64),
}

impl fmt::Debug for Stamps<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stamps").field("table", &self.table.name).finish_non_exhaustive()
    }
}

/// An integer that memorm can assign or count up.
#[diagnostic::on_unimplemented(
    message = "`auto` and `version` cannot count with a `{Self}`",
    label = "`auto` and `version` need an integer field"
)]
#[doc(hidden)]
pub trait Counter: Sized {
    const ZERO: Self;
    /// `None` where the type is too small.
    fn from_u64(n: u64) -> Option<Self>;
    /// `None` below zero.
    fn to_u64(&self) -> Option<u64>;
}
macro_rules! counters { ($($t:ty)*) => { $(
    #[diagnostic::do_not_recommend]
    impl Counter for $t {
        const ZERO: Self = 0;
        fn from_u64(n: u64) -> Option<Self> {
            n.try_into().ok()
        }
        fn to_u64(&self) -> Option<u64> {
            (*self).try_into().ok()
        }
    }
)* } }
counters! { i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize }

/// Assigns a key where it is 0.
///
/// # Errors
/// `KeyExhausted` when the type cannot hold another key.
#[doc(hidden)]
pub fn assign_auto<K: Counter>(key: &mut K, column: u16, stamps: &mut Stamps<'_>) -> Result<()> {
    if key.to_u64() != Some(0) {
        key.to_u64().into_iter().for_each(|n| (stamps.explicit_key)(n));
        return Ok(());
    }
    let next = (stamps.next_key)(|n| K::from_u64(n).is_some()).and_then(K::from_u64);
    *key = next.ok_or_else(|| Error::KeyExhausted {
        table: stamps.table.name,
        column: stamps.table.column(column).name,
    })?;
    Ok(())
}

/// Counts a row's updates: 1 for a new row, one more than the old version for an update.
#[doc(hidden)]
pub fn bump_version<K: Counter>(version: &mut K, old: Option<K>) {
    let next = match old {
        None if version.to_u64() != Some(0) => return,
        None => 1,
        Some(old) => old.to_u64().and_then(|n| n.checked_add(1)).unwrap_or(1),
    };
    // a counter that has reached the end of its type starts again
    *version = K::from_u64(next).or(K::from_u64(1)).unwrap_or(K::ZERO);
}

/// Fills a `default = now` field that was left at the epoch.
#[doc(hidden)]
pub fn fill_now<T: ClockTime>(field: &mut T, stamps: &Stamps<'_>) {
    if field.to_ticks() == 0 {
        *field = T::from_ticks((stamps.now)());
    }
}

/// Renews an `on_update = now` field, unless the update itself has set it.
#[doc(hidden)]
pub fn renew_now<T: ClockTime>(field: &mut T, old: &T, stamps: &Stamps<'_>) {
    if field.to_ticks() == old.to_ticks() {
        *field = T::from_ticks((stamps.now)());
    }
}

/// The result of a `check = function`.
#[diagnostic::on_unimplemented(
    message = "a `check` function returns `Result<(), impl Display>`, not `{Self}`"
)]
#[doc(hidden)]
pub trait Check {
    fn message(self) -> Result<(), String>;
}
#[diagnostic::do_not_recommend]
impl<E: Display> Check for Result<(), E> {
    fn message(self) -> Result<(), String> {
        self.map_err(|e| e.to_string())
    }
}
