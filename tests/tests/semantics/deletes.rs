//! Constraints: what a delete reaches.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(constructor = new)]
struct Node {
    #[model(primary_key)]
    id: u32,
    #[model(references(Node, name = PARENT, on_delete = cascade))]
    parent_id: Option<u32>,
    #[model(references(Node, name = FRIEND, on_delete = set_null))]
    friend_id: Option<u32>,
    #[model(references(Node, name = GUARD))]
    guard_id: Option<u32>,
}

fn node(id: u32, parent: u32) -> Node {
    Node { parent_id: Some(parent).filter(|p| *p > 0), ..Node::new(id) }
}

fn graph(nodes: impl IntoIterator<Item = Node>) -> memorm::Result<Database> {
    let db = Database::new();
    let nodes: Vec<Node> = nodes.into_iter().collect();
    db.transaction(|s| s.add_all(nodes.clone()))?;
    Ok(db)
}

fn left(session: &Session) -> memorm::Result<Vec<(u32, Option<u32>)>> {
    select::<Node>().select((Node::ID, Node::FRIEND_ID)).all(session)
}

fn ids(session: &Session) -> memorm::Result<Vec<u32>> {
    select::<Node>().select(Node::ID).all(session)
}

#[test]
fn cascade_deletes_at_the_call() -> memorm::Result<()> {
    let db = graph([node(1, 0), node(2, 1), node(3, 2), node(4, 0), node(5, 4)])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    assert_eq!(ids(&session)?, [4, 5]);
    assert!(session.get::<Node>(3).is_none());
    assert_eq!(select::<Node>().count(&db)?, 5);
    session.commit()?;
    assert_eq!(select::<Node>().count(&db)?, 2);
    db.assert_consistent();
    Ok(())
}

#[test]
fn cascade_reaches_rows_of_the_own_session() -> memorm::Result<()> {
    let db = graph([node(1, 0), node(2, 0)])?;
    let mut session = db.session();
    session.add(node(3, 1))?;
    session.add(node(4, 3))?;
    session.update::<Node>(2, |n| n.parent_id = Some(4))?;
    session.delete_by_key::<Node>(1)?;
    assert_eq!(ids(&session)?, [0; 0]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn cascade_does_not_reach_rows_that_were_led_elsewhere() -> memorm::Result<()> {
    let db = graph([node(1, 0), node(2, 1), node(3, 0)])?;
    let mut session = db.session();
    session.update::<Node>(2, |n| n.parent_id = Some(3))?;
    session.delete_by_key::<Node>(1)?;
    assert_eq!(ids(&session)?, [2, 3]);
    session.commit()?;
    Ok(())
}

#[test]
fn set_null_is_seen_at_the_call() -> memorm::Result<()> {
    let friend = |id, of| Node { friend_id: Some(of), ..Node::new(id) };
    let db = graph([node(1, 0), friend(2, 1), friend(3, 1), friend(4, 2)])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    assert_eq!(left(&session)?, [(2, None), (3, None), (4, Some(2))]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_row_that_both_cascade_and_set_null_reach_is_deleted() -> memorm::Result<()> {
    let both = |id, parent, friend| Node { friend_id: Some(friend), ..node(id, parent) };
    let db = graph([node(1, 0), both(2, 1, 1), both(3, 2, 1), both(4, 0, 3)])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    assert_eq!(left(&session)?, [(4, None)]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn cycles_end() -> memorm::Result<()> {
    let db = graph([node(1, 3), node(2, 1), node(3, 2), node(4, 4), node(5, 0)])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(2)?;
    assert_eq!(ids(&session)?, [4, 5]);
    session.delete_by_key::<Node>(4)?;
    assert_eq!(ids(&session)?, [5]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_cycle_of_set_null_ends_too() -> memorm::Result<()> {
    let friend = |id, of| Node { friend_id: Some(of), ..Node::new(id) };
    let db = graph([friend(1, 2), friend(2, 1), friend(3, 3)])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    session.delete_by_key::<Node>(3)?;
    assert_eq!(left(&session)?, [(2, None)]);
    session.commit()?;
    Ok(())
}

#[test]
fn restrict_below_a_cascade_refuses_the_commit() -> memorm::Result<()> {
    let guarded = Node { guard_id: Some(2), ..Node::new(3) };
    let db = graph([node(1, 0), node(2, 1), guarded])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    let error = session.commit().expect_err("3 refers to 2");
    assert!(
        matches!(&error, Error::StillReferenced { key, by_key, .. } if key == "2" && by_key == "3"),
        "{error}"
    );
    session.rollback();
    assert_eq!(ids(&session)?, [1, 2, 3]);
    session.delete_by_key::<Node>(1)?;
    session.delete_by_key::<Node>(3)?;
    session.commit()?;
    assert_eq!(ids(&session)?, [0; 0]);
    Ok(())
}

#[test]
fn a_row_that_has_changed_elsewhere_restricts_as_before() -> memorm::Result<()> {
    let guarded = Node { guard_id: Some(1), ..Node::new(2) };
    let db = graph([node(1, 0), guarded])?;
    let mut session = db.session();
    session.update::<Node>(2, |n| n.friend_id = Some(2))?;
    session.delete_by_key::<Node>(1)?;
    let error = session.commit().expect_err("row 2 refers to row 1");
    assert!(matches!(error, Error::StillReferenced { .. }), "{error}");
    Ok(())
}

#[test]
fn restrict_between_rows_that_both_go_is_satisfied() -> memorm::Result<()> {
    let guarded = Node { guard_id: Some(2), ..node(3, 1) };
    let db = graph([node(1, 0), node(2, 1), guarded])?;
    let mut session = db.session();
    session.delete_by_key::<Node>(1)?;
    session.commit()?;
    assert_eq!(ids(&session)?, [0; 0]);
    Ok(())
}

#[test]
fn a_delete_statement_cascades_as_the_call_does() -> memorm::Result<()> {
    let friend = |id, of| Node { friend_id: Some(of), ..Node::new(id) };
    let db = graph([node(1, 0), node(2, 1), node(3, 0), friend(4, 2), friend(5, 3)])?;
    let mut session = db.session();
    assert_eq!(delete::<Node>().filter(Node::ID.in_([1, 3])).exec(&mut session)?, 2);
    assert_eq!(left(&session)?, [(4, None), (5, None)]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_cascade_is_undone_as_a_whole() -> memorm::Result<()> {
    let friend = |id, of| Node { friend_id: Some(of), ..Node::new(id) };
    let db = graph([node(1, 0), node(2, 1), friend(3, 2)])?;
    let mut session = db.session();
    let savepoint = session.savepoint();
    session.delete_by_key::<Node>(1)?;
    session.rollback_to(&savepoint)?;
    assert_eq!(left(&session)?, [(1, None), (2, None), (3, Some(2))]);
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

/// Foreign keys that are unique as well: at most one child for each parent.
macro_rules! one_to_one { ($($name:ident: $action:ident => $rest:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        #[derive(Model, Clone, Debug)]
        struct User {
            #[model(primary_key)]
            id: u32,
        }
        #[derive(Model, Clone, Debug)]
        struct Profile {
            #[model(primary_key)]
            id: u32,
            #[model(unique, references(User, on_delete = $action))]
            user_id: Option<u32>,
        }
        let db = Database::new();
        let mut session = db.session();
        session.add_all([User { id: 1 }, User { id: 2 }])?;
        session.add_all([Profile { id: 1, user_id: Some(1) }, Profile { id: 2, user_id: Some(2) }])?;
        session.commit()?;
        session.delete_by_key::<User>(1)?;
        let result = session.commit().map_err(|e| e.is_violation()).map(drop);
        session.rollback();
        let rest = select::<Profile>().select((Profile::ID, Profile::USER_ID)).all(&session)?;
        assert_eq!((result, rest), $rest);
        db.assert_consistent();
        Ok(())
    }
)* } }

one_to_one! {
    a_unique_foreign_key_cascades: cascade => (Ok(()), vec![(2, Some(2))]);
    a_unique_foreign_key_is_set_to_none: set_null => (Ok(()), vec![(1, None), (2, Some(2))]);
    a_unique_foreign_key_restricts: restrict => (Err(true), vec![(1, Some(1)), (2, Some(2))]);
}

#[test]
fn a_foreign_key_that_is_the_primary_key_cascades() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    struct User {
        #[model(primary_key)]
        id: u32,
    }
    #[derive(Model, Clone, Debug)]
    struct Profile {
        #[model(primary_key, references(User, on_delete = cascade))]
        user_id: u32,
    }
    let db = Database::new();
    let mut session = db.session();
    session.add_all([User { id: 1 }, User { id: 2 }])?;
    session.add_all([Profile { user_id: 1 }, Profile { user_id: 2 }])?;
    session.commit()?;
    session.delete_by_key::<User>(1)?;
    session.commit()?;
    assert_eq!(select::<Profile>().select(Profile::USER_ID).all(&db)?, [2]);
    Ok(())
}
