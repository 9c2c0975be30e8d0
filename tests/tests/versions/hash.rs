use crate::models::{Item, set_qty, shop};
use memorm::prelude::*;

#[test]
fn equal_rows_hash_equal_whatever_their_history() -> memorm::Result<()> {
    let (one, other) = (shop(), shop());
    assert_eq!(one.state_hash(), other.state_hash());
    // another way to the same rows: other row ids, another version number
    other.transaction(|s| {
        let all = s.all(select::<Item>())?;
        delete::<Item>().exec(s)?;
        s.add_all(all.iter().map(|item| (**item).clone())).map(drop)
    })?;
    assert_ne!(one.version(), other.version());
    assert_eq!(one.state_hash(), other.state_hash());
    Ok(())
}

#[test]
fn a_hash_follows_every_change_and_comes_back_with_the_rows() -> memorm::Result<()> {
    let db = shop();
    let first = db.state_hash();
    set_qty(&db, 2, 21);
    let second = db.state_hash();
    assert_ne!(first, second);
    db.undo()?;
    assert_eq!(db.state_hash(), first);
    db.transaction(|s| s.update::<Item>(1, |item| item.note = Some(String::new())))?;
    assert_ne!(db.state_hash(), first, "a text without characters is not `None`");
    Ok(())
}

#[test]
fn order_counts() -> memorm::Result<()> {
    let (one, other) = (Database::new(), Database::new());
    #[derive(Model, Clone)]
    #[model(table = "letters")]
    struct Letter {
        #[model(primary_key)]
        name: String,
    }
    let letter = |name: &str| Letter { name: name.to_owned() };
    one.transaction(|s| s.add_all(["a", "b"].map(letter)))?;
    other.transaction(|s| s.add_all(["b", "a"].map(letter)))?;
    assert_ne!(one.state_hash(), other.state_hash());
    Ok(())
}

#[test]
fn versions_times_opaque_and_unhashed_columns_and_counters_do_not_count() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    #[model(table = "notes", constructor = new)]
    struct Note {
        #[model(primary_key, auto)]
        id: u64,
        text: String,
        #[model(version)]
        revision: u32,
        #[model(on_update = now)]
        changed_at: u64,
        #[model(unhashed)]
        seen: i64,
        #[model(opaque)]
        cache: Option<Vec<u8>>,
    }
    let db = Database::new();
    db.transaction(|s| {
        s.add(Note { id: 0, text: "a".into(), revision: 0, changed_at: 0, seen: 1, cache: None })
    })?;
    let before = db.state_hash();
    db.transaction(|s| {
        s.update::<Note>(1, |note| (note.seen, note.cache) = (2, Some(vec![1])))?;
        let more =
            s.add(Note { id: 0, text: "b".into(), revision: 0, changed_at: 0, seen: 1, cache: None })?;
        s.delete(&more)
    })?;
    assert_eq!(db.state_hash(), before);
    Ok(())
}

#[test]
fn the_function_is_fixed() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    #[model(table = "fixed")]
    struct Fixed {
        #[model(primary_key)]
        id: u64,
        name: String,
        share: f64,
        note: Option<bool>,
    }
    let db = Database::new();
    assert_eq!(db.state_hash().to_string(), "0000000000000000");
    db.transaction(|s| s.add(Fixed { id: 1, name: "acme".into(), share: -0.0, note: None }))?;
    db.transaction(|s| s.add(Fixed { id: 2, name: "ä".into(), share: f64::NAN, note: Some(true) }))?;
    assert_eq!(db.state_hash().to_string(), "6e71edbe784c744c");
    Ok(())
}
