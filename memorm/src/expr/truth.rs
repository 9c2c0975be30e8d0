//! Conditions as values: wherever an `Option<bool>` may stand. `None` is unknown.
//!
//! ```text
//!   Item::PRICE.gt(5)   ─►  Filter<Item>  ─as it stands─►  Expr<Item, Option<bool>>   selected, sorted by, compared, set
//! ```
//!
//! The steps are the same: a condition that is selected, and one that is filtered by, are evaluated alike.
//! Not here: a condition where only what is true counts.
use super::anywhere::{Anywhere, Exists};
use super::case::Branch;
use super::code::Code;
use super::expression::Expr;
use super::filter::{Filter, Predicate};
use super::operand::{Exact, Nullable, Operand};
use super::operators::Expression;
use super::order::{IntoOrder, OrderTerm};
use super::project::{GroupKey, Item, Parts, PerRow, Project, ReadRow, RowReader};
use super::scope::{Over, Scope, Within};
use crate::model::Model;

/// What a value of scope `$Own` can be asked, and where it may stand.
macro_rules! values { ($([$($S:ident)?] $Condition:ty, $Own:ty;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($S)?> Expression for $Condition {
        type Scope = $Own;
        type Value = Option<bool>;
        fn into_code(self) -> Code {
            self.into_filter().into_code()
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($S)?> Parts for $Condition {
        type Out = Option<bool>;
        fn read(row: &mut RowReader<'_>) -> Option<Option<bool>> {
            Expr::<$Own, Option<bool>>::read(row)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($S,)? In: Scope, Side> Project<In, Side> for $Condition
    where
        $Own: Within<In, Side>,
    {
        fn place(self, out: &mut Vec<Item>) -> ReadRow<Option<bool>> {
            Project::<In, Side>::place(self.into_filter().expr(), out)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($S,)? In: Scope, Side> PerRow<In, Side> for $Condition where $Own: Within<In, Side> {}
    #[diagnostic::do_not_recommend]
    impl<$($S,)? In: Scope, Side> GroupKey<In, Side> for $Condition where $Own: Within<In, Side> {}
    #[diagnostic::do_not_recommend]
    impl<$($S,)? In: Scope, Side> IntoOrder<In, Side> for $Condition
    where
        $Own: Within<In, Side>,
    {
        fn terms(self, out: &mut Vec<OrderTerm>) {
            IntoOrder::<In, Side>::terms(self.into_filter().expr(), out);
        }
    }
)* } }
values! {
    [S] Filter<S>, S;
    [] Exists, Anywhere;
}

/// Where a value over `$In` stands beside others.
macro_rules! operands { ($([$($g:tt)*] $Condition:ty, $In:ty;)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Operand<$In, Option<bool>> for $Condition {
        type Fit = Exact;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($g)*> Operand<$In, bool> for $Condition {
        type Fit = Nullable;
        fn code(self) -> Code {
            Expression::into_code(self)
        }
    }
)* } }
operands! {
    [S] Filter<S>, S;
    [M: Model] Filter<Anywhere>, M;
    [S] Filter<Anywhere>, Over<S>;
    [S] Exists, S;
}

#[diagnostic::do_not_recommend]
impl<S> Branch<S> for Filter<S> {
    type Value = Option<bool>;
    fn code(self) -> Code {
        Expression::into_code(self)
    }
}
#[diagnostic::do_not_recommend]
impl<S> Branch<S> for Exists {
    type Value = Option<bool>;
    fn code(self) -> Code {
        Expression::into_code(self)
    }
}
