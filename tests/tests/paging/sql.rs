//! `after` as SQL.
use super::models::{Item, Seat};
use memorm::prelude::*;

#[test]
fn a_page_compares_sort_keys_with_those_of_its_row() -> memorm::Result<()> {
    let page = select::<Item>()
        .filter(Item::NAME.eq("a"))
        .order_by((Item::PRICE.desc(), Item::ID))
        .after(7)
        .limit(2);
    let sql = page.select(Item::ID).to_sql(Dialect::Sqlite)?;
    let price = r#"(SELECT "price" FROM "items" WHERE "id" = ?)"#;
    assert_eq!(
        sql.text,
        format!(
            r#"SELECT "id" FROM "items" WHERE ("price" < {price} OR "price" = {price} AND "id" > ?) AND "name" = ? ORDER BY "price" DESC, "id" LIMIT 2"#
        )
    );
    assert_eq!(sql.parameters, [7.into(), 7.into(), 7.into(), Value::from("a")]);
    Ok(())
}

#[test]
fn a_key_alone_needs_no_subquery() -> memorm::Result<()> {
    let seats =
        select::<Seat>().order_by((Seat::ROW, Seat::PLACE.desc())).after((3, "b")).select(Seat::PRICE);
    assert_eq!(
        seats.to_sql(Dialect::Postgres)?.text,
        r#"SELECT "price" FROM "seats" WHERE "row" > $1::int8 OR "row" = $2::int8 AND "place" < $3::text ORDER BY "row", "place" DESC"#
    );
    Ok(())
}

#[test]
fn an_order_in_which_rows_may_be_equal_has_no_sql() {
    let says = "no sql for `after` in an order in which rows may be equal: sort by the primary key at last in a statement on items";
    for page in [select::<Item>().order_by(Item::PRICE).after(7), select::<Item>().after(7)] {
        assert_eq!(page.to_sql(Dialect::Sqlite).unwrap_err().to_string(), says);
    }
}
