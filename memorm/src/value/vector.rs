//! `Vector`: one column of a batch of rows.
use super::{Cell, Value};
use std::borrow::Cow;
use std::fmt::Debug;

/// One column of a batch: a lane for each row, which of them are present, and which could not be computed.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct Vector<'a> {
    pub cells: Cells<'a>,
    /// Which lanes hold a value; empty when all do.
    pub present: Vec<bool>,
    /// Lanes whose value is an error, by lane, ascending. Such a lane's cell means nothing.
    pub faults: Vec<(u32, Fault)>,
}

/// The lanes of a [`Vector`], by how they are laid out.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub enum Cells<'a> {
    #[default]
    None,
    Bools(Vec<bool>),
    Ints(Vec<i64>),
    Wides(Vec<i128>),
    Floats(Vec<f64>),
    /// Text that lives in the rows.
    Texts(Vec<&'a str>),
    /// Text that was computed.
    Built(Vec<Cow<'a, str>>),
    Values(Vec<Value>),
    #[cfg(feature = "json")]
    Json(Vec<super::JsonLane<'a>>),
}

/// Why a value could not be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[doc(hidden)]
pub enum Fault {
    OutOfRange,
    DivisionByZero,
    BadPattern,
    BadPath,
}

impl Fault {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::OutOfRange => "value out of range",
            Self::DivisionByZero => "division by zero",
            Self::BadPattern => "pattern must not end with the escape character",
            Self::BadPath => "malformed JSON path",
        }
    }
}

/// What a lane of a batch is made of.
///
/// The derive fills `extend(..)` in a plain loop: no closure, so that nothing but that loop is compiled for each
/// column of each model.
#[doc(hidden)]
pub trait Lane<'a>: Clone + Default + PartialEq + Sized {
    /// Adds `rows` default lanes to `vector` and returns them.
    fn extend<'v>(vector: &'v mut Vector<'a>, rows: usize) -> std::slice::IterMut<'v, Self>;
    fn cell(self) -> Cell<'a>;
}

macro_rules! lanes { ($($t:ty => $Kind:ident, $v:ident => $cell:expr;)*) => { $(
    impl<'a> Lane<'a> for $t {
        fn extend<'v>(vector: &'v mut Vector<'a>, rows: usize) -> std::slice::IterMut<'v, Self> {
            if !matches!(vector.cells, Cells::$Kind(_)) {
                vector.cells = Cells::$Kind(Vec::with_capacity(rows));
            }
            match &mut vector.cells {
                Cells::$Kind(cells) => {
                    let start = cells.len();
                    cells.resize(start + rows, Self::default());
                    cells[start..].iter_mut()
                }
                _ => [].iter_mut(),
            }
        }
        #[inline]
        fn cell(self) -> Cell<'a> {
            let $v = self;
            $cell
        }
    }
)* } }
lanes! {
    bool => Bools, v => Cell::Bool(v);
    i64 => Ints, v => Cell::Int(v);
    i128 => Wides, v => Cell::Wide(v);
    f64 => Floats, v => Cell::Float(v);
    &'a str => Texts, v => Cell::Text(v);
    Value => Values, v => match v { Value::Null => Cell::Null, v => Cell::Other(v) };
}

impl<'a> Vector<'a> {
    /// Adds `rows` lanes that are present, and returns them to be corrected.
    pub fn extend_presence(&mut self, rows: usize) -> std::slice::IterMut<'_, bool> {
        let start = self.present.len();
        self.present.resize(start + rows, true);
        self.present[start..].iter_mut()
    }

    /// Adds the lanes of another batch behind these.
    pub(crate) fn append(&mut self, mut other: Self) {
        let (mine, theirs) = (self.len(), other.len());
        if !self.present.is_empty() || !other.present.is_empty() {
            self.present.resize(mine, true);
            other.present.resize(theirs, true);
            self.present.append(&mut other.present);
        }
        self.faults.extend(other.faults.iter().map(|(lane, fault)| (lane + mine as u32, *fault)));
        if mine == 0 {
            self.cells = other.cells;
            return;
        }
        match (&mut self.cells, other.cells) {
            (Cells::Bools(a), Cells::Bools(b)) => a.extend(b),
            (Cells::Ints(a), Cells::Ints(b)) => a.extend(b),
            (Cells::Wides(a), Cells::Wides(b)) => a.extend(b),
            (Cells::Floats(a), Cells::Floats(b)) => a.extend(b),
            (Cells::Texts(a), Cells::Texts(b)) => a.extend(b),
            (Cells::Built(a), Cells::Built(b)) => a.extend(b),
            (_, cells) => {
                // laid out differently, as a column of literals may be: both in their dynamic form
                let theirs = Vector { cells, ..Vector::default() };
                let mut values: Vec<Value> = (0..mine).map(|i| self.cell(i).to_value()).collect();
                values.extend((0..theirs.len()).map(|i| theirs.cell(i).to_value()));
                self.cells = Cells::Values(values);
            }
        }
    }

    /// The same lanes, borrowed from nothing.
    pub(crate) fn into_owned(self) -> Vector<'static> {
        let cells = match self.cells {
            Cells::None => Cells::None,
            Cells::Bools(lanes) => Cells::Bools(lanes),
            Cells::Ints(lanes) => Cells::Ints(lanes),
            Cells::Wides(lanes) => Cells::Wides(lanes),
            Cells::Floats(lanes) => Cells::Floats(lanes),
            Cells::Values(lanes) => Cells::Values(lanes),
            cells => {
                let vector = Vector { cells, ..Vector::default() };
                Cells::Values((0..vector.len()).map(|i| vector.cell(i).to_value()).collect())
            }
        };
        Vector { cells, present: self.present, faults: self.faults }
    }

    /// How many lanes there are.
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::None => 0,
            Cells::Bools(v) => v.len(),
            Cells::Ints(v) => v.len(),
            Cells::Wides(v) => v.len(),
            Cells::Floats(v) => v.len(),
            Cells::Texts(v) => v.len(),
            Cells::Built(v) => v.len(),
            Cells::Values(v) => v.len(),
            #[cfg(feature = "json")]
            Cells::Json(v) => v.len(),
        }
    }

    /// Whether there is no lane.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether lane `i` holds a value. True also where it holds a fault.
    pub fn is_present(&self, i: usize) -> bool {
        self.present.get(i).copied().unwrap_or(true)
    }

    /// The fault of lane `i`.
    pub fn fault(&self, i: usize) -> Option<Fault> {
        if self.faults.is_empty() {
            return None;
        }
        let at = self.faults.binary_search_by_key(&(i as u32), |(lane, _)| *lane).ok()?;
        Some(self.faults[at].1)
    }

    /// Lane `i`, owned. `Null` where it is absent or past the end.
    #[inline]
    pub(crate) fn value(&self, i: usize) -> Value {
        match &self.cells {
            // the numbers of most vectors: without the detour over a cell
            Cells::Ints(v) if self.present.is_empty() && i < v.len() => Value::Int(v[i]),
            Cells::Wides(v) if self.present.is_empty() && i < v.len() => Value::Wide(v[i]),
            Cells::Floats(v) if self.present.is_empty() && i < v.len() => Value::Float(v[i]),
            _ => self.cell(i).to_value(),
        }
    }

    /// Lane `i`. `Null` where it is absent or past the end.
    pub fn cell(&self, i: usize) -> Cell<'_> {
        if !self.is_present(i) || i >= self.len() {
            return Cell::Null;
        }
        match &self.cells {
            Cells::None => Cell::Null,
            Cells::Bools(v) => Cell::Bool(v[i]),
            Cells::Ints(v) => Cell::Int(v[i]),
            Cells::Wides(v) => Cell::Wide(v[i]),
            Cells::Floats(v) => Cell::Float(v[i]),
            Cells::Texts(v) => Cell::Text(v[i]),
            Cells::Built(v) => Cell::Text(&v[i]),
            Cells::Values(v) => Value::cell(&v[i]),
            #[cfg(feature = "json")]
            Cells::Json(v) => Cell::Other(Value::Json(std::sync::Arc::new(v[i].0.clone()))),
        }
    }
}
