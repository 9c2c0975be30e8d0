use crate::models::{Blob, Item, Vendor, set_qty, shop};
use memorm::prelude::*;

fn shown(diff: &Diff) -> Vec<String> {
    let show = |change| match change {
        Change::Inserted(new) => format!("+{}", Item::id(&new)),
        Change::Updated { new, columns, .. } => format!("~{} {}", new.id, columns.join(",")),
        Change::Deleted(old) => format!("-{}", old.id),
    };
    diff.of::<Item>().into_iter().map(show).collect()
}

impl Item {
    fn id(row: &Arc<Self>) -> u64 {
        row.id
    }
}

#[test]
fn a_diff_shows_inserts_updates_and_deletes_in_row_order() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| {
        s.add(Item::new(2, 9.0, 1))?;
        s.update::<Item>(3, |item| item.qty = 0)?;
        s.delete_by_key::<Item>(1)
    })?;
    let diff = db.snapshot().diff(&before);
    assert_eq!(shown(&diff), ["-1", "~3 qty,revision", "+4"]);
    assert_eq!((diff.tables(), diff.len(), diff.is_empty()), (vec!["items"], 3, false));
    assert!(before.diff(&before).is_empty());
    Ok(())
}

#[test]
fn the_other_direction_is_the_opposite() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| {
        s.add(Item::new(2, 9.0, 1))?;
        s.delete_by_key::<Item>(1)
    })?;
    assert_eq!(shown(&before.diff(&db.snapshot())), ["+1", "-4"]);
    Ok(())
}

#[test]
fn changes_are_equal_where_their_rows_are() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    let new = db.transaction(|s| s.add(Item::new(2, 9.0, 1)))?;
    let changes = db.snapshot().diff(&before).of::<Item>();
    assert_eq!(changes, [Change::Inserted(new.clone())]);
    assert_ne!(changes, [Change::Deleted(new)]);
    Ok(())
}

#[test]
fn a_key_that_was_deleted_and_added_again_is_updated() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| {
        let mut item = (*s.get_one::<Item>(2)?).clone();
        s.delete_by_key::<Item>(2)?;
        item.price = 3.0;
        s.add(item)
    })?;
    assert_eq!(shown(&db.snapshot().diff(&before)), ["~2 price"]);
    Ok(())
}

#[test]
fn a_row_written_as_it_was_is_no_difference() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| s.update::<Vendor>(1, |_| ()))?;
    assert!(db.snapshot().diff(&before).is_empty());
    Ok(())
}

#[test]
fn a_row_deleted_and_added_again_as_it_was_is_one_update_without_columns() -> memorm::Result<()> {
    let db = shop();
    let mut feed = db.subscribe();
    let before = db.snapshot();
    db.transaction(|s| {
        let item = s.get_one::<Item>(2)?;
        s.delete(&item)?;
        s.add((*item).clone())
    })?;
    assert_eq!(shown(&db.snapshot().diff(&before)), ["~2 "]);
    assert_eq!(feed.try_next().map(|commit| commit.of::<Item>().len()), Some(1));
    assert_ne!(db.snapshot().state_hash(), before.state_hash(), "it stands at the end");
    Ok(())
}

#[test]
fn a_row_that_a_merge_has_brought_to_another_place_is_no_difference() -> memorm::Result<()> {
    let db = shop();
    let base = db.snapshot();
    let fork = db.fork();
    fork.transaction(|s| s.add(Item { id: 30, ..Item::new(2, 9.0, 1) }))?;
    db.transaction(|s| s.add(Item { id: 40, ..Item::new(2, 9.0, 1) }))?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(shown(&db.snapshot().diff(&fork.snapshot())), ["+40"]);
    Ok(())
}

#[test]
fn opaque_columns_are_compared_by_their_partial_eq() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| s.update::<Item>(1, |item| item.blob = Blob(vec![])))?;
    db.transaction(|s| s.update::<Item>(2, |item| item.blob = Blob(vec![1])))?;
    assert_eq!(shown(&db.snapshot().diff(&before)), ["~1 revision", "~2 revision,blob"]);
    Ok(())
}

#[test]
fn an_opaque_type_without_partial_eq_counts_as_changed_with_its_row() -> memorm::Result<()> {
    #[derive(Clone)]
    struct Handle;
    #[derive(Model, Clone)]
    #[model(table = "handles")]
    struct Kept {
        #[model(primary_key)]
        id: u8,
        #[model(opaque)]
        handle: Handle,
    }
    let db = Database::new();
    db.transaction(|s| s.add(Kept { id: 1, handle: Handle }))?;
    let before = db.snapshot();
    db.transaction(|s| s.update::<Kept>(1, |kept| kept.handle = Handle))?;
    let changes = db.snapshot().diff(&before).of::<Kept>();
    let [Change::Updated { columns, old, .. }] = &changes[..] else { panic!("one update") };
    assert_eq!((&columns[..], old.id), (&["handle"][..], 1));
    Ok(())
}

#[test]
fn databases_that_share_nothing_are_compared_by_key() {
    let (one, other) = (shop(), shop());
    assert!(one.snapshot().diff(&other.snapshot()).is_empty());
    set_qty(&other, 2, 99);
    assert_eq!(shown(&other.snapshot().diff(&one.snapshot())), ["~2 qty,revision"]);
}

#[test]
fn a_table_is_compared_by_name_too() {
    let db = shop();
    let before = db.snapshot();
    set_qty(&db, 1, 11);
    let diff = db.snapshot().diff(&before);
    let changes = diff.of_table("items");
    let [Change::Updated { old, new, .. }] = &changes[..] else { panic!("one update") };
    assert_eq!((&old[3], &new[3]), (&Value::Int(10), &Value::Int(11)));
    assert!(diff.of_table("nothing").is_empty());
}
