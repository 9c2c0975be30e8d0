//! Parts of a timestamp, in UTC: `Order::PLACED_AT.date()`, `.year()`, `.hour()`.
use super::code::{DatePart, Op};
use super::column::Column;
use super::expression::Expr;
use super::operators::Expression;
use crate::model::{Field, Model, Scalar};

/// A timestamp type: `jiff::Timestamp`, `chrono::DateTime<Utc>`, `time::OffsetDateTime`, each behind its feature.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a timestamp",
    label = "this needs a timestamp column",
    note = "timestamps are `jiff::Timestamp`, `chrono::DateTime<Utc>` and `time::OffsetDateTime`, with the feature of that name"
)]
pub trait Moment: Scalar {
    /// The calendar day of the same crate.
    type Date: Scalar;
}
#[cfg(feature = "jiff")]
#[diagnostic::do_not_recommend]
impl Moment for jiff::Timestamp {
    type Date = jiff::civil::Date;
}
#[cfg(feature = "chrono")]
#[diagnostic::do_not_recommend]
impl Moment for chrono::DateTime<chrono::Utc> {
    type Date = chrono::NaiveDate;
}
#[cfg(feature = "time")]
#[diagnostic::do_not_recommend]
impl Moment for time::OffsetDateTime {
    type Date = time::Date;
}

macro_rules! parts { ($($Self:ident<$S:ident $(: $Bound:ident)?>)*) => { $(
    impl<$S $(: $Bound)?, T: Field> $Self<$S, T> {
        /// Takes the calendar day, in UTC.
        pub fn date<B: Moment>(self) -> Expr<$S, T::Map<B::Date>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Date)))
        }
        /// Takes the year, in UTC.
        pub fn year<B: Moment>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Year)))
        }
        /// Takes the month from 1 to 12, in UTC.
        pub fn month<B: Moment>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Month)))
        }
        /// Takes the day of the month from 1 to 31, in UTC.
        pub fn day<B: Moment>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Day)))
        }
        /// Takes the hour from 0 to 23, in UTC.
        pub fn hour<B: Moment>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Hour)))
        }
    }
)* } }
parts! { Column<M: Model> Expr<S> }
