//! Merges where whole rows, tables and counters meet.
use memorm::prelude::*;
use std::sync::Mutex;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "tasks", constructor = new)]
struct Task {
    #[model(primary_key, auto)]
    id: u32,
    name: String,
}

fn named(id: u32, name: &str) -> Task {
    Task { id, name: name.to_owned() }
}

fn names(db: &Database) -> memorm::Result<Vec<String>> {
    select::<Task>().select(Task::NAME).all(db)
}

fn add(db: &Database, id: u32, name: &str) -> memorm::Result<Arc<Task>> {
    db.transaction(|s| s.add(named(id, name)))
}

/// Row 1 is in the base, and in what they and we make of it.
fn parted() -> memorm::Result<(Database, Snapshot, Database)> {
    let db = Database::new();
    add(&db, 1, "base")?;
    let (base, fork) = (db.snapshot(), db.fork());
    Ok((db, base, fork))
}

#[test]
fn of_two_rows_that_were_added_under_one_key_the_chosen_one_stays() -> memorm::Result<()> {
    for (resolve, stays) in [(Resolve::Ours, "ours"), (Resolve::Theirs, "theirs")] {
        let (db, base, fork) = parted()?;
        add(&db, 7, "ours")?;
        add(&fork, 7, "theirs")?;
        db.merge(&base, &fork.snapshot(), resolve)?;
        assert_eq!(names(&db)?, ["base", stays]);
    }
    Ok(())
}

#[test]
fn a_closure_is_told_who_has_the_row() -> memorm::Result<()> {
    let rename = |db: &Database| db.transaction(|s| s.update::<Task>(1, |task| task.name.push('!')));
    let drop_it = |db: &Database| db.transaction(|s| s.delete_by_key::<Task>(1));
    let told = |db: &Database, base: &Snapshot, fork: &Database| {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let noted = seen.clone();
        let note = Resolve::with(move |conflict| {
            let all =
                [&conflict.base, &conflict.ours, &conflict.theirs].map(|side| *side == Value::Bool(true));
            noted.lock().expect("nobody panics").push((conflict.column, all));
            Resolution::Ours
        });
        db.merge(base, &fork.snapshot(), note)?;
        let seen = seen.lock().expect("nobody panics").clone();
        Ok::<_, memorm::Error>(seen)
    };
    let (db, base, fork) = parted()?;
    drop_it(&db)?;
    rename(&fork)?;
    assert_eq!(told(&db, &base, &fork)?, [(None, [true, false, true])]);
    let (db, base, fork) = parted()?;
    rename(&db)?;
    drop_it(&fork)?;
    assert_eq!(told(&db, &base, &fork)?, [(None, [true, true, false])]);
    let (db, base, fork) = parted()?;
    add(&db, 7, "ours")?;
    add(&fork, 7, "theirs")?;
    assert_eq!(told(&db, &base, &fork)?, [(None, [false, true, true])]);
    Ok(())
}

#[test]
fn a_table_that_only_they_have_comes_and_one_that_they_lack_goes() -> memorm::Result<()> {
    let db = Database::new();
    let (base, fork, empty) = (db.snapshot(), db.fork(), db.fork());
    add(&fork, 1, "theirs")?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    assert_eq!(names(&db)?, ["theirs"]);
    db.merge(&db.snapshot(), &empty.snapshot(), Resolve::Fail)?;
    assert!(names(&db)?.is_empty());
    Ok(())
}

#[test]
fn keys_go_on_from_the_higher_counter_of_both() -> memorm::Result<()> {
    let (db, base, fork) = parted()?;
    add(&db, 9, "ours")?;
    add(&fork, 4, "theirs")?;
    db.merge(&base, &fork.snapshot(), Resolve::Fail)?;
    // a fork knows what the version says, and no more
    assert_eq!(add(&db.fork(), 0, "next")?.id, 10);
    Ok(())
}

#[derive(Model, Clone)]
#[model(table = "tasks")]
struct Other {
    #[model(primary_key)]
    id: u32,
}

#[test]
fn two_models_under_one_name_do_not_merge() -> memorm::Result<()> {
    let db = Database::new();
    let (base, fork) = (db.snapshot(), db.fork());
    add(&db, 1, "ours")?;
    fork.transaction(|s| s.add(Other { id: 1 }))?;
    let refused = db.merge(&base, &fork.snapshot(), Resolve::Theirs);
    assert!(matches!(refused, Err(memorm::Error::Schema { table: "tasks", .. })));
    assert_eq!(names(&db)?, ["ours"]);
    Ok(())
}

#[test]
fn a_counter_is_not_merged_under_the_name_of_another_model() -> memorm::Result<()> {
    let db = Database::new();
    db.checkpoint("empty");
    add(&db, 0, "base")?;
    let theirs = db.snapshot();
    db.restore("empty")?;
    db.transaction(|s| s.add(Other { id: 7 }))?;
    // they have changed no row, but have given out a key
    let refused = db.merge(&theirs, &theirs, Resolve::Fail);
    assert!(matches!(refused, Err(memorm::Error::Schema { table: "tasks", .. })));
    assert_eq!(db.snapshot().table("tasks")?.rows(), [[Value::from(7)]]);
    Ok(())
}
