//! Conflict or violation: the `version` column.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "docs", constructor = new, check = short)]
struct Doc {
    #[model(primary_key, auto)]
    id: u64,
    #[model(unique)]
    text: String,
    #[model(version)]
    revision: u32,
    #[model(on_update = now)]
    changed: i64,
    #[model(references(Doc, name = PARENT, on_delete = set_null))]
    parent_id: Option<u64>,
}

fn short(doc: &Doc) -> Result<(), String> {
    if doc.text == "needs a parent" && doc.parent_id.is_none() {
        return Err("it has none".into());
    }
    Ok(())
}

fn docs(texts: &[&str]) -> memorm::Result<Database> {
    let db = Database::builder().clock(|| 1i64).build();
    db.transaction(|s| s.add_all(texts.iter().map(|text| Doc::new(*text))))?;
    Ok(db)
}

fn stale<T: std::fmt::Debug>(result: memorm::Result<T>) {
    match result {
        Err(error @ Error::Stale { table: "docs", .. }) => {
            assert!(error.is_conflict() && !error.is_violation())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn version_starts_at_one_and_counts_updates() -> memorm::Result<()> {
    let db = docs(&["a"])?;
    let mut session = db.session();
    assert_eq!(session.get_one::<Doc>(1)?.revision, 1);
    assert_eq!(session.update::<Doc>(1, |d| d.text = "b".into())?.revision, 2);
    update::<Doc>().set(Doc::TEXT, "c").exec(&mut session)?;
    assert_eq!(session.get_one::<Doc>(1)?.revision, 3);
    update::<Doc>().apply(&mut session, |d| d.text.push('!'))?;
    assert_eq!(session.get_one::<Doc>(1)?.revision, 4);
    session.commit()?;
    let doc = session.get_one::<Doc>(1)?;
    assert_eq!(session.merge(Doc { text: "d".into(), ..(*doc).clone() })?.revision, 5);
    assert_eq!(session.upsert(session.get_one::<Doc>(1)?, |_, _| ())?.revision, 6);
    insert::<Doc>().set(Doc::TEXT, "new").exec(&mut session)?;
    assert_eq!(session.get_one::<Doc>(2)?.revision, 1);
    Ok(())
}

#[test]
fn an_update_cannot_set_the_version() -> memorm::Result<()> {
    let mut session = docs(&["a"])?.session();
    assert_eq!(session.update::<Doc>(1, |d| d.revision = 70)?.revision, 2);
    update::<Doc>().set(Doc::REVISION, 80).exec(&mut session)?;
    assert_eq!(session.get_one::<Doc>(1)?.revision, 3);
    Ok(())
}

#[test]
fn merge_upsert_and_delete_with_an_outdated_version_are_stale() -> memorm::Result<()> {
    let db = docs(&["a"])?;
    let old = db.snapshot().get_one::<Doc>(1)?;
    db.transaction(|s| s.update::<Doc>(1, |d| d.text = "b".into()))?;
    let mut session = db.session();
    stale(session.merge(Doc { text: "c".into(), ..(*old).clone() }));
    stale(session.upsert(old.clone(), |doc, new| doc.text = new.text));
    stale(session.upsert_on(Doc::TEXT, Doc { text: "b".into(), ..(*old).clone() }, |_, _| ()));
    stale(session.delete(&old));
    stale(session.delete(&*old));
    let error = session.merge(old.clone()).expect_err("outdated");
    assert_eq!(error.to_string(), "stale object for docs 1: it is version 1, the row is version 2");
    assert!(session.changes().is_empty());
    let new = session.refresh(&old).expect("the row is there");
    assert!(session.delete(&new)?);
    session.commit()?;
    Ok(())
}

#[test]
fn an_object_outdated_by_the_own_session_is_stale_too() -> memorm::Result<()> {
    let mut session = docs(&["a"])?.session();
    let old = session.get_one::<Doc>(1)?;
    let new = session.update::<Doc>(1, |d| d.text = "b".into())?;
    stale(session.merge(old.clone()));
    stale(session.delete(&old));
    session.merge(new)?;
    Ok(())
}

#[test]
fn update_and_delete_by_key_compare_no_version() -> memorm::Result<()> {
    let db = docs(&["a", "b"])?;
    db.transaction(|s| s.update::<Doc>(1, |d| d.text = "c".into()))?;
    let mut session = db.session();
    session.update::<Doc>(1, |d| d.text = "d".into())?;
    assert!(session.delete_by_key::<Doc>(1)?);
    assert_eq!(delete::<Doc>().exec(&mut session)?, 1);
    session.commit()?;
    Ok(())
}

#[test]
fn a_deleted_object_is_gone_and_not_stale() -> memorm::Result<()> {
    let db = docs(&["a"])?;
    let old = db.snapshot().get_one::<Doc>(1)?;
    db.transaction(|s| s.delete_by_key::<Doc>(1))?;
    assert!(!db.session().delete(&old)?);
    Ok(())
}

#[test]
fn a_cascaded_set_null_bumps_the_version_and_runs_on_update() -> memorm::Result<()> {
    use std::sync::atomic::{AtomicI64, Ordering};
    let tick = Arc::new(AtomicI64::new(5));
    let clock = tick.clone();
    let db = Database::builder().clock(move || clock.load(Ordering::Relaxed)).build();
    let mut session = db.session();
    session.add(Doc::new("parent"))?;
    let child = session.add(Doc { parent_id: Some(1), ..Doc::new("child") })?;
    session.commit()?;
    assert_eq!((child.revision, child.changed), (1, 5));
    tick.store(9, Ordering::Relaxed);
    session.delete_by_key::<Doc>(1)?;
    let after = session.get_one::<Doc>(2)?;
    assert_eq!((after.parent_id, after.revision, after.changed), (None, 2, 9));
    stale(session.merge(child.clone()));
    session.commit()?;
    stale(session.delete(&child));
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_cascaded_set_null_runs_check() -> memorm::Result<()> {
    let db = docs(&["parent"])?;
    let mut session = db.session();
    session.add(Doc { parent_id: Some(1), ..Doc::new("other") })?;
    session.add(Doc { parent_id: Some(1), ..Doc::new("needs a parent") })?;
    session.commit()?;
    assert!(matches!(session.delete_by_key::<Doc>(1), Err(Error::Check { key, .. }) if key == "3"));
    assert!(delete::<Doc>().filter(Doc::ID.eq(1)).exec(&mut session).is_err());
    assert!(session.changes().is_empty());
    assert_eq!(session.get_one::<Doc>(2)?.revision, 1);
    Ok(())
}

#[test]
fn a_failed_update_leaves_the_version() -> memorm::Result<()> {
    let mut session = docs(&["a", "b"])?.session();
    assert!(session.update::<Doc>(1, |d| d.text = "b".into()).is_err());
    assert!(update::<Doc>().set(Doc::TEXT, "same").exec(&mut session).is_err());
    assert_eq!(select::<Doc>().select(Doc::REVISION).all(&session)?, [1, 1]);
    session.update::<Doc>(1, |d| d.text = "c".into())?;
    session.rollback();
    assert_eq!(session.get_one::<Doc>(1)?.revision, 1);
    Ok(())
}
