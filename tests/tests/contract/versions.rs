use crate::models::*;
use memorm::prelude::*;
#[test]
fn a_version_is_a_value() -> memorm::Result<()> {
    let db = Database::builder().history(1000).build();
    db.transaction(|s| {
        s.add(Tag { name: "a".into(), weight: 1 })?;
        s.add(Tag { name: "b".into(), weight: 2 })?;
        Ok(())
    })?;
    let version = db.version();
    let before = db.snapshot(); // O(1), Clone + Send + Sync, never blocks a writer
    let (a, b) = (before.peek::<Tag>("a").unwrap(), before.peek::<Tag>("b").unwrap()); // &Item, borrowed together
    assert!(a.weight < b.weight);
    let what_if = db.fork(); // O(1): an independent Database that shares every row
    what_if.transaction(|s| s.update::<Tag>("b", |t| t.weight = 20))?;
    db.checkpoint("pre-shock"); // named, O(1); does not invalidate others
    db.transaction(|s| {
        s.update::<Tag>("a", |t| t.weight = 9)?;
        s.add(Tag { name: "c".into(), weight: 3 })?;
        Ok(())
    })?;
    assert_eq!(db.at("pre-shock")?.get::<Tag>("a").unwrap().weight, 1);
    let after = db.snapshot();
    let d = after.diff(&before); // cost follows what changed, not what exists
    let mut seen = vec![];
    for c in d.of::<Tag>() {
        match c {
            Change::Inserted(n) => seen.push(format!("+{}", n.name)),
            Change::Updated { old, new, columns } => {
                seen.push(format!("{}:{}->{} {:?}", old.name, old.weight, new.weight, columns))
            }
            Change::Deleted(o) => seen.push(format!("-{}", o.name)),
        }
    }
    assert_eq!(seen, ["a:1->9 [\"weight\"]", "+c"]);
    db.merge(&before, &what_if.snapshot(), Resolve::Fail)?; // three-way; conflicts name table, key, column, three values
    assert_eq!(db.snapshot().get::<Tag>("b").unwrap().weight, 20);
    db.restore("pre-shock")?;
    db.checkpoints();
    db.forget("pre-shock");
    assert!(db.at("pre-shock").is_err());
    assert_eq!(db.as_of(version)?.get::<Tag>("a").unwrap().weight, 1); // needs Database::builder().history(1000)
    db.undo()?;
    db.redo()?;
    assert_eq!(db.snapshot().get::<Tag>("b").unwrap().weight, 2);
    fn run(seed: u64) -> Database {
        let d = Database::new();
        d.transaction(|s| s.add(Tag { name: format!("{seed}"), weight: 1 })).unwrap();
        d
    }
    assert_eq!(run(1).state_hash(), run(1).state_hash()); // reproducibility as a test
    assert_ne!(run(1).snapshot().state_hash(), run(2).state_hash());
    Ok(())
}
#[test]
fn feeds_and_live_results() -> memorm::Result<()> {
    let db = Database::new();
    let feed = db.subscribe();
    let live = db.live(select::<Tag>().filter(Tag::WEIGHT.gt(1)));
    db.transaction(|s| s.add(Tag { name: "b".into(), weight: 2 }))?;
    let rows: Vec<Arc<Tag>> = live.rows();
    assert_eq!(rows.len(), 1);
    drop(db);
    for commit in feed {
        let _ = commit.of::<Tag>();
    }
    Ok(())
}
#[test]
fn the_direct_path() -> memorm::Result<()> {
    let mut db = filled();
    let s = db.session();
    assert!(matches!(db.exclusive(), Err(memorm::Error::Busy { .. })));
    drop(s);
    let mut hot = db.exclusive()?;
    hot.update::<Item>(1, |i| i.qty += 1)?;
    hot.add(Tag { name: "x".into(), weight: 1 })?;
    hot.delete_by_key::<Tag>("x")?;
    update::<Item>().set(Item::QTY, 1).exec(&mut hot)?;
    assert_eq!(hot.get::<Item>(1).unwrap().qty, 1);
    assert_eq!(select::<Item>().all(&hot)?.len(), 3);
    drop(hot);
    let shared = Arc::new(db);
    let hot = shared.try_exclusive()?;
    drop(hot);
    Ok(())
}
#[test]
fn looking_in() -> memorm::Result<()> {
    let db = Database::builder()
        .isolation(Isolation::Serializable)
        .max_rows(100)
        .max_bytes(1 << 20)
        .statement_limit(std::time::Duration::from_secs(5))
        .build();
    let s = db.session_with(Isolation::Snapshot);
    drop(s);
    let db2 = filled();
    let _ = db2.schema().to_mermaid() + &db2.schema().to_dot();
    let rows: Vec<Vec<Value>> = db2.snapshot().table("items")?.rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(db2.snapshot().table("items")?.filter_by("price", Op::Gt, Value::from(5)).rows()?.len(), 3);
    assert!(select::<Item>().to_table(&db2)?.contains("foo"));
    let _held = db2.snapshot_labelled("mine");
    let stats = db2.stats();
    assert!(stats.commits >= 1 && stats.conflicts == 0);
    db2.assert_consistent();
    assert!(db2.snapshot().dump().contains("vendors (id, name, country, parent_id)"));
    let sql = select::<Item>().filter(Item::PRICE.gt(1)).to_sql(Dialect::Postgres)?;
    assert_eq!(sql.parameters, [Value::Float(1.0)]);
    Ok(())
}
