//! Feature `rayon`: threads change how long a statement takes, and nothing else.
use memorm::prelude::*;
use std::collections::HashSet;
use std::sync::Mutex;
use std::thread::ThreadId;

#[derive(Model, Clone, Debug, PartialEq)]
struct Sample {
    #[model(primary_key)]
    id: u64,
    group: u32,
    value: Option<f64>,
    text: String,
    /// Zero in two rows.
    divisor: u64,
}

/// Enough for several rounds of batches that are filtered at the same time.
const ROWS: u64 = 150_000;

fn samples() -> memorm::Result<Database> {
    let db = Database::new();
    let mixed = |n: u64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) >> 40;
    db.transaction(|s| {
        s.add_all((0..ROWS).map(|id| Sample {
            id,
            group: (mixed(id) % 50) as u32,
            value: (mixed(id + 1) % 9 > 0).then(|| mixed(id + 2) as f64 / 7.0),
            text: format!("{:04}", mixed(id + 3) % 5_000),
            divisor: u64::from(id != 80_000 && id != 140_000),
        }))
    })?;
    Ok(db)
}

/// Does something with so many threads.
fn with_threads<T: Send>(threads: usize, run: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    pool.install(run)
}

/// What a set of statements answers, errors and counts included.
fn answers(db: &Database) -> memorm::Result<Vec<String>> {
    let all = || select::<Sample>();
    let few = || all().filter(Sample::GROUP.lt(20) & (Sample::VALUE.gt(9_000.0) | Sample::TEXT.like("1%")));
    let sums =
        few().aggregate((count(), Sample::VALUE.sum(), Sample::VALUE.avg(), Sample::VALUE.max()), db)?;
    let groups = few().group_by(Sample::GROUP).aggregate((count(), Sample::VALUE.sum()));
    let fails = all().filter((Sample::ID % Sample::DIVISOR).eq(0));
    let fails_late = all().aggregate((count(), (Sample::ID % Sample::DIVISOR).sum()), db);
    let by_text = all().group_by(Sample::TEXT).aggregate((Sample::VALUE.avg(), Sample::VALUE.stddev()));
    Ok(vec![
        format!("{:?}", few().all(db)?),
        format!("{:?}", few().first(db)?),
        format!("{:?}", few().offset(9_000).limit(5).all(db)?),
        format!("{:?}", few().order_by((Sample::VALUE.desc(), Sample::TEXT)).all(db)?),
        format!("{:?}", all().order_by(Sample::TEXT).select(Sample::ID).all(db)?),
        format!("{:?}", few().order_by(Sample::TEXT.desc()).limit(50).all(db)?),
        format!("{:?}", all().filter_with(|s| s.id % 1_000 == 7).all(db)?),
        format!("{:?}", sums),
        format!("{:?}", groups.all(db)?),
        format!("{:?}", few().select(Sample::GROUP).distinct().all(db)?),
        format!("{:?}", fails.all(db).map_err(|error| error.to_string())),
        format!("{:?}", few().limit(3).explain(db)?),
        format!("{:?}", fails_late.map_err(|error| error.to_string())),
        format!("{:?}", by_text.all(db)?),
    ])
}

#[test]
fn one_two_and_four_threads_answer_alike() -> memorm::Result<()> {
    let db = samples()?;
    let alone = with_threads(1, || answers(&db))?;
    assert!(alone.iter().all(|answer| answer.len() > 10), "{alone:?}");
    for failed in [&alone[10], &alone[12]] {
        assert!(failed.contains("80000") && failed.contains("division by zero"), "{failed}");
    }
    for threads in [2, 4] {
        for (one, many) in alone.iter().zip(with_threads(threads, || answers(&db))?) {
            assert!(*one == many, "{threads} threads: {:.300} is not {one:.300}", many);
        }
    }
    Ok(())
}

#[test]
fn a_loop_over_plain_rows_finds_the_same() -> memorm::Result<()> {
    let db = samples()?;
    let rows = select::<Sample>().all(&db)?;
    let expected: Vec<u64> = rows
        .iter()
        .filter(|row| row.group == 7 && row.value.is_some_and(|v| v < 5e5))
        .map(|row| row.id)
        .collect();
    let found = select::<Sample>().filter(Sample::GROUP.eq(7) & Sample::VALUE.lt(5e5));
    assert_eq!(found.select(Sample::ID).all(&db)?, expected);
    Ok(())
}

#[test]
fn a_sum_of_floats_adds_them_in_row_order_to_the_last_bit() -> memorm::Result<()> {
    let db = samples()?;
    let mut by_group = [(-0.0, 0); 50];
    for row in select::<Sample>().all(&db)? {
        if let Some(value) = row.value {
            let (sum, count) = &mut by_group[row.group as usize];
            (*sum, *count) = (*sum + value / 3.0, *count + 1);
        }
    }
    let thirds = || Sample::VALUE / 3.0;
    let groups = select::<Sample>().group_by(Sample::GROUP).aggregate((thirds().sum(), thirds().avg()));
    for (group, (sum, avg)) in with_threads(4, || groups.all(&db))? {
        let (expected, count) = by_group[group as usize];
        assert_eq!(sum.map(f64::to_bits), Some(f64::to_bits(expected)), "group {group}");
        assert_eq!(avg, Some(expected / f64::from(count)), "group {group}");
    }
    Ok(())
}

#[test]
fn large_tables_are_filtered_by_several_threads_and_small_ones_by_the_caller() -> memorm::Result<()> {
    let db = samples()?;
    let seen: Mutex<HashSet<ThreadId>> = Mutex::new(HashSet::new());
    let seen: &'static Mutex<HashSet<ThreadId>> = Box::leak(Box::new(seen));
    let threads = |limit: Option<usize>| {
        seen.lock().expect("not poisoned").clear();
        let query = select::<Sample>().filter_with(move |_| {
            seen.lock().expect("not poisoned").insert(std::thread::current().id());
            true
        });
        let query = match limit {
            Some(limit) => query.limit(limit),
            None => query,
        };
        with_threads(4, || query.all(&db)).map(|_| seen.lock().expect("not poisoned").len())
    };
    assert!(threads(None)? > 1);
    assert_eq!(threads(Some(100))?, 1);
    Ok(())
}
