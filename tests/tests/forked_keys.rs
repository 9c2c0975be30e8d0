//! Keys that memorm assigns go on from the version that was forked, however it came to be.
use memorm::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[model(constructor = new)]
struct Event {
    #[model(primary_key, auto)]
    id: u64,
    name: String,
}

#[test]
fn a_fork_goes_on_counting_after_rows_that_were_added_behind_a_query() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|session| {
        session.add(Event::new("first"))?;
        assert_eq!(select::<Event>().count(session)?, 1);
        session.add_all([Event::new("second"), Event::new("third")])
    })?;
    let fork = db.fork();
    let event = fork.transaction(|session| session.add(Event::new("fourth")))?;
    assert_eq!(event.id, 4);
    fork.assert_consistent();
    Ok(())
}
