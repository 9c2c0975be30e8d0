//! The same calls on memorm, with answers as plain values.
use super::models::{Item, Link, Owner};
use super::program::{Answer, Change, End, Op, Returning};
use super::rules::{Kind, T, TABLES};
use crate::language::ask::{Failed, Reply, ask};
use crate::language::subject::Visitor;
use crate::language::translate::{Side, Typed, condition, value};
use crate::language::value::{Cellular, from_dynamic};
use crate::language::write::{give, set};
use crate::language::{Subject, Val};
use memorm::Error;
use memorm::prelude::*;
use std::any::Any;

/// Runs code for the model of a table.
macro_rules! model_of {
    ($t:expr, |$M:ident| $do:expr) => {
        match $t {
            T::Owners => {
                type $M = Owner;
                $do
            }
            T::Items => {
                type $M = Item;
                $do
            }
            T::Links => {
                type $M = Link;
                $do
            }
        }
    };
}

/// An object that the program holds: it must never change.
pub struct Kept {
    pub table: T,
    object: Arc<dyn Any + Send + Sync>,
    /// What it was when it was read.
    pub vals: Vec<Val>,
}

impl Kept {
    fn of<M: Subject>(&self) -> Arc<M> {
        self.object.clone().downcast().expect("an object of its table")
    }

    /// What it is now.
    pub fn vals_now(&self) -> Vec<Val> {
        model_of!(self.table, |M| self.of::<M>().to_vals())
    }
}

/// What a session's program holds.
#[derive(Default)]
pub struct Hand {
    pub kept: Vec<Kept>,
}

impl Hand {
    fn keep<M: Subject>(&mut self, table: T, object: &Arc<M>) {
        self.kept.push(Kept { table, object: object.clone(), vals: object.to_vals() });
    }

    pub fn pick(&self, n: usize) -> Option<&Kept> {
        self.kept.get(n % self.kept.len().max(1))
    }
}

pub fn kind(error: &Error) -> Kind {
    match error {
        Error::Duplicate { .. } => Kind::Duplicate,
        Error::MissingValue { .. } => Kind::MissingValue,
        Error::DanglingReference { .. } => Kind::Dangling,
        Error::StillReferenced { .. } => Kind::StillReferenced,
        Error::Check { .. } => Kind::Check,
        Error::KeyChanged { .. } => Kind::KeyChanged,
        Error::KeyExhausted { .. } => Kind::KeyExhausted,
        Error::NotFound { .. } => Kind::NotFound,
        Error::NoRow { .. } => Kind::NoRow,
        Error::TooManyRows { .. } => Kind::TooManyRows,
        Error::Conflict { .. } => Kind::Conflict,
        Error::Stale { .. } => Kind::Stale,
        Error::InTransaction => Kind::InTransaction,
        Error::RolledBack => Kind::RolledBack,
        Error::StaleSavepoint => Kind::StaleSavepoint,
        Error::NotUnique { .. } => Kind::NotUnique,
        Error::Arithmetic { .. } => Kind::Arithmetic,
        Error::NoSuchCheckpoint { .. } => Kind::NoSuchCheckpoint,
        Error::VersionNotKept { .. } => Kind::VersionNotKept,
        Error::NothingToUndo => Kind::NothingToUndo,
        Error::NothingToRedo => Kind::NothingToRedo,
        Error::MergeConflict { .. } => Kind::MergeConflict,
        Error::InvalidValue { .. } => Kind::InvalidValue,
        Error::Other(_) => Kind::Other,
        other => panic!("no program asks for {other:?}"),
    }
}

pub fn failed(error: &Error) -> Answer {
    Answer::Failed(vec![kind(error)], Vec::new())
}

/// The answer of a call that gives a row.
fn row<M: Subject>(result: memorm::Result<Arc<M>>) -> Answer {
    result.map_or_else(|error| failed(&error), |row| Answer::Row(row.to_vals()))
}

fn change<M: Subject>(row: &mut M, change: &Change) {
    let mut vals = row.to_vals();
    super::calls::change_vals(&mut vals, change);
    *row = M::from_vals(&vals);
}

/// Does what a session's call does. Not here: calls that need more than the session.
pub fn call(session: &mut Session, hand: &mut Hand, op: &Op) -> Answer {
    match op {
        Op::Add(t, vals, keep) => model_of!(*t, |M| {
            let added = session.add(M::from_vals(vals));
            if let (Ok(object), true) = (&added, keep) {
                hand.keep(*t, object);
            }
            row(added)
        }),
        Op::AddAll(t, rows) => model_of!(*t, |M| {
            let rows = rows.iter().map(|vals| Arc::new(M::from_vals(vals)));
            let added = session.add_all(rows);
            added.map_or_else(
                |e| failed(&e),
                |rows| Answer::Rows(rows.iter().map(|row| row.to_vals()).collect()),
            )
        }),
        Op::Get(t, key, keep) => model_of!(*t, |M| {
            let found = M::get(session, key);
            if let (Some(object), true) = (&found, keep) {
                hand.keep(*t, object);
            }
            Answer::Maybe(found.map(|row| row.to_vals()))
        }),
        Op::GetOne(t, key) => model_of!(*t, |M| row(M::get_one(session, key))),
        Op::Peek(t, key) => model_of!(*t, |M| Answer::Maybe(M::peek(session, key).map(M::to_vals))),
        Op::Update(t, key, sets, end) => model_of!(*t, |M| {
            row(M::update(session, key, |row| {
                change(row, sets);
                if *end == End::Fails { Err(Error::other("the closure")) } else { Ok(()) }
            }))
        }),
        Op::Merge(t, vals) => model_of!(*t, |M| row(session.merge(M::from_vals(vals)))),
        Op::Upsert(t, vals, take) => {
            model_of!(*t, |M| row(session.upsert(M::from_vals(vals), |old, new| upsert(old, &new, take))))
        }
        Op::UpsertOn(t, column, vals, take) => {
            model_of!(*t, |M| row(M::visit(*column, UpsertOn { session, row: M::from_vals(vals), take })))
        }
        Op::DeleteByKey(t, key) => {
            model_of!(*t, |M| M::delete_by_key(session, key).map_or_else(|e| failed(&e), Answer::Flag))
        }
        Op::Query(t, question, put) => model_of!(*t, |M| match ask::<M>(question, *put, &*session) {
            Ok(Reply::Rows(rows)) => Answer::Rows(rows),
            Ok(Reply::Count(count)) => Answer::Count(count),
            Err(Failed { before, error }) => Answer::Failed(vec![kind(&error)], before),
        }),
        Op::Flush => session.flush().map_or_else(|e| failed(&e), |()| Answer::Done),
        Op::Commit => session.commit().map_or_else(|e| failed(&e), |version| Answer::Version(version.0)),
        Op::Rollback => {
            session.rollback();
            Answer::Done
        }
        Op::Changes => changes(session),
        op => model_of!(table_of(op), |M| statement::<M>(session, op).unwrap_or_else(|e| failed(&e))),
    }
}

fn table_of(op: &Op) -> T {
    match op {
        Op::Insert(t, ..) | Op::UpdateWhere(t, ..) | Op::Apply(t, ..) | Op::DeleteWhere(t, ..) => *t,
        other => panic!("{other:?} is not a call of one session alone"),
    }
}

/// Calls with an object that the program holds.
pub fn call_with(session: &mut Session, kept: &Kept, op: &Op) -> Answer {
    model_of!(kept.table, |M| {
        let object = kept.of::<M>();
        match op {
            Op::Refresh(_) => Answer::Maybe(session.refresh(&object).map(|row| row.to_vals())),
            Op::DeleteKept(_) => session.delete(&object).map_or_else(|e| failed(&e), Answer::Flag),
            Op::MergeKept(_, of, sets) if *of == kept.table && !sets.is_empty() => {
                let mut changed = M::clone(&object);
                change(&mut changed, sets);
                row(session.merge(changed))
            }
            // as it is, shared
            Op::MergeKept(..) => row(session.merge(object)),
            other => panic!("{other:?} needs no object"),
        }
    })
}

fn upsert<M: Subject>(old: &mut M, new: &M, take: &[(u8, Option<Val>)]) {
    let (mut vals, new) = (old.to_vals(), new.to_vals());
    for (column, to) in take {
        let column = usize::from(*column);
        vals[column] = to.clone().unwrap_or_else(|| new[column].clone());
    }
    *old = M::from_vals(&vals);
}

struct UpsertOn<'a, M> {
    session: &'a mut Session,
    row: M,
    take: &'a [(u8, Option<Val>)],
}

impl<M: Subject> Visitor<M> for UpsertOn<'_, M> {
    type Out = memorm::Result<Arc<M>>;
    fn visit<C: Field + Cellular>(self, column: Column<M, C>) -> Self::Out {
        self.session.upsert_on(column, self.row, |old, new| upsert(old, &new, self.take))
    }
}

fn statement<M: Subject>(session: &mut Session, op: &Op) -> memorm::Result<Answer> {
    macro_rules! run {
        ($statement:expr, $back:expr) => {
            match $back {
                Returning::Counted => $statement.exec(session).map(Answer::Count),
                Returning::Values(exp) => returning!($statement, exp),
            }
        };
    }
    macro_rules! returning {
        ($statement:expr, $exp:expr) => {
            match value::<M>($exp) {
                Typed::Bool(side) => back!($statement, side),
                Typed::Small(side) => back!($statement, side),
                Typed::Int(side) => back!($statement, side),
                Typed::Float(side) => back!($statement, side),
                Typed::Text(side) => back!($statement, side),
            }
        };
    }
    macro_rules! back {
        ($statement:expr, $side:expr) => {
            match $side {
                Side::Plain(plain) => shown($statement.returning(plain).all(session)),
                Side::Maybe(maybe) => shown($statement.returning(maybe).all(session)),
            }
        };
    }
    match op {
        Op::Insert(_, given, rows, back) => {
            let statement = give(insert::<M>(), given).rows(rows.iter().map(|vals| M::from_vals(vals)));
            run!(statement, back)
        }
        Op::UpdateWhere(_, filter, sets, back) => {
            let mut statement = set(update::<M>(), sets);
            if let Some(filter) = filter {
                statement = statement.filter(condition::<M>(filter));
            }
            run!(statement, back)
        }
        Op::Apply(_, filter, sets) => {
            let mut statement = update::<M>();
            if let Some(filter) = filter {
                statement = statement.filter(condition::<M>(filter));
            }
            statement.apply(session, |row| change(row, sets)).map(Answer::Count)
        }
        Op::DeleteWhere(_, filter, back) => {
            let mut statement = delete::<M>();
            if let Some(filter) = filter {
                statement = statement.filter(condition::<M>(filter));
            }
            run!(statement, back)
        }
        other => panic!("{other:?} is no statement"),
    }
}

fn shown<C: Cellular>(rows: memorm::Result<Vec<C>>) -> memorm::Result<Answer> {
    Ok(Answer::Rows(rows?.iter().map(|one| vec![one.to_val()]).collect()))
}

fn changes(session: &Session) -> Answer {
    let changes = session.changes();
    let of = |t: T| {
        model_of!(t, |M| {
            let vals = |rows: Vec<Arc<M>>| rows.iter().map(|row| row.to_vals()).collect::<Vec<_>>();
            let [mut dirty, mut deleted] = [vals(changes.dirty::<M>()), vals(changes.deleted::<M>())];
            super::commit::sort(&mut dirty);
            super::commit::sort(&mut deleted);
            [vals(changes.new::<M>()), dirty, deleted]
        })
    };
    Answer::Changes(TABLES.map(of).into())
}

/// All rows of a table in a version.
pub fn dump(snapshot: &Snapshot, t: T) -> Vec<Vec<Val>> {
    model_of!(t, |M| {
        let infos = M::infos();
        let Ok(table) = snapshot.table(t.rules().name) else { return Vec::new() };
        let read =
            |row: Vec<Value>| row.iter().zip(&infos).map(|(v, info)| from_dynamic(info.kind, v)).collect();
        table.rows().into_iter().map(read).collect()
    })
}

/// The row with a key, as a session sees it.
pub fn find(session: &Session, t: T, key: &[Val]) -> Option<Vec<Val>> {
    model_of!(t, |M| M::peek(session, key).map(M::to_vals))
}
