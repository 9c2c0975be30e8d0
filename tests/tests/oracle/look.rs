//! Looking at what memorm and the oracle hold.
use super::check::{Checked, Running, same};
use super::real::{dump, find};
use super::rules::TABLES;
use memorm::prelude::*;

impl Running {
    /// What a session sees: row by row, or as a whole where that may make its private version.
    pub fn look_at(&mut self, s: usize, whole: bool) -> Checked {
        if self.world.units[s].txn.is_none() {
            return Ok(());
        }
        let session = self.sessions[s].take().expect("a session on each database");
        let seen = if whole { self.look_at_all_of(&session, s) } else { self.look_at_rows(&session, s) };
        self.sessions[s] = Some(session);
        seen
    }

    fn look_at_rows(&mut self, session: &Session, s: usize) -> Checked {
        let txn = self.world.txn(s);
        for t in TABLES {
            for row in txn.base.state.rows(t).iter().chain(txn.mine.rows(t)) {
                let key = t.rules().key_of(&row.vals);
                let wanted = txn.mine.find(t, &key).map(|row| row.vals.clone());
                same(
                    &format!("row {key:?} of {t:?}, as session {s} sees it"),
                    &wanted,
                    &find(session, t, &key),
                )?;
            }
        }
        Ok(())
    }

    pub fn look_at_all_of(&mut self, session: &Session, s: usize) -> Checked {
        let view = session.view();
        for t in TABLES {
            let wanted = self.world.mine(s).vals(t);
            same(&format!("{t:?}, as session {s} sees them"), &wanted, &dump(&view, t))?;
        }
        if self.world.flush(s).is_ok() {
            view.assert_consistent();
        }
        Ok(())
    }

    pub fn look_at_head(&mut self, db: usize, whole: bool) -> Checked {
        let head = &self.world.dbs[db].head;
        let snapshot = self.dbs[db].snapshot();
        same("version", &head.version, &snapshot.version().0)?;
        if whole {
            for t in TABLES {
                same(&format!("{t:?} of database {db}"), &head.state.vals(t), &dump(&snapshot, t))?;
            }
            snapshot.assert_consistent();
        }
        Ok(())
    }

    /// Other sessions, held objects and snapshots: nobody may change them.
    pub fn look_around(&mut self) -> Checked {
        for s in 0..4 {
            self.look_at(s, false)?;
        }
        for kept in self.hands.iter().flat_map(|hand| &hand.kept) {
            same("an object that was held", &kept.vals, &kept.vals_now())?;
        }
        for (snapshot, head) in &self.held {
            for t in TABLES {
                same(&format!("{t:?} of a snapshot that was held"), &head.state.vals(t), &dump(snapshot, t))?;
            }
        }
        Ok(())
    }

    pub fn finish(mut self) -> Checked {
        self.look_around()?;
        for s in 0..4 {
            self.look_at(s, true)?;
        }
        (0..self.dbs.len()).try_for_each(|db| self.look_at_head(db, true))
    }
}
