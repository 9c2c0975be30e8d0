//! Joins as data, and what `.join(..)` takes.
use crate::expr::{At, Code, Comparison, Op, Optional, Starts, Step};
use crate::model::{Path, Relation, TableMeta};
use std::marker::PhantomData;

/// One more table of a statement.
#[derive(Clone, Debug)]
pub struct Join {
    /// The table that is joined.
    pub table: &'static TableMeta,
    /// Its place among the statement's tables.
    pub slot: u8,
    /// What becomes of rows without a partner.
    pub kind: JoinKind,
    /// Which rows are partners.
    pub on: On,
}

/// What becomes of rows without a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinKind {
    /// They go.
    Inner,
    /// They stay, with nothing in the joined table's place.
    Left,
}

/// Which rows are partners.
#[derive(Clone, Debug)]
pub enum On {
    /// Those for which this is true.
    Condition(Code),
    /// Those that a link table connects with a row of the table in this slot.
    Through(u8, &'static TableMeta, Path),
}

impl On {
    /// Partners along a relation that starts in `slot`.
    fn along(slot: u8, from: &'static TableMeta, path: Path, to: &'static TableMeta, joined: u8) -> Self {
        if path.through.is_some() {
            return Self::Through(slot, from, path);
        }
        let mut condition = Code::default();
        for (i, (from_column, to_column)) in path.from.iter().zip(path.to).enumerate() {
            let left = Code::step(Step::Column { slot, table: from, column: *from_column });
            let right = Code::step(Step::Column { slot: joined, table: to, column: *to_column });
            let equal = left.with(right, Op::Compare(Comparison::Eq));
            condition = if i == 0 { equal } else { condition.with(equal, Op::And) };
        }
        Self::Condition(condition)
    }
}

/// A relation that starts in a query over `S`: what `.join(..)` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relation of a table in this query",
    label = "the query ranges over `{S}`",
    note = "relations such as `Item::VENDOR` come from `references(..)` and `has_many(..)` and lead from the table that declares them",
    note = "to join on any condition: `.join_on::<Other>(on(A::X).eq(on(B::Y)))`"
)]
pub trait Route<S, Side> {
    /// The table it leads to.
    type To: crate::model::Model;
    #[doc(hidden)]
    fn on(self, joined: u8) -> On;
}
#[diagnostic::do_not_recommend]
impl<R: Relation, S: Starts<R::From, Side>, Side> Route<S, Side> for R {
    type To = R::To;
    fn on(self, joined: u8) -> On {
        along::<R>(self, S::SLOT, joined)
    }
}

/// A relation that starts at one place of a join: `Vendor::PARENT.at(RIGHT)`.
#[derive(Clone, Copy, Debug)]
pub struct Placed<R, const N: usize>(R, PhantomData<At<N>>);

#[diagnostic::do_not_recommend]
impl<R: Relation, S: Starts<R::From, At<N>>, const N: usize> Route<S, At<N>> for Placed<R, N> {
    type To = R::To;
    fn on(self, joined: u8) -> On {
        along::<R>(self.0, N as u8, joined)
    }
}
#[diagnostic::do_not_recommend]
impl<R: Relation, S: Starts<R::From, Optional<N>>, const N: usize> Route<S, Optional<N>> for Placed<R, N> {
    type To = R::To;
    fn on(self, joined: u8) -> On {
        along::<R>(self.0, N as u8, joined)
    }
}

fn along<R: Relation>(relation: R, slot: u8, joined: u8) -> On {
    use crate::model::Model;
    On::along(slot, R::From::table(), relation.path(), R::To::table(), joined)
}

/// Where a relation starts, in a join that has its model more than once.
pub trait Place: Relation {
    /// Names the table of a join from which the relation leads on: `.join(Vendor::PARENT.at(RIGHT))`.
    ///
    /// ```
    /// use memorm::prelude::*;
    ///
    /// #[derive(Model, Clone)]
    /// struct Person {
    ///     #[model(primary_key)]
    ///     id: u32,
    ///     #[model(references(Person, name = BOSS))]
    ///     boss_id: Option<u32>,
    /// }
    /// let db = Database::new();
    /// let row = |id, boss_id| Person { id, boss_id };
    /// db.transaction(|s| s.add_all([row(1, None), row(2, Some(1)), row(3, Some(2))]))?;
    /// let chains = select::<Person>().join(Person::BOSS).join(Person::BOSS.at(RIGHT));
    /// let ids = chains.select((Person::ID.at(LEFT), Person::ID.at(RIGHT), Person::ID.at(At::<2>)));
    /// assert_eq!(ids.all(&db)?, [(3, 2, 1)]);
    /// # Ok::<_, memorm::Error>(())
    /// ```
    fn at<const N: usize>(self, _: At<N>) -> Placed<Self, N> {
        Placed(self, PhantomData)
    }
}
impl<R: Relation> Place for R {}
