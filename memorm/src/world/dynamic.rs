//! Tables without their Rust type, for tools.
use super::World;
use crate::Result;
use crate::link::Link;
use crate::model::TableMeta;
use crate::value::Value;
use std::fmt;

/// A table of one version by name: its description and its rows as [`Value`]s.
#[derive(Clone)]
pub struct DynamicTable {
    world: Link<World>,
    meta: &'static TableMeta,
}

impl fmt::Debug for DynamicTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DynamicTable").field(&self.meta.name).finish()
    }
}

impl DynamicTable {
    pub(crate) fn find(world: Link<World>, name: &str) -> Result<Self> {
        let meta = world.table_called(name)?.meta();
        Ok(Self { world, meta })
    }

    pub(crate) fn world(&self) -> &World {
        &self.world
    }

    /// Describes the table.
    pub fn meta(&self) -> &'static TableMeta {
        self.meta
    }

    /// Lists the columns' names.
    pub fn columns(&self) -> Vec<&'static str> {
        self.meta.columns.iter().map(|c| c.name).collect()
    }

    /// Copies all rows, in row order. Opaque columns are `Null`.
    pub fn rows(&self) -> Vec<Vec<Value>> {
        let columns = 0..self.meta.columns.len() as u16;
        let rows = self.world.table(self.meta).into_iter().flat_map(|table| table.rows.iter());
        rows.map(|(_, row)| columns.clone().map(|c| row.cell(c).to_value()).collect()).collect()
    }
}
