//! A session's statements see what it has written, whichever way its rows are found.
use memorm::prelude::*;
use memorm_tests::Random;
use std::fmt::Debug;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(index(shelf, qty))]
struct Part {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    shelf: u32,
    #[model(index)]
    price: Option<i64>,
    #[model(unique)]
    code: String,
    qty: i64,
}

const PARTS: u64 = 3_000;

fn part(id: u64, random: &mut Random) -> Part {
    let price = (random.below(8) > 0).then(|| random.below(500) as i64);
    let (shelf, qty) = (random.below(300) as u32, random.below(20) as i64);
    Part { id, shelf, price, code: format!("P{id:06}"), qty }
}

fn parts(random: &mut Random) -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| s.add_all((1..=PARTS).map(|id| part(id, random))).map(drop))?;
    Ok(db)
}

/// What statements of every kind that an index finds the rows of say, with these random values in them.
fn answers(source: &impl memorm::session::Source, seed: u64) -> memorm::Result<Vec<String>> {
    let mut random = Random(seed);
    let mut below = |end| random.below(end);
    let all = || select::<Part>();
    let shelf = |shelf: u64| all().filter(Part::SHELF.eq(shelf as u32));
    let (from, id) = (below(490) as i64, below(PARTS + 40) + 1);
    let cheap = || all().filter(Part::PRICE.between(from, from + 3));
    fn shown<T: Debug>(rows: memorm::Result<T>) -> memorm::Result<String> {
        rows.map(|rows| format!("{rows:?}"))
    }
    let shelves = [below(300) as u32, below(300) as u32, 7];
    Ok(vec![
        shown(shelf(7).all(source))?,
        shown(shelf(below(300)).count(source))?,
        shown(shelf(below(300)).order_by(Part::QTY.desc()).all(source))?,
        shown(shelf(7).order_by((Part::PRICE, Part::ID.desc())).limit(2).all(source))?,
        shown(shelf(7).offset(1).limit(2).select((Part::ID, Part::QTY + 1)).all(source))?,
        shown(shelf(7).select(Part::QTY).distinct().all(source))?,
        shown(shelf(7).filter(Part::QTY.lt(10)).all(source))?,
        shown(shelf(7).first(source))?,
        shown(shelf(301).exists(source))?,
        shown(cheap().all(source))?,
        shown(cheap().filter(Part::SHELF.lt(150)).count(source))?,
        shown(all().filter(Part::ID.eq(id)).one_or_none(source))?,
        shown(all().filter(Part::ID.in_([3, id, PARTS + 2])).all(source))?,
        shown(all().filter(Part::CODE.eq(format!("P{id:06}"))).all(source))?,
        shown(all().filter(Part::CODE.starts_with("P00002")).select(Part::CODE).all(source))?,
        shown(all().filter(Part::SHELF.in_(shelves)).all(source))?,
        shown(all().filter(Part::SHELF.eq(7) | Part::PRICE.eq(from)).all(source))?,
        shown(all().filter(Part::SHELF.eq(7) & Part::QTY.ge(15)).all(source))?,
        shown(all().filter(Part::PRICE.is_none() & Part::SHELF.lt(20)).all(source))?,
        shown(all().filter(Part::QTY.eq(3)).count(source))?,
        shown(shelf(7).aggregate((count(), Part::QTY.sum(), Part::PRICE.max()), source))?,
        shown(cheap().group_by(Part::SHELF % 4).aggregate((count(), Part::QTY.avg())).all(source))?,
        shown(shelf(7).select((Part::ID, Part::QTY * 2)).mappings(source))?,
    ])
}

fn write(session: &mut Session, random: &mut Random) -> memorm::Result<()> {
    let id = random.below(PARTS + 20) + 1;
    match random.below(6) {
        0 => session.delete_by_key::<Part>(id).map(drop),
        1 if session.get::<Part>(id).is_none() => session.add(part(id, random)).map(drop),
        2 => session.merge(part(id, random)).map(drop),
        3 => change(session, id, |part| part.shelf = 7),
        _ => change(session, id, |part| part.qty += 5),
    }
}

/// Changes the part if it is there.
fn change(session: &mut Session, id: u64, change: impl FnOnce(&mut Part)) -> memorm::Result<()> {
    match session.update::<Part>(id, |part| change(part)) {
        Err(memorm::Error::NotFound { .. }) => Ok(()),
        other => other.map(drop),
    }
}

#[test]
fn a_statement_between_writes_answers_as_one_on_the_version_that_they_make() -> memorm::Result<()> {
    let mut random = Random(0x5eed);
    let db = parts(&mut random)?;
    let mut session = db.session();
    for round in 1..=150 {
        for _ in 0..=random.below(40) {
            write(&mut session, &mut random)?;
        }
        let between = answers(&session, round)?;
        let expected = answers(&session.view(), round)?;
        assert_eq!(between, expected, "round {round}");
        if random.below(3) == 0 {
            session.rollback();
        } else {
            session.commit()?;
            assert_eq!(answers(&db, round)?, expected, "round {round}, committed");
        }
    }
    Ok(())
}

#[test]
fn many_statements_between_many_writes_go_on_seeing_them() -> memorm::Result<()> {
    let mut random = Random(77);
    let db = parts(&mut random)?;
    let mut session = db.session();
    let on_seven = select::<Part>().filter(Part::SHELF.eq(7));
    let mut expected = on_seven.count(&db)?;
    // more than a thousand rows are written, and looked at by hundreds of statements
    for id in 1..=1_500 {
        let was_there = session.get::<Part>(id).is_some_and(|part| part.shelf == 7);
        session.update::<Part>(id, |part| part.shelf = 7)?;
        expected += usize::from(!was_there);
        if id % 5 == 0 {
            assert_eq!(on_seven.count(&session)?, expected, "after {id}");
        }
    }
    Ok(())
}

#[test]
fn a_statement_about_another_table_sees_that_one_too() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Note {
        #[model(primary_key)]
        id: u64,
        #[model(index)]
        part: u64,
    }
    let mut random = Random(3);
    let db = parts(&mut random)?;
    let mut session = db.session();
    session.add(Note { id: 1, part: 5 })?;
    session.commit()?;
    session.update::<Part>(5, |part| part.qty = 100)?;
    assert_eq!(select::<Note>().filter(Note::PART.eq(5)).count(&session)?, 1);
    session.add(Note { id: 2, part: 5 })?;
    assert_eq!(select::<Note>().filter(Note::PART.eq(5)).count(&session)?, 2);
    assert_eq!(select::<Part>().filter(Part::ID.eq(5)).one(&session)?.qty, 100);
    Ok(())
}

#[test]
fn new_rows_are_found_by_keys_that_count_down() -> memorm::Result<()> {
    // few rows are found in a list and many in maps
    for count in [3, 60] {
        let mut random = Random(5);
        let mut session = Database::new().session();
        for id in (1..=count).rev() {
            session.add(part(id, &mut random))?;
        }
        assert!((1..=count).all(|id| session.get::<Part>(id).is_some_and(|part| part.id == id)), "{count}");
        let again = session.add(Part { code: "another".into(), ..part(2, &mut random) });
        assert!(matches!(again, Err(memorm::Error::Duplicate { .. })), "{count}");
    }
    Ok(())
}
