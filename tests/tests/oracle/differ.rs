//! The oracle's difference of two versions: rows paired by primary key.
use super::models::{Item, Link, Owner};
use super::rules::{T, TABLES};
use super::state::{Row, State};
use crate::language::value::{same, same_all};
use crate::language::{Subject, Text, Val};
use memorm::prelude::*;

/// A row that differs: as it was and as it is, where it was and is there.
#[derive(Clone, Debug)]
pub struct Differs {
    pub old: Option<Row>,
    pub new: Option<Row>,
}

/// What differs in a table: rows that are there in their order, then those that are gone in theirs.
pub fn differs(old: &State, new: &State, t: T) -> Vec<Differs> {
    let key = |row: &Row| t.rules().key_of(&row.vals);
    let mut all = Vec::new();
    for row in new.rows(t) {
        let before = old.find(t, &key(row));
        if before.is_none_or(|before| !same_all(&before.vals, &row.vals)) {
            all.push(Differs { old: before.cloned(), new: Some(row.clone()) });
        }
    }
    let gone = old.rows(t).iter().filter(|row| new.find(t, &key(row)).is_none());
    all.extend(gone.map(|row| Differs { old: Some(row.clone()), new: None }));
    all
}

/// What differs in all tables, as plain values.
pub fn wanted(old: &State, new: &State) -> Vec<Vec<Vec<Val>>> {
    let of = |t: T| {
        let show = |Differs { old, new }| match (old, new) {
            (Some(Row { vals: old, .. }), Some(Row { vals: new, .. })) => {
                let names = names_of(t);
                let columns = (0..t.width()).filter(|c| !same(&old[*c], &new[*c]));
                updated(&old, &new, columns.map(|c| names[c]))
            }
            (old, new) => lone(if new.is_some() { "inserted" } else { "deleted" }, old.or(new)),
        };
        differs(old, new, t).into_iter().map(show).collect()
    };
    TABLES.map(of).into()
}

/// What memorm says without the updates that have no columns, if each of them is of a row that was deleted and added
/// again as it was. Whether two of one key that were added apart stand in one place is nobody's concern.
pub fn without_moves(mut got: Vec<Vec<Vec<Val>>>, old: &State, new: &State) -> Vec<Vec<Vec<Val>>> {
    for (t, changes) in TABLES.into_iter().zip(&mut got) {
        let is_move = |change: &Vec<Val>| {
            new.rows(t).iter().any(|row| {
                let before = old.find(t, &t.rules().key_of(&row.vals));
                let moved =
                    before.is_some_and(|before| before.id != row.id && same_all(&before.vals, &row.vals));
                moved && *change == updated(&row.vals, &row.vals, [].into_iter())
            })
        };
        changes.retain(|change| !is_move(change));
    }
    got
}

fn lone(what: &str, row: Option<Row>) -> Vec<Val> {
    [Text(what)].into_iter().chain(row.map(|row| row.vals).into_iter().flatten()).collect()
}

fn updated<'a>(old: &[Val], new: &[Val], columns: impl Iterator<Item = &'a str>) -> Vec<Val> {
    [Text("updated")].into_iter().chain(old.to_vec()).chain(new.to_vec()).chain(columns.map(Text)).collect()
}

/// The same, as memorm says it.
pub fn got(diff: &Diff) -> Vec<Vec<Vec<Val>>> {
    vec![got_of::<Owner>(diff), got_of::<Item>(diff), got_of::<Link>(diff)]
}

fn got_of<M: Subject>(diff: &Diff) -> Vec<Vec<Val>> {
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    let lone = |what, row: &M| [Text(what)].into_iter().chain(row.to_vals()).collect();
    for change in diff.of::<M>() {
        match change {
            Change::Inserted(new) => there.push(lone("inserted", &new)),
            Change::Deleted(old) => gone.push(lone("deleted", &old)),
            Change::Updated { old, new, columns } => {
                there.push(updated(&old.to_vals(), &new.to_vals(), columns.into_iter()));
            }
        }
    }
    there.extend(gone);
    there
}

fn names_of(t: T) -> Vec<&'static str> {
    let table = match t {
        T::Owners => Owner::table(),
        T::Items => Item::table(),
        T::Links => Link::table(),
    };
    table.columns.iter().map(|column| column.name).collect()
}
