//! One model twice, without an index and with one on every column: the plan must not change an answer.
use memorm::prelude::*;

macro_rules! model { ($Name:ident, $table:literal, { $($index:meta)? }) => {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[model(table = $table)]
    pub struct $Name {
        #[model(primary_key)]
        pub id: u64,
        $(#[$index])?
        pub a: Option<bool>,
        $(#[$index])?
        pub b: Option<bool>,
        $(#[$index])?
        pub n: Option<i64>,
        $(#[$index])?
        pub k: i64,
        $(#[$index])?
        pub x: f64,
        $(#[$index])?
        pub y: Option<f64>,
        $(#[$index])?
        pub s: Option<String>,
    }

    impl $Name {
        /// A row whose other fields do not matter.
        pub fn new(id: u64) -> Self {
            Self { id, a: None, b: None, n: None, k: 0, x: 0.0, y: None, s: None }
        }

        /// These rows between others with keys from 1,000 on, so that an index is worth its use. The others have
        /// values of their own.
        pub fn among_others(rows: impl IntoIterator<Item = Self>) -> memorm::Result<Database> {
            let other = |i: u64| Self {
                n: Some(1_000_000 + i as i64),
                k: 1_000_000 + i as i64,
                x: 1e100 + i as f64 * 1e90,
                y: Some(1e100 + i as f64 * 1e90),
                s: Some(format!("~{i}")),
                ..Self::new(1_000 + i)
            };
            let db = Database::new();
            db.transaction(|s| s.add_all((0..150).map(other)))?;
            let rows: Vec<Self> = rows.into_iter().collect();
            db.transaction(|s| s.add_all(rows.clone()))?;
            db.transaction(|s| s.add_all((150..300).map(other)))?;
            Ok(db)
        }

        /// The keys of the rows below 1,000 for which the condition is true.
        pub fn ids(db: &Database, filter: Filter<Self>) -> memorm::Result<Vec<u64>> {
            select::<Self>().filter(filter).filter(Self::ID.lt(1_000)).select(Self::ID).all(db)
        }

        /// What the condition is for rows 1, 2, 3 …: true, false or unknown.
        pub fn truths(db: &Database, filter: Filter<Self>) -> memorm::Result<String> {
            let (yes, no) = (Self::ids(db, filter.clone())?, Self::ids(db, !filter)?);
            let rows = select::<Self>().filter(Self::ID.lt(1_000)).count(db)? as u64;
            let truth = |id| match (yes.contains(&id), no.contains(&id)) {
                (true, false) => 't',
                (false, true) => 'f',
                (false, false) => '?',
                (true, true) => '!',
            };
            Ok((1..=rows).map(truth).collect())
        }
    }
} }

model! { Plain, "plain", {} }
model! { Indexed, "indexed", { model(index) } }

/// Writes each test twice, over `Plain` and over `Indexed`, both called `Row`.
macro_rules! with_and_without_index { ($($tests:tt)*) => {
    mod without_index {
        #[allow(unused_imports, reason = "not each list of tests needs all")]
        use super::*;
        use crate::models::Plain as Row;
        $($tests)*
    }
    mod with_index {
        #[allow(unused_imports, reason = "not each list of tests needs all")]
        use super::*;
        use crate::models::Indexed as Row;
        $($tests)*
    }
} }
pub(crate) use with_and_without_index;

#[test]
fn the_indexes_are_used() -> memorm::Result<()> {
    type Row = Indexed;
    let db = Row::among_others([Row { n: Some(1), k: 1, x: 1.0, s: Some("s".into()), ..Row::new(1) }])?;
    let conditions = [
        Row::A.eq(true),
        Row::N.eq(1),
        Row::N.is_none(),
        Row::K.between(0, 1),
        Row::X.lt(2),
        Row::Y.is_none(),
        Row::S.in_(["s"]),
        Row::S.starts_with("s"),
    ];
    for condition in conditions {
        let explain = select::<Row>().filter(condition).explain(&db)?;
        assert!(explain.access.starts_with("index"), "{explain}");
    }
    type P = Plain;
    let explain = select::<P>().filter(P::N.eq(1)).explain(&P::among_others([])?)?;
    assert!(explain.access.starts_with("scan"), "{explain}");
    Ok(())
}
