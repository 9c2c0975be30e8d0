//! Runs a program on memorm and on the oracle, step by step, and compares.
use super::models::{Item, Link, Owner};
use super::program::{Answer, End, Op, Program, Step};
use super::real::{Hand, call, call_with, failed};
use super::rules::{Kind, T};
use super::statements::New;
use super::tally::{Count, Tally};
use super::world::{Head, World, answered};
use crate::language::{Plant, Val};
use memorm::Error;
use memorm::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// The databases of a running program.
pub struct Running {
    pub world: World,
    clock: Arc<AtomicI64>,
    pub dbs: Vec<Database>,
    pub sessions: Vec<Option<Session>>,
    pub hands: Vec<Hand>,
    /// Those of all sessions, with the oracle's.
    savepoints: Vec<(usize, Savepoint)>,
    pub held: Vec<(Snapshot, Head)>,
    /// What the databases had in common last: where they forked, or what was merged.
    pub parted: Option<(Snapshot, Head)>,
    watched: bool,
    pub count: Count,
}

pub type Checked = Result<(), String>;

/// Whether memorm does what the oracle says, all along.
pub fn check(program: &Program, plant: Plant, tally: &Tally) -> Checked {
    let mut running = Running::new(program, plant);
    for (i, step) in program.steps.iter().enumerate() {
        running.step(i, step).map_err(|wrong| format!("step {i}: {step:?}\n{wrong}"))?;
    }
    tally.add(std::mem::take(&mut running.count));
    running.finish()
}

impl Running {
    fn new(program: &Program, plant: Plant) -> Self {
        let clock = Arc::new(AtomicI64::new(1));
        let reading = clock.clone();
        let db = Database::builder().clock(move || reading.load(Ordering::Relaxed));
        let db = db.history(program.history).build();
        let sessions = vec![Some(db.session()), Some(db.session()), None, None];
        Self {
            world: World::new(program.history, plant),
            clock,
            dbs: vec![db],
            sessions,
            hands: (0..5).map(|_| Hand::default()).collect(),
            savepoints: Vec::new(),
            held: Vec::new(),
            parted: None,
            watched: program.watched,
            count: Count::default(),
        }
    }

    fn step(&mut self, i: usize, step: &Step) -> Checked {
        self.world.now = i as i64 + 1;
        self.clock.store(self.world.now, Ordering::Relaxed);
        match step {
            Step::On(s, op) => {
                let s = if self.dbs.len() == 1 { s % 2 } else { s % 4 };
                let mut session = self.sessions[s].take().expect("a session on each database");
                let result = self.op(&mut session, s, op);
                self.sessions[s] = Some(session);
                result?;
                self.look_at(s, self.watched)?;
            }
            Step::Transaction(db, ops, end, rival) => {
                self.transaction(db % self.dbs.len(), ops, *end, *rival)?
            }
            Step::Fork(from) => self.fork(from % self.dbs.len()),
            Step::Clear(db) => {
                let db = db % self.dbs.len();
                let version = self.dbs[db].clear();
                self.world.clear(db);
                same("version", &self.world.dbs[db].head.version, &version.0)?;
            }
            Step::Hold(db) => {
                let db = db % self.dbs.len();
                self.held.push((self.dbs[db].snapshot(), self.world.dbs[db].head.clone()));
            }
            Step::Versions(db, call) => self.call(db % self.dbs.len(), call)?,
        }
        if self.watched {
            self.look_around()?;
        }
        (0..self.dbs.len()).try_for_each(|db| self.look_at_head(db, self.watched))
    }

    /// One call on both; what it gives must be the same.
    fn op(&mut self, session: &mut Session, s: usize, op: &Op) -> Checked {
        let (wanted, got) = match op {
            Op::Nested(ops, end) => return self.nested(session, s, ops, *end),
            Op::Savepoint => {
                self.savepoints.push((self.world.savepoint(s), session.savepoint()));
                return Ok(());
            }
            Op::RollbackTo(n) => {
                let Some(at) = n.checked_rem(self.savepoints.len()) else { return Ok(()) };
                let (mark, savepoint) = &self.savepoints[self.savepoints.len() - 1 - at];
                let got = session.rollback_to(savepoint).map_or_else(|e| failed(&e), |()| Answer::Done);
                (answered(self.world.rollback_to(s, *mark)), got)
            }
            Op::Settle => {
                let before = self.world.units[s].txn.is_some();
                self.op(session, s, &Op::Commit)?;
                let has_failed = before && self.world.units[s].txn.is_some();
                return if has_failed { self.op(session, s, &Op::Rollback) } else { Ok(()) };
            }
            Op::Look => return self.look_at_all_of(session, s),
            Op::Refresh(n) | Op::DeleteKept(n) | Op::MergeKept(n, ..) => {
                let Some(kept) = self.hands[s].pick(*n) else { return Ok(()) };
                let (t, vals) = (kept.table, kept.vals.clone());
                (self.wanted_of_kept(s, op, t, vals), call_with(session, kept_at(&self.hands[s], *n), op))
            }
            op => (self.wanted(s, op), call(session, &mut self.hands[s], op)),
        };
        self.compare(op, &wanted, &got)
    }

    /// Whether a call gave what was wanted.
    pub fn compare(&mut self, call: &impl std::fmt::Debug, wanted: &Answer, got: &Answer) -> Checked {
        self.count.note(call, got);
        if wanted.admits(got) {
            Ok(())
        } else {
            Err(format!("{call:?}\n  wanted {wanted:?}\n  got    {got:?}"))
        }
    }

    fn wanted_of_kept(&mut self, s: usize, op: &Op, t: T, mut vals: Vec<Val>) -> Answer {
        let key = t.rules().key_of(&vals);
        match op {
            Op::Refresh(_) => Answer::Maybe(self.world.mine(s).find(t, &key).map(|row| row.vals.clone())),
            Op::DeleteKept(_) => answered(self.world.delete(s, t, &key, Some(&vals))),
            Op::MergeKept(_, of, sets) => {
                if *of == t {
                    super::calls::change_vals(&mut vals, sets);
                }
                self.row_of(s, t, |world| world.merge(s, t, &vals))
            }
            other => panic!("{other:?} needs no object"),
        }
    }

    /// The row that a call gives.
    fn row_of(
        &mut self,
        s: usize,
        t: T,
        work: impl FnOnce(&mut World) -> super::world::Tried<u64>,
    ) -> Answer {
        self.world.begin(s);
        let result = self.world.whole(s, work);
        let row =
            |world: &mut World, id| Answer::Row(world.mine(s).row(t, id).expect("just written").vals.clone());
        answered(result.map(|id| row(&mut self.world, id)))
    }

    fn wanted(&mut self, s: usize, op: &Op) -> Answer {
        let world = &mut self.world;
        if !matches!(op, Op::Rollback | Op::Commit) {
            world.begin(s);
        }
        let maybe =
            |world: &mut World, t: T, key: &[Val]| world.mine(s).find(t, key).map(|row| row.vals.clone());
        let wanted = match op {
            Op::Add(t, vals, _) => {
                self.row_of(s, *t, |world| world.add(s, *t, vals.to_vec(), super::calls::Checks::Now))
            }
            Op::AddAll(t, rows) => {
                let rows: Vec<Vec<Val>> = rows.iter().map(|row| row.to_vec()).collect();
                let added = world.add_all(s, *t, &rows);
                let vals = |id: &u64| self.world.mine(s).row(*t, *id).expect("just added").vals.clone();
                answered(added.map(|ids| Answer::Rows(ids.iter().map(vals).collect())))
            }
            Op::Get(t, key, _) | Op::Peek(t, key) => Answer::Maybe(maybe(world, *t, key)),
            Op::GetOne(t, key) => match maybe(world, *t, key) {
                Some(vals) => Answer::Row(vals),
                None => Answer::Failed(vec![Kind::NotFound], Vec::new()),
            },
            Op::Update(t, key, change, end) => {
                self.row_of(s, *t, |world| world.update(s, *t, key, change, *end))
            }
            Op::Merge(t, vals) => self.row_of(s, *t, |world| world.merge(s, *t, vals)),
            Op::Upsert(t, vals, take) => self.row_of(s, *t, |world| world.upsert(s, *t, None, vals, take)),
            Op::UpsertOn(t, column, vals, take) => {
                self.row_of(s, *t, |world| world.upsert(s, *t, Some(*column), vals, take))
            }
            Op::DeleteByKey(t, key) => answered(world.delete(s, *t, key, None)),
            Op::Query(t, ask, put) => world.query(s, *t, ask, *put),
            Op::Insert(t, given, rows, back) => answered(world.insert_rows(s, *t, given, rows, back)),
            Op::UpdateWhere(t, filter, sets, back) => {
                self.update(s, *t, filter.as_ref(), &New::Sets(sets), back)
            }
            Op::Apply(t, filter, sets) => {
                self.update(s, *t, filter.as_ref(), &New::Closure(sets), &super::program::Returning::Counted)
            }
            Op::DeleteWhere(t, filter, back) => answered(world.delete_where(s, *t, filter.as_ref(), back)),
            Op::Flush => answered(world.flush(s)),
            Op::Commit => answered(world.commit(s)),
            Op::Rollback => {
                world.rollback(s);
                Answer::Done
            }
            Op::Changes => world.changes(s),
            other => panic!("{other:?} is done elsewhere"),
        };
        match wanted {
            // a closure that was rolled back refuses writes; which error comes first is open
            Answer::Failed(kinds, before) if self.world.is_doomed(s) && kinds == [Kind::RolledBack] => {
                let also =
                    [Kind::RolledBack, Kind::Stale, Kind::NotUnique, Kind::MissingValue, Kind::Arithmetic];
                Answer::Failed(also.to_vec(), before)
            }
            wanted => wanted,
        }
    }

    fn update(
        &mut self,
        s: usize,
        t: T,
        filter: Option<&crate::language::Cond>,
        new: &New<'_>,
        back: &super::program::Returning,
    ) -> Answer {
        answered(match t {
            T::Owners => self.world.update_where::<Owner>(s, t, filter, new, back),
            T::Items => self.world.update_where::<Item>(s, t, filter, new, back),
            T::Links => self.world.update_where::<Link>(s, t, filter, new, back),
        })
    }

    fn nested(&mut self, session: &mut Session, s: usize, ops: &[Op], end: End) -> Checked {
        let mut checked = Ok(());
        self.world.enter(s, true);
        let result = session.nested(|session| {
            checked = ops.iter().try_for_each(|op| self.op(session, s, op));
            if end == End::Fails || checked.is_err() { Err(Error::other("the closure")) } else { Ok(()) }
        });
        checked?;
        let wanted = self.world.leave(s, end == End::Fails);
        same("the result of nested", &wanted, &result.err().map(|error| super::real::kind(&error)))
    }

    /// `db.transaction`, in step: the oracle says after each run of the closure whether there is another.
    fn transaction(&mut self, db: usize, ops: &[Op], end: End, rival: Option<usize>) -> Checked {
        const S: usize = 4;
        let mut rival = rival.filter(|rival| self.world.units[*rival].db == db);
        let mut checked: Checked = Ok(());
        let mut wanted: Option<Answer> = None;
        let mut runs = 0;
        let database = std::mem::take(&mut self.dbs[db]);
        let result = database.transaction(|session| {
            runs += 1;
            if wanted.is_some() {
                checked = Err("the closure runs once more".to_owned());
            }
            self.world.units[S] = super::world::Unit { db, ..Default::default() };
            self.world.enter(S, false);
            let mut ran = ops.iter().try_for_each(|op| self.op(session, S, op));
            if let (Some(rival), true) = (rival.take(), ran.is_ok()) {
                let mut other = self.sessions[rival].take().expect("a session on each database");
                ran = self.op(&mut other, rival, &Op::Commit);
                self.sessions[rival] = Some(other);
            }
            if checked.is_ok() {
                checked = ran;
            }
            let fails = end == End::Fails || checked.is_err();
            match self.world.leave(S, fails) {
                Some(kind) => wanted = Some(Answer::Failed(vec![kind], Vec::new())),
                None => match answered(self.world.commit_now(S)) {
                    Answer::Failed(kinds, _) if kinds == [Kind::Conflict] => self.world.rollback(S),
                    Answer::Failed(kinds, _) => wanted = Some(Answer::Failed(kinds, Vec::new())),
                    _ => wanted = Some(Answer::Done),
                },
            }
            if fails { Err(Error::other("the closure")) } else { Ok(()) }
        });
        self.dbs[db] = database;
        checked?;
        let got = result.map_or_else(|error| failed(&error), |()| Answer::Done);
        match wanted {
            Some(wanted) if wanted.admits(&got) => {
                self.count.add(if runs > 1 { "Transaction again" } else { "Transaction once" });
                Ok(())
            }
            wanted => Err(format!("the transaction\n  wanted {wanted:?}\n  got    {got:?}")),
        }
    }

    fn fork(&mut self, from: usize) {
        let (fork, to) = (self.dbs[from].fork(), 1 - from);
        self.parted = Some((fork.snapshot(), self.world.dbs[from].head.clone()));
        for s in (0..4).filter(|s| s / 2 == to) {
            self.sessions[s] = Some(fork.session());
        }
        if self.dbs.len() <= to {
            self.dbs.push(fork);
        } else {
            self.dbs[to] = fork;
        }
        self.world.fork(from);
    }
}

fn kept_at(hand: &Hand, n: usize) -> &super::real::Kept {
    hand.pick(n).expect("just picked")
}

pub fn same<A: PartialEq + std::fmt::Debug>(what: &str, wanted: &A, got: &A) -> Checked {
    if wanted == got { Ok(()) } else { Err(format!("{what}\n  wanted {wanted:?}\n  got    {got:?}")) }
}
