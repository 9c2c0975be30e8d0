//! Updates in the language: what each column is set to, by loops and by memorm.
use super::interpret::{Fault, Line, arg, zero};
use super::subject::Visitor;
use super::value::Cellular;
use super::{Arg, Subject, Val};
use memorm::prelude::{Column, Field};
use memorm::query::{Insert, Update};

/// Columns with what they are set to.
pub type Sets = [(u8, Arg)];

/// The new values of a row, all computed from the old ones.
pub fn changed<M: Subject>(sets: &Sets, line: Line<'_>) -> Result<Vec<Val>, Fault> {
    let infos = M::infos();
    let mut vals = line.vals.to_vec();
    for (column, to) in sets {
        let info = infos[usize::from(*column)];
        let val = arg(to, line)?;
        vals[usize::from(*column)] = if val.is_null() && !info.nullable { zero(info.kind) } else { val };
    }
    Ok(vals)
}

struct Set<'a, M>(Update<M>, &'a Arg);

impl<M: Subject> Visitor<M> for Set<'_, M> {
    type Out = Update<M>;
    fn visit<T: Field + Cellular>(self, column: Column<M, T>) -> Update<M> {
        T::set(self.0, column, self.1)
    }
}

/// The statement with its `set`s.
pub fn set<M: Subject>(update: Update<M>, sets: &Sets) -> Update<M> {
    sets.iter().fold(update, |update, (column, to)| M::visit(*column, Set(update, to)))
}

struct Give<'a, M>(Insert<M>, &'a Val);

impl<M: Subject> Visitor<M> for Give<'_, M> {
    type Out = Insert<M>;
    fn visit<T: Field + Cellular>(self, column: Column<M, T>) -> Insert<M> {
        T::give(self.0, column, self.1)
    }
}

/// The statement with the values of one row.
pub fn give<M: Subject>(insert: Insert<M>, vals: &[(u8, Val)]) -> Insert<M> {
    vals.iter().fold(insert, |insert, (column, val)| M::visit(*column, Give(insert, val)))
}
