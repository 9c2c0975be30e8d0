//! User code that panics in the calls of an `Exclusive`, which write straight into the newest version.
use crate::fuse::{At, blows};
use crate::models::{Row, all, database, row};
use memorm::prelude::*;

type Call = fn(&mut Exclusive<'_>) -> memorm::Result<()>;

const CALLS: [(&str, Call); 6] = [
    ("add", |hot| hot.add(row(0, 100)).map(drop)),
    ("add_all", |hot| hot.add_all([row(0, 100), row(50, 101)]).map(drop)),
    ("merge into a row", |hot| hot.merge(row(7, 100)).map(drop)),
    ("upsert", |hot| hot.upsert(row(7, 7), |old, new| old.plain = -new.plain).map(drop)),
    ("delete", |hot| hot.delete_by_key::<Row>(9).map(drop)),
    ("delete with a cascade", |hot| hot.delete_by_key::<Row>(1).map(drop)),
];

#[test]
fn user_code_that_panics_undoes_the_call_of_an_exclusive() -> memorm::Result<()> {
    for at in [At::Clone, At::Check, At::Field, At::Clock] {
        for (name, call) in CALLS {
            for n in 0.. {
                let mut db = database();
                let old = all(&db.snapshot());
                let mut hot = db.exclusive()?;
                let is_blown = blows(at, n, || call(&mut hot));
                if !is_blown {
                    break;
                }
                let what = format!("{name}, call {n} of {at:?}");
                assert_eq!(select::<Row>().filter(Row::PLAIN.gt(0)).count(&hot)?, 12, "{what}");
                assert_eq!(hot.get_one::<Row>(7)?.plain, 7, "{what}");
                drop(hot);
                assert_eq!(all(&db.snapshot()), old, "{what}");
                db.assert_consistent();
                db.exclusive()?.add(row(0, 900))?;
                db.assert_consistent();
            }
        }
    }
    Ok(())
}
