//! The result of each form of a query has the same shape and the same rows as in a relational database.
use crate::models::{ProductWithIndex, Vendor};
use memorm::prelude::*;

type P = ProductWithIndex;

fn three_foos() -> memorm::Result<Database> {
    let db = Database::new();
    db.transaction(|s| {
        s.add(Vendor { id: 10, name: "First vendor".into() })?;
        let product = |category: &str| P { vendor_id: Some(10), ..P::new("foo", category) };
        s.add_all([product("A"), product("A"), product("B")])
    })?;
    Ok(db)
}

#[test]
fn a_select_gives_whole_rows() -> memorm::Result<()> {
    let rows: Vec<Arc<P>> = select::<P>().all(&three_foos()?)?;
    assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [1, 2, 3]);
    Ok(())
}

#[test]
fn a_select_of_columns_gives_tuples() -> memorm::Result<()> {
    let rows: Vec<(u64, String)> = select::<P>().select((P::ID, P::NAME)).all(&three_foos()?)?;
    assert_eq!(rows, [(1, "foo".into()), (2, "foo".into()), (3, "foo".into())]);
    Ok(())
}

#[test]
fn the_session_runs_a_query_as_the_query_runs_on_the_session() -> memorm::Result<()> {
    let session = three_foos()?.session();
    assert_eq!(session.all(select::<P>())?, select::<P>().all(&session)?);
    let columns = select::<P>().select((P::ID, P::NAME));
    assert_eq!(session.all(&columns)?, columns.all(&session)?);
    Ok(())
}

#[test]
fn one_column_gives_its_values() -> memorm::Result<()> {
    let ids: Vec<u64> = select::<P>().select(P::ID).all(&three_foos()?)?;
    assert_eq!(ids, [1, 2, 3]);
    Ok(())
}

#[test]
fn the_first_of_one_column_is_a_scalar() -> memorm::Result<()> {
    let id: Option<u64> = select::<P>().select(P::ID).first(&three_foos()?)?;
    assert_eq!(id, Some(1));
    Ok(())
}

#[test]
fn iter_gives_the_rows_of_all_one_by_one() -> memorm::Result<()> {
    let snapshot = three_foos()?.snapshot();
    let query = select::<P>().filter(P::CATEGORY.eq("A"));
    let walked: Vec<Arc<P>> = query.iter(&snapshot).map(|row| row.cloned()).collect::<memorm::Result<_>>()?;
    assert_eq!(walked, query.all(&snapshot)?);
    let columns = query.select((P::ID, P::NAME));
    assert_eq!(columns.iter(&snapshot).collect::<memorm::Result<Vec<_>>>()?, columns.all(&snapshot)?);
    Ok(())
}
