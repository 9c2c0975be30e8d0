//! Parts of timestamps, dates and times: `Order::PLACED_AT.date()`, `.year()`, `.hour()`.
use super::column::Column;
use super::expression::Expr;
use super::op::{DatePart, Op};
use super::operators::Expression;
use crate::model::{Field, Model, Scalar};

/// A type with a day and a time of day in it: a timestamp, or a date and time without a zone. Each is behind the feature of
/// its crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a timestamp",
    label = "this needs a timestamp column",
    note = "timestamps are `jiff::Timestamp`, `chrono::DateTime<Utc>` and `time::OffsetDateTime`, with the feature of that name, and their dates and times without a zone"
)]
pub trait Moment: Calendar + Clock {
    /// The calendar day of the same crate.
    type Date: Scalar;
}

/// A type with a day of the calendar in it: a [`Moment`] or a date.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a timestamp nor a date",
    label = "this needs a column of timestamps or dates",
    note = "timestamps and dates are those of jiff, chrono and time, with the feature of that name"
)]
pub trait Calendar: Scalar {}

/// A type with a time of day in it: a [`Moment`] or a time.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a timestamp nor a time of day",
    label = "this needs a column of timestamps or times",
    note = "timestamps and times are those of jiff, chrono and time, with the feature of that name"
)]
pub trait Clock: Scalar {}

macro_rules! moments { ($($feature:literal: $($moment:ty),+ => $date:ty, $time:ty;)*) => { $(
    $(
        #[cfg(feature = $feature)]
        #[diagnostic::do_not_recommend]
        impl Moment for $moment {
            type Date = $date;
        }
        #[cfg(feature = $feature)]
        #[diagnostic::do_not_recommend]
        impl Calendar for $moment {}
        #[cfg(feature = $feature)]
        #[diagnostic::do_not_recommend]
        impl Clock for $moment {}
    )+
    #[cfg(feature = $feature)]
    #[diagnostic::do_not_recommend]
    impl Calendar for $date {}
    #[cfg(feature = $feature)]
    #[diagnostic::do_not_recommend]
    impl Clock for $time {}
)* } }
moments! {
    "jiff": jiff::Timestamp, jiff::civil::DateTime => jiff::civil::Date, jiff::civil::Time;
    "chrono": chrono::DateTime<chrono::Utc>, chrono::NaiveDateTime => chrono::NaiveDate, chrono::NaiveTime;
    "time": time::OffsetDateTime, time::PrimitiveDateTime => time::Date, time::Time;
}

macro_rules! parts { ($($Self:ident<$S:ident $(: $Bound:ident)?>)*) => { $(
    impl<$S $(: $Bound)?, T: Field> $Self<$S, T> {
        /// Takes the calendar day; of a timestamp in UTC.
        pub fn date<B: Moment>(self) -> Expr<$S, T::Map<B::Date>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Date, T::KIND)))
        }
        /// Takes the year; of a timestamp in UTC.
        pub fn year<B: Calendar>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Year, T::KIND)))
        }
        /// Takes the month from 1 to 12; of a timestamp in UTC.
        pub fn month<B: Calendar>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Month, T::KIND)))
        }
        /// Takes the day of the month from 1 to 31; of a timestamp in UTC.
        pub fn day<B: Calendar>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Day, T::KIND)))
        }
        /// Takes the hour from 0 to 23; of a timestamp in UTC.
        pub fn hour<B: Clock>(self) -> Expr<$S, T::Map<i32>>
        where
            T: Field<Base = B>,
        {
            Expr::new(self.into_code().then(Op::DatePart(DatePart::Hour, T::KIND)))
        }
    }
)* } }
parts! { Column<M: Model> Expr<S> }
