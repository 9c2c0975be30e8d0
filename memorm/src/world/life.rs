//! `Life`: whether anybody still holds a version.
use std::sync::{Arc, OnceLock, Weak};

/// Goes with its version, so that who has a witness of it can tell whether the version is gone.
#[derive(Default)]
pub(crate) struct Life(OnceLock<Arc<()>>);

impl Clone for Life {
    /// A copy of a version lives a life of its own.
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Life {
    /// What has a strong count as long as the version is held.
    pub(crate) fn witness(&self) -> Weak<()> {
        Arc::downgrade(self.0.get_or_init(Arc::default))
    }
}
