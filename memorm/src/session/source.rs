//! What statements run on.
use super::exclusive::Exclusive;
use super::handle::Session;
use super::reading::Reading;
use super::unit::Unit;
use crate::Result;
use crate::database::{Database, Snapshot};
use crate::expr::AggregateTerm;
use crate::link::Link;
use crate::plan::{Overlay, Run, have_questions, resolve, resolve_terms};
use crate::query::Plan;
use crate::world::World;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::sync::Arc;

/// What a query reads: `Session`, `Snapshot`, `Database` (its newest version), `Exclusive`; also behind `&` and `Arc`.
#[diagnostic::on_unimplemented(
    message = "a query cannot run on `{Self}`",
    label = "expected `&Session`, `&Snapshot` or `&Database`"
)]
pub trait Source {
    #[doc(hidden)]
    fn view(&self) -> View<'_>;
}

/// What `iter` reads: a source that holds its version, so that rows can be borrowed. Not `Database`: take a
/// `snapshot()` first.
#[diagnostic::on_unimplemented(
    message = "rows cannot be borrowed from `{Self}`",
    label = "expected `&Session` or `&Snapshot`",
    note = "`db.snapshot()` holds a version to iterate over"
)]
pub trait BorrowSource: Source {
    #[doc(hidden)]
    fn borrow_view(&self) -> Held<'_>;
}

/// What a write statement changes: `&mut Session`, `&mut Exclusive`.
#[diagnostic::on_unimplemented(
    message = "a statement cannot write to `{Self}`",
    label = "expected `&mut Session` or `&mut Exclusive`",
    note = "`db.session()` opens one; `db.transaction(|session| ..)` hands one to a closure"
)]
pub trait Target: Source {
    #[doc(hidden)]
    fn session(&mut self) -> &mut Session;

    /// Runs a statement to its end.
    #[doc(hidden)]
    fn write<T>(&mut self, work: impl FnOnce(&mut Session) -> Result<T>) -> Result<T> {
        let session = self.session();
        let result = work(session);
        session.unit.end_call(result)
    }
}

/// The version that a query reads.
#[doc(hidden)]
pub struct View<'a> {
    holding: Holding<'a>,
    overlay: OnceCell<Overlay>,
}

enum Holding<'a> {
    Held(&'a Link<World>),
    Newest(Link<World>),
    /// What a session sees: a version that is only made where it is asked for.
    Session(&'a Unit),
}

/// The version that a query borrows from.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Held<'a>(pub(super) &'a Link<World>);

impl fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = match &self.holding {
            Holding::Held(world) => world.version,
            Holding::Newest(world) => world.version,
            Holding::Session(unit) => unit.base().version,
        };
        f.debug_tuple("View").field(&version).finish()
    }
}

impl fmt::Debug for Held<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Held").field(&self.0.version).finish()
    }
}

impl<'a> View<'a> {
    fn of(holding: Holding<'a>) -> Self {
        Self { holding, overlay: OnceCell::new() }
    }

    pub(super) fn world(&self) -> &World {
        match &self.holding {
            Holding::Held(world) => world,
            Holding::Newest(world) => world,
            Holding::Session(unit) => unit.view(),
        }
    }

    /// Answers the questions in a plan.
    ///
    /// # Errors
    /// As [`resolve`](crate::plan::resolve).
    pub(super) fn resolve<'p>(&self, plan: &'p Plan) -> Result<Cow<'p, Plan>> {
        if plan.has_questions() { resolve(self.world(), plan) } else { Ok(Cow::Borrowed(plan)) }
    }

    /// Answers the questions in aggregates.
    ///
    /// # Errors
    /// As [`resolve`](crate::plan::resolve).
    pub(super) fn resolve_terms<'p>(&self, terms: &'p [AggregateTerm]) -> Result<Cow<'p, [AggregateTerm]>> {
        if have_questions(terms) { resolve_terms(self.world(), terms) } else { Ok(Cow::Borrowed(terms)) }
    }

    /// Starts a resolved plan; `cap` rows are enough.
    ///
    /// # Errors
    /// As [`Run::new`].
    pub(super) fn run<'v, 'p>(&'v self, plan: &'p Plan, cap: Option<usize>) -> Result<Run<'v, 'p>> {
        if let Holding::Session(unit) = self.holding
            && let Some(reading) = unit.reading(plan)
        {
            let overlay = match reading {
                Reading::Base => None,
                Reading::Over(overlay) => Some(self.overlay.get_or_init(|| overlay)),
            };
            return Run::over(unit.base(), plan, cap, overlay);
        }
        Run::new(self.world(), plan, cap)
    }
}

#[diagnostic::do_not_recommend]
impl Source for Session {
    fn view(&self) -> View<'_> {
        View::of(Holding::Session(&self.unit))
    }
}
#[diagnostic::do_not_recommend]
impl BorrowSource for Session {
    fn borrow_view(&self) -> Held<'_> {
        Held(self.unit.view())
    }
}
#[diagnostic::do_not_recommend]
impl Target for Session {
    fn session(&mut self) -> &mut Session {
        self
    }
}
#[diagnostic::do_not_recommend]
impl Source for Snapshot {
    fn view(&self) -> View<'_> {
        View::of(Holding::Held(self.world()))
    }
}
#[diagnostic::do_not_recommend]
impl BorrowSource for Snapshot {
    fn borrow_view(&self) -> Held<'_> {
        Held(self.world())
    }
}
#[diagnostic::do_not_recommend]
impl Source for Database {
    fn view(&self) -> View<'_> {
        View::of(Holding::Newest(self.newest()))
    }
}
#[diagnostic::do_not_recommend]
impl Source for Exclusive<'_> {
    fn view(&self) -> View<'_> {
        View::of(Holding::Session(&self.session.unit))
    }
}
#[diagnostic::do_not_recommend]
impl BorrowSource for Exclusive<'_> {
    fn borrow_view(&self) -> Held<'_> {
        Held(self.session.unit.view())
    }
}
#[diagnostic::do_not_recommend]
impl Target for Exclusive<'_> {
    fn session(&mut self) -> &mut Session {
        &mut self.session
    }
}
macro_rules! pointers { ($($P:ty),*) => { $(
    #[diagnostic::do_not_recommend]
    impl<T: Source + ?Sized> Source for $P {
        fn view(&self) -> View<'_> {
            T::view(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<T: BorrowSource + ?Sized> BorrowSource for $P {
        fn borrow_view(&self) -> Held<'_> {
            T::borrow_view(self)
        }
    }
)* } }
pointers! { &T, &mut T, Arc<T> }
#[diagnostic::do_not_recommend]
impl<T: Target + ?Sized> Target for &mut T {
    fn session(&mut self) -> &mut Session {
        T::session(self)
    }
}
