//! The operands of kernels: columns, constants and intermediate results, seen alike.
use crate::value::{Cell, Cells, Fault, Kind, Value, Vector};
use std::borrow::Cow;

/// An operand: a vector, or a constant for all lanes.
#[derive(Clone, Copy)]
pub(super) enum View<'v, 'a> {
    Vector(&'v Vector<'a>),
    Literal(&'a Value),
}

/// The lanes of an operand, by their type.
#[derive(Clone, Copy)]
pub(super) enum Lanes<'v, T> {
    Many(&'v [T]),
    One(T),
}

impl<T: Copy> Lanes<'_, T> {
    #[inline]
    pub(super) fn at(&self, i: usize) -> T {
        match self {
            Self::Many(lanes) => lanes[i],
            Self::One(lane) => *lane,
        }
    }
}

/// Computes each lane from two. One tight loop for each pair of shapes.
#[inline]
pub(super) fn combine<T: Copy, U: Clone>(
    left: Lanes<'_, T>,
    right: Lanes<'_, T>,
    len: usize,
    mut f: impl FnMut(T, T) -> U,
) -> Vec<U> {
    match (left, right) {
        (Lanes::Many(a), Lanes::Many(b)) => a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect(),
        (Lanes::Many(a), Lanes::One(b)) => a.iter().map(|a| f(*a, b)).collect(),
        (Lanes::One(a), Lanes::Many(b)) => b.iter().map(|b| f(a, *b)).collect(),
        (Lanes::One(a), Lanes::One(b)) => (0..len).map(|_| f(a, b)).collect(),
    }
}

/// A constant `null` fits every type: its lanes are absent and mean nothing.
macro_rules! typed { ($($name:ident $t:ty, $Cells:ident, $value:pat => $constant:expr;)*) => { $(
    pub(super) fn $name(self) -> Option<Lanes<'v, $t>> {
        match self {
            View::Vector(Vector { cells: Cells::$Cells(lanes), .. }) => Some(Lanes::Many(lanes)),
            View::Literal($value) => Some(Lanes::One($constant)),
            View::Literal(Value::Null) => Some(Lanes::One(Default::default())),
            _ => None,
        }
    }
)* } }

impl<'v, 'a> View<'v, 'a> {
    typed! {
        bools bool, Bools, Value::Bool(b) => *b;
        ints i64, Ints, Value::Int(i) => *i;
        wides i128, Wides, Value::Wide(i) => *i;
        floats f64, Floats, Value::Float(f) => *f;
        texts &'a str, Texts, Value::Text(s) => &**s;
    }
    #[cfg(feature = "json")]
    typed! {
        documents crate::value::JsonLane<'a>, Json, Value::Json(v) => crate::value::JsonLane(v);
    }

    pub(super) fn is_null_literal(self) -> bool {
        matches!(self, View::Literal(Value::Null))
    }
    /// Whether lane `i` holds a value or a fault.
    pub(super) fn is_present(self, i: usize) -> bool {
        match self {
            View::Vector(vector) => vector.is_present(i),
            View::Literal(value) => !value.is_null(),
        }
    }
    pub(super) fn faults(self) -> &'v [(u32, Fault)] {
        match self {
            View::Vector(vector) => &vector.faults,
            View::Literal(_) => &[],
        }
    }
    pub(super) fn cell(self, i: usize) -> Cell<'v>
    where
        'a: 'v,
    {
        match self {
            View::Vector(vector) => vector.cell(i),
            View::Literal(value) => value.cell(),
        }
    }
    /// Lane `i`, where it is a dynamic value.
    pub(super) fn value(self, i: usize) -> Option<&'v Value>
    where
        'a: 'v,
    {
        match self {
            View::Vector(Vector { cells: Cells::Values(values), .. }) => values.get(i),
            View::Vector(_) => None,
            View::Literal(value) => Some(value),
        }
    }
    /// Lane `i`, where it is text.
    pub(super) fn text(self, i: usize) -> Option<&'v str>
    where
        'a: 'v,
    {
        match self {
            View::Vector(vector) => match &vector.cells {
                Cells::Texts(lanes) => lanes.get(i).copied(),
                Cells::Built(lanes) => lanes.get(i).map(|s| &**s),
                Cells::Values(lanes) => lanes.get(i).and_then(as_text),
                _ => None,
            },
            View::Literal(value) => as_text(value),
        }
    }
    /// Lane `i`, where it is a document.
    #[cfg(feature = "json")]
    pub(super) fn document(self, i: usize) -> Option<&'v serde_json::Value>
    where
        'a: 'v,
    {
        let value = match self {
            View::Vector(Vector { cells: Cells::Json(lanes), .. }) => return lanes.get(i).map(|lane| lane.0),
            other => other.value(i)?,
        };
        match value {
            Value::Json(document) => Some(document),
            _ => None,
        }
    }
}

fn as_text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Which lanes of a result are there, and which are faults.
#[derive(Default)]
pub(super) struct Marks {
    /// Empty when all lanes are there. True where there is a fault.
    pub(super) present: Vec<bool>,
    pub(super) faults: Vec<(u32, Fault)>,
}

impl Marks {
    /// The marks of a result that needs every operand: a fault of one is a fault, else absence of one is absence.
    pub(super) fn strict(operands: &[View<'_, '_>], len: usize) -> Self {
        let mut marks = Self::default();
        for operand in operands {
            if operand.is_null_literal() {
                marks.present = vec![false; len];
            } else if let View::Vector(Vector { present, .. }) = operand
                && !present.is_empty()
            {
                if marks.present.is_empty() {
                    marks.present.clone_from(present);
                } else {
                    marks.present.iter_mut().zip(present).for_each(|(a, b)| *a &= b);
                }
            }
            marks.faults = merge_faults(std::mem::take(&mut marks.faults), operand.faults());
        }
        marks.mark_faults_present();
        marks
    }

    pub(super) fn mark_faults_present(&mut self) {
        if !self.present.is_empty() {
            self.faults.iter().for_each(|(lane, _)| self.present[*lane as usize] = true);
        }
    }

    /// Adds faults that a kernel met, but for lanes that are absent or at fault already.
    pub(super) fn add(&mut self, mut found: Vec<(u32, Fault)>) {
        if !self.present.is_empty() {
            found.retain(|(lane, _)| self.present[*lane as usize]);
        }
        self.faults = merge_faults(std::mem::take(&mut self.faults), &found);
    }

    /// Whether lane `i` is to be computed.
    pub(super) fn is_wanted(&self, i: usize) -> bool {
        self.present.get(i).copied().unwrap_or(true)
            && (self.faults.is_empty()
                || self.faults.binary_search_by_key(&(i as u32), |(lane, _)| *lane).is_err())
    }

    pub(super) fn vector(self, cells: Cells<'_>) -> Vector<'_> {
        Vector { cells, present: self.present, faults: self.faults }
    }
}

/// Both lists, by lane; of two faults of a lane the first.
pub(super) fn merge_faults(first: Vec<(u32, Fault)>, second: &[(u32, Fault)]) -> Vec<(u32, Fault)> {
    if second.is_empty() {
        return first;
    }
    let mut all = first;
    all.extend_from_slice(second);
    all.sort_by_key(|(lane, _)| *lane);
    all.dedup_by_key(|(lane, _)| *lane);
    all
}

/// An empty vector with room for `len` lanes of a kind.
pub(super) fn with_room<'a>(kind: Kind, len: usize) -> Vector<'a> {
    let cells = match kind {
        Kind::Bool => Cells::Bools(Vec::with_capacity(len)),
        Kind::Text => Cells::Texts(Vec::with_capacity(len)),
        Kind::U64 | Kind::Usize | Kind::Isize | Kind::I128 => Cells::Wides(Vec::with_capacity(len)),
        kind if kind.is_float() => Cells::Floats(Vec::with_capacity(len)),
        kind if kind.is_narrow_integer() => Cells::Ints(Vec::with_capacity(len)),
        _ => Cells::None,
    };
    Vector { cells, ..Vector::default() }
}

/// A vector of dynamic values; laid out as numbers, text … where all are.
pub(super) fn pack<'a>(values: Vec<Value>) -> Vector<'a> {
    macro_rules! all {
        ($Cells:ident, $pattern:pat => $lane:expr) => {
            typed_lanes(&values, |v| match v {
                $pattern => Some($lane),
                _ => None,
            })
            .map(Cells::$Cells)
        };
    }
    let cells = match values.iter().find(|v| !v.is_null()) {
        Some(Value::Bool(_)) => all!(Bools, Value::Bool(b) => *b),
        Some(Value::Int(_)) => all!(Ints, Value::Int(i) => *i),
        Some(Value::Wide(_)) => all!(Wides, Value::Wide(i) => *i),
        Some(Value::Float(_)) => all!(Floats, Value::Float(f) => *f),
        Some(Value::Text(_)) => all!(Built, Value::Text(s) => Cow::Owned(String::from(&**s))),
        _ => None,
    };
    let present = if values.iter().any(Value::is_null) {
        values.iter().map(|v| !v.is_null()).collect()
    } else {
        Vec::new()
    };
    Vector { cells: cells.unwrap_or(Cells::Values(values)), present, faults: Vec::new() }
}

/// The lanes, defaults where there is no value; `None` where one is of another type.
fn typed_lanes<T: Default>(values: &[Value], lane: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|v| if v.is_null() { Some(T::default()) } else { lane(v) }).collect()
}
