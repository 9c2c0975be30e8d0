//! The numbers of a column of some rows, as narrow as their range allows.
//!
//! ```text
//!   1000 1003 1001 1255   ->   base 1000, bytes [0, 3, 1, 255]      frame of reference
//! ```
//!
//! Whole numbers are kept as their distance from the least (Goldstein, Ramakrishnan and Shaft, "Compressing relations and
//! indexes", 1998): keys that count up take a byte a row, and a scan waits for less memory.
use super::gather::Chosen;
use crate::value::{Cells, Lane, Vector};
use std::hint::black_box;

/// Bytes that a processor fetches at once.
const CACHE_LINE: usize = 64;

/// The lanes of a column.
pub(super) struct Lanes {
    numbers: Numbers,
    /// Which lanes hold a value; empty when all do.
    present: Box<[bool]>,
}

enum Numbers {
    Bools(Box<[bool]>),
    Floats(Box<[f64]>),
    Ints(i64, Distances),
    Wides(i128, Distances),
}

enum Distances {
    Bytes(Box<[u8]>),
    Shorts(Box<[u16]>),
    Words(Box<[u32]>),
    Longs(Box<[u64]>),
}

impl Distances {
    /// `None` where they are too far for any width.
    fn of(lanes: impl ExactSizeIterator<Item = i128> + Clone, base: i128, last: i128) -> Option<Self> {
        let far = last.checked_sub(base)?;
        Some(if far <= i128::from(u8::MAX) {
            Self::Bytes(lanes.map(|lane| (lane - base) as u8).collect())
        } else if far <= i128::from(u16::MAX) {
            Self::Shorts(lanes.map(|lane| (lane - base) as u16).collect())
        } else if far <= i128::from(u32::MAX) {
            Self::Words(lanes.map(|lane| (lane - base) as u32).collect())
        } else if far <= i128::from(u64::MAX) {
            Self::Longs(lanes.map(|lane| (lane - base) as u64).collect())
        } else {
            return None;
        })
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Bytes(lanes) => size_of_val(&**lanes),
            Self::Shorts(lanes) => size_of_val(&**lanes),
            Self::Words(lanes) => size_of_val(&**lanes),
            Self::Longs(lanes) => size_of_val(&**lanes),
        }
    }
}

impl Lanes {
    /// The lanes of a column; `None` where it does not hold numbers. Text lives in the rows.
    pub(super) fn of(column: &Vector<'_>) -> Option<Self> {
        let numbers = match &column.cells {
            Cells::Bools(lanes) => Numbers::Bools(lanes.as_slice().into()),
            Cells::Floats(lanes) => Numbers::Floats(lanes.as_slice().into()),
            Cells::Ints(lanes) => {
                let (base, last) = (*lanes.iter().min()?, *lanes.iter().max()?);
                let wide = lanes.iter().map(|lane| i128::from(*lane));
                Numbers::Ints(base, Distances::of(wide, base.into(), last.into())?)
            }
            Cells::Wides(lanes) => {
                let (base, last) = (*lanes.iter().min()?, *lanes.iter().max()?);
                Numbers::Wides(base, Distances::of(lanes.iter().copied(), base, last)?)
            }
            _ => return None,
        };
        Some(Self { numbers, present: column.present.as_slice().into() })
    }

    /// Appends the chosen lanes to `out`.
    pub(super) fn append(&self, chosen: &Chosen<'_, '_>, out: &mut Vector<'_>) {
        let rows = chosen.rows;
        macro_rules! widened {
            ($distances:expr, $T:ty, $base:expr) => {{
                let to = <$T>::extend(out, rows).into_slice();
                match $distances {
                    Distances::Bytes(from) => chosen.read(from, to, |lane| $base + <$T>::from(lane)),
                    Distances::Shorts(from) => chosen.read(from, to, |lane| $base + <$T>::from(lane)),
                    Distances::Words(from) => chosen.read(from, to, |lane| $base + <$T>::from(lane)),
                    // a distance of more than half the range wraps, and so does the sum
                    Distances::Longs(from) => chosen.read(from, to, |lane| $base.wrapping_add(lane as $T)),
                }
            }};
        }
        match &self.numbers {
            Numbers::Bools(from) => chosen.read(from, bool::extend(out, rows).into_slice(), |lane| lane),
            Numbers::Floats(from) => chosen.read(from, f64::extend(out, rows).into_slice(), |lane| lane),
            Numbers::Ints(base, distances) => widened!(distances, i64, base),
            Numbers::Wides(base, distances) => widened!(distances, i128, base),
        }
        if !self.present.is_empty() {
            chosen.read(&self.present, out.extend_presence(rows).into_slice(), |lane| lane);
        }
    }

    /// Gets `out` ready for so many lanes, before the first comes.
    pub(super) fn make_room(&self, rows: usize, out: &mut Vector<'_>) {
        out.cells = match &self.numbers {
            Numbers::Bools(_) => Cells::Bools(Vec::with_capacity(rows)),
            Numbers::Floats(_) => Cells::Floats(Vec::with_capacity(rows)),
            Numbers::Ints(..) => Cells::Ints(Vec::with_capacity(rows)),
            Numbers::Wides(..) => Cells::Wides(Vec::with_capacity(rows)),
        };
        if !self.present.is_empty() {
            out.present.reserve(rows);
        }
    }

    /// Reads something of each cache line, so that all of them are waited for at the same time.
    pub(super) fn fetch(&self) {
        match &self.numbers {
            Numbers::Bools(lanes) => fetch(lanes, u64::from),
            Numbers::Floats(lanes) => fetch(lanes, f64::to_bits),
            Numbers::Ints(_, distances) | Numbers::Wides(_, distances) => match distances {
                Distances::Bytes(lanes) => fetch(lanes, u64::from),
                Distances::Shorts(lanes) => fetch(lanes, u64::from),
                Distances::Words(lanes) => fetch(lanes, u64::from),
                Distances::Longs(lanes) => fetch(lanes, u64::from),
            },
        }
    }

    /// Bytes on the heap.
    pub(super) fn bytes(&self) -> usize {
        let numbers = match &self.numbers {
            Numbers::Bools(lanes) => size_of_val(&**lanes),
            Numbers::Floats(lanes) => size_of_val(&**lanes),
            Numbers::Ints(_, distances) | Numbers::Wides(_, distances) => distances.bytes(),
        };
        numbers + self.present.len()
    }
}

fn fetch<T: Copy>(lanes: &[T], bits: impl Fn(T) -> u64) {
    let lines = lanes.iter().step_by(CACHE_LINE / size_of::<T>());
    black_box(lines.fold(0, |all, lane| all ^ bits(*lane)));
}
