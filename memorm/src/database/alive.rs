//! Which versions are alive: who holds on to memory?
//!
//! Reading costs nothing for it. A version can only outlive its time as the newest where somebody holds it; the swap
//! that supersedes it is the moment to note it, and versions that nobody held are never noted.
use super::sync::Mutex;
use crate::link::Link;
use crate::world::{Version, World};
use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

/// A version that somebody holds, from [`Stats`](crate::Stats).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldVersion {
    /// The number of the version.
    pub version: Version,
    /// The name that [`snapshot_labelled`](crate::Database::snapshot_labelled) gave; `None` for a version that is held by
    /// other snapshots, by sessions or forks.
    pub label: Option<String>,
    /// How long ago the labelled snapshot was taken; else how long ago the version stopped to be the newest.
    pub age: Duration,
}

/// A name that a snapshot and its clones share.
pub(crate) struct Label {
    name: String,
    version: Version,
    taken: Instant,
}

/// The superseded versions and the labels that may still be in use.
#[derive(Default)]
pub(super) struct Alive(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    superseded: Vec<(Weak<()>, Version, Instant)>,
    labels: Vec<Weak<Label>>,
    /// So long may the lists become before what died is taken out.
    limit: usize,
}

impl Alive {
    /// Notes a version that is no longer the newest, if somebody holds it beside `old`.
    pub(super) fn supersede(&self, old: Link<World>) {
        // this reference, and usually the committer's base
        if Link::strong_count(&old) > 1 {
            let noted = (old.life.witness(), old.version, Instant::now());
            self.change(|all| all.superseded.push(noted));
        }
    }

    pub(super) fn label(&self, name: String, version: Version) -> Arc<Label> {
        let label = Arc::new(Label { name, version, taken: Instant::now() });
        self.change(|all| all.labels.push(Arc::downgrade(&label)));
        label
    }

    /// What is alive besides the newest version, oldest version first.
    pub(super) fn list(&self) -> Vec<HeldVersion> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.forget_dead();
        let labels = all.labels.iter().filter_map(Weak::upgrade);
        let mut list: Vec<HeldVersion> = labels
            .map(|label| HeldVersion {
                version: label.version,
                label: Some(label.name.clone()),
                age: label.taken.elapsed(),
            })
            .collect();
        let labelled: Vec<Version> = list.iter().map(|held| held.version).collect();
        let others = all.superseded.iter().filter(|(_, version, _)| !labelled.contains(version));
        list.extend(others.map(|(_, version, since)| HeldVersion {
            version: *version,
            label: None,
            age: since.elapsed(),
        }));
        list.sort_by(|a, b| (a.version, &a.label).cmp(&(b.version, &b.label)));
        list
    }

    fn change(&self, change: impl FnOnce(&mut Noted)) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut all);
        if all.superseded.len() + all.labels.len() > all.limit {
            all.forget_dead();
            all.limit = 16 + 2 * (all.superseded.len() + all.labels.len());
        }
    }
}

impl Noted {
    fn forget_dead(&mut self) {
        self.superseded.retain(|(life, ..)| life.strong_count() > 0);
        self.labels.retain(|label| label.strong_count() > 0);
        self.superseded.shrink_to(2 * self.superseded.len());
        self.labels.shrink_to(2 * self.labels.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_that_nobody_holds_are_not_kept() {
        let alive = Alive::default();
        for _ in 0..1_000 {
            let world = Link::new(World::default());
            let reader = world.clone();
            alive.supersede(world);
            drop(reader);
            drop(alive.label("short".to_owned(), Version(0)));
        }
        let noted = alive.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(noted.superseded.len() + noted.labels.len() <= 20);
    }
}
