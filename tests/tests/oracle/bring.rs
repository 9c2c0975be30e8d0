//! The oracle's merge of a version that another database, or an older one, has become.
use super::differ::{Differs, differs};
use super::past::Why;
use super::program::{Answer, By};
use super::rules::{Kind, T, TABLES};
use super::state::{Row, State};
use super::world::{Head, Tried, World};
use crate::language::value::{order, same, same_all};
use crate::language::{Plant, Text, Val};

/// Whose row or value stays.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

impl World {
    /// Whether an open session has read a row of theirs that is gone here. Where it would come to stand, and so whether the
    /// session meets a conflict, is left open.
    pub fn is_bringing_open(&self, db: usize, theirs: &Head) -> bool {
        let head = &self.dbs[db].head.state;
        let has = |state: &State, t: T, row: &Row| state.rows(t).iter().any(|other| other.stamp == row.stamp);
        let txns = self.units.iter().filter(|unit| unit.db == db).filter_map(|unit| unit.txn.as_ref());
        txns.into_iter().any(|txn| {
            TABLES.iter().any(|t| {
                let mut rows = theirs.state.rows(*t).iter();
                rows.any(|row| has(&txn.base.state, *t, row) && !has(head, *t, row))
            })
        })
    }

    /// `db.merge(base, theirs, by)`.
    pub fn bring(&mut self, db: usize, base: &Head, theirs: &Head, by: By) -> Tried<Answer> {
        let mut next = self.dbs[db].head.clone();
        for (ours, theirs) in next.last_key.iter_mut().zip(theirs.last_key) {
            *ours = theirs.max(*ours);
        }
        let mut changes: Vec<(T, Differs)> = Vec::new();
        for t in TABLES {
            changes.extend(differs(&base.state, &theirs.state, t).into_iter().map(|differs| (t, differs)));
        }
        let fresh = if by == By::Rekey { self.fresh_keys(db, &mut next, &changes)? } else { Vec::new() };
        self.rekey(&mut changes, &fresh);
        let mut kinds = Vec::new();
        for (t, change) in changes {
            if let Err(more) = self.bring_row(&mut next.state, t, change, by) {
                kinds.extend(more);
            }
        }
        if kinds.is_empty() {
            if TABLES.iter().any(|t| next.state.has_twins(*t, None)) {
                kinds.push(Kind::Duplicate);
            }
            if !next.state.dangling().is_empty() {
                kinds.extend([Kind::Dangling, Kind::StillReferenced]);
            }
        }
        if !kinds.is_empty() {
            return Err(kinds);
        }
        let version = self.publish(db, next, Why::Commit);
        let pair = |(old, new): (Val, Val)| vec![Text(T::Items.rules().name), old, new];
        let rekeyed = fresh.into_iter().map(pair).collect();
        Ok(Answer::Tables(vec![vec![vec![Val::Int(version as i64)]], rekeyed]))
    }

    /// The old and new keys of their new items whose keys are taken, by another item or by one that refers to another.
    /// Keys are handed out once, whatever becomes of it.
    fn fresh_keys(&mut self, db: usize, next: &mut Head, changes: &[(T, Differs)]) -> Tried<Vec<(Val, Val)>> {
        let items = changes.iter().filter(|(t, change)| *t == T::Items && change.old.is_none());
        let items: Vec<&Row> = items.filter_map(|(_, change)| change.new.as_ref()).collect();
        let taken = |next: &Head, row: &Row| next.state.find(T::Items, &[row.vals[0].clone()]).cloned();
        let mut fresh: Vec<(Val, Val)> = Vec::new();
        for row in &items {
            if taken(next, row).is_some_and(|ours| !same_all(&ours.vals, &row.vals)) {
                fresh.push((row.vals[0].clone(), self.fresh_key(db, next)?));
            }
        }
        let mut handed_on = 0;
        while let Some((old, _)) = fresh.get(handed_on).cloned() {
            handed_on += 1;
            for row in items.iter().filter(|row| same(&row.vals[3], &old)) {
                if fresh.iter().all(|(key, _)| !same(key, &row.vals[0])) && taken(next, row).is_some() {
                    fresh.push((row.vals[0].clone(), self.fresh_key(db, next)?));
                }
            }
        }
        Ok(fresh)
    }

    fn fresh_key(&mut self, db: usize, next: &mut Head) -> Tried<Val> {
        let at = T::Items.at();
        let key = self.dbs[db].counter[at].max(next.last_key[at]) + 1;
        let val = i64::try_from(key).map_err(|_| vec![Kind::KeyExhausted])?;
        self.dbs[db].counter[at] = key;
        next.last_key[at] = key;
        Ok(Val::Int(val))
    }

    /// Writes the fresh keys into what they have added, and into all that refers to it.
    fn rekey(&mut self, changes: &mut [(T, Differs)], fresh: &[(Val, Val)]) {
        for (t, Differs { old, new }) in changes {
            let Some(row) = new else { continue };
            let own = (*t == T::Items && old.is_none()).then_some(0);
            let refers = t.rules().refers.iter().filter(|refers| refers.to == T::Items);
            for column in own.into_iter().chain(refers.map(|refers| refers.column)) {
                if let Some((_, key)) = fresh.iter().find(|(key, _)| same(key, &row.vals[column])) {
                    row.vals[column] = key.clone();
                    row.stamp = self.fresh();
                }
            }
        }
    }

    fn bring_row(&mut self, next: &mut State, t: T, Differs { old, new }: Differs, by: By) -> Tried<()> {
        let known = old.as_ref().or(new.as_ref()).expect("a change has a row");
        let ours = next.find(t, &t.rules().key_of(&known.vals)).cloned();
        match (old, ours, new) {
            (_, None, None) => {}
            (old, None, Some(new)) => {
                if old.is_none() || self.side(by, [true, false, true])? == Side::Theirs {
                    let id = self.fresh();
                    next.tables[t.at()].push(Row { id, born: new.vals.clone(), ..new });
                }
            }
            (None, Some(ours), Some(new)) => {
                let is_same = same_all(&ours.vals, &new.vals);
                if !is_same && self.side(by, [false, true, true])? == Side::Theirs {
                    *next.row_mut(t, ours.id) = Row { id: ours.id, born: ours.born, ..new };
                }
            }
            (Some(old), Some(ours), Some(new)) if same_all(&old.vals, &ours.vals) => {
                *next.row_mut(t, ours.id) = Row { id: ours.id, born: ours.born, ..new };
            }
            (Some(old), Some(ours), Some(new)) => {
                let vals = self.columns(t, [&old.vals, &ours.vals, &new.vals], by)?;
                *next.row_mut(t, ours.id) = Row { stamp: self.fresh(), vals, ..ours };
            }
            (old, Some(ours), None) => {
                let is_same = old.is_some_and(|old| same_all(&old.vals, &ours.vals));
                if is_same || self.side(by, [true, true, false])? == Side::Theirs {
                    next.tables[t.at()].retain(|row| row.id != ours.id);
                }
            }
        }
        Ok(())
    }

    /// Decides about a whole row; told is whether base, ours and theirs have it.
    fn side(&self, by: By, there: [bool; 3]) -> Tried<Side> {
        match by {
            _ if self.plant == Plant::TheirsAlways => Ok(Side::Theirs),
            By::Ours => Ok(Side::Ours),
            By::Theirs => Ok(Side::Theirs),
            By::Asked if there == [true, false, true] => Ok(Side::Theirs),
            By::Asked if there == [true, true, false] => Ok(Side::Ours),
            By::Asked | By::Fail | By::Rekey => Err(vec![Kind::MergeConflict]),
        }
    }

    /// The row that both have changed.
    fn columns(&self, t: T, [old, ours, theirs]: [&[Val]; 3], by: By) -> Tried<Vec<Val>> {
        let rules = t.rules();
        let (mut vals, mut kinds) = (ours.to_vec(), Vec::new());
        for column in 0..t.width() {
            let (was, our, their) = (&old[column], &ours[column], &theirs[column]);
            let (we, they) = (!same(was, our), !same(was, their));
            if !they || (same(our, their) && rules.version != Some(column)) {
                continue;
            }
            vals[column] = if !we {
                their.clone()
            } else if rules.version == Some(column) {
                let (Val::Int(a), Val::Int(b)) = (our, their) else { panic!("a version is a number") };
                Val::Int(a.max(b).saturating_add(1))
            } else if rules.renewed == Some(column) {
                if order(our, their).is_gt() { our.clone() } else { their.clone() }
            } else {
                match by {
                    _ if self.plant == Plant::TheirsAlways => their.clone(),
                    By::Ours => our.clone(),
                    By::Theirs => their.clone(),
                    By::Asked => match asked(was, our, their) {
                        Some(val) => val,
                        None => {
                            kinds.push(Kind::InvalidValue);
                            continue;
                        }
                    },
                    By::Fail | By::Rekey => {
                        kinds.push(Kind::MergeConflict);
                        continue;
                    }
                }
            };
        }
        if kinds.is_empty() && !(rules.check)(&vals) {
            kinds.push(Kind::Check);
        }
        if kinds.is_empty() { Ok(vals) } else { Err(kinds) }
    }
}

/// What the closure of `By::Asked` decides: numbers add up (of small ones ours sixty times), if the column can hold the sum; ours if it is the longer text;
/// else theirs.
fn asked(was: &Val, our: &Val, their: &Val) -> Option<Val> {
    Some(match (was, our, their) {
        (Val::Int(was), Val::Int(our), Val::Int(their)) => {
            Val::Int(our.wrapping_add(*their).wrapping_sub(*was))
        }
        (Val::Small(was), Val::Small(our), Val::Small(their)) => {
            let sum = i64::from(*our) * 60 + i64::from(*their) - i64::from(*was);
            Val::Small(i8::try_from(sum).ok()?)
        }
        (_, Val::Txt(our), Val::Txt(their)) if our.len() > their.len() => Val::Txt(our.clone()),
        _ => their.clone(),
    })
}
