//! Rows are found by their keys after a commit onto a head that has moved on, where new rows get their places anew.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
struct Star {
    #[model(primary_key)]
    id: u64,
    mass: u64,
}

#[derive(Model, Clone, Debug, PartialEq)]
struct Moon {
    #[model(primary_key, auto)]
    id: u64,
}

fn star(id: u64) -> Star {
    Star { id, mass: id }
}

/// Does the work beside a commit to another table, and looks for each of these stars.
fn check(before: &[u64], work: fn(&mut Session) -> memorm::Result<()>, after: &[u64]) -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all(before.iter().map(|id| star(*id))))?;
    let mut session = db.session();
    work(&mut session)?;
    db.transaction(|s| s.add(Moon { id: 0 }))?;
    session.commit()?;
    db.assert_consistent();
    let found: Vec<u64> =
        (0..2_000).filter(|id| db.snapshot().get::<Star>(*id).is_some_and(|star| star.id == *id)).collect();
    assert_eq!(found, after);
    Ok(())
}

#[test]
fn the_first_rows_of_a_table_may_have_keys_far_from_each_other() -> memorm::Result<()> {
    check(&[], |s| s.add_all([star(1), star(1_000)]).map(drop), &[1, 1_000])
}

#[test]
fn a_row_far_from_all_others_that_were_changed_leaves_them_where_they_are() -> memorm::Result<()> {
    let work = |s: &mut Session| {
        s.update::<Star>(1, |star| star.mass = 0)?;
        s.add(star(1_000)).map(drop)
    };
    check(&[1], work, &[1, 1_000])
}

#[test]
fn a_row_that_is_gone_again_leaves_all_others_where_they_are() -> memorm::Result<()> {
    let work = |s: &mut Session| {
        s.add(star(2))?;
        s.delete_by_key::<Star>(2)?;
        s.add(star(1_000)).map(drop)
    };
    check(&[1], work, &[1, 1_000])
}

#[test]
fn a_row_far_from_those_that_it_replaces_is_found() -> memorm::Result<()> {
    let work = |s: &mut Session| {
        s.delete_by_key::<Star>(1)?;
        s.add_all([star(1_000), star(7)]).map(drop)
    };
    check(&[1], work, &[7, 1_000])
}
