//! Aggregates of a question's rows, by loops and by memorm.
use super::answer::{Ask, Failure, Part, Rows, answer};
use super::ask::part;
use super::interpret::value;
use super::translate::{self, Side, Typed};
use super::value::{Cellular, order, same};
use super::{Exp, Subject, Val};
use memorm::expr::Expression;
use memorm::model::{Model, Number, Scalar};
use memorm::prelude::{Expr, Field, Select, count, count_distinct, count_of};
use memorm::session::Source;

/// Number of rows, of values, of different values; least, greatest, first and last value; sum and mean of numbers.
pub type Folded = Vec<String>;

/// Folds the expression over rows, by loops.
pub fn folded(rows: &Rows<'_>, of: &Part, exp: &Exp) -> Result<Folded, Failure> {
    let ask = Ask { first: of.clone(), ..Ask::default() };
    let (whole, failed_later) = match answer(&ask, rows, None) {
        Ok(whole) => (whole, None),
        // a row before the one that fails may fail in the expression
        Err(mut failure) => (std::mem::take(&mut failure.before), Some(failure)),
    };
    let lines: Vec<_> = whole.iter().map(|vals| super::interpret::Line::of(vals)).collect();
    let mut vals = Vec::new();
    for line in lines {
        let at = || rows.lines.iter().position(|other| super::value::same_all(other.vals, line.vals));
        let failed = |fault| Failure { at: at().expect("a row of the table"), fault, before: Vec::new() };
        vals.push(value(exp, line).map_err(failed)?);
    }
    if let Some(failure) = failed_later {
        return Err(failure);
    }
    let there: Vec<&Val> = vals.iter().filter(|val| !val.is_null()).collect();
    let mut different: Vec<&Val> = Vec::new();
    let (mut least, mut greatest) = (&Val::Null, &Val::Null);
    for val in &there {
        if !different.iter().any(|seen| same(seen, val)) {
            different.push(val);
        }
        if least.is_null() || order(val, least).is_lt() {
            least = val;
        }
        if greatest.is_null() || order(val, greatest).is_gt() {
            greatest = val;
        }
    }
    let null = Val::Null;
    let (first, last) = (vals.first().unwrap_or(&null), vals.last().unwrap_or(&null));
    let mut result = vec![vals.len().to_string(), there.len().to_string(), different.len().to_string()];
    result.extend([least, greatest, first, last].map(|val| format!("{val:?}")));
    result.extend(total(&there));
    Ok(result)
}

/// Sum and mean, where these are numbers.
fn total(there: &[&Val]) -> Vec<String> {
    let none = || vec!["None".to_owned(), "None".to_owned()];
    let mean = |sum: f64| format!("{:?}", Some(sum / there.len() as f64));
    match there.first() {
        None => none(),
        Some(Val::Float(first)) => {
            let float = |val: &&Val| match val {
                Val::Float(f) => *f,
                other => panic!("ill-typed program: {other:?}"),
            };
            let sum = there[1..].iter().fold(*first, |sum, val| sum + float(val));
            vec![format!("{:?}", Some(sum)), mean(sum)]
        }
        Some(Val::Int(_) | Val::Small(_)) => {
            let integer = |val: &&Val| match val {
                Val::Int(i) => i128::from(*i),
                Val::Small(i) => i128::from(*i),
                other => panic!("ill-typed program: {other:?}"),
            };
            let sum: i128 = there.iter().map(integer).sum();
            vec![format!("{:?}", Some(sum)), mean(sum as f64)]
        }
        Some(_) => none(),
    }
}

/// Folds the expression, by memorm.
pub fn fold<M: Subject>(of: &Part, exp: &Exp, source: &impl Source) -> memorm::Result<Folded> {
    let query = part::<M>(of);
    match translate::value::<M>(exp) {
        Typed::Bool(Side::Plain(e)) => any(&query, e, source),
        Typed::Bool(Side::Maybe(e)) => any(&query, e, source),
        Typed::Text(Side::Plain(e)) => any(&query, e, source),
        Typed::Text(Side::Maybe(e)) => any(&query, e, source),
        Typed::Small(Side::Plain(e)) => number(&query, e, source),
        Typed::Small(Side::Maybe(e)) => number(&query, e, source),
        Typed::Int(Side::Plain(e)) => number(&query, e, source),
        Typed::Int(Side::Maybe(e)) => number(&query, e, source),
        Typed::Float(Side::Plain(e)) => number(&query, e, source),
        Typed::Float(Side::Maybe(e)) => number(&query, e, source),
    }
}

fn common<M: Model, T>(query: &Select<M>, e: Expr<M, T>, source: &impl Source) -> memorm::Result<Folded>
where
    T: Field<Base: Scalar>,
    Option<T::Base>: Cellular,
{
    let counts = (count(), count_of(e.clone()), count_distinct(e.clone()));
    let (rows, values, different) = query.aggregate(counts, source)?;
    let ends = (e.clone().min(), e.clone().max(), e.clone().first(), e.last());
    let (least, greatest, first, last) = query.aggregate(ends, source)?;
    let mut result = vec![rows.to_string(), values.to_string(), different.to_string()];
    result.extend([least, greatest, first, last].map(|val| format!("{:?}", val.to_val())));
    Ok(result)
}

fn any<M: Model, T>(query: &Select<M>, e: Expr<M, T>, source: &impl Source) -> memorm::Result<Folded>
where
    T: Field<Base: Scalar>,
    Option<T::Base>: Cellular,
{
    let mut result = common(query, e, source)?;
    result.extend(["None".to_owned(), "None".to_owned()]);
    Ok(result)
}

fn number<M: Model, T>(query: &Select<M>, e: Expr<M, T>, source: &impl Source) -> memorm::Result<Folded>
where
    T: Field<Base: Number<Sum: std::fmt::Debug>>,
    Option<T::Base>: Cellular,
{
    let mut result = common(query, e.clone(), source)?;
    let (sum, mean) = query.aggregate((e.clone().sum(), e.avg()), source)?;
    result.extend([format!("{sum:?}"), format!("{mean:?}")]);
    Ok(result)
}
