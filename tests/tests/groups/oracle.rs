//! Random rows, grouped by memorm and by hand.
use memorm::prelude::*;
use memorm_tests::Random;

#[derive(Model, Clone, Debug)]
struct Row {
    #[model(primary_key)]
    id: u64,
    small: i64,
    wide: u64,
    text: String,
    n: Option<i64>,
    x: Option<f64>,
}

fn rows(seed: u64) -> Vec<Row> {
    let mut random = Random(seed);
    let count = 1 + random.below(5_000);
    let spread = 1 + random.below(200);
    let row = |id| Row {
        id,
        small: random.below(spread) as i64 * 97 - 3_000,
        wide: u64::MAX - random.below(spread) * (u64::MAX / 300),
        text: format!("t{}", random.below(spread)),
        n: (random.below(4) > 0).then(|| random.below(1_000) as i64 - 500),
        x: (random.below(4) > 0).then(|| random.below(1_000) as f64 / 4.0 - 50.0),
    };
    (1..=count).map(row).collect()
}

type Results = (u64, u64, u64, Option<i128>, Option<f64>, Option<f64>, Option<i64>, Option<i64>);

/// By the definitions, one group after the other.
fn by_hand<K: PartialEq>(rows: &[Row], key: impl Fn(&Row) -> K) -> Vec<(K, Results)> {
    let mut groups: Vec<(K, Vec<&Row>)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(known, _)| *known == key(row)) {
            Some((_, group)) => group.push(row),
            None => groups.push((key(row), vec![row])),
        }
    }
    let results = |(key, group): (K, Vec<&Row>)| {
        let n: Vec<i64> = group.iter().filter_map(|row| row.n).collect();
        let x: Vec<f64> = group.iter().filter_map(|row| row.x).collect();
        let mut different = n.clone();
        different.sort_unstable();
        different.dedup();
        let sum = n.iter().map(|n| i128::from(*n)).sum::<i128>();
        let results = (
            group.len() as u64,
            n.len() as u64,
            different.len() as u64,
            (!n.is_empty()).then_some(sum),
            (!x.is_empty()).then(|| x.iter().sum::<f64>()),
            (!n.is_empty()).then(|| sum as f64 / n.len() as f64),
            n.iter().copied().min(),
            group.last().and_then(|row| row.n),
        );
        (key, results)
    };
    groups.into_iter().map(results).collect()
}

fn agree<K, P, I>(db: &Database, rows: &[Row], key: P, by: impl Fn(&Row) -> K) -> memorm::Result<()>
where
    K: PartialEq + std::fmt::Debug + 'static,
    P: memorm::expr::GroupKey<Row, I, Out = K>,
{
    let aggregates = (
        count(),
        count_of(Row::N),
        count_distinct(Row::N),
        Row::N.sum(),
        Row::X.sum(),
        Row::N.avg(),
        Row::N.min(),
        Row::N.last(),
    );
    assert_eq!(select::<Row>().group_by(key).aggregate(aggregates).all(db)?, by_hand(rows, by));
    Ok(())
}

#[test]
fn groups_are_those_made_by_hand() -> memorm::Result<()> {
    for seed in 1..=12_u64 {
        let rows = rows(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let db = Database::new();
        db.transaction(|s| s.add_all(rows.clone()))?;
        agree(&db, &rows, Row::SMALL, |row| row.small)?;
        agree(&db, &rows, Row::WIDE, |row| row.wide)?;
        agree(&db, &rows, Row::TEXT, |row| row.text.clone())?;
        agree(&db, &rows, Row::N, |row| row.n)?;
        agree(&db, &rows, Row::X, |row| row.x)?;
        agree(&db, &rows, (Row::TEXT, Row::SMALL % 3), |row| (row.text.clone(), row.small % 3))?;
        agree(&db, &rows, Row::ID % 16, |row| row.id % 16)?;
    }
    Ok(())
}

#[test]
fn ungrouped_aggregates_are_those_of_one_group() -> memorm::Result<()> {
    for seed in 1..=8_u64 {
        let rows = rows(seed.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let db = Database::new();
        db.transaction(|s| s.add_all(rows.clone()))?;
        let aggregates =
            || (count(), Row::N.sum(), Row::X.sum(), Row::ID.sum(), Row::SMALL.avg(), Row::X.median());
        let whole = select::<Row>().aggregate(aggregates(), &db)?;
        let group = select::<Row>().group_by(Row::ID * 0).aggregate(aggregates()).one(&db)?;
        assert_eq!(group, (0, whole));
    }
    Ok(())
}
