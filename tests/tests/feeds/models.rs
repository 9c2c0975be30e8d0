//! What the commits write.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items")]
pub struct Item {
    #[model(primary_key)]
    pub id: u64,
    pub qty: i64,
    pub note: Option<String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "tags")]
pub struct Tag {
    #[model(primary_key)]
    pub name: String,
}

pub fn item(id: u64, qty: i64) -> Item {
    Item { id, qty, note: None }
}

/// The changes of items in short: `+1` new, `~1 qty` updated with the columns that differ, `-1` gone.
pub fn told(commit: &CommitChanges) -> Vec<String> {
    let changes = commit.of::<Item>().into_iter();
    let words = changes.map(|change| match change {
        Change::Inserted(new) => format!("+{}", new.id),
        Change::Updated { new, columns, .. } => format!("~{} {}", new.id, columns.join(" ")),
        Change::Deleted(old) => format!("-{}", old.id),
    });
    words.collect()
}

pub fn versions(feed: &mut Feed) -> Vec<u64> {
    std::iter::from_fn(|| feed.try_next()).map(|commit| commit.version().0).collect()
}
