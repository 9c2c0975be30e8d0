//! Whether some part of a question has no value for some row, be it needed or not.
use crate::language::answer::{Ask, Part, Show};
use crate::language::interpret::{Line, truth, value};
use crate::language::{Arg, Cond, Exp, Val};

enum Term<'a> {
    Value(&'a Exp),
    Condition(&'a Cond),
}

/// Whether a part of the question is at fault for one of the rows. memorm's error may then be hidden by another operand,
/// by a branch that is not taken or by a limit, where SQLite goes on with `NULL` or a float.
pub fn may_hide(ask: &Ask, rows: &[Vec<Val>]) -> bool {
    let parts = || [&ask.first, &ask.after].into_iter().chain(ask.others.iter().map(|(_, part)| part));
    let mut open: Vec<Term<'_>> = parts().flat_map(of_part).collect();
    match &ask.show {
        Show::Whole => {}
        Show::One(exp) => open.push(Term::Value(exp)),
        Show::Many(exps) => open.extend(exps.iter().map(Term::Value)),
    }
    while let Some(term) = open.pop() {
        let fails = |row: &Vec<Val>| match term {
            Term::Value(exp) => value(exp, Line::of(row)).is_err(),
            Term::Condition(cond) => truth(cond, Line::of(row)).is_err(),
        };
        if rows.iter().any(fails) {
            return true;
        }
        match term {
            Term::Value(exp) => of_exp(exp, &mut open),
            Term::Condition(cond) => of_cond(cond, &mut open),
        }
    }
    false
}

fn of_part(part: &Part) -> impl Iterator<Item = Term<'_>> {
    let keys = part.order.iter().map(|key| Term::Value(&key.by));
    part.filter.iter().map(Term::Condition).chain(keys)
}

fn of_arg(arg: &Arg) -> Option<Term<'_>> {
    match arg {
        Arg::Lit(_) => None,
        Arg::Of(exp) => Some(Term::Value(exp)),
    }
}

fn of_exp<'a>(exp: &'a Exp, open: &mut Vec<Term<'a>>) {
    match exp {
        Exp::Col(_) => {}
        Exp::Math(_, left, right) | Exp::Coalesce(left, right) => {
            open.push(Term::Value(left));
            open.extend(of_arg(right));
        }
        Exp::Neg(of) | Exp::Abs(of) | Exp::Round(of) | Exp::Lower(of) => open.push(Term::Value(of)),
        Exp::Upper(of) | Exp::Trim(of) | Exp::Length(of) => open.push(Term::Value(of)),
        Exp::Truth(of) => open.push(Term::Condition(of)),
        Exp::Case(when, then, _) => open.extend([Term::Condition(when), Term::Value(then)]),
    }
}

fn of_cond<'a>(cond: &'a Cond, open: &mut Vec<Term<'a>>) {
    match cond {
        Cond::Compare(_, left, right) | Cond::Distinct(left, right) | Cond::Match(_, left, right) => {
            open.push(Term::Value(left));
            open.extend(of_arg(right));
        }
        Cond::Between(of, low, high) => {
            open.push(Term::Value(of));
            open.extend([low, high].into_iter().filter_map(of_arg));
        }
        Cond::In(of, _) | Cond::NotIn(of, _) | Cond::IsNone(of) | Cond::IsSome(of) | Cond::Flag(of) => {
            open.push(Term::Value(of));
        }
        Cond::And(a, b) | Cond::Or(a, b) => open.extend([Term::Condition(a), Term::Condition(b)]),
        Cond::Not(of) => open.push(Term::Condition(of)),
    }
}
