//! Conflict or violation: two sessions that meet.
use memorm::Error;
use memorm::prelude::*;
use memorm_tests::{Dump, dump};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items")]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    sku: String,
    #[model(unique, deferred)]
    pos: i64,
    #[model(index)]
    qty: i64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "parts")]
struct Part {
    #[model(primary_key)]
    id: u64,
    #[model(references(Item))]
    item_id: u64,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "owned")]
struct Owned {
    #[model(primary_key)]
    id: u64,
    #[model(references(Item, on_delete = cascade))]
    item_id: u64,
    #[model(references(Item, name = FRIEND, on_delete = set_null))]
    friend_id: Option<u64>,
}

fn item(id: u64) -> Item {
    Item { id, sku: format!("sku-{id}"), pos: id as i64, qty: 0 }
}

/// Items 1 to 5; part 1 of item 1; owned row 1 of item 4, friend of item 5.
fn world() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all((1..=5).map(item))?;
        s.add(Part { id: 1, item_id: 1 })?;
        s.add(Owned { id: 1, item_id: 4, friend_id: Some(5) })
    })?;
    Ok(db)
}

fn all(snapshot: &Snapshot) -> Dump {
    dump(snapshot, &["items", "parts", "owned"])
}

type Act = fn(&mut Session) -> memorm::Result<()>;

/// Each way to write row 2.
const WRITES: [(&str, Act); 8] = [
    ("update", |s| s.update::<Item>(2, |i| i.qty += 1).map(drop)),
    ("merge", |s| s.merge(Item { qty: 7, ..item(2) }).map(drop)),
    ("upsert", |s| s.upsert(item(2), |old, _| old.qty += 5).map(drop)),
    ("upsert_on", |s| s.upsert_on(Item::SKU, item(2), |old, _| old.qty += 6).map(drop)),
    ("update statement", |s| update::<Item>().filter(Item::ID.eq(2)).set(Item::QTY, 9).exec(s).map(drop)),
    ("delete", |s| s.delete_by_key::<Item>(2).map(drop)),
    ("delete statement", |s| delete::<Item>().filter(Item::SKU.eq("sku-2")).exec(s).map(drop)),
    ("delete and add", |s| s.delete_by_key::<Item>(2).and_then(|_| s.add(item(2))).map(drop)),
];

/// Runs two sessions over the same version, `first` commits first: what becomes of the commit of `second`.
fn race(db: &Database, first: Act, second: Act) -> memorm::Result<Version> {
    let (mut one, mut two) = (db.session(), db.session());
    second(&mut two).expect("nothing hinders the second before its commit");
    first(&mut one).expect("nothing hinders the first");
    one.commit().expect("the first commits");
    let before = all(&db.snapshot());
    let own = all(&two.view());
    let result = two.commit();
    if result.is_err() {
        assert_eq!(all(&db.snapshot()), before, "a failed commit changes nothing");
        assert_eq!(all(&two.view()), own, "a failed commit leaves the session's own work");
        two.rollback();
        assert_eq!(all(&two.view()), before, "after a rollback the session reads the newest version");
    }
    db.assert_consistent();
    result
}

#[test]
fn two_writes_of_one_row_conflict_however_they_are_made() -> memorm::Result<()> {
    for (first_name, first) in WRITES {
        for (second_name, second) in WRITES {
            let error =
                race(&world()?, first, second).expect_err(&format!("{first_name}, then {second_name}"));
            assert!(error.is_conflict(), "{first_name}, then {second_name}: {error}");
            assert!(
                matches!(&error, Error::Conflict { table: "items", key, .. } if key == "2"),
                "{first_name}, then {second_name}: {error}"
            );
        }
    }
    Ok(())
}

#[test]
fn writes_of_different_rows_both_commit() -> memorm::Result<()> {
    let others: [Act; 5] = [
        |s| s.update::<Item>(3, |i| i.qty += 1).map(drop),
        |s| s.delete_by_key::<Item>(3).map(drop),
        |s| s.add(item(0).with_sku("new")).map(drop),
        |s| s.add(Part { id: 9, item_id: 2 }).and_then(|_| s.delete_by_key::<Part>(9)).map(drop),
        |s| delete::<Item>().filter(Item::ID.eq(3)).exec(s).map(drop),
    ];
    for (name, write) in WRITES {
        for other in others {
            race(&world()?, write, other).unwrap_or_else(|e| panic!("{name}: {e}"));
            race(&world()?, other, write).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
    Ok(())
}

impl Item {
    fn with_sku(self, sku: &str) -> Self {
        Self { sku: sku.into(), pos: 100, ..self }
    }
}

#[test]
fn delete_and_delete_of_one_row_conflict() -> memorm::Result<()> {
    let db = world()?;
    let (mut one, mut two) = (db.session(), db.session());
    assert!(one.delete_by_key::<Item>(2)? && two.delete_by_key::<Item>(2)?);
    one.commit()?;
    assert!(two.commit().is_err_and(|e| e.is_conflict()));
    Ok(())
}

#[test]
fn the_first_committer_wins_whoever_wrote_first() -> memorm::Result<()> {
    let db = world()?;
    let (mut one, mut two) = (db.session(), db.session());
    one.update::<Item>(2, |i| i.qty = 1)?;
    two.update::<Item>(2, |i| i.qty = 2)?;
    two.commit()?;
    assert!(one.commit().is_err_and(|e| e.is_conflict()));
    assert_eq!(db.snapshot().get_one::<Item>(2)?.qty, 2);
    Ok(())
}

#[test]
fn reading_what_another_writes_is_no_conflict() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    let seen = session.get_one::<Item>(2)?;
    assert_eq!(select::<Item>().count(&session)?, 5);
    session.update::<Item>(3, |i| i.qty = 1)?;
    db.transaction(|s| s.update::<Item>(2, |i| i.qty = 9))?;
    assert_eq!(session.get_one::<Item>(2)?, seen);
    session.commit()?;
    Ok(())
}

/// Claims about a rule that two sessions break together: the later one gets a `Conflict`.
macro_rules! conflicts { ($($name:ident: $first:expr, $second:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let error = race(&world()?, $first, $second).expect_err("the head breaks the rule");
        assert!(matches!(error, Error::Conflict { .. }) && !error.is_violation(), "{error}");
        Ok(())
    }
)* } }

conflicts! {
    the_same_new_key_conflicts:
        |s| s.add(item(50).with_sku("a")).map(drop),
        |s| s.add(Item { pos: 101, ..item(50).with_sku("b") }).map(drop);
    the_same_new_key_by_merge_conflicts:
        |s| s.merge(item(50).with_sku("a")).map(drop),
        |s| s.merge(Item { pos: 101, ..item(50).with_sku("b") }).map(drop);
    the_same_new_unique_value_conflicts:
        |s| s.add(item(0).with_sku("same")).map(drop),
        |s| s.add(Item { pos: 101, ..item(0).with_sku("same") }).map(drop);
    a_unique_value_taken_by_an_update_conflicts_with_an_add:
        |s| s.update::<Item>(2, |i| i.sku = "same".into()).map(drop),
        |s| s.add(item(0).with_sku("same")).map(drop);
    a_unique_value_taken_by_an_add_conflicts_with_an_update:
        |s| s.add(item(0).with_sku("same")).map(drop),
        |s| s.update::<Item>(2, |i| i.sku = "same".into()).map(drop);
    a_unique_value_given_by_two_updates_conflicts:
        |s| s.update::<Item>(2, |i| i.sku = "same".into()).map(drop),
        |s| s.update::<Item>(3, |i| i.sku = "same".into()).map(drop);
    two_upserts_on_one_new_value_conflict:
        |s| s.upsert_on(Item::SKU, item(0).with_sku("same"), |_, _| ()).map(drop),
        |s| s.upsert_on(Item::SKU, item(0).with_sku("same"), |_, _| ()).map(drop);
    the_same_deferred_value_conflicts:
        |s| s.update::<Item>(2, |i| i.pos = 77).map(drop),
        |s| s.update::<Item>(3, |i| i.pos = 77).map(drop);
    a_new_reference_to_a_deleted_row_conflicts:
        |s| s.delete_by_key::<Item>(2).map(drop),
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop);
    a_reference_led_to_a_deleted_row_conflicts:
        |s| s.delete_by_key::<Item>(2).map(drop),
        |s| s.update::<Part>(1, |p| p.item_id = 2).map(drop);
    deleting_a_row_that_got_a_reference_conflicts:
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop),
        |s| s.delete_by_key::<Item>(2).map(drop);
    deleting_a_row_that_a_reference_was_led_to_conflicts:
        |s| s.update::<Part>(1, |p| p.item_id = 2).map(drop),
        |s| delete::<Item>().filter(Item::ID.eq(2)).exec(s).map(drop);
    a_cascade_that_would_reach_a_row_not_seen_conflicts:
        |s| s.add(Owned { id: 2, item_id: 2, friend_id: None }).map(drop),
        |s| s.delete_by_key::<Item>(2).map(drop);
    a_cascade_that_would_reach_one_row_more_conflicts:
        |s| s.add(Owned { id: 2, item_id: 4, friend_id: None }).map(drop),
        |s| s.delete_by_key::<Item>(4).map(drop);
    a_cascade_over_a_changed_row_conflicts:
        |s| s.update::<Owned>(1, |o| o.item_id = 2).map(drop),
        |s| s.delete_by_key::<Item>(4).map(drop);
    a_changed_row_under_a_cascade_conflicts:
        |s| s.delete_by_key::<Item>(4).map(drop),
        |s| s.update::<Owned>(1, |o| o.friend_id = None).map(drop);
    a_set_null_that_would_reach_a_row_not_seen_conflicts:
        |s| s.add(Owned { id: 2, item_id: 4, friend_id: Some(2) }).map(drop),
        |s| s.delete_by_key::<Item>(2).map(drop);
    a_set_null_over_a_deleted_row_conflicts:
        |s| s.delete_by_key::<Owned>(1).map(drop),
        |s| s.delete_by_key::<Item>(5).map(drop);
    a_new_row_that_would_be_owned_by_a_deleted_one_conflicts:
        |s| s.delete_by_key::<Item>(4).map(drop),
        |s| s.add(Owned { id: 2, item_id: 4, friend_id: None }).map(drop);
}

/// Claims about two sessions that come near each other and break nothing.
macro_rules! agree { ($($name:ident: $first:expr, $second:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        race(&world()?, $first, $second)?;
        Ok(())
    }
)* } }

agree! {
    a_reference_to_a_row_that_another_changes_commits:
        |s| s.update::<Item>(2, |i| i.qty = 5).map(drop),
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop);
    changing_a_row_that_got_a_reference_commits:
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop),
        |s| s.update::<Item>(2, |i| i.qty = 5).map(drop);
    a_reference_to_a_row_that_was_replaced_commits:
        |s| s.delete_by_key::<Item>(2).and_then(|_| s.add(item(2))).map(drop),
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop);
    two_references_to_one_row_commit:
        |s| s.add(Part { id: 2, item_id: 2 }).map(drop),
        |s| s.add(Part { id: 3, item_id: 2 }).map(drop);
    two_new_rows_commit:
        |s| s.add(item(0).with_sku("a")).map(drop),
        |s| s.add(Item { pos: 101, ..item(0).with_sku("b") }).map(drop);
    adding_and_deleting_within_one_session_touches_nothing:
        |s| s.add(item(50).with_sku("a")).map(drop),
        |s| s.add(item(50).with_sku("b")).and_then(|i| s.delete(&i)).map(drop);
    both_give_up_a_value:
        |s| s.update::<Item>(2, |i| i.sku = "a".into()).map(drop),
        |s| s.update::<Item>(3, |i| i.sku = "b".into()).map(drop);
    a_value_that_the_first_gave_up_may_be_left_alone:
        |s| s.update::<Item>(2, |i| i.sku = "a".into()).map(drop),
        |s| s.update::<Item>(3, |i| i.qty = 4).map(drop);
}

#[test]
fn a_rule_that_the_session_breaks_by_itself_is_a_violation_on_a_moved_head_too() -> memorm::Result<()> {
    let moves: Act = |s| s.update::<Item>(3, |i| i.qty += 1).map(drop);
    let breaks: [Act; 4] = [
        |s| s.add(Part { id: 2, item_id: 99 }).map(drop),
        |s| s.delete_by_key::<Item>(1).map(drop),
        |s| s.update::<Item>(2, |i| i.pos = 1).map(drop),
        |s| s.update::<Part>(1, |p| p.item_id = 99).map(drop),
    ];
    for act in breaks {
        let error = race(&world()?, moves, act).expect_err("it breaks a rule");
        assert!(error.is_violation() && !error.is_conflict(), "{error}");
    }
    Ok(())
}

#[test]
fn a_value_taken_before_the_session_began_is_a_violation_at_once() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    session.get::<Item>(1);
    db.transaction(|s| s.update::<Item>(2, |i| i.sku = "free".into()))?;
    let error = session.add(item(0).with_sku("sku-2")).expect_err("this session still sees it");
    assert!(error.is_violation() && !error.is_conflict());
    session.rollback();
    session.add(item(0).with_sku("sku-2"))?;
    session.commit()?;
    Ok(())
}

#[test]
fn the_retry_gives_the_true_violation() -> memorm::Result<()> {
    let db = world()?;
    let mut runs = 0;
    let result = db.transaction(|s| {
        runs += 1;
        if runs == 1 {
            s.get::<Item>(1);
            db.transaction(|s| s.add(item(0).with_sku("same")))?;
        }
        s.add(Item { pos: 101, ..item(0).with_sku("same") })
    });
    assert_eq!(runs, 2);
    assert!(matches!(result, Err(Error::Duplicate { table: "items", .. })), "{result:?}");
    Ok(())
}

#[test]
fn the_retry_of_a_dangling_reference_gives_the_true_violation() -> memorm::Result<()> {
    let db = world()?;
    let mut runs = 0;
    let result = db.transaction(|s| {
        runs += 1;
        s.add(Part { id: 2, item_id: 2 })?;
        if runs == 1 {
            db.transaction(|s| s.delete_by_key::<Item>(2))?;
        }
        Ok(())
    });
    assert_eq!(runs, 2);
    assert!(matches!(result, Err(Error::DanglingReference { table: "parts", .. })), "{result:?}");
    Ok(())
}

#[test]
fn a_conflict_goes_away_with_the_row_that_caused_it() -> memorm::Result<()> {
    let db = world()?;
    let mut session = db.session();
    session.add(Part { id: 2, item_id: 2 })?;
    session.update::<Item>(3, |i| i.qty = 3)?;
    db.transaction(|s| s.delete_by_key::<Item>(2))?;
    assert!(session.commit().is_err_and(|e| e.is_conflict()));
    session.update::<Part>(2, |p| p.item_id = 3)?;
    session.commit()?;
    assert_eq!(db.snapshot().get_one::<Item>(3)?.qty, 3);
    db.assert_consistent();
    Ok(())
}

#[derive(Model, Clone, Debug)]
#[model(table = "badges", unique(room, place))]
struct Badge {
    #[model(primary_key)]
    id: u64,
    #[model(unique)]
    number: Option<u32>,
    room: u32,
    place: Option<u32>,
}

#[test]
fn rows_without_a_unique_value_do_not_conflict() -> memorm::Result<()> {
    let db = Database::new();
    let badge = |id| Badge { id, number: None, room: 1, place: None };
    db.transaction(|s| s.add_all([badge(1), badge(2)]))?;
    let (mut one, mut two) = (db.session(), db.session());
    one.add(badge(3))?;
    two.add(badge(4))?;
    two.update::<Badge>(2, |badge| (badge.number, badge.place) = (Some(7), None))?;
    one.commit()?;
    two.commit()?;
    assert_eq!(select::<Badge>().filter(Badge::PLACE.is_none()).count(&db)?, 4);
    db.assert_consistent();
    Ok(())
}
