//! A condition as a value: `None` where it is unknown.
use crate::models::with_and_without_index;
use memorm::Error;
use memorm::prelude::*;

with_and_without_index! {
    /// Rows 1 to 3: n is 1, 2, None; a is true, None, false.
    fn numbers() -> memorm::Result<Database> {
        let rows = [(1, Some(1), Some(true)), (2, Some(2), None), (3, None, Some(false))];
        Row::among_others(rows.map(|(id, n, a)| Row { n, a, k: id as i64, ..Row::new(id) }))
    }

    fn small() -> Select<Row> {
        select::<Row>().filter(Row::ID.lt(1_000))
    }

    #[test]
    fn a_selected_condition_is_none_where_it_is_unknown() -> memorm::Result<()> {
        let db = numbers()?;
        let rows = small().select((Row::ID, Row::N.gt(1))).all(&db)?;
        assert_eq!(rows, [(1, Some(false)), (2, Some(true)), (3, None)]);
        assert_eq!(small().select(!Row::N.gt(1)).all(&db)?, [Some(true), Some(false), None]);
        assert_eq!(small().select(Row::N.gt(1) | Row::A).all(&db)?, [Some(true), Some(true), None]);
        assert_eq!(small().select(Row::N.gt(1) & Row::A).all(&db)?, [Some(false), None, Some(false)]);
        assert_eq!(small().select(Row::N.in_([Some(1), None])).all(&db)?, [Some(true), None, None]);
        assert_eq!(small().select(Row::N.in_([0_i64; 0])).all(&db)?, [Some(false); 3]);
        assert_eq!(small().select(Row::N.is_none()).all(&db)?, [Some(false), Some(false), Some(true)]);
        Ok(())
    }

    #[test]
    fn a_selected_condition_can_be_named() -> memorm::Result<()> {
        let db = numbers()?;
        let row = small().select((Row::N.gt(1).label("large"), Row::N.le(1))).mappings(&db)?.remove(1);
        assert_eq!(row[0], ("large".to_owned(), Value::Bool(true)));
        assert_eq!(row[1], ("n <= 1".to_owned(), Value::Bool(false)));
        Ok(())
    }

    #[test]
    fn rows_are_sorted_by_a_condition_false_first_unknown_last() -> memorm::Result<()> {
        let db = numbers()?;
        let ids = |query: Select<Row>| query.select(Row::ID).all(&db);
        assert_eq!(ids(small().order_by(Row::N.le(1)))?, [2, 1, 3]);
        assert_eq!(ids(small().order_by(Row::N.le(1).desc()))?, [3, 1, 2]);
        assert_eq!(ids(small().order_by((Row::N.le(1).nulls_first(), Row::ID)))?, [3, 2, 1]);
        assert_eq!(ids(small().order_by((Row::N.le(1), Row::ID)).after(2))?, [1, 3], "a page by a condition");
        Ok(())
    }

    #[test]
    fn rows_are_grouped_by_a_condition() -> memorm::Result<()> {
        let db = numbers()?;
        let groups = small().group_by(Row::N.gt(1)).aggregate((count(), Row::K.sum())).all(&db)?;
        assert_eq!(groups, [(Some(false), (1, Some(1))), (Some(true), (1, Some(2))), (None, (1, Some(3)))]);
        assert_eq!(small().select(Row::ID.gt(1)).distinct().all(&db)?, [Some(false), Some(true)]);
        Ok(())
    }

    #[test]
    fn aggregates_of_a_condition_pass_over_unknown() -> memorm::Result<()> {
        let db = numbers()?;
        let of = || Row::N.gt(1);
        let found = small().aggregate((count_of(of()), count_distinct(of()), of().min(), of().max()), &db)?;
        assert_eq!(found, (2, 2, Some(false), Some(true)));
        Ok(())
    }

    #[test]
    fn a_window_takes_conditions() -> memorm::Result<()> {
        let by = partition_by(Row::N.is_none()).order_by(Row::N.eq(2));
        let rows = small().select((Row::ID, row_number().over(by.clone()), lag(Row::N.eq(2), 1).over(by)));
        assert_eq!(rows.all(&numbers()?)?, [(1, 1, None), (2, 2, Some(false)), (3, 1, None)]);
        Ok(())
    }

    #[test]
    fn a_condition_is_a_value_of_a_case() -> memorm::Result<()> {
        let db = numbers()?;
        let first = case().when(Row::ID.eq(2), Row::N.eq(2)).end();
        assert_eq!(small().select(first).all(&db)?, [None, Some(true), None]);
        let later = case().when(Row::ID.eq(1), None::<bool>).when(Row::ID.eq(2), Row::N.eq(2));
        let choice = later.otherwise(Row::N.is_some());
        assert_eq!(small().select(choice.clone()).all(&db)?, [None, Some(true), Some(false)]);
        assert_eq!(Row::truths(&db, choice.eq(true))?, "?tf");
        Ok(())
    }

    #[test]
    fn conditions_are_compared() -> memorm::Result<()> {
        let db = numbers()?;
        let large = || Row::N.gt(1);
        for (filter, expected) in [
            (large().eq(true), "ft?"),
            (large().ne(true), "tf?"),
            (large().eq(Row::A), "f??"),
            (Row::A.eq(large()), "f??"),
            (large().lt(Row::ID.eq(1)), "tf?"),
            (large().between(false, true), "tt?"),
            (large().in_([true]), "ft?"),
            (large().in_([Some(true), None]), "?t?"),
            (large().in_(small().filter(Row::ID.eq(2)).select(Row::N.eq(2))), "ft?"),
            (large().is_none(), "fft"),
            (large().is_some(), "ttf"),
            (large().is_distinct_from(None::<bool>), "ttf"),
            (large().is_distinct_from(Row::N.is_some()), "tft"),
            (!large().coalesce(true), "tff"),
            (large().map(|large| *large == Some(false)).eq(true), "tff"),
        ] {
            assert_eq!(Row::truths(&db, filter.clone())?, expected, "{filter:?}");
            let values: String = (small().select(filter.clone()).all(&db)?.iter())
                .map(|truth| truth.map_or('?', |yes| if yes { 't' } else { 'f' }))
                .collect();
            assert_eq!(values, expected, "{filter:?}, selected");
        }
        Ok(())
    }

    #[test]
    fn a_column_is_set_to_a_condition() -> memorm::Result<()> {
        let db = numbers()?;
        let change = update::<Row>().filter(Row::ID.lt(1_000)).set(Row::A, Row::N.gt(1));
        let returning = change.returning((Row::A, Row::A.is_none()));
        let rows = db.transaction(|s| returning.all(s))?;
        assert_eq!(rows, [(Some(false), Some(false)), (Some(true), Some(false)), (None, Some(true))]);
        Ok(())
    }

    #[test]
    fn exists_is_a_value_too() -> memorm::Result<()> {
        let db = numbers()?;
        let (two, nine) = (exists(select::<Row>().filter(Row::N.eq(2))), exists(select::<Row>().filter(Row::N.eq(9))));
        assert_eq!(small().limit(1).select((two.clone(), nine.clone())).all(&db)?, [(Some(true), Some(false))]);
        assert_eq!(Row::truths(&db, Row::A.eq(two.clone()))?, "t?f");
        assert_eq!(Row::truths(&db, case().when(Row::ID.eq(1), nine).otherwise(two).eq(true))?, "ftt");
        let most = || select::<Row>().filter(Row::ID.lt(1_000)).scalar(Row::N.max());
        assert_eq!(small().limit(1).select(most().gt(1)).all(&db)?, [Some(true)]);
        assert_eq!(Row::truths(&db, Row::A.eq(most().gt(1)))?, "t?f");
        Ok(())
    }

    #[test]
    fn a_selected_condition_without_a_value_is_an_error() -> memorm::Result<()> {
        let db = numbers()?;
        let faulty = || (Row::K / (Row::K - 2)).gt(0);
        let failed = small().select(faulty()).all(&db);
        assert!(matches!(failed, Err(Error::Arithmetic { .. })), "{failed:?}");
        let settled = small().select(faulty() & Row::ID.ne(2)).all(&db)?;
        assert_eq!(settled, [Some(false), Some(false), Some(true)]);
        Ok(())
    }
}

#[test]
fn comparisons_of_conditions_are_printed_and_written_with_parentheses() -> memorm::Result<()> {
    use crate::models::Plain as Row;
    let filter = Row::N.gt(1).eq(Row::A.eq(true) | Row::B);
    assert_eq!(filter.inspect().to_string(), "(n > 1) = (a = true or b)");
    let query =
        select::<Row>().order_by(Row::N.gt(1)).select((Row::N.gt(1).label("x"), !Row::N.gt(1).is_none()));
    assert_eq!(
        query.to_sql(Dialect::Postgres)?.text,
        r#"SELECT "n" > $1::int8 AS "x", ("n" > $2::int8) IS NOT NULL FROM "plain" ORDER BY "n" > $3::int8"#
    );
    assert_eq!(
        query.to_sql(Dialect::Sqlite)?.text,
        r#"SELECT "n" > ? AS "x", ("n" > ?) IS NOT NULL FROM "plain" ORDER BY "n" > ? NULLS LAST"#
    );
    Ok(())
}
