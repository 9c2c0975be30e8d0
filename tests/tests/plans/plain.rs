//! What is done to a table, on plain rows.
use super::case::{Action, U};
use super::check::{Outcome, after, folded_reply};
use super::models::Bare;
use crate::language::answer::{Failure, Rows, answer, count};
use crate::language::ask::{Put, Reply, way};
use crate::language::fold::folded;
use crate::language::interpret::{Line, truth};
use crate::language::value::clashes;
use crate::language::write::changed;
use crate::language::{Cond, Plant, Val};

/// The same on plain rows.
pub struct Plain {
    pub plant: Plant,
    pub committed: Vec<Vec<Val>>,
    pub rows: Vec<Vec<Val>>,
}

impl Plain {
    pub fn act(&mut self, action: &Action) -> Outcome {
        let done = Ok(Reply::Count(0));
        match action {
            Action::Ask(question, put) => {
                let rows = self.view();
                let way = way(question, *put);
                let at = |failure: Failure| match way {
                    Put::Iter => after(&failure.before, self.fault(failure.at)),
                    _ => self.fault(failure.at),
                };
                let rows_of = |cap| answer(question, &rows, cap).map_err(at);
                match way {
                    Put::Number => count(question, &rows, None).map(Reply::Count).map_err(at),
                    Put::Exists => count(question, &rows, Some(1)).map(Reply::Count).map_err(at),
                    Put::First => rows_of(Some(1)).map(Reply::Rows),
                    put @ (Put::Only | Put::OneOrNone) => match (rows_of(Some(2))?, put) {
                        (rows, Put::Only) if rows.is_empty() => Err("no row".to_owned()),
                        (rows, _) if rows.len() > 1 => Err("too many rows".to_owned()),
                        (rows, _) => Ok(Reply::Rows(rows)),
                    },
                    _ => rows_of(None).map(Reply::Rows),
                }
            }
            Action::Fold(part, exp) => {
                folded(&self.view(), part, exp).map(folded_reply).map_err(|failure| self.fault(failure.at))
            }
            Action::Commit => {
                self.committed = self.rows.clone();
                done
            }
            Action::Rollback | Action::Fork => {
                self.rows = self.committed.clone();
                done
            }
            Action::Undone(inner) => {
                let before = self.rows.clone();
                let outcome = self.act(inner);
                self.rows = before;
                outcome
            }
            Action::Update(filter, sets) => {
                let mut next = self.rows.clone();
                let mut touched = 0;
                for (at, row) in self.rows.iter().enumerate() {
                    let line = Line::of(row);
                    if self.passes(at, filter.as_ref())? {
                        next[at] = changed::<Bare>(sets, line).map_err(|_| self.fault(at))?;
                        touched += 1;
                    }
                }
                if has_duplicate(&next) {
                    return Err("duplicate".to_owned());
                }
                self.rows = next;
                Ok(Reply::Count(touched))
            }
            Action::Delete(filter) => {
                let mut kept = Vec::new();
                for (at, row) in self.rows.iter().enumerate() {
                    if !self.passes(at, filter.as_ref())? {
                        kept.push(row.clone());
                    }
                }
                let touched = self.rows.len() - kept.len();
                self.rows = kept;
                Ok(Reply::Count(touched))
            }
        }
    }

    fn view(&self) -> Rows<'_> {
        let line = |vals| Line { plant: self.plant, ..Line::of(vals) };
        Rows { lines: self.rows.iter().map(|row| line(row)).collect(), plant: self.plant }
    }

    fn passes(&self, at: usize, filter: Option<&Cond>) -> Result<bool, String> {
        let Some(filter) = filter else { return Ok(true) };
        truth(filter, Line::of(&self.rows[at])).map(|known| known == Some(true)).map_err(|_| self.fault(at))
    }

    fn fault(&self, at: usize) -> String {
        match &self.rows[at][0] {
            Val::Int(key) => format!("arithmetic at {key}"),
            other => panic!("{other:?} is no key"),
        }
    }
}

fn has_duplicate(rows: &[Vec<Val>]) -> bool {
    let unique = |row: &[Val]| [row[usize::from(U)].clone()];
    (0..rows.len()).any(|i| (0..i).any(|j| clashes(&unique(&rows[i]), &unique(&rows[j]))))
}
