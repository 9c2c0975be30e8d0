//! Calls about versions, on both: checkpoints, history, differences, merges.
use super::check::{Checked, Running};
use super::differ;
use super::program::{Answer, By, Call};
use super::real::{dump, failed};
use super::rules::TABLES;
use super::world::{Head, answered};
use crate::language::value::Kind as ValKind;
use crate::language::value::from_dynamic;
use crate::language::{Text, Val};
use memorm::prelude::*;
use memorm::{Error, Version};

impl Running {
    /// A call about the versions of a database, compared.
    pub fn call(&mut self, db: usize, call: &Call) -> Checked {
        let (world, real) = (&mut self.world, &self.dbs[db]);
        let (wanted, got) = match call {
            Call::Checkpoint(name) => {
                (world.checkpoint(db, *name), Answer::Version(real.checkpoint(named(*name)).0))
            }
            Call::At(name) => (answered(world.at(db, *name)), shown(real.at(&named(*name)))),
            Call::Restore(name) => {
                (answered(world.restore(db, *name)), published(real.restore(&named(*name))))
            }
            Call::Forget(name) => (world.forget(db, *name), Answer::Flag(real.forget(&named(*name)))),
            Call::AsOf(back) => {
                let version = world.dbs[db].head.version.saturating_sub(*back);
                (answered(world.as_of(db, version)), shown(real.as_of(Version(version))))
            }
            Call::Undo => (answered(world.undo(db)), published(real.undo())),
            Call::Redo => (answered(world.redo(db)), published(real.redo())),
            Call::Diff(old, new) => {
                let all = self.versions(db);
                let ((old, was), (new, is)) = (&all[old % all.len()], &all[new % all.len()]);
                let diff = new.diff(old);
                let got = differ::got(&diff);
                super::check::same("the number of changes", &got.iter().flatten().count(), &diff.len())?;
                let got = differ::without_moves(got, &was.state, &is.state);
                (Answer::Tables(differ::wanted(&was.state, &is.state)), Answer::Tables(got))
            }
            Call::Bring(base, by) => return self.bring(db, *base, *by),
        };
        self.compare(call, &wanted, &got)
    }

    /// The versions that the program can name: those of the databases, then where they parted, then those that are held.
    fn versions(&self, db: usize) -> Vec<(Snapshot, Head)> {
        let newest = |db: usize| (self.dbs[db].snapshot(), self.world.dbs[db].head.clone());
        let mut all = vec![newest(db)];
        all.extend((self.dbs.len() > 1).then(|| newest(1 - db)));
        all.extend(self.parted.clone());
        all.extend(self.held.iter().rev().cloned());
        all
    }

    /// Merges the other database into this one, or the version that was held last.
    fn bring(&mut self, db: usize, base: usize, by: By) -> Checked {
        let all = self.versions(db);
        let [_, (theirs, becomes), bases @ ..] = &all[..] else { return Ok(()) };
        let Some((base, was)) = base.checked_rem(bases.len()).map(|n| &bases[n]) else { return Ok(()) };
        if self.world.is_bringing_open(db, becomes) {
            return Ok(());
        }
        let wanted = answered(self.world.bring(db, was, becomes, by));
        let merged = self.dbs[db].merge(base, theirs, resolve(by));
        if let Ok(merged) = &merged {
            (!merged.rekeyed.is_empty()).then(|| self.count.add("Rekeyed fine"));
            self.parted = Some((theirs.clone(), becomes.clone()));
        }
        let got = merged.map_or_else(
            |error| failed(&error),
            |merged| {
                let key = |value: &Value| from_dynamic(ValKind::Int, value);
                let rekeyed = merged.rekeyed.iter();
                let rekeyed = rekeyed.map(|pair| vec![Text(pair.table), key(&pair.old), key(&pair.new)]);
                Answer::Tables(vec![number(merged.version), rekeyed.collect()])
            },
        );
        self.compare(&format!("Bring{by:?}"), &wanted, &got)
    }
}

fn named(name: u8) -> String {
    format!("checkpoint {name}")
}

fn number(version: Version) -> Vec<Vec<Val>> {
    vec![vec![Val::Int(version.0 as i64)]]
}

fn published(result: Result<Version, Error>) -> Answer {
    result.map_or_else(|error| failed(&error), |version| Answer::Version(version.0))
}

fn shown(result: Result<Snapshot, Error>) -> Answer {
    let show = |snapshot: Snapshot| {
        let tables = TABLES.map(|t| dump(&snapshot, t));
        Answer::Tables([number(snapshot.version())].into_iter().chain(tables).collect())
    };
    result.map_or_else(|error| failed(&error), show)
}

fn resolve(by: By) -> Resolve {
    match by {
        By::Fail => Resolve::Fail,
        By::Ours => Resolve::Ours,
        By::Theirs => Resolve::Theirs,
        By::Rekey => Resolve::Rekey,
        By::Asked => Resolve::with(decide),
    }
}

fn decide(conflict: &MergeConflict) -> Resolution {
    use Value::{Bool, Int, Text};
    let is_small = matches!(conflict.column, Some("rank" | "shelf" | "level"));
    match (&conflict.base, &conflict.ours, &conflict.theirs) {
        (Bool(true), Bool(false), Bool(true)) if conflict.column.is_none() => Resolution::Theirs,
        (Bool(true), Bool(true), Bool(false)) if conflict.column.is_none() => Resolution::Ours,
        // no value stands for a row: refused
        (_, _, value) if conflict.column.is_none() => Resolution::Value(value.clone()),
        (Int(was), Int(our), Int(their)) if is_small => Resolution::Value(Int(our * 60 + their - was)),
        (Int(was), Int(our), Int(their)) => {
            Resolution::Value(Int(our.wrapping_add(*their).wrapping_sub(*was)))
        }
        (_, Text(our), Text(their)) if our.len() > their.len() => Resolution::Ours,
        _ => Resolution::Theirs,
    }
}
