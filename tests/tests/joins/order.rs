//! The order of joined rows: that of the left side, then that of the right side, on every plan.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "lefts")]
struct Left {
    #[model(primary_key)]
    id: u64,
    key: i64,
}

#[derive(Model, Clone, Debug)]
#[model(table = "plain_rights")]
struct Plain {
    #[model(primary_key)]
    id: u64,
    key: i64,
}

#[derive(Model, Clone, Debug)]
#[model(table = "indexed_rights")]
struct Indexed {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    key: i64,
}

fn world(rights: u64) -> Database {
    let db = Database::new();
    db.transaction(|s| {
        // keys fall while rows come
        s.add_all((0..40).map(|id| Left { id: 100 - id, key: (id % 7) as i64 }))?;
        s.add_all((0..rights).map(|id| Plain { id: 10_000 - id, key: (id % 7) as i64 }))?;
        s.add_all((0..rights).map(|id| Indexed { id: 10_000 - id, key: (id % 7) as i64 }))
    })
    .expect("rows");
    db
}

#[test]
fn joined_rows_come_in_row_order_whatever_finds_them() {
    for rights in [3, 30, 3_000] {
        let db = world(rights);
        let mut expected = Vec::new();
        for left in 0..40 {
            let partners = (0..rights).filter(|right| right % 7 == left % 7);
            expected.extend(partners.map(|right| (100 - left, 10_000 - right)));
        }
        let plain = select::<Left>().join_on::<Plain>(on(Left::KEY).eq(on(Plain::KEY)));
        assert_eq!(plain.select((Left::ID, Plain::ID)).all(&db).expect("rows"), expected);
        let indexed = select::<Left>().join_on::<Indexed>(on(Indexed::KEY).eq(on(Left::KEY)));
        assert_eq!(indexed.select((Left::ID, Indexed::ID)).all(&db).expect("rows"), expected);
        // no equality: each pair of rows
        let pairs = select::<Left>()
            .join_on::<Plain>(on(Left::KEY).ge(on(Plain::KEY)) & on(Left::KEY).le(on(Plain::KEY)));
        assert_eq!(pairs.select((Left::ID, Plain::ID)).all(&db).expect("rows"), expected);
        let first: Vec<_> = expected.iter().copied().skip(5).take(7).collect();
        let some = select::<Left>().join_on::<Indexed>(on(Left::KEY).eq(on(Indexed::KEY))).offset(5).limit(7);
        assert_eq!(some.select((Left::ID, Indexed::ID)).all(&db).expect("rows"), first);
    }
}
