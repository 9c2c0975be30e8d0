//! Tables: names, generic models, tables that are not there.
use memorm::Error;
use memorm::prelude::*;

mod first {
    #[derive(memorm::Model, Clone, Debug)]
    #[model(table = "things")]
    pub struct Thing {
        #[model(primary_key)]
        pub id: u32,
    }
}

mod second {
    #[derive(memorm::Model, Clone, Debug)]
    #[model(table = "things")]
    pub struct Thing {
        #[model(primary_key)]
        pub id: u32,
    }
}

#[derive(Model, Clone, Debug)]
struct OrderLine {
    #[model(primary_key)]
    id: u32,
}

#[derive(Model, Clone, Debug)]
struct Boxed<T: Field> {
    #[model(primary_key)]
    id: u32,
    #[model(index)]
    value: T,
}

fn is_schema<T>(result: memorm::Result<T>) -> bool {
    matches!(result, Err(Error::Schema { table: "things", .. }))
}

#[test]
fn a_table_is_named_after_its_type() {
    assert_eq!(OrderLine::table().name, "order_line");
    assert_eq!(first::Thing::table().name, "things");
}

#[test]
fn a_second_type_with_a_used_name_is_an_error_at_its_first_write() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(first::Thing { id: 1 })?;
    assert!(is_schema(session.add(second::Thing { id: 1 })), "before the commit");
    session.commit()?;
    assert!(is_schema(session.add(second::Thing { id: 2 })));
    assert!(is_schema(session.merge(second::Thing { id: 2 })));
    assert!(is_schema(session.upsert(second::Thing { id: 2 }, |_, _| ())));
    assert!(is_schema(insert::<second::Thing>().rows([second::Thing { id: 2 }]).exec(&mut session)));
    assert!(is_schema(db.register::<second::Thing>()));
    assert_eq!(select::<second::Thing>().count(&session)?, 0, "reading it finds no rows");
    assert!(session.get::<second::Thing>(1).is_none());
    session.commit()?;
    assert_eq!(select::<first::Thing>().count(&db)?, 1);
    Ok(())
}

#[test]
fn a_name_taken_by_a_commit_in_the_meantime_is_an_error_as_well() -> memorm::Result<()> {
    let db = Database::new();
    let (mut one, mut two) = (db.session(), db.session());
    one.add(first::Thing { id: 1 })?;
    two.add(second::Thing { id: 1 })?;
    one.commit()?;
    assert!(is_schema(two.commit()));
    assert_eq!(select::<second::Thing>().count(&db)?, 0);
    two.rollback();
    two.add(first::Thing { id: 2 })?;
    two.commit()?;
    Ok(())
}

#[test]
fn a_name_of_rolled_back_work_is_free() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    session.add(first::Thing { id: 1 })?;
    session.rollback();
    session.add(second::Thing { id: 1 })?;
    session.commit()?;
    assert!(is_schema(session.add(first::Thing { id: 1 })));
    Ok(())
}

#[test]
fn the_name_of_a_model_whose_write_failed_is_free() -> memorm::Result<()> {
    let db = Database::new();
    let mut session = db.session();
    assert!(session.update::<first::Thing>(1, |_| ()).is_err());
    session.add(second::Thing { id: 1 })?;
    assert!(is_schema(session.add(first::Thing { id: 1 })));
    session.commit()?;
    assert_eq!(db.snapshot().table("things")?.rows().len(), 1);
    Ok(())
}

#[test]
fn names_are_unique_in_one_database_alone() -> memorm::Result<()> {
    let (a, b) = (Database::new(), Database::new());
    a.transaction(|s| s.add(first::Thing { id: 1 }))?;
    b.transaction(|s| s.add(second::Thing { id: 1 }))?;
    Ok(())
}

#[test]
fn generic_models_are_named_with_their_type() -> memorm::Result<()> {
    assert_eq!(Boxed::<u8>::table().name, "boxed<u8>");
    assert_eq!(Boxed::<Option<String>>::table().name, "boxed<Option<String>>");
    let db = Database::new();
    db.transaction(|s| {
        s.add(Boxed { id: 1, value: 7u8 })?;
        s.add(Boxed { id: 1, value: "x".to_owned() })
    })?;
    assert_eq!(select::<Boxed<u8>>().select(Boxed::<u8>::VALUE).all(&db)?, [7]);
    assert_eq!(select::<Boxed<String>>().filter(Boxed::<String>::VALUE.eq("x")).count(&db)?, 1);
    assert_eq!(select::<Boxed<i64>>().count(&db)?, 0);
    assert_eq!(db.snapshot().table("boxed<u8>")?.rows().len(), 1);
    db.assert_consistent();
    Ok(())
}

/// Everything that can be asked of a table without rows.
fn is_empty(db: &Database) -> memorm::Result<()> {
    let mut session = db.session();
    let query = select::<OrderLine>().filter(OrderLine::ID.gt(0)).order_by(OrderLine::ID);
    assert!(query.all(&session)?.is_empty() && query.all(db)?.is_empty());
    assert!(query.first(&session)?.is_none());
    assert!(query.one_or_none(&session)?.is_none());
    assert!(matches!(query.one(&session), Err(Error::NoRow { table: "order_line" })));
    assert_eq!((query.count(&session)?, query.exists(&session)?), (0, false));
    assert!(query.iter(&session).next().is_none());
    assert!(query.mappings(&session)?.is_empty());
    assert!(query.clone().union(select()).select(OrderLine::ID).distinct().all(&session)?.is_empty());
    let aggregates = query.aggregate((count(), OrderLine::ID.sum(), OrderLine::ID.max()), &session)?;
    assert_eq!(aggregates, (0, None, None));
    assert_eq!(query.explain(&session)?.rows, 0);
    assert!(session.get::<OrderLine>(1).is_none() && session.peek::<OrderLine>(1).is_none());
    assert!(session.get_one::<OrderLine>(1).is_err_and(|e| e.is_not_found()));
    assert!(session.update::<OrderLine>(1, |_| ()).is_err_and(|e| e.is_not_found()));
    assert!(!session.delete_by_key::<OrderLine>(1)?);
    assert_eq!(update::<OrderLine>().set(OrderLine::ID, 1).exec(&mut session)?, 0);
    assert_eq!(delete::<OrderLine>().exec(&mut session)?, 0);
    assert!(delete::<OrderLine>().returning(OrderLine::ID).all(&mut session)?.is_empty());
    let before = db.version();
    session.commit()?;
    assert_eq!(db.version(), before);
    Ok(())
}

#[test]
fn an_absent_table_equals_an_empty_one() -> memorm::Result<()> {
    is_empty(&Database::new())?;
    let db = Database::new();
    db.register::<OrderLine>()?;
    is_empty(&db)?;
    db.transaction(|s| s.add(OrderLine { id: 1 }))?;
    db.transaction(|s| s.delete_by_key::<OrderLine>(1))?;
    is_empty(&db)?;
    db.transaction(|s| s.add(OrderLine { id: 1 }))?;
    db.clear();
    is_empty(&db)
}

#[test]
fn a_reference_to_an_absent_table_dangles() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Child {
        #[model(primary_key)]
        id: u32,
        #[model(references(OrderLine))]
        line_id: Option<u32>,
    }
    let db = Database::new();
    let mut session = db.session();
    session.add(Child { id: 1, line_id: None })?;
    session.commit()?;
    session.add(Child { id: 2, line_id: Some(1) })?;
    assert!(session.commit().is_err_and(|e| e.is_violation()));
    session.add(OrderLine { id: 1 })?;
    session.commit()?;
    session.delete_by_key::<OrderLine>(1)?;
    assert!(session.commit().is_err_and(|e| e.is_violation()));
    Ok(())
}

#[test]
fn a_table_is_registered_once() -> memorm::Result<()> {
    let db = Database::new();
    for _ in 0..2 {
        db.register::<OrderLine>()?;
        assert_eq!(db.version(), Version(1));
    }
    Ok(())
}
