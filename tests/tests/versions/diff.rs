use crate::models::{Blob, Item, Vendor, set_qty, shop};
use memorm::prelude::*;

fn shown(diff: &Diff) -> Vec<String> {
    let show = |change| match change {
        Change::Inserted(new) => format!("+{}", Item::id(&new)),
        Change::Updated { new, columns, .. } => format!("~{} {}", new.id, columns.join(",")),
        Change::Deleted(old) => format!("-{}", old.id),
    };
    diff.of::<Item>().map(show).collect()
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
fn a_deleted_row_is_told_beside_one_that_was_added_again() -> memorm::Result<()> {
    let db = shop();
    let before = db.snapshot();
    db.transaction(|s| {
        let item = s.get_one::<Item>(2)?;
        s.delete(&item)?;
        s.add((*item).clone())?;
        s.delete_by_key::<Item>(1)
    })?;
    assert_eq!(shown(&db.snapshot().diff(&before)), ["-1", "~2 "]);
    Ok(())
}

#[test]
fn rows_of_two_forks_at_one_place_are_told_by_their_keys() -> memorm::Result<()> {
    let db = shop();
    let (one, other) = (db.fork(), db.fork());
    // keys so far above the others follow no pattern: both rows come behind the last
    one.transaction(|s| s.add(Item { id: 1_000_000, ..Item::new(2, 9.0, 1) }))?;
    other.transaction(|s| s.add(Item { id: 2_000_000, ..Item::new(2, 9.0, 1) }))?;
    assert_eq!(shown(&other.snapshot().diff(&one.snapshot())), ["-1000000", "+2000000"]);
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

/// A column of each kind that is compared in its own way.
#[derive(Model, Clone, Debug)]
struct Sample {
    #[model(primary_key)]
    id: u64,
    level: f64,
    share: Option<f32>,
    count: Option<i128>,
    mark: char,
    text: Option<String>,
    bytes: Vec<u8>,
    flag: bool,
    huge: u128,
}

#[test]
fn columns_differ_where_their_values_do() -> memorm::Result<()> {
    let db = Database::new();
    let sample = |level, share, count: Option<i128>, text: Option<&str>| Sample {
        id: 1,
        level,
        share,
        count,
        mark: 'a',
        text: text.map(str::to_owned),
        bytes: vec![1, 2],
        flag: false,
        huge: u128::MAX,
    };
    let columns = |before: &Sample, after: Sample| -> memorm::Result<Vec<&'static str>> {
        db.transaction(|s| s.merge(before.clone()))?;
        let old = db.snapshot();
        db.transaction(|s| s.merge(after.clone()))?;
        Ok(match db.snapshot().diff(&old).of::<Sample>().next() {
            Some(Change::Updated { columns, .. }) => columns,
            other => {
                assert!(other.is_none(), "{other:?}");
                Vec::new()
            }
        })
    };
    let nothing = sample(f64::NAN, None, None, None);
    assert!(columns(&nothing, sample(-f64::NAN, None, None, None))?.is_empty(), "NaN is equal to NaN");
    assert!(columns(&sample(0.0, Some(0.0), None, None), sample(-0.0, Some(-0.0), None, None))?.is_empty());
    let zeros = sample(0.0, Some(0.0), Some(0), Some(""));
    assert_eq!(columns(&nothing, zeros.clone())?, ["level", "share", "count", "text"], "None is not zero");
    assert_eq!(columns(&zeros, Sample { count: Some(i128::MIN), ..zeros.clone() })?, ["count"]);
    let others = Sample { mark: 'b', bytes: vec![1], flag: true, huge: 0, ..zeros.clone() };
    assert_eq!(columns(&zeros, others)?, ["mark", "bytes", "flag", "huge"]);
    assert!(columns(&zeros, zeros.clone())?.is_empty(), "the same is no change");
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
