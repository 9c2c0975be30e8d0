//! What the oracle knows of the tables: written by hand, not read from the models.
use crate::language::{Text, Val};

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum T {
    Owners,
    Items,
    Links,
}

pub const TABLES: [T; 3] = [T::Owners, T::Items, T::Links];

/// What happens to a row when the row it refers to is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// A foreign key of one column.
#[derive(Clone, Copy, Debug)]
pub struct Refers {
    pub column: usize,
    pub to: T,
    pub on_delete: OnDelete,
}

/// A unique constraint.
#[derive(Clone, Copy, Debug)]
pub struct Unique {
    pub columns: &'static [usize],
    pub deferred: bool,
}

/// The rules of one table.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub name: &'static str,
    pub key: &'static [usize],
    /// The column whose 0 becomes the next key.
    pub auto: Option<usize>,
    pub version: Option<usize>,
    /// Filled with the time when a row is added.
    pub made_now: Option<usize>,
    /// Filled with the time when a row is added or updated.
    pub renewed: Option<usize>,
    pub unique: &'static [Unique],
    pub refers: &'static [Refers],
    pub check: fn(&[Val]) -> bool,
}

const fn unique(columns: &'static [usize]) -> Unique {
    Unique { columns, deferred: false }
}

impl T {
    pub fn rules(self) -> Rules {
        match self {
            Self::Owners => Rules {
                name: "owners",
                key: &[0],
                auto: None,
                version: None,
                made_now: None,
                renewed: Some(4),
                unique: const { &[unique(&[3])] },
                refers: &[Refers { column: 1, to: Self::Owners, on_delete: OnDelete::SetNull }],
                check: |row| !matches!((&row[1], &row[2]), (Val::Null, Val::Small(5..))),
            },
            Self::Items => Rules {
                name: "items",
                key: &[0],
                auto: Some(0),
                version: Some(14),
                made_now: Some(13),
                renewed: None,
                unique: const { &[unique(&[9]), unique(&[10, 11]), Unique { columns: &[12], deferred: true }] },
                refers: &[
                    Refers { column: 1, to: Self::Owners, on_delete: OnDelete::Cascade },
                    Refers { column: 2, to: Self::Owners, on_delete: OnDelete::SetNull },
                    Refers { column: 3, to: Self::Items, on_delete: OnDelete::Restrict },
                ],
                check: |row| !matches!(row[6], Val::Int(..=-2)),
            },
            Self::Links => Rules {
                name: "links",
                key: &[0, 1],
                auto: None,
                version: None,
                made_now: None,
                renewed: None,
                unique: const { &[unique(&[4])] },
                refers: &[
                    Refers { column: 0, to: Self::Items, on_delete: OnDelete::Cascade },
                    Refers { column: 2, to: Self::Owners, on_delete: OnDelete::Restrict },
                ],
                check: |_| true,
            },
        }
    }

    /// What `insert().set(..)` takes for a column that is not given; `None` where there is no default.
    pub fn default_of(self, column: usize) -> Option<Val> {
        match (self, column) {
            (Self::Owners, 1 | 3) | (Self::Items, 2 | 3 | 7 | 11) | (Self::Links, 2..=4 | 6) => {
                Some(Val::Null)
            }
            (Self::Owners, 4) | (Self::Items, 0 | 13 | 14) | (Self::Links, 5) => Some(Val::Int(0)),
            (Self::Items, 4) => Some(Text("new")),
            (Self::Items, 8) => Some(Val::Bool(true)),
            _ => None,
        }
    }

    pub fn width(self) -> usize {
        match self {
            Self::Items => 15,
            Self::Owners => 5,
            Self::Links => 7,
        }
    }

    pub fn at(self) -> usize {
        self as usize
    }
}

impl Rules {
    pub fn key_of(&self, vals: &[Val]) -> Vec<Val> {
        self.key.iter().map(|column| vals[*column].clone()).collect()
    }
}

/// Errors by variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Duplicate,
    MissingValue,
    Dangling,
    StillReferenced,
    Check,
    KeyChanged,
    KeyExhausted,
    NotFound,
    NoRow,
    TooManyRows,
    Conflict,
    Stale,
    InTransaction,
    RolledBack,
    StaleSavepoint,
    NotUnique,
    Arithmetic,
    NoSuchCheckpoint,
    VersionNotKept,
    NothingToUndo,
    NothingToRedo,
    MergeConflict,
    InvalidValue,
    Other,
}
