//! Cases: rows and questions to them; and the comparison.
use crate::faults::may_hide;
use crate::language::answer::{Ask, Key, Part, Show};
use crate::language::ask::{Put, Reply, ask, kind, sql};
use crate::language::generate::for_column;
use crate::language::generate_ask;
use crate::language::{Exp, Kind, List, Listed, Plant, Subject, Val};
use crate::models::Bare;
use crate::server::{Refused, Server};
use memorm::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Rows without their keys, and questions to them.
#[derive(Clone, Debug)]
pub struct Case {
    pub rows: Listed<Listed<Val>>,
    pub asks: Listed<Ask>,
}

#[derive(Default)]
pub struct Tally {
    pub compared: AtomicUsize,
    /// Faults, and what the two cannot agree on.
    pub left: AtomicUsize,
}

/// A random case.
pub fn case<S: Server>() -> impl Strategy<Value = Case> {
    let infos = Bare::infos();
    let row = infos[1..].iter().map(|info| for_column(*info).prop_map(S::tame)).collect::<Vec<_>>();
    let asks = vec(generate_ask::ask(&infos), 1..40);
    (vec(row, 0..40), asks).prop_map(|(rows, asks)| Case {
        rows: List(rows.into_iter().map(List).collect::<Vec<_>>()),
        asks: List(asks.into_iter().map(open).collect::<Vec<_>>()),
    })
}

/// A row with its key, and with values of its own in the columns that one of the tables has unique.
fn whole(key: i64, given: &[Val]) -> Vec<Val> {
    let mut row = [&[Val::Int(key)], given].concat();
    let [.., own, maybe] = &mut row[..] else { return row };
    *own = Val::Int(key * 5 % 97);
    *maybe = if key % 3 == 0 { Val::Null } else { Val::Int(key) };
    row
}

/// The question without closures, and without what hangs on the order of a set.
fn open(mut ask: Ask) -> Ask {
    ask.first.test = None;
    ask.others.0.iter_mut().for_each(|(_, part)| part.test = None);
    if !ask.others.is_empty() && ask.early {
        (ask.after.offset, ask.after.limit) = (0, None);
    }
    ask
}

/// The question with the key as the last sort key of each part.
fn by_key(mut ask: Ask) -> Ask {
    let sort =
        |part: &mut Part| part.order.0.push(Key { by: Exp::Col(0), descending: false, nulls_first: None });
    sort(&mut ask.first);
    ask.others.0.iter_mut().for_each(|(_, part)| sort(part));
    if !ask.others.is_empty() && !ask.early {
        sort(&mut ask.after);
    }
    ask
}

fn kinds<M: Subject>(ask: &Ask) -> Vec<Kind> {
    match &ask.show {
        Show::Whole => M::infos().iter().map(|info| info.kind).collect(),
        Show::One(exp) => vec![kind::<M>(exp)],
        Show::Many(exps) => exps.iter().map(kind::<M>).collect(),
    }
}

/// Whether memorm and a server agree on all questions.
pub fn check<M: Subject, S: Server>(case: &Case, plant: Plant, tally: &Tally) -> Result<(), String> {
    let rows: Vec<Vec<Val>> = (1..).zip(case.rows.iter()).map(|(key, row)| whole(key, row)).collect();
    let models: Vec<M> = rows.iter().map(|vals| M::from_vals(vals)).collect();
    let db = Database::new();
    db.transaction(|s| s.add_all(models.iter().cloned())).map_err(|e| e.to_string())?;
    let mut server = S::open()?;
    let failed = |sql: &Sql, error: Refused| format!("{error} in {sql} {:?}", sql.parameters);
    server.batch(&M::table().to_sql(S::DIALECT))?;
    // a statement has 32,766 parameters at the most
    for models in models.chunks(1_000) {
        let insert = insert::<M>().rows(models.to_vec()).to_sql(S::DIALECT).map_err(|e| e.to_string())?;
        server.run(&insert).map_err(|error| failed(&insert, error))?;
    }
    let snapshot = db.snapshot();
    for question in case.asks.iter() {
        let keyed = by_key(question.clone());
        let is_set = !question.others.is_empty();
        let statement = sql::<M>(&keyed, S::DIALECT).map_err(|error| error.to_string())?;
        let put = if is_set { &keyed } else { question };
        let (Ok(Reply::Rows(mut mine)), true) =
            (ask::<M>(put, Put::All, &snapshot), S::is_comparable(&statement))
        else {
            tally.left.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let mut theirs = match server.ask(&statement, &kinds::<M>(question)) {
            Ok(Some(theirs)) => theirs,
            Err(Refused::Wrongly(error)) if !may_hide(question, &rows) => {
                return Err(format!("{error} in {statement} {:?}", statement.parameters));
            }
            Ok(None) if !may_hide(question, &rows) => return Err(format!("{statement} leaves a type")),
            _ => {
                tally.left.fetch_add(1, Ordering::Relaxed);
                continue;
            }
        };
        mine.iter_mut().flatten().for_each(|val| {
            if let Val::Float(f) = val {
                *f += 0.0;
            }
        });
        spoil(&mut mine, plant);
        if is_set && question.early {
            mine.sort_by_key(|row| format!("{row:?}"));
            theirs.sort_by_key(|row| format!("{row:?}"));
        }
        if mine != theirs && !may_hide(question, &rows) {
            return Err(format!(
                "{statement}\n  {:?}\n  {} {theirs:?}\n  memorm {mine:?}",
                statement.parameters,
                S::NAME
            ));
        }
        let counted = if mine == theirs { &tally.compared } else { &tally.left };
        counted.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// A wrong answer, where one is planted.
fn spoil(mine: &mut Vec<Vec<Val>>, plant: Plant) {
    match plant {
        Plant::UnstableSort => mine.reverse(),
        Plant::StaleIndex => drop(mine.pop()),
        _ => {}
    }
}
