//! `FromRow`: structs that projected rows turn into.

/// A struct that a projected row turns into.
#[diagnostic::on_unimplemented(
    message = "a row of type `{T}` does not turn into a `{Self}`",
    label = "needs `From<{T}>`",
    note = "`#[derive(Projection)]` writes it from the struct's fields, in order: their types must be those of the selected columns"
)]
pub trait FromRow<T> {
    /// Makes the struct of the row's parts.
    fn from_row(row: T) -> Self;
}
#[diagnostic::do_not_recommend]
impl<T, U: From<T>> FromRow<T> for U {
    fn from_row(row: T) -> U {
        U::from(row)
    }
}
