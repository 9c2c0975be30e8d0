//! `Product::DATA.json("$.a.b[0]")`: a part of a JSON column.
use super::code::Code;
use super::column::Column;
use super::expression::Expr;
use super::op::Op;
use super::operand::{Exact, Operand};
use super::operators::Expression;
use crate::model::{Field, Literal, Model, Scalar};
use serde_json::Value as Json;

/// A type that `json` looks into: `serde_json::Value`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a JSON document",
    label = "this needs a column of type `serde_json::Value`"
)]
pub trait Document: Scalar {}
#[diagnostic::do_not_recommend]
impl Document for Json {}

macro_rules! paths { ($($Self:ident<$S:ident $(: $Bound:ident)?>)*) => { $(
    impl<$S $(: $Bound)?, T: Field> $Self<$S, T> {
        /// Takes a part of the document: `$.a.b[0]`, `$."a b"`. `None` where the path leads nowhere or to `null`.
        ///
        /// It compares with `bool`, numbers and text; a value of another kind is not equal, and neither less nor
        /// greater. A malformed path is an `Arithmetic` error when the query runs. No index serves it.
        pub fn json<B: Document>(self, path: &str) -> Expr<$S, Option<Json>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().with(Code::literal(path.to_owned().to_value()), Op::JsonPath))
        }
    }
)* } }
paths! { Column<M: Model> Expr<S> }

/// A value that a part of a document is compared with. One impl of `Operand` covers them all: several would be listed
/// where an operand of a plain column is wrong.
pub trait JsonLiteral: Into<Json> {}

#[diagnostic::do_not_recommend]
impl<S, V: JsonLiteral> Operand<S, Option<Json>> for V {
    type Fit = Exact;
    fn code(self) -> Code {
        Code::literal(self.into().to_value())
    }
}
#[diagnostic::do_not_recommend]
impl<V: JsonLiteral> Literal<Option<Json>> for V {
    fn into_field(self) -> Option<Json> {
        Some(self.into())
    }
}
macro_rules! json_literals { ($($t:ty)*) => { $(
    #[diagnostic::do_not_recommend]
    impl JsonLiteral for $t {}
)* } }
json_literals! { bool i32 i64 u32 u64 f64 &str String }
