//! Scopes: what a statement ranges over, and which parts fit into it.
//!
//! A scope is a model. Columns, expressions and filters carry the scope that they were written for; a statement takes
//! a part if that scope is [`Within`] its own. The marker `I` is always inferred.
use crate::model::Model;
use std::sync::Arc;

/// What a statement ranges over. `Row` is what closures see, `Owned` what `all` returns.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a query scope", note = "a scope is a model")]
pub trait Scope: 'static {
    /// What closures see of a row.
    type Row<'a>: Copy;
    /// What a query without a projection returns for a row.
    type Owned: Clone + Send + Sync + 'static;
}
#[diagnostic::do_not_recommend]
impl<M: Model> Scope for M {
    type Row<'a> = &'a M;
    type Owned = Arc<M>;
}

/// Marks "the whole scope is this model".
#[derive(Debug)]
pub struct Here;

/// Marks "counts rows, whatever the scope".
#[derive(Debug)]
pub struct Whole;

/// `Self` ranges over table `M`, at position `I`.
#[diagnostic::on_unimplemented(
    message = "table `{M}` is not part of this query",
    label = "the query ranges over `{Self}`",
    note = "another table is reached by a join"
)]
pub trait Has<M: Model, I>: Scope {}
#[diagnostic::do_not_recommend]
impl<M: Model> Has<M, Here> for M {}

/// `Self` fits into a statement over `S`.
#[diagnostic::on_unimplemented(
    message = "a part over `{Self}` does not fit into a query over `{S}`",
    label = "belongs to another query"
)]
pub trait Within<S: Scope, I> {}
impl<M: Model, S: Has<M, I>, I> Within<S, I> for M {}
