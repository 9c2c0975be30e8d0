//! A model whose every part is user code.
use crate::fuse::{At, burn};
use memorm::model::Scalar;
use memorm::prelude::*;
use memorm::value::{Cell, Kind};
use memorm_tests::{Dump, dump};

/// An integer column written by hand.
#[derive(Debug, PartialEq)]
pub struct Touchy(pub i64);

impl Clone for Touchy {
    fn clone(&self) -> Self {
        burn(At::Clone);
        Self(self.0)
    }
}

impl Field for Touchy {
    type Base = Self;
    type Map<U: Scalar> = U;
    type Lane<'a> = i64;
    const KIND: Kind = Kind::I64;

    fn lane(&self) -> i64 {
        burn(At::Field);
        self.0
    }
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        burn(At::Field);
        match cell {
            Cell::Int(i) => Some(Self(i)),
            _ => None,
        }
    }
}

impl Scalar for Touchy {}

/// Something opaque.
#[derive(Debug, Default, PartialEq)]
pub struct Load(pub u64);

impl Clone for Load {
    fn clone(&self) -> Self {
        burn(At::Clone);
        Self(self.0)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        burn(At::Drop);
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "rows", check = check)]
pub struct Row {
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(unique)]
    pub key: Touchy,
    #[model(index)]
    pub n: Touchy,
    pub plain: i64,
    #[model(opaque, default)]
    pub load: Load,
    #[model(version)]
    pub revision: u32,
    #[model(on_update = now)]
    pub changed: i64,
    #[model(references(Row, name = PARENT, on_delete = cascade))]
    pub parent_id: Option<u64>,
    #[model(references(Row, name = FRIEND, on_delete = set_null))]
    pub friend_id: Option<u64>,
}

fn check(_: &Row) -> Result<(), String> {
    burn(At::Check);
    Ok(())
}

/// A row; `id` 0 means assign.
pub fn row(id: u64, key: i64) -> Row {
    Row {
        id,
        key: Touchy(key),
        n: Touchy(key % 5),
        plain: key,
        load: Load(7),
        revision: 0,
        changed: 0,
        parent_id: None,
        friend_id: None,
    }
}

/// Rows 1 to 12: 2 and 3 belong to 1, 4 to 3; 5 and 6 are friends of 1.
pub fn database() -> Database {
    let clock = || {
        burn(At::Clock);
        5i64
    };
    let db = Database::builder().clock(clock).build();
    let fill = db.transaction(|s| {
        s.add_all((1..=12).map(|id| row(id, id as i64)))?;
        for (id, parent) in [(2, 1), (3, 1), (4, 3)] {
            s.update::<Row>(id, |r| r.parent_id = Some(parent))?;
        }
        for id in [5, 6] {
            s.update::<Row>(id, |r| r.friend_id = Some(1))?;
        }
        Ok(())
    });
    fill.expect("nothing is wrong with these rows");
    db
}

pub fn all(snapshot: &Snapshot) -> Dump {
    dump(snapshot, &["rows"])
}
