//! Statements by the names of columns say what typed ones say.
use memorm::Error;
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "items")]
struct Item {
    #[model(primary_key)]
    id: u64,
    name: String,
    #[model(index)]
    price: f64,
    note: Option<String>,
}

fn stocked() -> memorm::Result<Database> {
    let db = Database::new();
    let row = |id: u64| Item {
        id,
        name: format!("item {}", id % 7),
        price: (id % 10) as f64 / 2.0,
        note: id.is_multiple_of(3).then(|| "seen".to_owned()),
    };
    db.transaction(|s| s.add_all((1..=200).map(row)))?;
    Ok(db)
}

fn ids(rows: Vec<Vec<Value>>) -> Vec<Value> {
    rows.into_iter().map(|mut row| row.swap_remove(0)).collect()
}

#[test]
fn filters_orders_and_cuts_are_those_of_a_typed_statement() -> memorm::Result<()> {
    let db = stocked()?;
    let table = db.snapshot().table("items")?;
    let typed = |filter: Filter<Item>| -> memorm::Result<Vec<Value>> {
        let rows =
            select::<Item>().filter(filter).order_by((Item::NAME.desc(), Item::PRICE)).offset(3).limit(20);
        Ok(rows.select(Item::ID).all(&db)?.into_iter().map(Value::from).collect())
    };
    for (op, filter) in [
        (Op::Eq, Item::PRICE.eq(2)),
        (Op::Ne, Item::PRICE.ne(2)),
        (Op::Lt, Item::PRICE.lt(2)),
        (Op::Le, Item::PRICE.le(2)),
        (Op::Gt, Item::PRICE.gt(2)),
        (Op::Ge, Item::PRICE.ge(2)),
    ] {
        let by_name = table.clone().filter_by("price", op, 2).filter_by("note", Op::Eq, "seen");
        let rows = by_name.order_by_desc("name").order_by("price").offset(3).limit(20).rows()?;
        assert_eq!(ids(rows), typed(filter & Item::NOTE.eq("seen"))?, "{op:?}");
    }
    Ok(())
}

#[test]
fn a_select_without_its_scope_gives_values_by_position() -> memorm::Result<()> {
    let db = stocked()?;
    let typed = select::<Item>().filter(Item::ID.gt(198)).order_by(Item::ID.desc());
    let untyped = (*typed).all(&db)?;
    assert_eq!(untyped[0], [200_u64.into(), "item 4".into(), 0.0.into(), Value::Null]);
    assert_eq!((untyped.len(), (*typed).count(&db)?), (2, 2));
    assert_eq!((*typed).mappings(&db)?, typed.mappings(&db)?);
    Ok(())
}

#[test]
fn nothing_compares_with_null() -> memorm::Result<()> {
    let table = stocked()?.snapshot().table("items")?;
    assert_eq!(table.count(), 200);
    for op in [Op::Eq, Op::Ne] {
        assert_eq!(table.clone().filter_by("note", op, Value::Null).count()?, 0);
    }
    assert_eq!(table.filter_by("note", Op::Ne, "x").count()?, 66);
    Ok(())
}

#[test]
fn a_mistake_is_told_when_the_statement_runs() -> memorm::Result<()> {
    let table = stocked()?.snapshot().table("items")?;
    let unknown = table.clone().filter_by("pice", Op::Eq, 1).count().unwrap_err();
    assert!(unknown.is_not_found() && matches!(unknown, Error::NoSuchColumn { .. }));
    assert_eq!(unknown.to_string(), r#"items has no column "pice"; did you mean "price"?"#);
    let far = table.clone().order_by("colour").rows().unwrap_err();
    assert_eq!(far.to_string(), r#"items has no column "colour""#);
    let kind = table.clone().filter_by("price", Op::Gt, "dear").filter_by("colour", Op::Eq, 1).rows();
    assert_eq!(kind.unwrap_err().to_string(), r#"items.price cannot hold "dear": its type is f64"#);
    assert!(table.filter_by("id", Op::Eq, 1.5).rows().is_err());
    Ok(())
}

#[test]
fn every_column_type_is_a_value() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    #[model(table = "kinds")]
    struct Kinds {
        #[model(primary_key)]
        id: uuid::Uuid,
        grade: char,
        size: usize,
        at: Timestamp,
        cost: rust_decimal::Decimal,
        data: serde_json::Value,
        note: Option<char>,
    }
    let row = Kinds {
        id: uuid::Uuid::from_u128(7),
        grade: 'b',
        size: 3,
        at: Timestamp::UNIX_EPOCH,
        cost: 5.into(),
        data: serde_json::json!([1]),
        note: None,
    };
    let db = Database::new();
    db.transaction(|s| s.add(row.clone()))?;
    let kinds = || db.snapshot().table("kinds");
    let found = kinds()?
        .filter_by("id", Op::Eq, row.id)
        .filter_by("grade", Op::Gt, 'a')
        .filter_by("size", Op::Lt, "four".len())
        .filter_by("at", Op::Le, row.at)
        .filter_by("cost", Op::Ge, row.cost)
        .filter_by("data", Op::Eq, row.data);
    assert_eq!(found.count()?, 1);
    assert_eq!(kinds()?.filter_by("note", Op::Eq, Some('x')).count()?, 0);
    Ok(())
}

#[test]
fn an_enum_is_asked_for_by_the_names_of_its_variants() -> memorm::Result<()> {
    #[derive(Field, Clone, Copy)]
    enum Side {
        Buy,
        Sell,
        Try,
    }
    #[derive(Field, Clone, Copy)]
    struct Wish(Side);
    #[derive(Model, Clone)]
    #[model(table = "trades")]
    struct Trade {
        #[model(primary_key)]
        id: u64,
        #[model(index)]
        side: Side,
        wish: Option<Wish>,
    }
    let rows = [(1, Side::Sell, Some(Side::Buy)), (2, Side::Buy, None), (3, Side::Try, Some(Side::Try))];
    let db = Database::new();
    db.transaction(|s| s.add_all(rows.map(|(id, side, wish)| Trade { id, side, wish: wish.map(Wish) })))?;
    let trades = || db.snapshot().table("trades");
    let found = trades()?.filter_by("side", Op::Ge, "Sell").order_by_desc("side").rows()?;
    assert_eq!(ids(found), [Value::Wide(3), Value::Wide(1)]);
    assert_eq!(ids(trades()?.filter_by("wish", Op::Eq, "Try").rows()?), [Value::Wide(3)]);
    assert_eq!(Trade::table().columns[1].variants, ["Buy", "Sell", "Try"]);
    let none = trades()?.filter_by("side", Op::Eq, "Hold").rows().unwrap_err();
    assert_eq!(none.to_string(), r#"trades.side cannot hold "Hold": its type is Side"#);
    Ok(())
}
