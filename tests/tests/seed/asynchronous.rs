//! The async cases: what `basic` asks, under tokio.
use crate::models::Item;
use memorm::prelude::*;

#[tokio::test]
async fn an_added_row_is_seen_by_others_after_commit_and_gone_after_a_committed_delete() -> memorm::Result<()>
{
    let db = AsyncDatabase::new();
    let mut session = db.session().await;
    session.add(Item { id: 1, name: "foo".into() })?;
    assert!(db.session().await.all(select::<Item>()).await?.is_empty());
    assert_eq!(session.all(select::<Item>()).await?.len(), 1);
    session.commit().await?;

    let items = session.all(select::<Item>()).await?;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].id, items[0].name.as_str()), (1, "foo"));

    let item = session.get::<Item>(1).expect("just committed");
    assert!(session.delete(&item)?);
    assert_eq!(db.session().await.all(select::<Item>()).await?.len(), 1);
    session.commit().await?;
    assert!(session.all(select::<Item>()).await?.is_empty());
    assert!(db.session().await.all(select::<Item>()).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn what_was_rolled_back_is_not_committed_later() -> memorm::Result<()> {
    let db = AsyncDatabase::new();
    let mut session = db.session().await;
    session.add(Item { id: 1, name: "foo".into() })?;
    session.rollback();
    session.add(Item { id: 2, name: "bar".into() })?;
    session.commit().await?;

    let items = session.all(select::<Item>()).await?;
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].id, items[0].name.as_str()), (2, "bar"));
    Ok(())
}
