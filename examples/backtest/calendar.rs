//! Dates: a column type of our own.
use memorm::prelude::*;
use std::fmt;

/// A day in the calendar, kept as the number 20200417, which sorts as the days do.
#[derive(Field, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(u32);

impl Date {
    /// Makes a date.
    pub const fn new(year: u32, month: u32, day: u32) -> Self {
        Self(year * 10_000 + month * 100 + day)
    }

    /// Reads `2020-04-17`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|part| part.parse::<u32>().ok());
        Some(Self::new(parts.next()??, parts.next()??, parts.next()??))
    }

    /// The year with a fraction, to draw with: 2020.29.
    pub fn in_years(self) -> f64 {
        let (year, month, day) = (self.0 / 10_000, self.0 / 100 % 100, self.0 % 100);
        f64::from(year) + f64::from((month - 1) * 31 + day - 1) / (12.0 * 31.0)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
