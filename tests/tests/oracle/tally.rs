//! What the programs reached: a test of calls that all fail tests nothing.
use super::program::Answer;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};

/// How often each call ended how.
#[derive(Debug, Default)]
pub struct Tally(Mutex<BTreeMap<String, usize>>);

/// Of one program.
#[derive(Debug, Default)]
pub struct Count(BTreeMap<String, usize>);

impl Count {
    pub fn note(&mut self, call: &impl Debug, answer: &Answer) {
        let name = format!("{call:?}");
        let name = name.trim_matches('"').split('(').next().unwrap_or_default();
        let end = match answer {
            Answer::Failed(kinds, _) => format!("{:?}", kinds[0]),
            Answer::Maybe(None) | Answer::Count(0) | Answer::Flag(false) => "nothing".to_owned(),
            _ => "fine".to_owned(),
        };
        self.add(&format!("{name} {end}"));
    }

    pub fn add(&mut self, what: &str) {
        *self.0.entry(what.to_owned()).or_default() += 1;
    }
}

impl Tally {
    pub fn add(&self, count: Count) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        count.0.into_iter().for_each(|(what, n)| *all.entry(what).or_default() += n);
    }

    fn of(&self, what: &str) -> usize {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(name, _)| name.split(' ').any(|part| part == what)).map(|(_, n)| n).sum()
    }

    /// Every call has succeeded and every error has come up, at least now and then.
    pub fn assert_reached_all(&self) {
        let calls = [
            "Add",
            "AddAll",
            "Get",
            "GetOne",
            "Peek",
            "Refresh",
            "Update",
            "Merge",
            "MergeKept",
            "Upsert",
            "UpsertOn",
            "DeleteKept",
            "DeleteByKey",
            "Query",
            "Insert",
            "UpdateWhere",
            "Apply",
            "DeleteWhere",
            "Flush",
            "Commit",
            "Rollback",
            "RollbackTo",
            "Changes",
            "Checkpoint",
            "At",
            "Restore",
            "Forget",
            "AsOf",
            "Undo",
            "Redo",
            "Diff",
            "BringFail",
            "BringOurs",
            "BringTheirs",
            "BringRekey",
            "BringAsked",
            "Rekeyed",
        ];
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for call in calls {
            let fine = all.get(&format!("{call} fine")).copied().unwrap_or_default();
            assert!(fine >= 20, "{call} succeeded {fine} times: {all:#?}");
        }
        let errors = [
            "Duplicate",
            "MissingValue",
            "Dangling",
            "StillReferenced",
            "Check",
            "KeyChanged",
            "KeyExhausted",
            "NotFound",
            "NoRow",
            "TooManyRows",
            "Conflict",
            "Stale",
            "InTransaction",
            "RolledBack",
            "StaleSavepoint",
            "NotUnique",
            "Arithmetic",
            "NoSuchCheckpoint",
            "VersionNotKept",
            "NothingToUndo",
            "NothingToRedo",
            "MergeConflict",
            "InvalidValue",
            "Other",
            "again",
        ];
        for error in errors {
            assert!(self.of(error) >= 2, "{error} came up {} times: {all:#?}", self.of(error));
        }
    }
}
