//! The commit rule.
//!
//! ```text
//!     base v7 ───────────► mine            1. check own rules on base + mine
//!       └──► v8 (other)      │             2. head is still the base? publish
//!              │             │ validate    3. else: no row that I wrote may have changed,
//!              └────► v9 ◄───┘ rebase         rebase on the head, check again, from 2
//! ```
//!
//! Publishing is in place where nobody else holds the head, few rows change and only memorm's code would run: 7 to 15
//! times as fast for one row as path copying, which touches the reference counts of every sibling. Else the root is swapped.
//!
//! Invariants: a published version is never changed while it is shared. All code of the user runs outside of the lock,
//! `Drop` of replaced rows included. Not here: running a closure again; `Database::transaction` does.
use super::savepoints::Savepoints;
use super::unit::Unit;
use super::work::TableWork;
use crate::database::Shared;
use crate::fault;
use crate::link::{Link, own};
use crate::world::{Version, World};
use crate::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Up to so many rows are written in place, under the lock.
const IN_PLACE: usize = 16_384;
/// After so many rounds against a moving head, a committer waits for its turn.
const ROUNDS_BEFORE_TURN: usize = 3;

/// What a commit has to know of all that it publishes.
struct Survey {
    /// How many rows were written one by one.
    rows: usize,
    has_changes: bool,
    /// Whether something is checked at commit.
    is_due: bool,
    /// Whether no code but memorm's runs when these rows are written. A new table is made outside of the lock.
    is_built_in: bool,
}

impl Unit {
    fn survey(&self) -> Survey {
        let has_patches = !self.patches.is_empty();
        let mut survey = Survey { rows: 0, has_changes: has_patches, is_due: false, is_built_in: true };
        for work in self.work.iter().filter(|work| !work.is_idle()) {
            survey.rows += work.entries.len();
            survey.has_changes = survey.has_changes || work.entries.iter().any(|entry| !entry.is_void());
            survey.is_due |= work.is_due_at_commit || work.has_deletes;
            survey.is_built_in &= work.is_built_in && work.is_in_base;
        }
        survey
    }

    /// Makes everything visible, or changes nothing. A commit without changes returns the base's version.
    pub(super) fn commit(&mut self) -> Result<Version> {
        let survey = self.survey();
        if !survey.has_changes {
            let version = self.base().version;
            self.reset();
            return Ok(version);
        }
        fault::point("commit");
        if survey.is_due {
            self.check_due()?;
        }
        fault::point("commit: the rules hold");
        if self.shared.is_exclusive() {
            return Err(self.shared.busy());
        }
        if self.shared.is_in_hook() {
            return Err(Error::InTransaction);
        }
        if !self.shared.turns.is_queued()
            && let Some(version) = self.publish_in_place(&survey)
        {
            self.finish(survey.rows);
            return Ok(version);
        }
        self.commit_in_rounds()
    }

    /// Publishes onto whatever the head is by then: each round rebases on it, until nobody else was faster.
    fn commit_in_rounds(&mut self) -> Result<Version> {
        let shared = self.shared.clone();
        let mut turn = if shared.turns.is_queued() { shared.turns.wait() } else { None };
        let mut rounds = 0;
        let mut origin = None;
        loop {
            let published = match self.publish_in_place(&self.survey()) {
                Some(version) => Ok(Some(version)),
                // a hook is the caller's code: it may panic
                None => {
                    catch_unwind(AssertUnwindSafe(|| self.publish_by_swap(&shared))).unwrap_or_else(|panic| {
                        self.return_to(origin.take());
                        resume_unwind(panic)
                    })
                }
            };
            match published {
                Ok(Some(version)) => {
                    // the private version and the base would keep the old rows alive
                    let _ = (self.take_private(), self.take_base());
                    self.finish(self.survey().rows);
                    return Ok(version);
                }
                Ok(None) => {}
                Err(refused) => {
                    self.return_to(origin);
                    return Err(refused);
                }
            }
            if shared.is_exclusive() {
                self.return_to(origin);
                return Err(shared.busy());
            }
            rounds += 1;
            if rounds >= ROUNDS_BEFORE_TURN && turn.is_none() {
                turn = shared.turns.wait();
            }
            self.settle();
            origin.get_or_insert_with(|| self.set_aside());
            if let Err(error) = self.rebase(shared.head()) {
                self.return_to(origin);
                return Err(error);
            }
        }
    }

    /// What the unit is before it moves onto another head.
    fn set_aside(&mut self) -> Origin {
        Origin {
            base: self.base().clone(),
            work: self.work.clone(),
            savepoints: std::mem::take(&mut self.savepoints),
        }
    }

    fn return_to(&mut self, origin: Option<Origin>) {
        if let Some(Origin { base, work, savepoints }) = origin {
            let _ = self.take_private();
            (self.work, self.savepoints) = (work, savepoints);
            self.set_base(base);
        }
    }

    /// Writes straight into the head; `None` where that is not allowed.
    fn publish_in_place(&mut self, survey: &Survey) -> Option<Version> {
        let is_long = survey.rows > IN_PLACE || !self.patches.are_short();
        if self.private().is_some() || is_long || !survey.is_built_in {
            return None;
        }
        fault::point("in place");
        let base = self.take_base()?;
        let (work, patches) = (&mut self.work, &self.patches);
        let published = self.shared.change_head(
            base,
            |head| patches.suit(head),
            |head| {
                work.iter_mut().for_each(|work| work.move_into(head));
                patches.apply_to(head);
            },
        );
        match published {
            Ok(version) => Some(version),
            Err(base) => {
                self.set_base(base);
                None
            }
        }
    }

    /// Whether no code but memorm's runs when these rows are written.
    pub(super) fn is_built_in(&self) -> bool {
        self.survey().is_built_in
    }

    /// Makes the next version beside the head and swaps it in; `None` where the head has moved on.
    ///
    /// # Errors
    /// `Refused` by a hook.
    fn publish_by_swap(&mut self, shared: &Shared) -> Result<Option<Version>> {
        fault::point("swap");
        let base = self.base().clone();
        let mut next = self.take_private().unwrap_or_else(|| self.next_version());
        fault::point("swap: the next version is made");
        // a snapshot of the own view may share it
        own(&mut next).version = Version(base.version.0 + 1);
        shared.ask_hooks(&base, &next)?;
        fault::point("swap: the hooks agree");
        Ok(shared.swap_head(&base, next).ok())
    }

    /// The base with all that was written, which keeps in mind the rows that it no longer has.
    fn next_version(&mut self) -> Link<World> {
        let mut world = World::clone(self.base());
        for work in &mut self.work {
            let mut spares = std::mem::take(&mut work.spares);
            let is_built_in = work.is_built_in;
            work.apply_to(&mut world, &mut |row| {
                if is_built_in {
                    spares.take(row)
                }
            });
            work.spares = spares;
        }
        self.patches.apply_to(&mut world);
        Link::new(world)
    }

    /// What is left to do after a publish: counters, memory to use again, and what readers have left.
    fn finish(&mut self, rows: usize) {
        fault::point("published");
        self.raise_keys();
        self.discard();
        self.shared.sessions().committed(rows);
    }

    pub(super) fn raise_keys(&self) {
        for work in self.work.iter().filter(|work| work.last_key != work.base_last_key) {
            self.shared.raise_key(work.kind.meta, work.last_key);
        }
    }
}

/// A unit as it was when its commit began.
struct Origin {
    base: Link<World>,
    work: Vec<TableWork>,
    savepoints: Savepoints,
}

impl TableWork {
    /// Writes these rows into the head, which holds them as they were in the base.
    pub(super) fn move_into(&mut self, head: &mut World) {
        if self.is_idle() {
            return;
        }
        let table = head.table_mut(self.kind);
        table.slots = self.slots;
        table.last_key = table.last_key.max(self.last_key);
        for entry in &mut self.entries {
            match entry.now.take() {
                Some(now) if entry.is_new => table.insert(entry.id, now),
                Some(now) if entry.is_moved => self.spares.take(table.replace(entry.id, now)),
                Some(now) => self.spares.take(table.exchange(entry.id, now)),
                // a new row that was deleted again is not there
                None => self.spares.take(table.remove(entry.id)),
            }
        }
    }
}
