//! `case().when(condition, value) … .otherwise(value)`.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::filter::{Condition, Predicate};
use super::op::Op;
use super::operand::BranchValue;
use super::operators::Expression;
use crate::model::{Field, Model};
use std::fmt;
use std::marker::PhantomData;

/// Starts a choice between values: `case().when(Item::ID.ge(3), "high").otherwise("low")`.
///
/// The first branch whose condition is true decides; errors of the others do not count.
///
/// ```
/// use memorm::prelude::*;
///
/// #[derive(Model, Clone)]
/// struct Item {
///     #[model(primary_key)]
///     id: u64,
/// }
/// let level = case().when(Item::ID.ge(3), "high").when(Item::ID.lt(2), "low").otherwise("middle");
///
/// let db = Database::new();
/// let mut session = db.session();
/// session.add_all((1..4).map(|id| Item { id }))?;
/// assert_eq!(select::<Item>().select(level).all(&session)?, ["low", "middle", "high"]);
/// # Ok::<(), memorm::Error>(())
/// ```
pub fn case() -> CaseWithoutBranch {
    CaseWithoutBranch(())
}

/// A `case` without a branch; the first `when` fixes scope and type.
#[must_use = "a `case` needs a branch: `.when(condition, value)`"]
#[derive(Clone, Copy, Debug)]
pub struct CaseWithoutBranch(());

/// A `case` over scope `S` whose branches are `T`.
#[must_use = "end a `case` with `.otherwise(value)` or `.end()`"]
pub struct Branches<S, T>(Code, PhantomData<fn() -> (S, T)>);

impl<S, T> Clone for Branches<S, T> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}
impl<S, T> fmt::Debug for Branches<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Branches")
    }
}

impl CaseWithoutBranch {
    /// Adds the first branch; its value decides the type of the others.
    pub fn when<P: Predicate, V: Branch<P::Scope>>(
        self,
        condition: P,
        value: V,
    ) -> Branches<P::Scope, V::Value> {
        Branches(condition.into_filter().into_code().with(value.code(), Op::When), PhantomData)
    }
}
impl<S, T: Field> Branches<S, T> {
    /// Adds a branch, which counts where none before it did.
    pub fn when(self, condition: impl Condition<S>, value: impl BranchValue<S, T>) -> Branches<S, T> {
        let mut code = self.0;
        code.0.extend(condition.condition().into_code().0);
        Branches(code.with(value.code_exact(), Op::OrWhen), PhantomData)
    }
    /// Ends the choice with the value for rows where no branch fits.
    pub fn otherwise(self, value: impl BranchValue<S, T>) -> Expr<S, T> {
        Expr::new(self.0.with(value.code_exact(), Op::Otherwise))
    }
    /// Ends the choice: `None` where no branch fits.
    pub fn end(self) -> Expr<S, Option<T::Base>> {
        Expr::new(self.0.then(Op::EndCase))
    }
}

/// The value of a first branch: it decides the type of the whole `case` (`&str` gives `String`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a `case` branch",
    label = "expected a value, a column or an expression"
)]
pub trait Branch<S> {
    /// The type of the `case`.
    type Value: Field;
    #[doc(hidden)]
    fn code(self) -> Code;
}
#[diagnostic::do_not_recommend]
impl<S, T: Field> Branch<S> for T {
    type Value = T;
    fn code(self) -> Code {
        Code::literal(self.to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<S> Branch<S> for &str {
    type Value = String;
    fn code(self) -> Code {
        Code::literal(self.to_owned().to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<M: Model, T: Field> Branch<M> for Column<M, T> {
    type Value = T;
    fn code(self) -> Code {
        Expression::into_code(self)
    }
}
#[diagnostic::do_not_recommend]
impl<S, T: Field> Branch<S> for Expr<S, T> {
    type Value = T;
    fn code(self) -> Code {
        Expression::into_code(self)
    }
}
