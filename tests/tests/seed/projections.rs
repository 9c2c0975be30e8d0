//! Columns instead of rows, labels, `case`.
use crate::models::{ProductWithIndex, products_of_vendors};
use memorm::prelude::*;

type P = ProductWithIndex;

fn expected() -> [(u64, String, String); 3] {
    [(1, "foo", "A"), (2, "bar", "B"), (3, "foobar", "B")].map(|(id, n, c)| (id, n.to_owned(), c.to_owned()))
}

#[test]
fn whole_rows_have_all_columns() -> memorm::Result<()> {
    let rows = select::<P>().all(&products_of_vendors()?)?;
    let parts: Vec<_> = rows.iter().map(|r| (r.id, r.name.clone(), r.category.clone())).collect();
    assert_eq!(parts, expected());
    Ok(())
}

#[test]
fn a_projection_has_the_chosen_columns() -> memorm::Result<()> {
    let rows = select::<P>().select((P::ID, P::NAME, P::CATEGORY)).all(&products_of_vendors()?)?;
    assert_eq!(rows, expected());
    Ok(())
}

#[test]
fn a_projection_becomes_a_struct() -> memorm::Result<()> {
    #[derive(Projection, Debug, PartialEq)]
    struct Dto {
        id: u64,
        name: String,
        category: String,
    }
    let rows: Vec<Dto> =
        select::<P>().select((P::ID, P::NAME, P::CATEGORY)).all_as(&products_of_vendors()?)?;
    let parts: Vec<_> = rows.into_iter().map(|r| (r.id, r.name, r.category)).collect();
    assert_eq!(parts, expected());
    Ok(())
}

#[test]
fn labels_name_the_columns_of_mappings() -> memorm::Result<()> {
    let query = select::<P>().select((P::ID.label("product_id"), P::NAME.label("product_name"), P::CATEGORY));
    let mappings = query.mappings(&products_of_vendors()?)?;
    let shown: Vec<Vec<String>> = mappings
        .iter()
        .map(|row| row.iter().map(|(label, value)| format!("{label}={value}")).collect())
        .collect();
    assert_eq!(
        shown,
        [
            ["product_id=1", "product_name=\"foo\"", "category=\"A\""],
            ["product_id=2", "product_name=\"bar\"", "category=\"B\""],
            ["product_id=3", "product_name=\"foobar\"", "category=\"B\""],
        ]
    );
    Ok(())
}

fn level() -> Expr<P, String> {
    case().when(P::ID.ge(3), "High").when(P::ID.lt(2), "Low").otherwise("Medium")
}

#[test]
fn case_chooses_the_first_branch_that_fits() -> memorm::Result<()> {
    let rows = select::<P>().select((P::ID, level().label("test"))).mappings(&products_of_vendors()?)?;
    let shown: Vec<String> = rows.iter().map(|row| format!("{}: {}", row[1].0, row[1].1)).collect();
    assert_eq!(shown, ["test: \"Low\"", "test: \"Medium\"", "test: \"High\""]);
    Ok(())
}

#[test]
fn case_filters_sorts_and_updates_as_well() -> memorm::Result<()> {
    let db = products_of_vendors()?;
    let ids = |query: Select<P>| query.select(P::ID).all(&db);
    assert_eq!(ids(select::<P>().filter(level().eq("Medium")))?, [2]);
    assert_eq!(ids(select::<P>().order_by(level()))?, [3, 1, 2]);
    db.transaction(|s| update::<P>().set(P::NAME, level()).exec(s))?;
    assert_eq!(select::<P>().select(P::NAME).all(&db)?, ["Low", "Medium", "High"]);
    Ok(())
}

#[test]
fn a_printed_table_has_the_labels_and_the_values() -> memorm::Result<()> {
    let text = select::<P>().select((P::ID.label("no"), P::NAME)).to_table(&products_of_vendors()?)?;
    for part in ["no", "name", "1", "foo", "2", "bar", "3", "foobar"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    Ok(())
}
