//! Spans for `tracing`: statements, commits, conflicts, retries. Nothing at all without the feature.
//!
//! Must stay true: no code is behind a span but for the work that it spans. Not here: what is worth a span; callers know.

#[cfg(feature = "tracing")]
mod on {
    use std::fmt::Display;
    use tracing::{Span as Inner, debug_span, span::Entered};

    /// A span, which is entered for the time of a piece of work.
    #[derive(Clone)]
    pub(crate) struct Span(Inner);

    impl Span {
        pub(crate) fn statement(kind: &'static str, table: &'static str) -> Self {
            Self(debug_span!("statement", kind, table))
        }
        pub(crate) fn commit() -> Self {
            Self(debug_span!("commit", version = tracing::field::Empty))
        }
        pub(crate) fn retry(attempt: u32) -> Self {
            Self(debug_span!("retry", attempt))
        }
        pub(crate) fn enter(&self) -> Entered<'_> {
            self.0.enter()
        }
        /// Names the version that a commit has made.
        pub(crate) fn record_version(&self, version: u64) {
            self.0.record("version", version);
        }
    }

    /// A commit lost against another one.
    pub(crate) fn conflict(error: &impl Display) {
        debug_span!("conflict", %error).in_scope(|| {});
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use std::fmt::Display;

    #[derive(Clone)]
    pub(crate) struct Span;
    pub(crate) struct Entered;

    impl Span {
        pub(crate) fn statement(_: &'static str, _: &'static str) -> Self {
            Self
        }
        pub(crate) fn commit() -> Self {
            Self
        }
        pub(crate) fn retry(_: u32) -> Self {
            Self
        }
        pub(crate) fn enter(&self) -> Entered {
            Entered
        }
        pub(crate) fn record_version(&self, _: u64) {}
    }

    pub(crate) fn conflict(_: &impl Display) {}
}

#[cfg(not(feature = "tracing"))]
pub(crate) use off::{Span, conflict};
#[cfg(feature = "tracing")]
pub(crate) use on::{Span, conflict};
