//! What a version holds, and which rules it breaks: plain rows and loops.
use super::rules::{Kind, T, TABLES};
use crate::language::Plant;
use crate::language::Val;
use crate::language::interpret::Line;
use crate::language::value::{clashes, same_all};

/// A row of the oracle.
#[derive(Clone, Debug)]
pub struct Row {
    /// The same from its `add` to its delete.
    pub id: u64,
    /// Another one after each write.
    pub stamp: u64,
    pub vals: Vec<Val>,
    /// What a stale index would still find the row by.
    pub born: Vec<Val>,
}

/// All tables of a version, in row order.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub tables: [Vec<Row>; 3],
}

impl State {
    pub fn rows(&self, t: T) -> &[Row] {
        &self.tables[t.at()]
    }

    pub fn vals(&self, t: T) -> Vec<Vec<Val>> {
        self.rows(t).iter().map(|row| row.vals.clone()).collect()
    }

    pub fn find(&self, t: T, key: &[Val]) -> Option<&Row> {
        self.rows(t).iter().find(|row| same_all(&t.rules().key_of(&row.vals), key))
    }

    pub fn row_mut(&mut self, t: T, id: u64) -> &mut Row {
        self.tables[t.at()].iter_mut().find(|row| row.id == id).expect("the oracle knows its rows")
    }

    pub fn row(&self, t: T, id: u64) -> Option<&Row> {
        self.rows(t).iter().find(|row| row.id == id)
    }

    /// The rows as an expression sees them.
    pub fn lines(&self, t: T, plant: Plant) -> Vec<Line<'_>> {
        self.rows(t).iter().map(|row| Line { vals: &row.vals, born: &row.born, plant }).collect()
    }

    /// Whether another row has the values of this one in a unique constraint that is checked at each call.
    pub fn has_twin(&self, t: T, vals: &[Val], except: Option<u64>) -> bool {
        t.rules().unique.iter().filter(|unique| !unique.deferred).any(|unique| {
            let of = |vals: &[Val]| unique.columns.iter().map(|c| vals[*c].clone()).collect::<Vec<_>>();
            self.rows(t).iter().any(|row| Some(row.id) != except && clashes(&of(&row.vals), &of(vals)))
        })
    }

    /// Whether two rows have the same key, or the same values in a unique constraint.
    pub fn has_twins(&self, t: T, deferred: Option<bool>) -> bool {
        let rules = t.rules();
        let due =
            rules.unique.iter().filter(|unique| deferred.is_none_or(|deferred| deferred == unique.deferred));
        let mut constraints: Vec<&[usize]> = due.map(|unique| unique.columns).collect();
        constraints.push(rules.key);
        constraints.iter().any(|columns| {
            let of = |row: &Row| columns.iter().map(|c| row.vals[*c].clone()).collect::<Vec<_>>();
            let rows = self.rows(t);
            (0..rows.len()).any(|i| (0..i).any(|j| clashes(&of(&rows[i]), &of(&rows[j]))))
        })
    }

    /// The foreign keys without the row they refer to: table, row, column.
    pub fn dangling(&self) -> Vec<(T, &Row, usize)> {
        let mut found = Vec::new();
        for t in TABLES {
            for row in self.rows(t) {
                for refers in t.rules().refers {
                    let key = std::slice::from_ref(&row.vals[refers.column]);
                    if !key[0].is_null() && self.find(refers.to, key).is_none() {
                        found.push((t, row, refers.column));
                    }
                }
            }
        }
        found
    }

    /// The errors that a flush may report: rules that this version breaks and `base` did not.
    pub fn violations(&self, base: &Self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        if TABLES.iter().any(|t| self.has_twins(*t, Some(true))) {
            kinds.push(Kind::Duplicate);
        }
        for (t, row, column) in self.dangling() {
            let before = base.row(t, row.id).map(|before| &before.vals[column]);
            let is_old = before == Some(&row.vals[column]);
            let refers = t.rules().refers.iter().find(|refers| refers.column == column);
            let to = refers.expect("the column refers").to;
            let was_there = base.find(to, std::slice::from_ref(&row.vals[column])).is_some();
            if !is_old {
                kinds.push(Kind::Dangling);
            }
            if was_there {
                kinds.push(Kind::StillReferenced);
            }
        }
        kinds
    }

    /// Whether a whole version keeps all rules.
    pub fn is_sound(&self) -> bool {
        self.dangling().is_empty() && !TABLES.iter().any(|t| self.has_twins(*t, None))
    }
}
