//! Three related models with every kind of constraint, as a user would write them.
//!
//! ```text
//!   Owner ◄─boss, set_null── Owner        Item ◄─parent, restrict── Item
//!     ▲▲▲──owner, cascade─── Item ◄─item, cascade── Link
//!     │└───keeper, set_null─ Item                    │
//!     └────by, restrict──────────────────────────────┘
//! ```
use crate::language::subject::subject;
use crate::language::value::Cellular;
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "owners", check = can_lead)]
pub struct Owner {
    #[model(primary_key)]
    pub name: String,
    #[model(references(Owner, name = LEADER, on_delete = set_null))]
    pub boss: Option<String>,
    #[model(index)]
    pub rank: i8,
    #[model(unique)]
    pub badge: Option<i64>,
    #[model(on_update = now)]
    pub seen: i64,
}

fn can_lead(owner: &Owner) -> Result<(), &'static str> {
    if owner.rank > 4 && owner.boss.is_none() { Err("a high rank needs a boss") } else { Ok(()) }
}

#[derive(Model, Clone, Debug)]
#[model(table = "items", check = is_sane, index(owner, price), unique(shelf, slot))]
pub struct Item {
    #[model(primary_key, auto)]
    pub id: i64,
    #[model(references(Owner, name = OF, on_delete = cascade))]
    pub owner: String,
    #[model(references(Owner, name = KEPT_BY, on_delete = set_null))]
    pub keeper: Option<String>,
    #[model(references(Item, name = WITHIN))]
    pub parent: Option<i64>,
    #[model(index, default = "new")]
    pub title: String,
    #[model(index)]
    pub price: f64,
    #[model(index)]
    pub qty: i64,
    #[model(index)]
    pub note: Option<String>,
    #[model(default = true)]
    pub active: bool,
    #[model(unique)]
    pub code: i64,
    pub shelf: i8,
    pub slot: Option<i64>,
    #[model(unique, deferred)]
    pub pos: i64,
    #[model(default = now)]
    pub made: i64,
    #[model(version)]
    pub rev: i64,
}

fn is_sane(item: &Item) -> Result<(), &'static str> {
    if item.qty < -1 { Err("too few") } else { Ok(()) }
}

#[derive(Model, Clone, Debug)]
#[model(table = "links")]
pub struct Link {
    #[model(primary_key, references(Item, name = TO, on_delete = cascade))]
    pub item: i64,
    #[model(primary_key)]
    pub tag: String,
    #[model(references(Owner, name = MADE_BY))]
    pub by: Option<String>,
    #[model(index)]
    pub weight: Option<f64>,
    #[model(unique)]
    pub mark: Option<i64>,
    /// This column and the next are in no index: a statement that sets them alone copies no row.
    #[model(default = 0)]
    pub hits: i64,
    pub level: Option<i8>,
}

subject! {
    Owner { name: NAME, boss: BOSS, rank: RANK, badge: BADGE, seen: SEEN }
    |key| String::from_val(&key[0]).as_str()
}
subject! {
    Item {
        id: ID, owner: OWNER, keeper: KEEPER, parent: PARENT, title: TITLE, price: PRICE, qty: QTY, note: NOTE,
        active: ACTIVE, code: CODE, shelf: SHELF, slot: SLOT, pos: POS, made: MADE, rev: REV,
    }
    |key| i64::from_val(&key[0])
}
subject! {
    Link { item: ITEM, tag: TAG, by: BY, weight: WEIGHT, mark: MARK, hits: HITS, level: LEVEL }
    |key| (i64::from_val(&key[0]), String::from_val(&key[1]).as_str())
}
