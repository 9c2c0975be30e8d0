//! Which conditions an index answers.
#[path = "index_use/choice.rs"]
mod choice;

use memorm::prelude::*;

#[derive(Model, Clone)]
struct Word {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    text: String,
}

#[test]
fn starts_with_uses_an_index() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..1000).map(|id| Word { id, text: format!("n{id:04}") })))?;
    let query = select::<Word>().filter(Word::TEXT.starts_with("n001"));
    let explain = query.explain(&db)?;
    assert!(explain.access.starts_with("index"), "{explain}");
    assert_eq!(explain.rows_seen, 10);
    Ok(())
}

#[test]
fn like_with_a_literal_beginning_uses_an_index() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..1000).map(|id| Word { id, text: format!("n{id:04}") })))?;
    for (pattern, rows, seen) in [("n001%", 10, 10), ("n001_", 10, 10), ("n001%5", 1, 10), ("%5", 100, 1000)]
    {
        let explain = select::<Word>().filter(Word::TEXT.like(pattern)).explain(&db)?;
        assert_eq!((explain.rows, explain.rows_seen), (rows, seen), "{pattern}: {explain}");
    }
    Ok(())
}

#[test]
fn a_prefix_of_the_last_characters_has_no_end() -> memorm::Result<()> {
    let db = Database::new();
    let texts = ["a", "\u{10ffff}", "\u{10ffff}b", "\u{d7ff}", "\u{d7ff}x", "\u{e000}"];
    db.transaction(|s| s.add_all((0..).zip(texts).map(|(id, text)| Word { id, text: text.into() })))?;
    for prefix in ["\u{10ffff}", "\u{d7ff}", "a", "", "b"] {
        let found = select::<Word>().filter(Word::TEXT.starts_with(prefix)).count(&db)?;
        assert_eq!(found, texts.iter().filter(|text| text.starts_with(prefix)).count(), "{prefix:?}");
    }
    Ok(())
}

#[derive(Model, Clone)]
#[model(index(day, place))]
struct Visit {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    guest: Option<u32>,
    #[model(index)]
    room: u32,
    day: u32,
    place: u32,
    plain: u32,
}

const VISITS: u64 = 4_000;

/// Numbers that look random.
fn mixed(n: u64, below: u64) -> u32 {
    (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_mul(0xd6e8_feb8_6659_fd93) >> 33) as u32
        % below as u32
}

fn visits() -> memorm::Result<Database> {
    let db = Database::new();
    let visit = |id| Visit {
        id,
        guest: (mixed(id, 17) > 0).then(|| mixed(id + 1, 60)),
        room: mixed(id + 2, 400),
        day: mixed(id + 3, 40),
        place: mixed(id + 4, 30),
        plain: mixed(id + 5, 10),
    };
    db.transaction(|s| s.add_all((0..VISITS).map(visit)))?;
    Ok(db)
}

type Holds = Box<dyn Fn(&Visit) -> Option<bool>>;

/// A random condition, and the same as a closure: `None` is unknown.
fn condition(seed: &mut u64, depth: u32) -> (Filter<Visit>, Holds) {
    *seed += 1;
    let n = *seed * 31;
    let of = |below| mixed(n + 7, below);
    match mixed(n, if depth == 0 { 7 } else { 12 }) {
        0 => {
            let guest = of(60);
            (Visit::GUEST.eq(Some(guest)), Box::new(move |v| v.guest.map(|other| other == guest)))
        }
        1 => {
            let end = of(120);
            (Visit::ROOM.lt(end), Box::new(move |v| Some(v.room < end)))
        }
        2 => {
            let rooms = [of(400), 7, 9];
            (Visit::ROOM.in_(rooms), Box::new(move |v| Some(rooms.contains(&v.room))))
        }
        3 => {
            let day = of(40);
            (Visit::DAY.eq(day), Box::new(move |v| Some(v.day == day)))
        }
        4 => {
            let place = of(30);
            (Visit::PLACE.eq(place), Box::new(move |v| Some(v.place == place)))
        }
        5 => {
            let ids = [u64::from(of(4_000)), 3, 5];
            (Visit::ID.in_(ids), Box::new(move |v| Some(ids.contains(&v.id))))
        }
        6 => (Visit::GUEST.is_none(), Box::new(|v| Some(v.guest.is_none()))),
        7 => {
            let (filter, holds) = condition(seed, depth - 1);
            (!filter, Box::new(move |v| holds(v).map(|yes| !yes)))
        }
        which => {
            let ((left, a), (right, b)) = (condition(seed, depth - 1), condition(seed, depth - 1));
            let (filter, decides) = if which % 2 == 0 { (left & right, false) } else { (left | right, true) };
            let holds = move |v: &Visit| match (a(v), b(v)) {
                (Some(yes), _) | (_, Some(yes)) if yes == decides => Some(decides),
                (Some(_), Some(_)) => Some(!decides),
                _ => None,
            };
            (filter, Box::new(holds))
        }
    }
}

#[test]
fn conditions_over_several_indexes_find_what_a_loop_finds_in_the_same_order() -> memorm::Result<()> {
    let db = visits()?;
    let all = select::<Visit>().all(&db)?;
    let (mut unions, mut intersections) = (0, 0);
    for mut seed in (0..2_000).map(|case| case * 1_000) {
        let (filter, holds) = condition(&mut seed, 3);
        let query = select::<Visit>().filter(filter);
        let expected: Vec<u64> = all.iter().filter(|v| holds(v) == Some(true)).map(|v| v.id).collect();
        assert_eq!(query.clone().select(Visit::ID).all(&db)?, expected, "{query:?}");
        let explain = query.explain(&db)?;
        unions += usize::from(explain.access.contains(" or "));
        intersections += usize::from(explain.access.contains(" and "));
        assert!(explain.rows_seen as u64 <= VISITS, "{explain}");
    }
    assert!(unions > 50 && intersections > 50, "{unions} unions, {intersections} intersections");
    Ok(())
}

#[test]
fn explain_names_the_indexes_that_are_taken_together() -> memorm::Result<()> {
    let db = visits()?;
    let seen = |filter: Filter<Visit>| select::<Visit>().filter(filter).explain(&db);
    let both = seen(Visit::ROOM.lt(30) & Visit::DAY.eq(3))?;
    assert_eq!(both.access, "index visit.room and index visit.(day, place)");
    assert_eq!(both.rows_seen, both.rows);
    let either = seen(Visit::ROOM.eq(30) | Visit::GUEST.eq(Some(5)) | Visit::ID.eq(1))?;
    assert_eq!(either.access, "key visit.id or index visit.guest or index visit.room");
    assert_eq!(either.rows_seen, either.rows);
    let open = seen(Visit::ROOM.eq(30) | Visit::PLAIN.eq(5))?;
    assert_eq!((&*open.access, open.rows_seen as u64), ("scan of visit", VISITS));
    Ok(())
}

/// Over a grid of selectivities no more rows are fetched than the better of a scan and one index would fetch.
#[test]
fn no_choice_looks_at_more_rows_than_the_better_of_a_scan_and_one_index() -> memorm::Result<()> {
    let db = visits()?;
    for room in [1, 2, 5, 10, 20, 40, 80, 160, 400] {
        for day in [1, 2, 4, 8, 16, 40] {
            let (by_room, by_day) = (Visit::ROOM.lt(room), Visit::DAY.lt(day));
            let count = |filter: &Filter<Visit>| select::<Visit>().filter(filter.clone()).count(&db);
            let one = count(&by_room)?.min(count(&by_day)?);
            let explain = select::<Visit>().filter(by_room.clone() & by_day.clone()).explain(&db)?;
            let better = if one < VISITS as usize / 10 { one } else { VISITS as usize };
            assert!(explain.rows_seen <= better, "{room} {day}: {explain}");
            let explain = select::<Visit>().filter(by_room | by_day).explain(&db)?;
            assert!(explain.rows_seen <= VISITS as usize, "{room} {day}: {explain}");
        }
    }
    Ok(())
}

/// Only so many conditions are known one by one: the others are tested on each row that an index gives.
#[test]
fn the_last_of_very_many_conditions_is_tested_too() -> memorm::Result<()> {
    let db = visits()?;
    let all = select::<Visit>().all(&db)?;
    for many in [62, 63, 64, 65, 130] {
        let bounds = (0..many).fold(Visit::ROOM.lt(30), |filter, n| filter & Visit::ROOM.lt(31 + n));
        let found = |filter| select::<Visit>().filter(filter).select(Visit::ID).all(&db);
        let ids = |holds: &dyn Fn(&Visit) -> bool| -> Vec<u64> {
            all.iter().filter(|visit| holds(visit)).map(|visit| visit.id).collect()
        };
        let both = bounds & Visit::PLAIN.eq(3);
        assert_eq!(found(both.clone())?, ids(&|v| v.room < 30 && v.plain == 3), "{many}");
        let either = ids(&|v| v.room < 30 && v.plain == 3 || v.day == 7);
        assert_eq!(found(both | Visit::DAY.eq(7))?, either, "{many}");
    }
    Ok(())
}
