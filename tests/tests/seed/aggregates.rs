//! Aggregates over all rows.
use crate::models::{ProductWithIndex, products_of_vendors};
use memorm::prelude::*;

type P = ProductWithIndex;

#[test]
fn count_of_a_column_counts_its_values() -> memorm::Result<()> {
    let db = products_of_vendors()?;
    assert_eq!(select::<P>().aggregate(count_of(P::PRICE), &db)?, 3);
    db.transaction(|s| s.update::<P>(2, |p| p.price = None))?;
    assert_eq!(select::<P>().aggregate((count_of(P::PRICE), count()), &db)?, (2, 3));
    Ok(())
}

#[test]
fn count_min_max_avg_and_sum_of_one_column() -> memorm::Result<()> {
    let db = products_of_vendors()?;
    let result = select::<P>()
        .aggregate((count_of(P::ID), P::ID.min(), P::ID.max(), P::ID.avg(), P::ID.sum()), &db)?;
    assert_eq!(result, (3, Some(1), Some(3), Some(2.0), Some(6)));
    Ok(())
}

#[test]
fn there_are_more_aggregates() -> memorm::Result<()> {
    let db = products_of_vendors()?;
    let query = select::<P>().order_by(P::ID.desc());
    let result = query.aggregate((P::NAME.first(), P::NAME.last(), count_distinct(P::CATEGORY)), &db)?;
    assert_eq!(result, (Some("foobar".to_owned()), Some("foo".to_owned()), 2));
    let spread = select::<P>().aggregate((P::ID.median(), P::ID.stddev(), P::ID.variance()), &db)?;
    assert_eq!(spread, (Some(2.0), Some(1.0), Some(1.0)));
    assert_eq!(select::<P>().aggregate(P::ID.quantile(0.25), &db)?, Some(1.5));
    Ok(())
}

#[test]
fn aggregates_take_filter_order_and_limit_first() -> memorm::Result<()> {
    let db = products_of_vendors()?;
    assert_eq!(select::<P>().filter(P::CATEGORY.eq("B")).aggregate(P::ID.sum(), &db)?, Some(5));
    assert_eq!(select::<P>().order_by(P::ID.desc()).limit(2).aggregate(P::ID.min(), &db)?, Some(2));
    assert_eq!(select::<P>().aggregate((P::ID * 10).sum(), &db)?, Some(60));
    assert_eq!(select::<P>().aggregate(case().when(P::ID.ge(2), 1i64).otherwise(0).sum(), &db)?, Some(2));
    Ok(())
}
