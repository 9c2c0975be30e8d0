//! Versions that nobody reads any more, to be freed piece by piece.
//!
//! ```text
//!   worlds ──► tables ──► nodes ──► leaves      a piece is one of them, without what is below
//! ```
//!
//! So the work of one call has a bound. The indexes of a table are one piece with it.
use super::World;
use crate::link::Link;
use crate::table::{self, Table};

/// What is left of them. Dropped, it is freed as a whole.
#[derive(Default)]
pub(crate) struct Remains {
    worlds: Vec<Link<World>>,
    tables: Vec<Link<Table>>,
    rows: table::Remains,
}

impl Remains {
    pub(crate) fn add(&mut self, world: Link<World>) {
        self.worlds.push(world);
    }

    /// How many versions are not begun yet.
    pub(crate) fn whole_versions(&self) -> usize {
        self.worlds.len()
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.worlds.append(&mut other.worlds);
        self.tables.append(&mut other.tables);
        self.rows.append(other.rows);
    }

    /// Frees a piece; `false` where nothing is left. What is begun is ended first.
    pub(crate) fn free_one(&mut self) -> bool {
        if self.rows.free_one() {
            return true;
        }
        if let Some(table) = self.tables.pop() {
            if let Ok(table) = Link::try_unwrap(table) {
                self.rows.add(table.rows);
            }
            return true;
        }
        let Some(world) = self.worlds.pop() else { return false };
        if let Ok(world) = Link::try_unwrap(world) {
            let tables = world.into_tables();
            self.tables.extend(tables.filter(|table| Link::strong_count(table) == 1));
        }
        true
    }
}
