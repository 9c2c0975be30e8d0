//! The oracle's statements.
use super::calls::{Checks, change_vals};
use super::program::{Answer, Change, Returning, Row};
use super::rules::{Kind, T};
use super::world::{Tried, World};
use crate::language::answer::{Ask, Failure, Rows, answer, count};
use crate::language::ask::{Put, way};
use crate::language::interpret::{Line, truth, value};
use crate::language::write::changed;
use crate::language::{Arg, Cond, Plant, Subject, Val};

const ARITHMETIC: &[Kind] = &[Kind::Arithmetic];

impl World {
    pub fn query(&mut self, s: usize, t: T, ask: &Ask, put: Put) -> Answer {
        let plant = self.plant;
        let rows = Rows { lines: self.mine(s).lines(t, plant), plant };
        let way = way(ask, put);
        let cap = match way {
            Put::First | Put::Exists => Some(1),
            Put::Only | Put::OneOrNone => Some(2),
            _ => None,
        };
        let failed = |failure: Failure| {
            let before = if way == Put::Iter { failure.before } else { Vec::new() };
            Answer::Failed(ARITHMETIC.to_vec(), before)
        };
        match way {
            Put::Number | Put::Exists => count(ask, &rows, cap).map_or_else(failed, Answer::Count),
            Put::Only | Put::OneOrNone => match answer(ask, &rows, cap) {
                Err(failure) => failed(failure),
                Ok(rows) if rows.len() > 1 => Answer::Failed(vec![Kind::TooManyRows], Vec::new()),
                Ok(rows) if rows.is_empty() && way == Put::Only => {
                    Answer::Failed(vec![Kind::NoRow], Vec::new())
                }
                Ok(rows) => Answer::Rows(rows),
            },
            _ => answer(ask, &rows, cap).map_or_else(failed, Answer::Rows),
        }
    }

    /// The ids of the rows that pass.
    fn matching(&mut self, s: usize, t: T, filter: Option<&Cond>) -> Tried<Vec<u64>> {
        let plant = self.plant;
        let mut ids = Vec::new();
        for row in self.mine(s).rows(t) {
            let line = Line { vals: &row.vals, born: &row.born, plant };
            let passes = filter.map_or(Ok(Some(true)), |filter| truth(filter, line));
            if passes.map_err(|_| ARITHMETIC.to_vec())? == Some(true) {
                ids.push(row.id);
            }
        }
        Ok(ids)
    }

    pub fn insert_rows(
        &mut self,
        s: usize,
        t: T,
        set: &Change,
        rows: &[Row],
        back: &Returning,
    ) -> Tried<Answer> {
        let mut all: Vec<Vec<Val>> = Vec::new();
        if !set.is_empty() || rows.is_empty() {
            let given = |column: usize| set.iter().rev().find(|(c, _)| usize::from(*c) == column);
            let one = |column| given(column).map(|(_, val)| val.clone()).or_else(|| t.default_of(column));
            let row: Option<Vec<Val>> = (0..t.width()).map(one).collect();
            all.push(row.ok_or_else(|| vec![Kind::MissingValue])?);
        }
        all.extend(rows.iter().map(|row| row.to_vec()));
        self.whole(s, |world| {
            let ids =
                all.into_iter().map(|row| world.add(s, t, row, Checks::AtEnd)).collect::<Tried<Vec<_>>>()?;
            world.check_whole(s, t)?;
            world.back(s, t, &ids, back)
        })
    }

    /// Unique columns are checked when all rows are written.
    fn check_whole(&mut self, s: usize, t: T) -> Tried<()> {
        if self.plant != Plant::DuplicateAccepted && self.mine(s).has_twins(t, Some(false)) {
            return Err(vec![Kind::Duplicate]);
        }
        Ok(())
    }

    /// What the statement gives back of these rows.
    fn back(&mut self, s: usize, t: T, ids: &[u64], back: &Returning) -> Tried<Answer> {
        let mine = self.mine(s);
        let rows: Vec<Vec<Val>> =
            ids.iter().map(|id| mine.row(t, *id).expect("just written").vals.clone()).collect();
        show(&rows, back)
    }

    /// New values are computed from the old rows, all before one is written.
    pub fn update_where<M: Subject>(
        &mut self,
        s: usize,
        t: T,
        filter: Option<&Cond>,
        new: &New<'_>,
        back: &Returning,
    ) -> Tried<Answer> {
        self.check_alive(s)?;
        let ids = self.matching(s, t, filter)?;
        let mut next = Vec::new();
        for id in &ids {
            let row = self.mine(s).row(t, *id).expect("just found");
            next.push(match new {
                New::Sets(sets) => {
                    changed::<M>(sets, Line::of(&row.vals)).map_err(|_| ARITHMETIC.to_vec())?
                }
                New::Closure(change) => {
                    let mut vals = row.vals.clone();
                    change_vals(&mut vals, change);
                    vals
                }
            });
        }
        self.whole(s, |world| {
            let mut kinds = Vec::new();
            for (id, vals) in ids.iter().zip(next) {
                if let Err(more) = world.replace(s, t, *id, vals, Checks::AtEnd) {
                    kinds.extend(more);
                }
            }
            if !kinds.is_empty() {
                return Err(kinds);
            }
            world.check_whole(s, t)?;
            world.back(s, t, &ids, back)
        })
    }

    pub fn delete_where(&mut self, s: usize, t: T, filter: Option<&Cond>, back: &Returning) -> Tried<Answer> {
        self.check_alive(s)?;
        let ids = self.matching(s, t, filter)?;
        self.whole(s, |world| {
            let mine = world.mine(s);
            let old: Vec<_> =
                ids.iter().map(|id| mine.row(t, *id).expect("just found").vals.clone()).collect();
            world.delete_rows(s, t, &ids)?;
            show(&old, back)
        })
    }
}

/// What rows become.
pub enum New<'a> {
    Sets(&'a [(u8, Arg)]),
    Closure(&'a Change),
}

fn show(rows: &[Vec<Val>], back: &Returning) -> Tried<Answer> {
    let Returning::Values(exp) = back else { return Ok(Answer::Count(rows.len())) };
    let one = |row: &Vec<Val>| value(exp, Line::of(row)).map(|val| vec![val]);
    let shown = rows.iter().map(one).collect::<Result<Vec<_>, _>>();
    shown.map(Answer::Rows).map_err(|_| ARITHMETIC.to_vec())
}
