//! Versions that no session makes: of `register` and `clear`, `merge`, `restore`, `undo` and `redo`.
//!
//! ```text
//!   head at rest ──► the next version, made of it ──► hooks agree? ──► still the head? publish
//!        ▲                                                                    │ no
//!        └────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! While somebody holds an `Exclusive`, `clear` waits and the others fail: it may be the same thread that holds it. Not here:
//! what the next version holds.
use super::history::Step;
use super::shared::Shared;
use crate::fault;
use crate::link::Link;
use crate::table::TableType;
use crate::world::{Version, World};
use crate::{Error, Result};

impl Shared {
    /// Makes attempts, each at the head as it is by then, until one publishes something.
    ///
    /// # Errors
    /// Those of `attempt`, and `Busy`.
    fn until_published<T>(&self, attempt: impl Fn(&Link<World>) -> Result<Option<T>>) -> Result<T> {
        loop {
            if let Some(published) = attempt(&self.free_head()?)? {
                return Ok(published);
            }
        }
    }

    /// Replaces the head by what `make` makes of it, after the end of an `Exclusive`.
    pub(super) fn replace_head(&self, make: impl Fn(&World) -> World) -> Version {
        loop {
            let base = self.head_at_rest();
            let next = after(&base, make(&base));
            fault::point("replace: the next version is made");
            if let Ok(version) = self.swap_head(&base, next) {
                return version;
            }
        }
    }

    /// Adds an empty table to the head, if it has none for this model.
    ///
    /// # Errors
    /// `Schema` where another model has the table's name; `Busy`.
    pub(super) fn add_table(&self, kind: TableType) -> Result<()> {
        self.until_published(|base| {
            base.check_name(kind.meta)?;
            if base.table(kind.meta).is_some() {
                return Ok(Some(()));
            }
            let mut next = World::clone(base);
            next.table_mut(kind);
            Ok(self.swap_head(base, after(base, next)).ok().map(drop))
        })
    }

    /// Where hooks are asked: one that asked for them would run in itself.
    fn check_outside_of_hooks(&self) -> Result<()> {
        if self.is_in_hook() { Err(Error::InTransaction) } else { Ok(()) }
    }

    /// Replaces the head by what `make` makes of it, if it makes something and the hooks agree.
    ///
    /// # Errors
    /// Those of `make`, `Refused`, `Busy`, and `InTransaction` inside of a hook.
    pub(super) fn try_replace_head<T>(
        &self,
        make: impl Fn(&World) -> Result<(World, T)>,
    ) -> Result<(Version, T)> {
        self.check_outside_of_hooks()?;
        self.until_published(|base| {
            let (next, made) = make(base)?;
            fault::point("merge: the next version is made");
            let next = after(base, next);
            self.ask_hooks(base, &next)?;
            fault::point("merge: the hooks agree");
            // an open session must not get a key that comes with the merge
            self.raise_keys(next.last_keys());
            Ok(self.swap_head(base, next).ok().map(|version| (version, made)))
        })
    }

    /// Publishes the rows and counters of an older version as a new one.
    ///
    /// # Errors
    /// Those of `choose`, `Refused`, `Busy`, and `InTransaction` inside of a hook.
    pub(super) fn go_back(&self, step: Step, choose: impl Fn() -> Result<Link<World>>) -> Result<Version> {
        self.check_outside_of_hooks()?;
        self.until_published(|base| {
            let target = choose()?;
            fault::point("back: chosen");
            let next = after(base, World::clone(&target));
            self.ask_hooks(base, &next)?;
            // the choice depends on what was published last
            Ok(self.swap_head_back(base, next, step).ok())
        })
    }
}

/// `next`, with the number that follows on that of `base`.
fn after(base: &World, mut next: World) -> Link<World> {
    next.version = Version(base.version.0 + 1);
    Link::new(next)
}
