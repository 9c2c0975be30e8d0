//! Numbers: what does not fit is an error, in each width.
#![allow(
    clippy::modulo_one,
    clippy::identity_op,
    clippy::erasing_op,
    reason = "what is the same for numbers may not be so for columns"
)]
use memorm::prelude::*;
use rust_decimal::Decimal;

/// Whether an expression over the only row is an error with these words.
fn fails<T>(result: memorm::Result<Vec<T>>, words: &str) -> bool {
    matches!(result, Err(memorm::Error::Arithmetic { message, .. }) if message.contains(words))
}

/// A database with one row that holds the value, and a projection of it.
macro_rules! of {
    ($Row:ident, $value:expr, $expression:expr) => {{
        let db = Database::new();
        db.transaction(|s| s.add($Row { id: 1, v: $value, w: Some($value) }))?;
        let plain = select::<$Row>().select($expression).all(&db);
        plain
    }};
}

macro_rules! widths { ($($name:ident: $T:ident;)*) => { $(
    mod $name {
        use super::*;

        #[derive(Model, Clone, Debug)]
        struct Row {
            #[model(primary_key)]
            id: u32,
            v: $T,
            w: Option<$T>,
        }
        const MIN: $T = $T::MIN;
        const MAX: $T = $T::MAX;

        #[test]
        fn the_ends_of_the_type_are_values() -> memorm::Result<()> {
            assert_eq!(of!(Row, MAX, Row::V + 0)?, [MAX]);
            assert_eq!(of!(Row, MIN, Row::V - 0)?, [MIN]);
            assert_eq!(of!(Row, MAX - 1, Row::V + 1)?, [MAX]);
            assert_eq!(of!(Row, MIN + 1, Row::V - 1)?, [MIN]);
            assert_eq!(of!(Row, MAX, Row::V * 1)?, [MAX]);
            assert_eq!(of!(Row, MAX, Row::V / 1)?, [MAX]);
            assert_eq!(of!(Row, MAX, Row::V / MAX)?, [1]);
            assert_eq!(of!(Row, MAX, Row::V % 2)?, [MAX % 2]);
            assert_eq!(of!(Row, MAX, Row::W.coalesce(0))?, [MAX]);
            Ok(())
        }

        #[test]
        fn overflow_is_an_error() -> memorm::Result<()> {
            assert!(fails(of!(Row, MAX, Row::V + 1), "out of range"));
            assert!(fails(of!(Row, MAX, Row::V + Row::V), "out of range"));
            assert!(fails(of!(Row, MIN, Row::V - 1), "out of range"));
            assert!(fails(of!(Row, MAX, Row::V * 2), "out of range"));
            assert!(fails(of!(Row, MAX, Row::W + 1), "out of range"));
            assert!(fails(of!(Row, MAX, (Row::V + 1) - 1), "out of range"));
            Ok(())
        }

        #[test]
        fn division_by_zero_is_an_error() -> memorm::Result<()> {
            assert!(fails(of!(Row, MAX, Row::V / 0), "division by zero"));
            assert!(fails(of!(Row, MAX, Row::V % 0), "division by zero"));
            assert!(fails(of!(Row, 0, Row::V / Row::V), "division by zero"));
            assert!(fails(of!(Row, 0, Row::W / Row::V), "division by zero"));
            Ok(())
        }

        #[test]
        fn an_update_that_overflows_changes_nothing() -> memorm::Result<()> {
            let db = Database::new();
            let mut session = db.session();
            session.add_all([Row { id: 1, v: 1, w: None }, Row { id: 2, v: MAX, w: None }])?;
            assert!(update::<Row>().set(Row::V, Row::V + 1).exec(&mut session).is_err());
            assert_eq!(select::<Row>().select(Row::V).all(&session)?, [1, MAX]);
            Ok(())
        }
    }
)* } }

widths! {
    i8_arithmetic: i8;
    i16_arithmetic: i16;
    i32_arithmetic: i32;
    i64_arithmetic: i64;
    i128_arithmetic: i128;
    isize_arithmetic: isize;
    u8_arithmetic: u8;
    u16_arithmetic: u16;
    u32_arithmetic: u32;
    u64_arithmetic: u64;
    u128_arithmetic: u128;
    usize_arithmetic: usize;
}

macro_rules! signed { ($($name:ident: $T:ident;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        #[derive(Model, Clone, Debug)]
        struct Row {
            #[model(primary_key)]
            id: u32,
            v: $T,
            w: Option<$T>,
        }
        const MIN: $T = $T::MIN;
        assert!(fails(of!(Row, MIN, Row::V / -1), "out of range"));
        assert!(fails(of!(Row, MIN, -Row::V), "out of range"));
        assert!(fails(of!(Row, MIN, Row::V.abs()), "out of range"));
        assert!(fails(of!(Row, MIN, Row::V * -1), "out of range"));
        assert!(fails(of!(Row, MIN, -Row::W), "out of range"));
        assert_eq!(of!(Row, MIN, Row::V % -1)?, [0]);
        assert_eq!(of!(Row, MIN + 1, -Row::V)?, [$T::MAX]);
        assert_eq!(of!(Row, MIN + 1, Row::V.abs())?, [$T::MAX]);
        assert_eq!(of!(Row, -7, Row::V / 2)?, [-3]);
        assert_eq!(of!(Row, -7, Row::V % 2)?, [-1]);
        assert_eq!(of!(Row, 7, Row::V % -2)?, [1]);
        Ok(())
    }
)* } }

signed! {
    i8_min_by_minus_one_is_an_error: i8;
    i16_min_by_minus_one_is_an_error: i16;
    i32_min_by_minus_one_is_an_error: i32;
    i64_min_by_minus_one_is_an_error: i64;
    i128_min_by_minus_one_is_an_error: i128;
    isize_min_by_minus_one_is_an_error: isize;
}

macro_rules! unsigned { ($($name:ident: $T:ident;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        #[derive(Model, Clone, Debug)]
        struct Row {
            #[model(primary_key)]
            id: u32,
            v: $T,
            w: Option<$T>,
        }
        assert!(fails(of!(Row, 1, -Row::V), "out of range"));
        assert!(fails(of!(Row, 3, Row::V - 4), "out of range"));
        assert_eq!(of!(Row, 0, -Row::V)?, [0]);
        assert_eq!(of!(Row, 3, Row::V.abs())?, [3]);
        assert_eq!(of!(Row, $T::MAX, Row::V.abs())?, [$T::MAX]);
        Ok(())
    }
)* } }

unsigned! {
    u8_below_zero_is_an_error: u8;
    u16_below_zero_is_an_error: u16;
    u32_below_zero_is_an_error: u32;
    u64_below_zero_is_an_error: u64;
    u128_below_zero_is_an_error: u128;
    usize_below_zero_is_an_error: usize;
}

#[test]
fn float_division_by_zero_is_an_error() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    struct Row {
        #[model(primary_key)]
        id: u32,
        v: f64,
        w: Option<f64>,
    }
    assert!(fails(of!(Row, 1.0, Row::V / 0.0), "division by zero"));
    assert!(fails(of!(Row, 0.0, Row::V / Row::V), "division by zero"));
    assert!(fails(of!(Row, 1.0, Row::V / -0.0), "division by zero"));
    assert!(fails(of!(Row, 1.0, Row::W % 0), "division by zero"));
    assert_eq!(of!(Row, 7.5, Row::V / 2)?, [3.75]);
    assert_eq!(of!(Row, -7.5, Row::V % 2)?, [-1.5]);
    Ok(())
}

#[test]
fn decimal_overflow_and_division_by_zero_are_errors() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    struct Row {
        #[model(primary_key)]
        id: u32,
        v: Decimal,
        w: Option<Decimal>,
    }
    assert!(fails(of!(Row, Decimal::MAX, Row::V + 1), "out of range"));
    assert!(fails(of!(Row, Decimal::MIN, Row::V - 1), "out of range"));
    assert!(fails(of!(Row, Decimal::MAX, Row::V * 2), "out of range"));
    assert!(fails(of!(Row, Decimal::ONE, Row::V / 0), "division by zero"));
    assert!(fails(of!(Row, Decimal::ONE, Row::V % 0), "division by zero"));
    assert_eq!(of!(Row, Decimal::new(15, 1), Row::V * Row::V)?, [Decimal::new(225, 2)]);
    assert_eq!(of!(Row, Decimal::new(-75, 1), Row::V % 2)?, [Decimal::new(-15, 1)]);
    Ok(())
}

#[test]
fn the_error_names_table_row_and_expression() -> memorm::Result<()> {
    #[derive(Model, Clone, Debug)]
    #[model(table = "accounts")]
    struct Account {
        #[model(primary_key)]
        name: String,
        balance: i64,
    }
    let db = Database::new();
    let account = |name: &str, balance| Account { name: name.into(), balance };
    db.transaction(|s| s.add_all([account("a", 1), account("b", i64::MAX), account("c", i64::MAX)]))?;
    let error = select::<Account>().filter((Account::BALANCE + 1).gt(5)).all(&db).expect_err("b overflows");
    assert_eq!(error.to_string(), r#"value out of range in balance + 1 > 5 of accounts "b""#);
    assert!(!error.is_violation() && !error.is_conflict() && !error.is_not_found());
    Ok(())
}
