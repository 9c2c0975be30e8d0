//! The database's clock, as columns see it.
use std::time::{Duration, SystemTime};

/// A moment that a clock can tell and a column can hold: what `builder().clock(f)` returns, and the type of a field
/// with `default = now` or `on_update = now`.
///
/// Integers are ticks of a simulated clock: a clock that returns `u64` fills integer columns with the number as it
/// is. All other types count nanoseconds since 1970-01-01T00:00:00Z.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a moment in time",
    label = "expected a timestamp or an integer",
    note = "a clock and a `now` field are `i32`, `i64`, `i128`, `u32`, `u64`, `SystemTime`, or a timestamp of jiff, chrono or time"
)]
pub trait ClockTime {
    /// Counts nanoseconds since the epoch, or ticks.
    fn to_ticks(&self) -> i128;
    /// Makes the moment from nanoseconds since the epoch, or ticks; the nearest one that the type holds.
    fn from_ticks(ticks: i128) -> Self;
}

macro_rules! tick_clocks { ($($t:ty)*) => { $(
    #[diagnostic::do_not_recommend]
    impl ClockTime for $t {
        fn to_ticks(&self) -> i128 {
            *self as i128
        }
        fn from_ticks(ticks: i128) -> Self {
            ticks.clamp(<$t>::MIN as i128, i128::try_from(<$t>::MAX).unwrap_or(i128::MAX)) as $t
        }
    }
)* } }
tick_clocks! { i32 i64 i128 u32 u64 }

#[diagnostic::do_not_recommend]
impl ClockTime for SystemTime {
    fn to_ticks(&self) -> i128 {
        match self.duration_since(Self::UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(before) => -(before.duration().as_nanos() as i128),
        }
    }
    fn from_ticks(ticks: i128) -> Self {
        let distance = Duration::from_nanos(u64::try_from(ticks.unsigned_abs()).unwrap_or(u64::MAX));
        let moment = if ticks < 0 {
            Self::UNIX_EPOCH.checked_sub(distance)
        } else {
            Self::UNIX_EPOCH.checked_add(distance)
        };
        moment.unwrap_or(Self::UNIX_EPOCH)
    }
}

#[cfg(feature = "jiff")]
#[diagnostic::do_not_recommend]
impl ClockTime for jiff::Timestamp {
    fn to_ticks(&self) -> i128 {
        self.as_nanosecond()
    }
    fn from_ticks(ticks: i128) -> Self {
        let limit = if ticks < 0 { Self::MIN } else { Self::MAX };
        Self::from_nanosecond(ticks).unwrap_or(limit)
    }
}

#[cfg(feature = "chrono")]
#[diagnostic::do_not_recommend]
impl ClockTime for chrono::DateTime<chrono::Utc> {
    fn to_ticks(&self) -> i128 {
        i128::from(self.timestamp()) * 1_000_000_000 + i128::from(self.timestamp_subsec_nanos())
    }
    fn from_ticks(ticks: i128) -> Self {
        let limit = if ticks < 0 { Self::MIN_UTC } else { Self::MAX_UTC };
        let seconds = i64::try_from(ticks.div_euclid(1_000_000_000)).ok();
        seconds.and_then(|s| Self::from_timestamp(s, ticks.rem_euclid(1_000_000_000) as u32)).unwrap_or(limit)
    }
}

#[cfg(feature = "time")]
#[diagnostic::do_not_recommend]
impl ClockTime for time::OffsetDateTime {
    fn to_ticks(&self) -> i128 {
        self.unix_timestamp_nanos()
    }
    fn from_ticks(ticks: i128) -> Self {
        Self::from_unix_timestamp_nanos(ticks).unwrap_or(Self::UNIX_EPOCH)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ClockTime> ClockTime for Option<T> {
    fn to_ticks(&self) -> i128 {
        self.as_ref().map_or(0, T::to_ticks)
    }
    fn from_ticks(ticks: i128) -> Self {
        Some(T::from_ticks(ticks))
    }
}
