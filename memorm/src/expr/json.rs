//! `Product::DATA.json("$.a.b[0]")`: a part of a JSON column.
use super::code::{Code, Op};
use super::column::Column;
use super::expression::Expr;
use super::operand::{Exact, Operand};
use super::operators::Expression;
use crate::model::{Field, Literal, Model};
use serde_json::Value as Json;

macro_rules! paths { ($($Self:ident<$S:ident $(: $Bound:ident)?>)*) => { $(
    impl<$S $(: $Bound)?, T: Field<Base = Json>> $Self<$S, T> {
        /// Takes a part of the document: `$.a.b[0]`, `$."a b"`. `None` where the path leads nowhere or to `null`.
        ///
        /// It compares with `bool`, numbers and text; a value of another kind is not equal, and neither less nor
        /// greater. A malformed path is an `Arithmetic` error when the query runs. No index serves it.
        pub fn json(self, path: &str) -> Expr<$S, Option<Json>> {
            Expr::new(self.into_code().with(Code::literal(path.to_owned().to_value()), Op::JsonPath))
        }
    }
)* } }
paths! { Column<M: Model> Expr<S> }

macro_rules! json_literals { ($($t:ty)*) => { $(
    #[diagnostic::do_not_recommend]
    impl<S> Operand<S, Option<Json>> for $t {
        type Fit = Exact;
        fn code(self) -> Code {
            Code::literal(Json::from(self).to_value())
        }
    }
    #[diagnostic::do_not_recommend]
    impl Literal<Option<Json>> for $t {
        fn into_field(self) -> Option<Json> {
            Some(Json::from(self))
        }
    }
)* } }
json_literals! { bool i32 i64 u32 u64 f64 &str String }
