//! `Schema`: all tables of a database as data.
use super::diagram;
use crate::model::TableMeta;
use crate::world::World;

/// The tables that a database has seen, and those that they refer to; from [`Database::schema`](crate::Database::schema).
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] #[model(table = "vendors")] struct Vendor { #[model(primary_key)] id: u32, #[model(unique)] name: String }
/// # #[derive(Model, Clone)] #[model(table = "items")]
/// # struct Item { #[model(primary_key)] id: u64, #[model(references(Vendor))] vendor_id: Option<u32>, #[model(index)] price: f64 }
/// let db = Database::new();
/// db.register::<Item>()?;
/// assert_eq!(db.schema().tables().iter().map(|t| t.name).collect::<Vec<_>>(), ["items", "vendors"]);
/// assert_eq!(
///     db.schema().to_mermaid(),
///     r#"erDiagram
///     items {
///         u64 id PK
///         u32 vendor_id FK "nullable, index"
///         f64 price "index"
///     }
///     vendors {
///         u32 id PK
///         String name UK
///     }
///     vendors |o--o{ items : VENDOR
/// "#
/// );
/// # Ok::<_, memorm::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Schema {
    tables: Vec<&'static TableMeta>,
}

impl Schema {
    pub(crate) fn of(world: &World) -> Self {
        let mut tables: Vec<&'static TableMeta> = world.tables().map(|table| table.meta()).collect();
        let mut next = 0;
        while let Some(table) = tables.get(next) {
            next += 1;
            for relation in table.relations {
                let target = (relation.target)();
                if !tables.iter().any(|known| std::ptr::eq(*known, target)) {
                    tables.push(target);
                }
            }
        }
        // the order in which models were first used is chance
        tables.sort_by_key(|table| (table.name, table.rust_name));
        Self { tables }
    }

    /// Lists the tables by name.
    pub fn tables(&self) -> &[&'static TableMeta] {
        &self.tables
    }

    /// Draws the tables as a [Mermaid](https://mermaid.js.org/syntax/entityRelationshipDiagram.html) `erDiagram`: columns
    /// with their types and keys (`PK`, `FK`, `UK`), indexes as comments of their first column, relations as lines that
    /// say which side may be absent.
    pub fn to_mermaid(&self) -> String {
        diagram::mermaid(&self.tables)
    }

    /// Draws the tables as a [Graphviz](https://graphviz.org) digraph: `dot -Tsvg` makes a picture of it. Arrows lead from
    /// a foreign key to what it refers to.
    ///
    /// ```
    /// use memorm::prelude::*;
    /// # #[derive(Model, Clone)] struct Item { #[model(primary_key)] id: u64 }
    /// let db = Database::new();
    /// db.register::<Item>()?;
    /// assert!(db.schema().to_dot().starts_with("digraph schema {"));
    /// # Ok::<_, memorm::Error>(())
    /// ```
    pub fn to_dot(&self) -> String {
        diagram::dot(&self.tables)
    }
}
