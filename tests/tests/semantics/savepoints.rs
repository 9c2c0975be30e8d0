//! Sessions: savepoints.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: u64,
    #[model(unique)]
    name: String,
    #[model(references(Item))]
    item_id: Option<u64>,
}

fn item(id: u64) -> Item {
    Item { id, name: format!("n{id}"), item_id: None }
}

fn ids(session: &Session) -> memorm::Result<Vec<u64>> {
    select::<Item>().select(Item::ID).all(session)
}

fn is_stale(result: memorm::Result<()>) -> bool {
    matches!(result, Err(Error::StaleSavepoint))
}

#[test]
fn rollback_to_drops_later_savepoints_and_keeps_its_own() -> memorm::Result<()> {
    let mut session = Database::new().session();
    session.add(item(1))?;
    let first = session.savepoint();
    session.add(item(2))?;
    let second = session.savepoint();
    session.add(item(3))?;
    session.rollback_to(&second)?;
    assert_eq!(ids(&session)?, [1, 2]);
    session.rollback_to(&second)?;
    session.rollback_to(&first)?;
    assert_eq!(ids(&session)?, [1]);
    assert!(is_stale(session.rollback_to(&second)));
    session.add(item(4))?;
    assert!(is_stale(session.rollback_to(&second)));
    assert_eq!(ids(&session)?, [1, 4], "a refused call undoes nothing");
    session.rollback_to(&first)?;
    assert_eq!(ids(&session)?, [1]);
    Ok(())
}

#[test]
fn a_foreign_savepoint_is_stale() -> memorm::Result<()> {
    let db = Database::new();
    let (mut one, mut two) = (db.session(), db.session());
    let foreign = one.savepoint();
    let own = two.savepoint();
    two.add(item(1))?;
    assert!(is_stale(two.rollback_to(&foreign)));
    assert_eq!(ids(&two)?, [1]);
    two.rollback_to(&own)?;
    assert_eq!(ids(&two)?, [0; 0]);
    Ok(())
}

#[test]
fn a_savepoint_ends_with_its_transaction() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let savepoint = session.savepoint();
    session.add(item(1))?;
    session.commit()?;
    session.add(item(2))?;
    assert!(is_stale(session.rollback_to(&savepoint)));
    let savepoint = session.savepoint();
    session.rollback();
    session.add(item(3))?;
    assert!(is_stale(session.rollback_to(&savepoint)));
    assert_eq!(ids(&session)?, [1, 3]);
    Ok(())
}

#[test]
fn a_savepoint_outside_of_the_closure_is_out_of_reach() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let outside = session.savepoint();
    session.add(item(1))?;
    let inside = session.nested(|s| {
        s.add(item(2))?;
        assert!(is_stale(s.rollback_to(&outside)));
        let inside = s.savepoint();
        s.add(item(3))?;
        s.rollback_to(&inside)?;
        assert_eq!(ids(s)?, [1, 2]);
        Ok(inside)
    })?;
    assert!(is_stale(session.rollback_to(&inside)), "it ended with the closure");
    session.rollback_to(&outside)?;
    assert_eq!(ids(&session)?, [0; 0]);
    Ok(())
}

#[test]
fn every_kind_of_write_is_undone() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..=20).map(item)))?;
    let mut session = db.session();
    session.update::<Item>(1, |i| i.name = "kept".into())?;
    session.delete_by_key::<Item>(20)?;
    session.add(item(30))?;
    let before = ids(&session)?;
    let savepoint = session.savepoint();
    for is_private in [false, true] {
        if is_private {
            assert_eq!(select::<Item>().count(&session)?, 20);
        }
        session.update::<Item>(1, |i| i.name = "x".into())?;
        session.update::<Item>(2, |i| i.name = "n1".into())?;
        session.merge(Item { name: "y".into(), ..item(3) })?;
        session.upsert(item(31), |_, _| ())?;
        session.add(item(20))?;
        session.delete_by_key::<Item>(30)?;
        session.delete_by_key::<Item>(4)?;
        session.add(Item { name: "n4".into(), ..item(0) })?;
        update::<Item>().filter(Item::ID.between(5, 9)).set(Item::ITEM_ID, 10).exec(&mut session)?;
        delete::<Item>().filter(Item::ID.gt(11)).exec(&mut session)?;
        session.rollback_to(&savepoint)?;
        assert_eq!(ids(&session)?, before);
        assert_eq!(session.get_one::<Item>(1)?.name, "kept");
        assert_eq!(session.get_one::<Item>(2)?.name, "n2");
        assert!(session.get::<Item>(20).is_none());
        assert_eq!(select::<Item>().filter(Item::ITEM_ID.is_some()).count(&session)?, 0);
        // the values of the undone writes are free, those of the kept ones are not
        assert!(session.add(Item { name: "kept".into(), ..item(40) }).is_err());
        session
            .nested(|s| s.add(Item { name: "y".into(), ..item(40) }).and(Err::<(), _>(Error::other(""))))
            .ok();
    }
    session.commit()?;
    assert_eq!(ids(&session)?, before);
    db.assert_consistent();
    Ok(())
}

#[test]
fn nested_releases_its_savepoint_and_leaves_those_before() -> memorm::Result<()> {
    let mut session = Database::new().session();
    let savepoint = session.savepoint();
    for n in 1..=3 {
        session.nested(|s| s.add(item(n)))?;
    }
    assert_eq!(ids(&session)?, [1, 2, 3]);
    session.rollback_to(&savepoint)?;
    assert_eq!(ids(&session)?, [0; 0]);
    Ok(())
}
