//! Projections: what `.select(..)` and `.returning(..)` take, and how their rows are read.
//!
//! ```text
//!   (Item::NAME, Item::QTY * 2)   ─►  items    what to compute, as data
//!                                 ─►  read     RowReader ─► (String, i64), one part after the other
//! ```
//!
//! Must stay true: how a part is read depends on its item and its type alone, not on whether it was written as a
//! column or as an expression. So one reader serves all branches of a `union`.
use super::code::{Code, MAX_SLOTS, Step};
use super::column::{Column, Decode};
use super::expression::Expr;
use super::operators::Expression;
use super::scope::{Scope, Within};
use super::tuples::up_to_twelve;
use super::window::WindowTerm;
use crate::model::{AnyRow, Field, Model};
use crate::value::Vector;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Reads a row of a projection; `None` where a type cannot hold the value.
pub(crate) type ReadRow<T> = fn(&mut RowReader<'_>) -> Option<T>;

/// What may be selected, and the row that it gives, whatever the query ranges over.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected",
    label = "expected a column, an expression or a tuple of them"
)]
pub trait Parts {
    /// The row that the projection gives.
    type Out: Clone + Send + Sync + 'static;
    /// Reads this projection's part of a row; `None` where a type cannot hold the value.
    #[doc(hidden)]
    fn read(row: &mut RowReader<'_>) -> Option<Self::Out>;
}

/// A column, an expression, or a tuple of them, that fits into a query over `S`. `Out` is the row they give.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be selected from a query over `{S}`",
    label = "expected columns and expressions over `{S}`, twelve at the most",
    note = "another table is reached by a join, a left join's optional side by `opt(..)`; aggregates go to `.aggregate(..)`, or end as window functions do, with `.over(partition_by(..))`; a `case` ends with `.otherwise(..)` or `.end()`"
)]
pub trait Project<S: Scope, Side>: Parts {
    /// Appends what is to be computed, for the places that the tables have in `S`, and tells how it is read.
    #[doc(hidden)]
    fn place(self, out: &mut Vec<Item>) -> ReadRow<Self::Out>;
}

/// What a statement over `S` can return of a row that it changes: everything that can be selected but window functions.
#[diagnostic::on_unimplemented(
    message = "a statement on `{S}` cannot return `{Self}`",
    label = "expected columns and expressions of `{S}`",
    note = "what depends on more than one row, aggregates and window functions, is asked by a `select`"
)]
pub trait PerRow<S: Scope, Side>: Project<S, Side> {}

/// What rows of a query over `S` can be grouped and partitioned by: what depends on one row alone, and can be compared.
#[diagnostic::on_unimplemented(
    message = "a query over `{S}` cannot be grouped by `{Self}`",
    label = "expected columns and expressions over `{S}`",
    note = "another table is reached by a join; an opaque column cannot be compared; aggregates go to `.aggregate(..)`, window functions to `.select(..)`"
)]
pub trait GroupKey<S: Scope, Side>: Project<S, Side> {}

/// One part of a projection, as data.
#[derive(Clone)]
pub struct Item {
    /// What is computed.
    pub code: Code,
    /// The name for `mappings` and `to_table`: the label, or the column's name.
    pub label: Option<String>,
    /// The column and its slot, where the part is a column as it stands: it is cloned from the row.
    pub direct: Option<(u8, u16)>,
    /// `fn(Cell) -> Option<T>`; absent for opaque columns.
    pub(crate) decode: Option<Arc<dyn Any + Send + Sync>>,
    /// What is computed of the whole result, in the place of `code`.
    pub window: Option<Arc<WindowTerm>>,
}

impl Item {
    fn new<T: 'static>(code: Code, decode: Option<Decode<T>>) -> Self {
        let decode = decode.map(|f| -> Arc<dyn Any + Send + Sync> { Arc::new(f) });
        Self { code, label: None, direct: None, decode, window: None }
    }
    /// A part that a window function gives.
    pub(super) fn of_window<T: Field>(term: WindowTerm) -> Self {
        let item = Self::new(Code::default(), Some(T::from_cell as Decode<T>));
        Self { window: Some(Arc::new(term)), ..item }
    }
    /// A part with a name that is computed, never read from the row.
    pub(crate) fn named(code: Code, name: String) -> Self {
        Self { code, label: Some(name), direct: None, decode: None, window: None }
    }
    /// Returns the heading of the part: its label, or the expression as text.
    pub fn heading(&self) -> String {
        self.label.clone().unwrap_or_else(|| self.expression())
    }
    /// The expressions that are computed for the part.
    pub(crate) fn codes(&self) -> impl Iterator<Item = &Code> {
        std::iter::once(&self.code).chain(self.window.iter().flat_map(|window| window.codes()))
    }
    /// The expressions that are computed for the part, to be replaced.
    pub(crate) fn codes_mut(&mut self) -> impl Iterator<Item = &mut Code> {
        let window = self.window.as_mut().map(Arc::make_mut);
        std::iter::once(&mut self.code).chain(window.into_iter().flat_map(WindowTerm::codes_mut))
    }
    /// What is computed, as text.
    fn expression(&self) -> String {
        self.window.as_ref().map_or_else(|| self.code.to_string(), |window| window.to_string())
    }
}
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.label {
            Some(label) => write!(f, "{} as {label}", self.expression()),
            None => f.write_str(&self.expression()),
        }
    }
}

/// Reads the parts of one row, from left to right.
#[doc(hidden)]
pub struct RowReader<'a> {
    items: &'a [Item],
    /// The parts of the row, by slot.
    row: [Option<&'a dyn AnyRow>; MAX_SLOTS],
    vectors: &'a [Vector<'a>],
    lane: usize,
    next: usize,
}

impl<'a> RowReader<'a> {
    /// A reader of lane `lane`.
    ///
    /// `vectors` has a vector for each item, which may be empty for those read from `row` (items that are `direct`).
    pub(crate) fn new(
        items: &'a [Item],
        row: [Option<&'a dyn AnyRow>; MAX_SLOTS],
        vectors: &'a [Vector<'a>],
        lane: usize,
    ) -> Self {
        Self { items, row, vectors, lane, next: 0 }
    }

    /// The next part.
    pub(super) fn take<T: Clone + 'static>(&mut self) -> Option<T> {
        let at = self.next;
        self.next += 1;
        let item = self.items.get(at)?;
        if let Some((slot, column)) = item.direct
            && let Some(row) = self.row[usize::from(slot)]
        {
            return (row.field(column) as &dyn Any).downcast_ref::<T>().cloned();
        }
        let decode = item.decode.as_ref()?.downcast_ref::<Decode<T>>()?;
        decode(self.vectors.get(at)?.cell(self.lane))
    }
}
impl fmt::Debug for RowReader<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RowReader")
            .field("lane", &self.lane)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}

#[diagnostic::do_not_recommend]
impl<M: Model, T: Clone + Send + Sync + 'static> Parts for Column<M, T> {
    type Out = T;
    fn read(row: &mut RowReader<'_>) -> Option<T> {
        row.take()
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, M: Model + Within<S, Side>, T: Clone + Send + Sync + 'static, Side> Project<S, Side>
    for Column<M, T>
{
    fn place(self, out: &mut Vec<Item>) -> ReadRow<T> {
        let mut item = Item::new(M::lift(self.into_code()), self.decode);
        item.label = Some(self.name().to_owned());
        if let [Step::Column { slot, .. }] = item.code.steps() {
            item.direct = Some((*slot, self.index()));
        }
        out.push(item);
        Self::read
    }
}

#[diagnostic::do_not_recommend]
impl<X, T: Field> Parts for Expr<X, T> {
    type Out = T;
    fn read(row: &mut RowReader<'_>) -> Option<T> {
        row.take()
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> Project<S, Side> for Expr<X, T> {
    fn place(self, out: &mut Vec<Item>) -> ReadRow<T> {
        out.push(Item::new(X::lift(self.into_code()), Some(T::from_cell as Decode<T>)));
        Self::read
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, M: Model + Within<S, Side>, T: Clone + Send + Sync + 'static, Side> PerRow<S, Side>
    for Column<M, T>
{
}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> PerRow<S, Side> for Expr<X, T> {}
#[diagnostic::do_not_recommend]
impl<S: Scope, M: Model + Within<S, Side>, T: Field, Side> GroupKey<S, Side> for Column<M, T> {}
#[diagnostic::do_not_recommend]
impl<S: Scope, X: Within<S, Side>, T: Field, Side> GroupKey<S, Side> for Expr<X, T> {}

/// A projected part with a name of its own.
#[derive(Clone, Debug)]
#[must_use = "a label does nothing until it is handed to `.select(..)`"]
pub struct Labelled<P> {
    part: P,
    name: String,
}
impl<P> Labelled<P> {
    pub(super) fn new(part: P, name: &str) -> Self {
        Self { part, name: name.to_owned() }
    }
}
#[diagnostic::do_not_recommend]
impl<P: Parts> Parts for Labelled<P> {
    type Out = P::Out;
    fn read(row: &mut RowReader<'_>) -> Option<P::Out> {
        P::read(row)
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, P: Project<S, Side>, Side> Project<S, Side> for Labelled<P> {
    fn place(self, out: &mut Vec<Item>) -> ReadRow<P::Out> {
        let first = out.len();
        let read = self.part.place(out);
        set_labels(&mut out[first..], &self.name);
        read
    }
}
#[diagnostic::do_not_recommend]
impl<S: Scope, P: PerRow<S, Side>, Side> PerRow<S, Side> for Labelled<P> {}
#[diagnostic::do_not_recommend]
impl<S: Scope, P: GroupKey<S, Side>, Side> GroupKey<S, Side> for Labelled<P> {}

fn set_labels(items: &mut [Item], name: &str) {
    items.iter_mut().for_each(|item| item.label = Some(name.to_owned()));
}

macro_rules! tuples { ($(($($P:ident $I:ident $i:tt),+))*) => { $(
    #[diagnostic::do_not_recommend] // twelve tuples would fill the screen
    impl<S: Scope, $($P: Project<S, $I>, $I),+> Project<S, ($($I,)+)> for ($($P,)+) {
        fn place(self, out: &mut Vec<Item>) -> ReadRow<Self::Out> {
            $(self.$i.place(out);)+
            Self::read
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($P: Parts),+> Parts for ($($P,)+) {
        type Out = ($($P::Out,)+);
        fn read(row: &mut RowReader<'_>) -> Option<Self::Out> {
            Some(($($P::read(row)?,)+))
        }
    }
    #[diagnostic::do_not_recommend]
    impl<S: Scope, $($P: PerRow<S, $I>, $I),+> PerRow<S, ($($I,)+)> for ($($P,)+) {}
    #[diagnostic::do_not_recommend]
    impl<S: Scope, $($P: GroupKey<S, $I>, $I),+> GroupKey<S, ($($I,)+)> for ($($P,)+) {}
)* } }
up_to_twelve! { tuples }
