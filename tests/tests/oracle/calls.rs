//! The oracle's calls on one row: add, update, merge, upsert, delete.
use super::program::{Answer, Change, End};
use super::rules::{Kind, OnDelete, T, TABLES};
use super::world::{Tried, World};
use crate::language::value::clashes;
use crate::language::{Plant, Val};

/// When unique columns are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Checks {
    Now,
    AtEnd,
}

impl World {
    /// Writes need a closure that was not rolled back.
    pub fn check_alive(&self, s: usize) -> Tried<()> {
        if self.is_doomed(s) { Err(vec![Kind::RolledBack]) } else { Ok(()) }
    }

    /// Adds a row; gives it its key. Keys are handed out once in a database, whatever becomes of the row; a chosen key
    /// counts for its own session until it commits, and not at all where the row is undone.
    pub fn add(&mut self, s: usize, t: T, mut vals: Vec<Val>, checks: Checks) -> Tried<u64> {
        self.check_alive(s)?;
        let rules = t.rules();
        let at = t.at();
        let last_key = self.txn(s).last_key[at];
        if let Some(auto) = rules.auto {
            match vals[auto] {
                Val::Int(0) => vals[auto] = self.next_key(s, at)?,
                Val::Int(key @ 1..) => self.txn(s).last_key[at] = last_key.max(key as u64),
                _ => {}
            }
        }
        let now = self.now;
        for column in rules.made_now.into_iter().chain(rules.renewed) {
            if matches!(vals[column], Val::Int(0)) {
                vals[column] = Val::Int(now);
            }
        }
        if let Some(version) = rules.version
            && matches!(vals[version], Val::Int(0))
        {
            vals[version] = Val::Int(1);
        }
        let mut kinds = Vec::new();
        if !(rules.check)(&vals) {
            kinds.push(Kind::Check);
        }
        let mine = self.mine(s);
        let has_key = mine.find(t, &rules.key_of(&vals)).is_some();
        if has_key || (checks == Checks::Now && mine.has_twin(t, &vals, None)) {
            kinds.push(Kind::Duplicate);
        }
        if kinds == [Kind::Duplicate] && !has_key && self.plant == Plant::DuplicateAccepted {
            kinds.clear();
        }
        if !kinds.is_empty() {
            self.txn(s).last_key[at] = last_key;
            return Err(kinds);
        }
        Ok(self.insert(s, t, vals))
    }

    fn next_key(&mut self, s: usize, at: usize) -> Tried<Val> {
        let db = self.units[s].db;
        let last = self.dbs[db].counter[at].max(self.txn(s).last_key[at]);
        let key = last + 1;
        let val = i64::try_from(key).map_err(|_| vec![Kind::KeyExhausted])?;
        if self.plant != Plant::KeyTwice {
            self.dbs[db].counter[at] = key;
        }
        self.txn(s).last_key[at] = key;
        Ok(Val::Int(val))
    }

    pub fn add_all(&mut self, s: usize, t: T, rows: &[Vec<Val>]) -> Tried<Vec<u64>> {
        self.whole(s, |world| rows.iter().map(|row| world.add(s, t, row.clone(), Checks::Now)).collect())
    }

    /// Ends an update: `vals` replace those of row `id`.
    pub fn replace(&mut self, s: usize, t: T, id: u64, mut vals: Vec<Val>, checks: Checks) -> Tried<()> {
        self.check_alive(s)?;
        let rules = t.rules();
        let (plant, now) = (self.plant, self.now);
        let mine = self.mine(s);
        let old = mine.row(t, id).expect("the row was just found").vals.clone();
        let mut kinds = Vec::new();
        if !clashes(&rules.key_of(&old), &rules.key_of(&vals)) {
            kinds.push(Kind::KeyChanged);
        }
        if let Some(version) = rules.version {
            let Val::Int(before) = old[version] else { panic!("a version is a number") };
            vals[version] = Val::Int(before.checked_add(1).unwrap_or(1));
        }
        if let Some(renewed) = rules.renewed
            && vals[renewed] == old[renewed]
        {
            vals[renewed] = Val::Int(now);
        }
        if !(rules.check)(&vals) {
            kinds.push(Kind::Check);
        }
        if checks == Checks::Now && plant != Plant::DuplicateAccepted && mine.has_twin(t, &vals, Some(id)) {
            kinds.push(Kind::Duplicate);
        }
        if !kinds.is_empty() {
            return Err(kinds);
        }
        self.overwrite(s, t, id, vals);
        Ok(())
    }

    pub fn update(&mut self, s: usize, t: T, key: &[Val], change: &Change, end: End) -> Tried<u64> {
        self.check_alive(s)?;
        let row = self.mine(s).find(t, key).ok_or_else(|| vec![Kind::NotFound])?;
        let (id, mut vals) = (row.id, row.vals.clone());
        if end == End::Fails {
            return Err(vec![Kind::Other]);
        }
        change_vals(&mut vals, change);
        self.replace(s, t, id, vals, Checks::Now)?;
        Ok(id)
    }

    /// A version of 0 is not compared.
    fn check_version(&mut self, s: usize, t: T, id: u64, given: &[Val]) -> Tried<()> {
        let Some(version) = t.rules().version else { return Ok(()) };
        let current = &self.mine(s).row(t, id).expect("the row was just found").vals[version];
        let is_stale = given[version] != Val::Int(0) && given[version] != *current;
        if is_stale { Err(vec![Kind::Stale]) } else { Ok(()) }
    }

    pub fn merge(&mut self, s: usize, t: T, vals: &[Val]) -> Tried<u64> {
        self.check_alive(s)?;
        let found = self.mine(s).find(t, &t.rules().key_of(vals)).map(|row| row.id);
        let Some(id) = found else { return self.add(s, t, vals.to_vec(), Checks::Now) };
        self.check_version(s, t, id, vals)?;
        self.replace(s, t, id, vals.to_vec(), Checks::Now)?;
        Ok(id)
    }

    /// `on` names the unique column, or `None` the primary key.
    pub fn upsert(
        &mut self,
        s: usize,
        t: T,
        on: Option<u8>,
        vals: &[Val],
        take: &[(u8, Option<Val>)],
    ) -> Tried<u64> {
        self.check_alive(s)?;
        let rules = t.rules();
        let columns = match on {
            None => rules.key.to_vec(),
            Some(column) => vec![usize::from(column)],
        };
        let is_unique = columns == rules.key || rules.unique.iter().any(|unique| unique.columns == columns);
        if !is_unique {
            return Err(vec![Kind::NotUnique]);
        }
        let of = |vals: &[Val]| columns.iter().map(|c| vals[*c].clone()).collect::<Vec<_>>();
        let wanted = of(vals);
        let found =
            self.mine(s).rows(t).iter().find(|row| clashes(&of(&row.vals), &wanted)).map(|row| row.id);
        let Some(id) = found else { return self.add(s, t, vals.to_vec(), Checks::Now) };
        self.check_version(s, t, id, vals)?;
        let mut next = self.mine(s).row(t, id).expect("just found").vals.clone();
        for (column, to) in take {
            let column = usize::from(*column);
            next[column] = to.clone().unwrap_or_else(|| vals[column].clone());
        }
        self.replace(s, t, id, next, Checks::Now)?;
        Ok(id)
    }

    pub fn delete(&mut self, s: usize, t: T, key: &[Val], given: Option<&[Val]>) -> Tried<Answer> {
        self.check_alive(s)?;
        let found = self.mine(s).find(t, key).map(|row| row.id);
        let Some(id) = found else { return Ok(Answer::Flag(false)) };
        if let Some(given) = given {
            self.check_version(s, t, id, given)?;
        }
        self.delete_rows(s, t, &[id])?;
        Ok(Answer::Flag(true))
    }

    /// Deletes rows and what refers to them by `cascade`; sets `None` what refers to any of them by `set_null` and is
    /// left.
    pub fn delete_rows(&mut self, s: usize, t: T, ids: &[u64]) -> Tried<()> {
        self.check_alive(s)?;
        let mut doomed: Vec<(T, u64)> = ids.iter().map(|id| (t, *id)).collect();
        let mut nulled: Vec<(T, u64, usize)> = Vec::new();
        let mut next = 0;
        while let Some((parent, id)) = doomed.get(next).copied() {
            next += 1;
            if self.plant == Plant::NoCascade {
                break;
            }
            let mine = self.mine(s);
            let key = parent.rules().key_of(&mine.row(parent, id).expect("it is still there").vals);
            for child in TABLES {
                for refers in child.rules().refers.iter().filter(|refers| refers.to == parent) {
                    let refer = |row: &&super::state::Row| {
                        clashes(&key, std::slice::from_ref(&row.vals[refers.column]))
                    };
                    for row in mine.rows(child).iter().filter(refer) {
                        let place = (child, row.id);
                        match refers.on_delete {
                            OnDelete::Restrict => {}
                            OnDelete::Cascade if doomed.contains(&place) => {}
                            OnDelete::Cascade => doomed.push(place),
                            OnDelete::SetNull => nulled.push((child, row.id, refers.column)),
                        }
                    }
                }
            }
        }
        self.whole(s, |world| {
            doomed.iter().for_each(|(t, id)| world.remove(s, *t, *id));
            for (t, id, column) in nulled.into_iter().filter(|(t, id, _)| !doomed.contains(&(*t, *id))) {
                let mut vals = world.mine(s).row(t, id).expect("it is left").vals.clone();
                vals[column] = Val::Null;
                world.replace(s, t, id, vals, Checks::Now)?;
            }
            Ok(())
        })
    }
}

/// What a closure does to a row.
pub fn change_vals(vals: &mut [Val], change: &Change) {
    for (column, to) in change.iter() {
        vals[usize::from(*column)] = to.clone();
    }
}
