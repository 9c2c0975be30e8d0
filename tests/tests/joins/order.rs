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

#[test]
fn candidates_that_fill_many_frames_leave_rows_in_their_place() {
    let rights = 5_000;
    let db = Database::new();
    db.transaction(|s| {
        s.add_all((0..6).map(|id| Left { id, key: id as i64 * 1_000 }))?;
        s.add_all((0..rights).map(|id| Plain { id, key: id as i64 }))
    })
    .expect("rows");
    // partners among the first candidates alone, among the last alone, none at all
    let rules: [fn(i64, i64) -> bool; 3] = [
        |left, right| left > right && right < 5,
        |left, right| left > right + 3_990,
        |left, right| left > right && right > 9_000,
    ];
    for (rule, meets) in rules.into_iter().enumerate() {
        let greater = || on(Left::KEY).gt(on(Plain::KEY));
        let condition = match rule {
            0 => greater() & (on(Plain::KEY) + 0).lt(5),
            1 => on(Left::KEY).gt(on(Plain::KEY) + 3_990),
            _ => greater() & (on(Plain::KEY) + 0).gt(9_000),
        };
        let mut expected = Vec::new();
        for left in 0..6_u64 {
            let partners: Vec<_> =
                (0..rights).filter(|right| meets(left as i64 * 1_000, *right as i64)).map(Some).collect();
            let partners = if partners.is_empty() { vec![None] } else { partners };
            expected.extend(partners.into_iter().map(|right| (left, right)));
        }
        let rows = select::<Left>().left_join_on::<Plain>(condition).select((Left::ID, opt(Plain::ID)));
        assert_eq!(rows.all(&db).expect("rows"), expected, "rule {rule}");
    }
}

#[test]
fn rows_before_a_late_error_come_out() {
    let db = Database::new();
    db.transaction(|s| {
        s.add_all((0..3).map(|id| Left { id, key: 1 }))?;
        s.add_all((0..5_000).map(|id| Plain { id, key: 4_000 - id as i64 }))
    })
    .expect("rows");
    // the right key is 0 in row 4,000
    let divides = || (on(Left::KEY) / on(Plain::KEY)).ge(0);
    let snapshot = db.snapshot();
    let inner = select::<Left>().join_on::<Plain>(divides());
    let left = select::<Left>().left_join_on::<Plain>(divides());
    let inner: Vec<_> = inner.iter(&snapshot).map(|row| row.map(|(_, right)| right.id).ok()).collect();
    let left: Vec<_> =
        left.iter(&snapshot).map(|row| row.map(|(_, right)| right.map_or(0, |r| r.id)).ok()).collect();
    let expected: Vec<_> = (0..4_000).map(Some).chain([None]).collect();
    assert_eq!((&inner, &left), (&expected, &expected));
}
