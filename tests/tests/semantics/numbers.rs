//! Numbers: NaN, zeros, division, rounding, aggregates.
use crate::models::with_and_without_index;
use memorm::prelude::*;
use rust_decimal::Decimal;

const NAN: f64 = f64::NAN;

with_and_without_index! {
    /// x is 1, NaN, -0, infinity, 0, -infinity, the negative NaN.
    fn floats() -> memorm::Result<Database> {
        let values = [1.0, NAN, -0.0, f64::INFINITY, 0.0, f64::NEG_INFINITY, -NAN];
        let row = |(id, x): (u64, f64)| Row { x, y: Some(x), ..Row::new(id) };
        Row::among_others((1..).zip(values).map(row))
    }

    #[test]
    fn nan_equals_nan() -> memorm::Result<()> {
        let db = floats()?;
        assert_eq!(Row::truths(&db, Row::X.eq(NAN))?, "ftfffft");
        assert_eq!(Row::truths(&db, Row::X.ne(NAN))?, "tfttttf");
        assert_eq!(Row::truths(&db, Row::X.eq(Row::Y))?, "ttttttt");
        assert_eq!(Row::truths(&db, Row::X.in_([NAN, 1.0]))?, "ttfffft");
        assert_eq!(Row::truths(&db, Row::X.is_distinct_from(NAN))?, "tfttttf");
        Ok(())
    }

    #[test]
    fn nan_is_greatest() -> memorm::Result<()> {
        let db = floats()?;
        assert_eq!(Row::truths(&db, Row::X.gt(f64::INFINITY))?, "ftfffft");
        assert_eq!(Row::truths(&db, Row::X.lt(NAN))?, "tfttttf");
        assert_eq!(Row::truths(&db, Row::X.le(NAN))?, "ttttttt");
        assert_eq!(Row::truths(&db, Row::X.between(f64::INFINITY, NAN))?, "ftftfft");
        let small = || select::<Row>().filter(Row::ID.lt(1_000));
        assert_eq!(small().order_by(Row::X).select(Row::ID).all(&db)?, [6, 3, 5, 1, 4, 2, 7]);
        assert_eq!(small().order_by(Row::X.desc()).select(Row::ID).all(&db)?, [2, 7, 4, 1, 3, 5, 6]);
        let all = select::<Row>().order_by(Row::X.desc()).limit(2).select(Row::ID);
        assert_eq!(all.all(&db)?, [2, 7]);
        let (min, max) = small().aggregate((Row::X.min(), Row::X.max()), &db)?;
        assert_eq!((min, max.map(f64::is_nan)), (Some(f64::NEG_INFINITY), Some(true)));
        Ok(())
    }

    #[test]
    fn negative_zero_equals_zero() -> memorm::Result<()> {
        let db = floats()?;
        assert_eq!(Row::truths(&db, Row::X.eq(0.0))?, "fftftff");
        assert_eq!(Row::truths(&db, Row::X.eq(-0.0))?, "fftftff");
        assert_eq!(Row::truths(&db, Row::X.lt(0.0))?, "ffffftf");
        assert_eq!(Row::truths(&db, Row::X.ge(0.0))?, "tttttft");
        assert_eq!(Row::truths(&db, Row::X.gt(-0.0))?, "ttftfft");
        assert_eq!(Row::truths(&db, Row::X.in_([0.0]))?, "fftftff");
        let zeros = select::<Row>().filter(Row::X.eq(0.0)).select(Row::X).distinct();
        assert_eq!(zeros.count(&db)?, 1);
        let nans = select::<Row>().filter(Row::X.eq(NAN)).select(Row::X).distinct();
        assert_eq!(nans.count(&db)?, 1);
        let small = select::<Row>().filter(Row::ID.lt(1_000));
        assert_eq!(small.aggregate(count_distinct(Row::X), &db)?, 5);
        Ok(())
    }

    #[test]
    fn an_integer_literal_is_accepted_by_a_float_column() -> memorm::Result<()> {
        let db = floats()?;
        assert_eq!(Row::truths(&db, Row::X.eq(1))?, "tffffff");
        assert_eq!(Row::truths(&db, Row::Y.eq(1))?, "tffffff");
        assert_eq!(Row::truths(&db, Row::X.between(0, 1))?, "tftftff");
        assert_eq!(Row::truths(&db, Row::X.in_([0, 1]))?, "tftftff");
        assert_eq!(Row::truths(&db, Row::Y.coalesce(0).eq(1))?, "tffffff");
        let sum = select::<Row>().filter(Row::ID.eq(1)).select(Row::X + 1).one(&db)?;
        assert_eq!(sum, 2.0);
        db.transaction(|s| update::<Row>().filter(Row::ID.eq(1)).set(Row::X, 7).set(Row::Y, 8).exec(s))?;
        let row = db.snapshot().get_one::<Row>(1)?;
        assert_eq!((row.x, row.y), (7.0, Some(8.0)));
        Ok(())
    }

    #[test]
    fn float_sums_add_in_row_order() -> memorm::Result<()> {
        // the sum depends on the order: 1e16 + 1 is 1e16
        let sum_of = |values: [f64; 4]| -> memorm::Result<Option<f64>> {
            let row = |(id, x): (u64, f64)| Row { x, k: -(id as i64), ..Row::new(id) };
            let db = Row::among_others([4, 2, 1, 3].into_iter().zip(values).map(row))?;
            let sum = select::<Row>().filter(Row::ID.lt(1_000)).aggregate(Row::X.sum(), &db)?;
            let by_index = select::<Row>().filter(Row::K.between(-4, -1));
            assert_eq!(by_index.aggregate(Row::X.sum(), &db)?, sum);
            Ok(sum)
        };
        assert_eq!(sum_of([1e16, 1.0, 1.0, -1e16])?, Some(0.0));
        assert_eq!(sum_of([1.0, 1.0, 1e16, -1e16])?, Some(2.0));
        assert_eq!(sum_of([1e16, -1e16, 1.0, 1.0])?, Some(2.0));
        Ok(())
    }

    #[test]
    fn integer_division_truncates_and_the_remainder_has_the_dividends_sign() -> memorm::Result<()> {
        let values = [7, -7, 6, -6, 0];
        let db = Row::among_others((1..).zip(values).map(|(id, k)| Row { k, ..Row::new(id) }))?;
        let small = || select::<Row>().filter(Row::ID.lt(1_000));
        assert_eq!(small().select(Row::K / 2).all(&db)?, [3, -3, 3, -3, 0]);
        assert_eq!(small().select(Row::K / -2).all(&db)?, [-3, 3, -3, 3, 0]);
        assert_eq!(small().select(Row::K % 4).all(&db)?, [3, -3, 2, -2, 0]);
        assert_eq!(small().select(Row::K % -4).all(&db)?, [3, -3, 2, -2, 0]);
        assert_eq!(Row::truths(&db, (Row::K / 2).eq(-3))?, "ftftf");
        Ok(())
    }
}

#[derive(Model, Clone, Debug)]
struct Sample {
    #[model(primary_key)]
    id: u32,
    small: i8,
    int: i64,
    big: u64,
    wide: i128,
    float: f64,
    single: f32,
    money: Decimal,
    maybe: Option<i32>,
}

fn sample(id: u32) -> Sample {
    Sample {
        id,
        small: 0,
        int: 0,
        big: 0,
        wide: 0,
        float: 0.0,
        single: 0.0,
        money: Decimal::ZERO,
        maybe: None,
    }
}

fn samples(rows: impl IntoIterator<Item = Sample>) -> memorm::Result<Database> {
    let db = Database::new();
    let rows: Vec<Sample> = rows.into_iter().collect();
    db.transaction(|s| s.add_all(rows.clone()))?;
    Ok(db)
}

fn ints(values: &[i64]) -> memorm::Result<Database> {
    samples((1..).zip(values).map(|(id, v)| Sample {
        int: *v,
        float: *v as f64,
        single: *v as f32,
        money: Decimal::from(*v),
        maybe: (*v != 0).then_some(*v as i32),
        ..sample(id)
    }))
}

#[test]
fn nan_and_the_zeros_are_equal_in_keys_and_unique_columns() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Point {
        #[model(primary_key)]
        x: f64,
        #[model(unique)]
        y: f32,
    }
    let db = Database::new();
    let mut session = db.session();
    session.add(Point { x: NAN, y: f32::NAN })?;
    session.add(Point { x: 0.0, y: 0.0 })?;
    assert!(session.get::<Point>(-NAN).is_some());
    assert!(session.get::<Point>(-0.0).is_some());
    for duplicate in [(-NAN, 1.0), (-0.0, 1.0), (1.0, -f32::NAN), (1.0, -0.0)] {
        let row = Point { x: duplicate.0, y: duplicate.1 };
        assert!(session.add(row).is_err_and(|e| e.is_violation()), "{duplicate:?}");
    }
    session.commit()?;
    assert!(session.add(Point { x: -0.0, y: 1.0 }).is_err());
    assert!(session.add(Point { x: 1.0, y: -0.0 }).is_err());
    assert!(session.delete_by_key::<Point>(-0.0)?);
    session.add(Point { x: -0.0, y: -0.0 })?;
    session.commit()?;
    db.assert_consistent();
    Ok(())
}

#[test]
fn a_number_may_stand_on_the_left() -> memorm::Result<()> {
    let row = Sample {
        small: 2,
        int: 3,
        float: 0.5,
        single: 4.0,
        money: Decimal::TEN,
        maybe: Some(4),
        ..sample(1)
    };
    let db = samples([row, Sample { maybe: None, ..sample(2) }])?;
    let rows = select::<Sample>().filter(Sample::ID.eq(1));
    let integers = (10 - Sample::INT, 7 / Sample::SMALL, 11 % Sample::MAYBE, 5 - 2 * (Sample::INT + 1));
    assert_eq!(rows.clone().select(integers).one(&db)?, (7, 3, Some(3), -3));
    let fractions = (1 / Sample::FLOAT, 1.5 * Sample::FLOAT, 1 + Sample::SINGLE, 100 - Sample::MONEY);
    assert_eq!(rows.clone().select(fractions).one(&db)?, (2.0, 0.75, 5.0, Decimal::from(90)));
    assert_eq!(select::<Sample>().filter((1 - Sample::MAYBE).is_none()).one(&db)?.id, 2);
    let overflow = rows.select(i64::MIN - Sample::INT).one(&db).unwrap_err();
    assert_eq!(overflow.to_string(), "value out of range in -9223372036854775808 - int of sample 1");
    Ok(())
}

#[test]
fn avg_of_integers_is_a_float() -> memorm::Result<()> {
    let avg = select::<Sample>().aggregate((Sample::INT.avg(), Sample::MAYBE.avg()), &ints(&[1, 2, 0])?)?;
    assert_eq!(avg, (Some(1.0), Some(1.5)));
    Ok(())
}

#[test]
fn avg_of_large_integers_does_not_overflow() -> memorm::Result<()> {
    let db = ints(&[i64::MAX, i64::MAX])?;
    assert_eq!(select::<Sample>().aggregate(Sample::INT.avg(), &db)?, Some(i64::MAX as f64));
    // beyond what their sum can be
    let huge = [(1, i128::MAX), (2, i128::MAX), (3, 0)];
    let db = samples(huge.map(|(id, wide)| Sample { wide, ..sample(id) }))?;
    let mean = i128::MAX as f64 * 2.0 / 3.0;
    assert_eq!(select::<Sample>().aggregate(Sample::WIDE.avg(), &db)?, Some(mean));
    let groups = select::<Sample>().group_by(Sample::SMALL).aggregate(Sample::WIDE.avg());
    assert_eq!(groups.all(&db)?, [(0, Some(mean))]);
    Ok(())
}

#[test]
fn round_takes_decimals_away_from_zero_and_floats_to_even() -> memorm::Result<()> {
    let values = [5, 15, 25, -5, -15, -25, 24, 26];
    let db = samples((1..).zip(values).map(|(id, tenths)| Sample {
        float: tenths as f64 / 10.0,
        single: tenths as f32 / 10.0,
        money: Decimal::new(tenths, 1),
        int: tenths,
        ..sample(id)
    }))?;
    let rows = select::<Sample>();
    let floats = rows.clone().select(Sample::FLOAT.round()).all(&db)?;
    assert_eq!(floats, [0.0, 2.0, 2.0, -0.0, -2.0, -2.0, 2.0, 3.0]);
    let singles = rows.clone().select(Sample::SINGLE.round()).all(&db)?;
    assert_eq!(singles, [0.0, 2.0, 2.0, -0.0, -2.0, -2.0, 2.0, 3.0]);
    let money = rows.clone().select(Sample::MONEY.round()).all(&db)?;
    assert_eq!(money, [1, 2, 3, -1, -2, -3, 2, 3].map(Decimal::from));
    assert_eq!(rows.select(Sample::INT.round()).all(&db)?, values);
    Ok(())
}

#[test]
fn stddev_and_variance_are_the_sample_forms() -> memorm::Result<()> {
    let db = ints(&[2, 4, 4, 4, 5, 5, 7, 9])?;
    let variance = 32.0 / 7.0;
    let result = select::<Sample>().aggregate((Sample::INT.variance(), Sample::INT.stddev()), &db)?;
    let (Some(v), Some(s)) = result else { panic!("{result:?}") };
    assert!((v - variance).abs() < 1e-12 && (s - variance.sqrt()).abs() < 1e-12, "{result:?}");
    let floats = select::<Sample>().aggregate((Sample::FLOAT.variance(), Sample::MONEY.variance()), &db)?;
    assert_eq!(floats, (Some(v), Some(v)));
    Ok(())
}

#[test]
fn variance_of_large_close_values_does_not_cancel() -> memorm::Result<()> {
    let db = samples((1..=4).map(|id| Sample { float: 1e9 + f64::from(id), ..sample(id) }))?;
    let variance = select::<Sample>().aggregate(Sample::FLOAT.variance(), &db)?;
    assert!(variance.is_some_and(|v| (v - 5.0 / 3.0).abs() < 1e-6), "{variance:?}");
    Ok(())
}

#[test]
fn stddev_and_variance_are_none_under_two_rows() -> memorm::Result<()> {
    for db in [ints(&[])?, ints(&[3])?] {
        let result = select::<Sample>().aggregate((Sample::INT.stddev(), Sample::FLOAT.variance()), &db)?;
        assert_eq!(result, (None, None));
    }
    let two = select::<Sample>().aggregate(Sample::MAYBE.variance(), &ints(&[3, 0])?)?;
    assert_eq!(two, None, "one of the two is None");
    Ok(())
}

#[test]
fn median_and_quantile_interpolate() -> memorm::Result<()> {
    let db = ints(&[40, 10, 30, 20])?;
    let of = |q: f64| select::<Sample>().aggregate(Sample::INT.quantile(q), &db);
    assert_eq!(select::<Sample>().aggregate(Sample::INT.median(), &db)?, Some(25.0));
    assert_eq!((of(0.0)?, of(0.25)?, of(0.5)?, of(1.0)?), (Some(10.0), Some(17.5), Some(25.0), Some(40.0)));
    assert_eq!(select::<Sample>().aggregate(Sample::MONEY.median(), &db)?, Some(25.0));
    assert_eq!(select::<Sample>().aggregate(Sample::INT.median(), &ints(&[3, 1, 2])?)?, Some(2.0));
    assert_eq!(select::<Sample>().aggregate(Sample::INT.median(), &ints(&[3])?)?, Some(3.0));
    assert_eq!(select::<Sample>().aggregate(Sample::INT.median(), &ints(&[])?)?, None);
    Ok(())
}

#[test]
fn a_quantile_outside_of_zero_to_one_is_an_error() -> memorm::Result<()> {
    let db = ints(&[1, 2])?;
    for q in [-0.1, 1.1, NAN] {
        assert!(select::<Sample>().aggregate(Sample::INT.quantile(q), &db).is_err(), "{q}");
    }
    Ok(())
}

#[test]
fn integer_sums_are_i128_and_do_not_wrap() -> memorm::Result<()> {
    let max = Sample { small: i8::MAX, int: i64::MAX, big: u64::MAX, ..sample(0) };
    let db = samples((1..=3).map(|id| Sample { id, ..max.clone() }))?;
    let sums: (Option<i128>, Option<i128>, Option<i128>) =
        select::<Sample>().aggregate((Sample::SMALL.sum(), Sample::INT.sum(), Sample::BIG.sum()), &db)?;
    assert_eq!(sums, (Some(381), Some(3 * i128::from(i64::MAX)), Some(3 * i128::from(u64::MAX))));
    let low = samples((1..=3).map(|id| Sample { int: i64::MIN, small: i8::MIN, ..sample(id) }))?;
    let sums = select::<Sample>().aggregate((Sample::SMALL.sum(), Sample::INT.sum()), &low)?;
    assert_eq!(sums, (Some(-384), Some(3 * i128::from(i64::MIN))));
    Ok(())
}

#[test]
fn an_i128_sum_that_overflows_is_an_error() -> memorm::Result<()> {
    let db = samples((1..=2).map(|id| Sample { wide: i128::MAX, ..sample(id) }))?;
    let error = select::<Sample>().aggregate(Sample::WIDE.sum(), &db).expect_err("it does not fit");
    assert!(error.to_string().contains("out of range"), "{error}");
    Ok(())
}

#[test]
fn decimal_sums_are_decimals() -> memorm::Result<()> {
    let db = samples((1..=3).map(|id| Sample { money: Decimal::new(10, 2), ..sample(id) }))?;
    assert_eq!(select::<Sample>().aggregate(Sample::MONEY.sum(), &db)?, Some(Decimal::new(30, 2)));
    Ok(())
}

#[test]
fn min_and_max_of_integers_and_decimals() -> memorm::Result<()> {
    let db = ints(&[3, -5, 9])?;
    let result = select::<Sample>()
        .aggregate((Sample::INT.min(), Sample::INT.max(), Sample::MONEY.min(), Sample::MAYBE.max()), &db)?;
    assert_eq!(result, (Some(-5), Some(9), Some(Decimal::from(-5)), Some(9)));
    Ok(())
}
