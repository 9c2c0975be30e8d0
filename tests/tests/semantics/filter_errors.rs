//! Errors inside filters.
use crate::models::with_and_without_index;
use memorm::prelude::*;

with_and_without_index! {
    /// True where `k` is not 0, else an error.
    fn error() -> Filter<Row> {
        (Row::K / Row::K).eq(1)
    }

    /// A condition on a row where `a` is this and `error()` is an error: true, false, unknown or an error.
    fn outcome(a: Option<bool>, filter: Filter<Row>) -> memorm::Result<char> {
        let db = Row::among_others([Row { a, k: 0, ..Row::new(1) }])?;
        Ok(match (Row::ids(&db, filter.clone()), Row::ids(&db, !filter)) {
            (Err(_), Err(_)) => 'E',
            (yes, no) => match (yes?.len(), no?.len()) {
                (1, 0) => 't',
                (0, 1) => 'f',
                (0, 0) => '?',
                both => panic!("{both:?}"),
            },
        })
    }

    #[test]
    fn an_error_alone_is_an_error_negated_too() -> memorm::Result<()> {
        assert_eq!(outcome(None, error())?, 'E');
        assert_eq!(outcome(None, !error())?, 'E');
        assert_eq!(outcome(None, !!error())?, 'E');
        Ok(())
    }

    #[test]
    fn an_error_in_a_case_without_a_value_is_an_error() -> memorm::Result<()> {
        let case = case().when(error(), None::<bool>).end();
        assert_eq!(outcome(None, !!case)?, 'E');
        Ok(())
    }

    #[test]
    fn false_and_error_is_false_in_any_order() -> memorm::Result<()> {
        assert_eq!(outcome(Some(false), Row::A & error())?, 'f');
        assert_eq!(outcome(Some(false), error() & Row::A)?, 'f');
        assert_eq!(outcome(Some(false), !error() & Row::A)?, 'f');
        Ok(())
    }

    #[test]
    fn unknown_and_error_is_unknown_in_any_order() -> memorm::Result<()> {
        assert_eq!(outcome(None, Row::A & error())?, '?');
        assert_eq!(outcome(None, error() & Row::A)?, '?');
        assert_eq!(outcome(None, error() & !Row::A)?, '?');
        Ok(())
    }

    #[test]
    fn true_or_error_is_true_in_any_order() -> memorm::Result<()> {
        assert_eq!(outcome(Some(true), Row::A | error())?, 't');
        assert_eq!(outcome(Some(true), error() | Row::A)?, 't');
        assert_eq!(outcome(Some(false), error() | !Row::A)?, 't');
        Ok(())
    }

    #[test]
    fn true_and_error_is_an_error_and_so_is_false_or_error() -> memorm::Result<()> {
        assert_eq!(outcome(Some(true), Row::A & error())?, 'E');
        assert_eq!(outcome(Some(true), error() & Row::A)?, 'E');
        assert_eq!(outcome(Some(false), Row::A | error())?, 'E');
        assert_eq!(outcome(Some(false), error() | Row::A)?, 'E');
        Ok(())
    }

    #[test]
    fn the_order_of_three_operands_decides_nothing() -> memorm::Result<()> {
        for a in [Some(true), Some(false), None] {
            let parts = [Row::A & Row::A, error(), Row::K.eq(0)];
            let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
            let of = |[x, y, z]: [usize; 3], join: fn(Filter<Row>, Filter<Row>) -> Filter<Row>| {
                let left = join(join(parts[x].clone(), parts[y].clone()), parts[z].clone());
                let right = join(parts[x].clone(), join(parts[y].clone(), parts[z].clone()));
                Ok::<_, memorm::Error>([outcome(a, left)?, outcome(a, right)?])
            };
            let and = match a {
                Some(true) => 'E',
                Some(false) => 'f',
                None => '?',
            };
            for order in orders {
                assert_eq!(of(order, |x, y| x & y)?, [and; 2], "and {a:?} {order:?}");
                assert_eq!(of(order, |x, y| x | y)?, ['t'; 2], "or {a:?} {order:?}");
            }
        }
        Ok(())
    }

    #[test]
    fn filters_one_after_the_other_are_joined_by_and() -> memorm::Result<()> {
        let db = Row::among_others([Row { a: Some(false), ..Row::new(1) }])?;
        assert_eq!(select::<Row>().filter(Row::ID.lt(1_000)).filter(Row::A).filter(error()).count(&db)?, 0);
        assert_eq!(select::<Row>().filter(error()).filter(Row::A).filter(Row::ID.lt(1_000)).count(&db)?, 0);
        assert!(select::<Row>().filter(error()).filter(!Row::A).count(&db).is_err());
        Ok(())
    }

    /// Rows 5, 3, 4 in this order; 3 and 4 have no `k`.
    fn two_faults() -> memorm::Result<Database> {
        let row = |id, k, n| Row { k, n, ..Row::new(id) };
        Row::among_others([row(5, 7, Some(1)), row(3, 0, Some(1)), row(4, 0, Some(2))])
    }

    fn key_of<T: std::fmt::Debug>(result: memorm::Result<T>) -> String {
        match result {
            Err(memorm::Error::Arithmetic { key, .. }) => key,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_error_is_that_of_the_first_row_in_row_order() -> memorm::Result<()> {
        let db = two_faults()?;
        let query = select::<Row>().filter(error());
        assert_eq!(key_of(query.all(&db)), "3");
        assert_eq!(key_of(query.clone().order_by(Row::ID.desc()).all(&db)), "3");
        assert_eq!(key_of(query.clone().order_by(Row::N.desc()).limit(1).all(&db)), "3");
        assert_eq!(key_of(query.count(&db)), "3");
        assert_eq!(key_of(query.aggregate(count(), &db)), "3");
        assert_eq!(key_of(select::<Row>().order_by(Row::K / Row::K).all(&db)), "3");
        assert_eq!(key_of(select::<Row>().select(Row::K / Row::K).all(&db)), "3");
        assert_eq!(key_of(select::<Row>().aggregate((Row::K / Row::K).sum(), &db)), "3");
        assert_eq!(key_of(select::<Row>().select(Row::K / Row::K).distinct().all(&db)), "3");
        assert_eq!(key_of(query.clone().filter(Row::N.eq(2)).all(&db)), "4");
        let mut session = db.session();
        assert_eq!(key_of(update::<Row>().filter(error()).set(Row::N, 0).exec(&mut session)), "3");
        assert_eq!(key_of(update::<Row>().set(Row::N, Row::K / Row::K).exec(&mut session)), "3");
        assert_eq!(key_of(delete::<Row>().filter(error()).exec(&mut session)), "3");
        Ok(())
    }

    #[test]
    fn a_filter_that_can_fail_is_never_cut_short_by_an_index() -> memorm::Result<()> {
        let db = two_faults()?;
        let query = select::<Row>().filter(Row::N.eq(2) & error());
        assert!(query.explain(&db).is_err());
        let fine = select::<Row>().filter(Row::N.eq(7) & error());
        assert!(fine.explain(&db)?.access.starts_with("scan"));
        // in the order of `k`, the first row is found before any row that fails
        let walk = select::<Row>().filter(error()).order_by(Row::K.desc()).limit(1);
        assert_eq!(key_of(walk.all(&db)), "3");
        assert_eq!(key_of(walk.first(&db)), "3");
        Ok(())
    }

    #[test]
    fn what_stops_early_does_not_meet_later_errors() -> memorm::Result<()> {
        let row = |id, k| Row { k, ..Row::new(id) };
        let db = Database::new();
        db.transaction(|s| s.add_all((1..=5_000).map(|id| row(id, i64::from(id < 4_000)))))?;
        let query = select::<Row>().filter(error());
        assert_eq!(query.first(&db)?.map(|r| r.id), Some(1));
        assert_eq!(query.clone().limit(3).all(&db)?.len(), 3);
        assert!(query.exists(&db)?);
        assert!(query.all(&db).is_err());
        assert!(query.clone().filter(Row::ID.gt(4_500)).first(&db).is_err());
        Ok(())
    }

    #[test]
    fn iter_gives_the_rows_before_the_error_and_ends() -> memorm::Result<()> {
        let row = |id, k| Row { k, ..Row::new(id) };
        let db = Database::new();
        db.transaction(|s| s.add_all((1..=100).map(|id| row(id, i64::from(id != 70)))))?;
        let (snapshot, query) = (db.snapshot(), select::<Row>().filter(error()));
        let mut rows = query.iter(&snapshot);
        for id in 1..70 {
            assert_eq!(rows.next().transpose()?.map(|r| r.id), Some(id));
        }
        assert_eq!(key_of(rows.next().transpose()), "70");
        assert!(rows.next().is_none());
        Ok(())
    }

    #[test]
    fn errors_of_branches_that_are_not_taken_do_not_count() -> memorm::Result<()> {
        let db = two_faults()?;
        let safe = case().when(Row::K.eq(0), 0i64).otherwise(Row::K / Row::K);
        assert_eq!(Row::ids(&db, safe.eq(1))?, [5]);
        let safe = Row::N.coalesce(Row::K / Row::K);
        assert_eq!(Row::ids(&db, safe.eq(1))?, [5, 3]);
        Ok(())
    }

    #[test]
    fn a_closure_does_not_see_rows_that_earlier_conditions_refuse() -> memorm::Result<()> {
        let db = two_faults()?;
        let query = select::<Row>().filter(Row::K.gt(0)).filter_with(|r| 1 / r.k >= 0);
        assert_eq!(query.filter(Row::ID.lt(1_000)).select(Row::ID).all(&db)?, [5]);
        Ok(())
    }
}
