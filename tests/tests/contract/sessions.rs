use crate::models::*;
use memorm::prelude::*;
#[test]
fn the_quick_start() -> memorm::Result<()> {
    let db = Database::new(); // create_engine + sessionmaker; no create_all needed
    let mut session = db.session();

    let vendor = session.add(Vendor::new("acme", "CA"))?; // -> Arc<Vendor>, id already assigned
    let item = session.add(Item::new("foo", "sku-1", vendor.id, 9.5, 3))?;
    session.commit()?;

    let items = session.all(select::<Item>())?; // same as select::<Item>().all(&session)?
    assert!(Arc::ptr_eq(&items[0], &item)); // `items[0] is item`

    session.delete(&item)?;
    session.commit()?;
    assert!(select::<Item>().all(&session)?.is_empty());
    Ok(())
}
#[test]
fn every_call_of_a_session() -> memorm::Result<()> {
    let db = filled();
    let mut session = db.session();
    let t = session.add(Tag { name: "x".into(), weight: 1 })?;
    let _: Vec<Arc<Tag>> = session.add_all(vec![Tag { name: "y".into(), weight: 1 }])?;
    let a: Option<Arc<Item>> = session.get::<Item>(1);
    assert!(
        a.is_some() && session.get::<Tag>("red").is_some() && session.get::<ItemTag>((1, "red")).is_some()
    );
    let _: Arc<Item> = session.get_one::<Item>(1)?;
    assert!(session.get_one::<Item>(99).unwrap_err().is_not_found());
    let u: Arc<Item> = session.update::<Item>(1, |i| i.qty += 1)?;
    assert_eq!((u.qty, u.revision), (4, 2));
    session.update::<Item>(1, |i| {
        if i.qty > 100 {
            return Err(memorm::Error::other("no"));
        }
        i.qty += 1;
        Ok(())
    })?;
    session.merge(Tag { name: "x".into(), weight: 4 })?;
    session.upsert(Tag { name: "x".into(), weight: 4 }, |old, new| old.weight += new.weight)?;
    assert_eq!(session.get_one::<Tag>("x")?.weight, 8);
    let mut other = Item::new("foo2", "s1", 1, 1.0, 10);
    other.qty = 10;
    session.upsert_on(Item::SKU, other, |old, new| old.qty = new.qty)?;
    assert_eq!(session.get_one::<Item>(1)?.qty, 10);
    let p: Option<&Item> = session.peek::<Item>(1);
    assert!(p.is_some());
    let v: Snapshot = session.view();
    assert!(v.peek::<Item>(1).is_some());
    assert!(session.delete(&*t)?);
    assert!(!session.delete(&t)?);
    assert!(session.delete_by_key::<Tag>("y")?);
    assert_eq!(session.refresh(&u).unwrap().qty, 10);
    session.flush()?;
    let n: i32 = session.nested(|s| {
        s.add(Tag { name: "z".into(), weight: 1 })?;
        Ok(7)
    })?;
    assert_eq!(n, 7);
    let sp = session.savepoint();
    session.add(Tag { name: "zz".into(), weight: 1 })?;
    session.rollback_to(&sp)?;
    let c = session.changes();
    assert_eq!(c.new::<Tag>().len(), 1);
    let _ = (c.dirty::<Item>(), c.deleted::<Tag>());
    let _: Version = session.commit()?;
    session.rollback();
    let k: u64 = db.transaction(|s| Ok(s.add(Item::new("n", "s9", 1, 1.0, 1))?.id))?;
    assert!(k > 3);
    Ok(())
}
#[tokio::test]
async fn every_call_of_an_async_session() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    let mut session = db.session().await;
    session.add(Tag { name: "red".into(), weight: 1 })?;
    session.flush().await?;
    session.commit().await?;
    let _ = session.all(select::<Tag>()).await?;
    let _ = session.one(select::<Tag>()).await?;
    let _ = session.first(select::<Tag>()).await?;
    let _ = select::<Tag>().all(&session)?;
    db.transaction(async |s| {
        s.add(Tag { name: "blue".into(), weight: 1 })?;
        Ok(())
    })
    .await?;
    Ok(())
}

/// What a program writes once for all of its models.
mod over_any_model {
    use memorm::prelude::*;

    pub(super) fn find<M: Model>(session: &Session, key: M::Key) -> Option<Arc<M>> {
        session.get::<M>(&key)
    }
    pub(super) fn next<M: Model>(db: &Database, key: M::Key) -> memorm::Result<Option<Arc<M>>> {
        select::<M>().after(key).first(db)
    }
    pub(super) fn change<M: Model>(db: &Database, key: M::Key, change: fn(&mut M)) -> memorm::Result<Arc<M>> {
        db.transaction(|s| s.update::<M>(&key, change))
    }
    pub(super) fn remove<M: Model>(session: &mut Session, key: M::Key) -> memorm::Result<bool> {
        session.delete_by_key::<M>(key)
    }
}

#[test]
fn functions_over_any_model_find_rows_by_its_key() -> memorm::Result<()> {
    let db = filled();
    over_any_model::change::<Item>(&db, 1, |item| item.qty = 77)?;
    let mut session = db.session();
    assert_eq!(over_any_model::find::<Item>(&session, 1).map(|item| item.qty), Some(77));
    assert_eq!(over_any_model::next::<Item>(&db, 1)?.map(|item| item.id), Some(2));
    let link = (1, "red".to_owned());
    assert!(over_any_model::find::<ItemTag>(&session, link.clone()).is_some());
    assert!(over_any_model::remove::<ItemTag>(&mut session, link.clone())?);
    assert!(over_any_model::find::<ItemTag>(&session, link).is_none());
    Ok(())
}
