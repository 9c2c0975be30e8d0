//! Runs a case on both tables and on plain rows, and compares.
use super::case::{Action, Case, table};
use super::models::{Bare, Indexed};
use super::plain::Plain;
use crate::language::ask::{Failed, Put, Reply, ask, whole};
use crate::language::fold::fold;
use crate::language::subject::Subject;
use crate::language::translate::condition;
use crate::language::value::from_dynamic;
use crate::language::write::set;
use crate::language::{Plant, Val};
use memorm::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What came of an action. Errors as text without the table's name.
pub type Outcome = Result<Reply, String>;

/// How many questions were explained, and how many of them used an index.
#[derive(Default)]
pub struct Tally {
    pub asked: AtomicUsize,
    pub by_index: AtomicUsize,
    pub in_order: AtomicUsize,
    pub failed: AtomicUsize,
}

/// One of the two tables.
struct Stored<M> {
    db: Database,
    session: Session,
    model: std::marker::PhantomData<M>,
}

fn show_failed(failed: Failed) -> String {
    after(&failed.before, show(*failed.error))
}

pub fn after(rows: &[Vec<Val>], error: String) -> String {
    if rows.is_empty() { error } else { format!("{rows:?}, then {error}") }
}

fn show(error: memorm::Error) -> String {
    match error {
        memorm::Error::Arithmetic { key, .. } => format!("arithmetic at {key}"),
        memorm::Error::NoRow { .. } => "no row".to_owned(),
        memorm::Error::TooManyRows { .. } => "too many rows".to_owned(),
        memorm::Error::Duplicate { .. } => "duplicate".to_owned(),
        other => format!("{other:?}"),
    }
}

pub fn folded_reply(folded: Vec<String>) -> Reply {
    Reply::Rows(vec![folded.into_iter().map(Val::Txt).collect()])
}

/// An error of a closure that is to be undone.
fn undone() -> memorm::Error {
    memorm::Error::other("undone")
}

impl<M: Subject> Stored<M> {
    fn new(rows: &[Vec<Val>]) -> memorm::Result<Self> {
        let db = Database::new();
        let mut session = db.session();
        session.add_all(rows.iter().map(|vals| M::from_vals(vals)))?;
        session.commit()?;
        let session = db.session();
        Ok(Self { db, session, model: std::marker::PhantomData })
    }

    fn act(&mut self, action: &Action) -> Outcome {
        match action {
            Action::Ask(question, put) => ask::<M>(question, *put, &self.session).map_err(show_failed),
            Action::Fold(part, exp) => fold::<M>(part, exp, &self.session).map(folded_reply).map_err(show),
            Action::Commit => self.session.commit().map(|_| Reply::Count(0)).map_err(show),
            Action::Rollback => {
                self.session.rollback();
                Ok(Reply::Count(0))
            }
            Action::Fork => {
                let fork = self.db.fork();
                (self.session, self.db) = (fork.session(), fork);
                Ok(Reply::Count(0))
            }
            Action::Undone(inner) => {
                let mut outcome = Ok(Reply::Count(0));
                let undo = self.session.nested(|session| {
                    outcome = write::<M>(session, inner).map(Reply::Count);
                    memorm::Result::<()>::Err(undone())
                });
                assert_eq!(undo.map_err(show), Err(show(undone())));
                outcome.map_err(show)
            }
            action => write::<M>(&mut self.session, action).map(Reply::Count).map_err(show),
        }
    }

    fn dump(&self) -> Vec<Vec<Val>> {
        let infos = M::infos();
        let Ok(table) = self.session.view().table(M::table().name) else { return Vec::new() };
        let read =
            |row: Vec<Value>| row.iter().zip(&infos).map(|(v, info)| from_dynamic(info.kind, v)).collect();
        table.rows().into_iter().map(read).collect()
    }
}

fn write<M: Subject>(session: &mut Session, action: &Action) -> memorm::Result<usize> {
    match action {
        Action::Update(filter, sets) => {
            let statement = set(update::<M>(), sets);
            match filter {
                Some(filter) => statement.filter(condition::<M>(filter)).exec(session),
                None => statement.exec(session),
            }
        }
        Action::Delete(Some(filter)) => delete::<M>().filter(condition::<M>(filter)).exec(session),
        Action::Delete(None) => delete::<M>().exec(session),
        other => panic!("{other:?} writes nothing"),
    }
}

/// Whether all three agree all along.
pub fn check(case: &Case, plant: Plant, tally: &Tally) -> Result<(), String> {
    let rows = table(case);
    let mut plain = Plain { plant, committed: rows.clone(), rows: rows.clone() };
    let mut indexed = Stored::<Indexed>::new(&rows).map_err(show)?;
    let mut bare = Stored::<Bare>::new(&rows).map_err(show)?;
    let first = (indexed.db.snapshot(), bare.db.snapshot());
    for (i, action) in case.actions.iter().enumerate() {
        let wanted = plain.act(action);
        let got = indexed.act(action);
        compare(&format!("action {i}, with indexes: {action:?}"), &wanted, &got)?;
        // no unique column there: such a write would not fail
        if wanted != Err("duplicate".to_owned()) {
            compare(&format!("action {i}, without indexes: {action:?}"), &wanted, &bare.act(action))?;
        }
        if let Action::Ask(question, _) = action {
            let (query, other) = (whole::<Indexed>(question), whole::<Bare>(question));
            note(
                tally,
                question.others.is_empty(),
                query.explain(&indexed.session),
                other.explain(&bare.session),
            )?;
        } else {
            compare(
                &format!("rows after action {i}, with indexes: {action:?}"),
                &plain.rows,
                &indexed.dump(),
            )?;
            compare(
                &format!("rows after action {i}, without indexes: {action:?}"),
                &plain.rows,
                &bare.dump(),
            )?;
            indexed.session.view().assert_consistent();
        }
    }
    indexed.db.assert_consistent();
    compare(
        "the first version",
        &Ok(Reply::Rows(rows.clone())),
        &ask::<Indexed>(&everything(), Put::All, &first.0).map_err(show_failed),
    )?;
    compare(
        "the first version",
        &Ok(Reply::Rows(rows)),
        &ask::<Bare>(&everything(), Put::All, &first.1).map_err(show_failed),
    )
}

fn everything() -> crate::language::answer::Ask {
    crate::language::answer::Ask::default()
}

fn note(
    tally: &Tally,
    is_plain: bool,
    indexed: memorm::Result<Explain>,
    bare: memorm::Result<Explain>,
) -> Result<(), String> {
    let count = |counter: &AtomicUsize| counter.fetch_add(1, Ordering::Relaxed);
    let (Ok(indexed), Ok(bare)) = (indexed, bare) else {
        count(&tally.failed);
        return Ok(());
    };
    if !is_plain {
        return Ok(());
    }
    count(&tally.asked);
    if indexed.access.starts_with("order of") {
        count(&tally.in_order);
    } else if indexed.access.contains("index") {
        count(&tally.by_index);
    }
    match bare.access.contains("index") {
        true => Err(format!("a table without an index uses one: {}", bare.access)),
        false => Ok(()),
    }
}

fn compare<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, got: &T) -> Result<(), String> {
    if wanted == got {
        return Ok(());
    }
    Err(format!("{what}\n  wanted {wanted:?}\n  got    {got:?}"))
}
