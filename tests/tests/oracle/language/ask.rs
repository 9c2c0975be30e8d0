//! Questions as memorm's own statements, and how they are put.
use super::answer::{Ask, Part, SetOp, Show};
use super::interpret::{Line, truth};
use super::subject::Visitor;
use super::translate::{Side, Typed, condition, sort_key, value};
use super::value::{Cellular, from_dynamic};
use super::{Exp, Kind, Subject, Val};
use memorm::expr::{Item, Parts, Project, RowReader};
use memorm::prelude::{Column, Dialect, Field, Query, Rows, Select, Sql, select};
use memorm::session::BorrowSource;

/// How a question is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    All,
    First,
    Only,
    OneOrNone,
    Number,
    Exists,
    Iter,
    Mappings,
}

/// How the question is really put: several expressions are read as mappings, which come all at once.
pub fn way(ask: &Ask, put: Put) -> Put {
    match (&ask.show, put) {
        (Show::Many(_), Put::First | Put::Only | Put::OneOrNone | Put::Iter) => Put::Mappings,
        (_, put) => put,
    }
}

/// What comes back.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Rows(Vec<Vec<Val>>),
    Count(usize),
}

/// Why there is no reply.
#[derive(Debug)]
pub struct Failed {
    /// The rows that `iter` handed out before.
    pub before: Vec<Vec<Val>>,
    pub error: Box<memorm::Error>,
}

impl From<memorm::Error> for Failed {
    fn from(error: memorm::Error) -> Self {
        Self { before: Vec::new(), error: Box::new(error) }
    }
}

type Replied = Result<Reply, Failed>;

fn walked(walk: impl Iterator<Item = memorm::Result<Vec<Val>>>) -> Replied {
    let mut before = Vec::new();
    for row in walk {
        match row {
            Ok(row) => before.push(row),
            Err(error) => return Err(Failed { before, error: Box::new(error) }),
        }
    }
    Ok(Reply::Rows(before))
}

/// The part as a statement over whole rows.
pub fn part<M: Subject>(part: &Part) -> Select<M> {
    let mut query = select::<M>();
    if let Some(filter) = &part.filter {
        query = query.filter(condition::<M>(filter));
    }
    if let Some(test) = part.test.clone() {
        query = query.filter_with(move |row| truth(&test, Line::of(&row.to_vals())) == Ok(Some(true)));
    }
    refine(query, part)
}

fn refine<M: Subject>(mut query: Select<M>, part: &Part) -> Select<M> {
    let keys = part.order.iter().map(|key| sort_key::<M>(&key.by, key.descending, key.nulls_first));
    query = query.order_by(keys.collect::<Vec<_>>()).offset(part.offset);
    if let Some(limit) = part.limit {
        query = query.limit(limit);
    }
    if part.distinct { query.distinct() } else { query }
}

/// The question without what its rows are turned into.
pub fn whole<M: Subject>(ask: &Ask) -> Select<M> {
    let mut query = part::<M>(&ask.first);
    if ask.others.is_empty() {
        return query;
    }
    for (set, other) in ask.others.iter() {
        let other = part(other);
        query = match set {
            SetOp::Union => query.union(other),
            SetOp::UnionAll => query.union_all(other),
            SetOp::Intersect => query.intersect(other),
            SetOp::Except => query.except(other),
        };
    }
    if let Some(filter) = &ask.after.filter {
        query = query.filter(condition::<M>(filter));
    }
    refine(query, &ask.after)
}

/// The question, each part turned into something before they are combined.
fn early<M: Subject, P: Project<M, I, Out = T>, I, T>(ask: &Ask, show: impl Fn() -> P) -> Rows<T> {
    let mut query = part::<M>(&ask.first).select(show());
    for (set, other) in ask.others.iter() {
        let other = part::<M>(other).select(show());
        query = match set {
            SetOp::Union => query.union(other),
            SetOp::UnionAll => query.union_all(other),
            SetOp::Intersect => query.intersect(other),
            SetOp::Except => query.except(other),
        };
    }
    query = query.offset(ask.after.offset);
    if let Some(limit) = ask.after.limit {
        query = query.limit(limit);
    }
    if ask.after.distinct { query.distinct() } else { query }
}

fn rows_of<M: Subject, P: Project<M, I, Out = T>, I, T>(ask: &Ask, show: impl Fn() -> P) -> Rows<T> {
    if ask.early && !ask.others.is_empty() {
        early::<M, P, I, T>(ask, show)
    } else {
        whole::<M>(ask).select(show())
    }
}

/// Several expressions of any types. Its rows are read as mappings.
struct Several<M: Subject>(Vec<Typed<M>>);

impl<M: Subject> Parts for Several<M> {
    type Out = ();
    fn read(_: &mut RowReader<'_>) -> Option<()> {
        Some(())
    }
}
impl<M: Subject> Project<M, ()> for Several<M> {
    fn place(self, out: &mut Vec<Item>) -> fn(&mut RowReader<'_>) -> Option<()> {
        for typed in self.0 {
            match typed {
                Typed::Bool(side) => add(side, out),
                Typed::Small(side) => add(side, out),
                Typed::Int(side) => add(side, out),
                Typed::Float(side) => add(side, out),
                Typed::Text(side) => add(side, out),
            }
        }
        Self::read
    }
}

fn add<M: Subject, T: memorm::model::Scalar>(side: Side<M, T>, out: &mut Vec<Item>) {
    match side {
        Side::Plain(plain) => _ = Project::<M, _>::place(plain, out),
        Side::Maybe(maybe) => _ = Project::<M, _>::place(maybe, out),
    }
}

/// The question as SQL.
pub fn sql<M: Subject>(ask: &Ask, dialect: Dialect) -> memorm::Result<Sql> {
    let exps = match &ask.show {
        Show::Whole => return whole::<M>(ask).to_sql(dialect),
        Show::One(exp) => std::slice::from_ref(exp),
        Show::Many(exps) => &exps[..],
    };
    rows_of::<M, _, (), ()>(ask, || Several::<M>(exps.iter().map(value::<M>).collect())).to_sql(dialect)
}

/// Puts the question.
pub fn ask<M: Subject>(ask: &Ask, put: Put, source: &impl BorrowSource) -> Replied {
    let put = way(ask, put);
    match &ask.show {
        Show::Whole => {
            let query = whole::<M>(ask);
            match put {
                Put::Iter => walked(query.iter(source).map(|row| row.map(|row| row.to_vals()))),
                Put::Mappings => {
                    let kinds: Vec<Kind> = M::infos().iter().map(|info| info.kind).collect();
                    mappings(&query, &kinds, source)
                }
                put => common(&query, put, source, |row| row.to_vals()),
            }
        }
        Show::One(Exp::Col(column)) => M::visit(*column, ShowColumn { ask, put, source }),
        Show::One(exp) => match value::<M>(exp) {
            Typed::Bool(side) => one(ask, put, source, side),
            Typed::Small(side) => one(ask, put, source, side),
            Typed::Int(side) => one(ask, put, source, side),
            Typed::Float(side) => one(ask, put, source, side),
            Typed::Text(side) => one(ask, put, source, side),
        },
        Show::Many(exps) => {
            let several = || Several::<M>(exps.iter().map(value::<M>).collect());
            let query = rows_of::<M, _, (), ()>(ask, several);
            match put {
                Put::Number | Put::Exists => common(&query, put, source, |()| Vec::new()),
                _ => mappings(&query, &exps.iter().map(kind::<M>).collect::<Vec<_>>(), source),
            }
        }
    }
}

/// Selects a column as it stands.
struct ShowColumn<'a, S> {
    ask: &'a Ask,
    put: Put,
    source: &'a S,
}

impl<M: Subject, S: BorrowSource> Visitor<M> for ShowColumn<'_, S> {
    type Out = Replied;
    fn visit<T: Field + Cellular>(self, column: Column<M, T>) -> Self::Out {
        typed(&rows_of::<M, _, _, T>(self.ask, || column), self.put, self.source)
    }
}

/// The kind of an expression.
pub fn kind<M: Subject>(exp: &Exp) -> Kind {
    match value::<M>(exp) {
        Typed::Bool(_) => Kind::Bool,
        Typed::Small(_) => Kind::Small,
        Typed::Int(_) => Kind::Int,
        Typed::Float(_) => Kind::Float,
        Typed::Text(_) => Kind::Text,
    }
}

fn one<M: Subject, T>(ask: &Ask, put: Put, source: &impl BorrowSource, side: Side<M, T>) -> Replied
where
    T: memorm::model::Scalar + Cellular,
    Option<T>: Cellular,
{
    match side {
        Side::Plain(plain) => typed(&rows_of::<M, _, _, T>(ask, || plain.clone()), put, source),
        Side::Maybe(maybe) => typed(&rows_of::<M, _, _, Option<T>>(ask, || maybe.clone()), put, source),
    }
}

fn typed<T: Cellular>(query: &Rows<T>, put: Put, source: &impl BorrowSource) -> Replied {
    match put {
        Put::Iter => walked(query.iter(source).map(|row| row.map(|one| vec![one.to_val()]))),
        Put::Mappings => mappings(query, &[T::KIND], source),
        put => common(query, put, source, |one| vec![one.to_val()]),
    }
}

fn common<Q: Query>(
    query: &Q,
    put: Put,
    source: &impl BorrowSource,
    read: impl Fn(Q::Row) -> Vec<Val>,
) -> Replied {
    let some = |row: Option<Q::Row>| Reply::Rows(row.map(&read).into_iter().collect());
    Ok(match put {
        Put::First => some(query.first(source)?),
        Put::Only => some(Some(query.one(source)?)),
        Put::OneOrNone => some(query.one_or_none(source)?),
        Put::Number => Reply::Count(query.count(source)?),
        Put::Exists => Reply::Count(usize::from(query.exists(source)?)),
        _ => Reply::Rows(query.all(source)?.into_iter().map(read).collect()),
    })
}

fn mappings<Q: Query>(query: &Q, kinds: &[Kind], source: &impl BorrowSource) -> Replied {
    let read = |row: Vec<(String, memorm::prelude::Value)>| {
        assert_eq!(row.len(), kinds.len(), "a mapping has a part for each column");
        row.iter().zip(kinds).map(|((_, value), kind)| from_dynamic(*kind, value)).collect()
    };
    Ok(Reply::Rows(query.mappings(source)?.into_iter().map(read).collect()))
}
