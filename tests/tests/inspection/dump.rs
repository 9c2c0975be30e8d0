//! `snapshot.dump()`.
use crate::models::{Item, Passport, Vendor};
use memorm::prelude::*;

fn fill(s: &mut Session) -> memorm::Result<()> {
    let acme = s.add(Vendor::new("acme \"best\"\n"))?;
    s.add(Item::new("b", acme.id, 2.0))?;
    s.add(Item::new("a", acme.id, f64::NAN))?;
    s.add(Passport { vendor_id: acme.id, number: vec![1, 171], seal: (1, 2) })?;
    Ok(())
}

#[test]
fn a_dump_has_tables_by_name_and_rows_in_row_order() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(fill)?;
    let expected = r#"items (id, sku, vendor_id, price, note, revision)
  1, "b", 1, 2.0, null, 1
  2, "a", 1, NaN, null, 1

passports (vendor_id, number, seal)
  1, 0x01ab, ?

vendors (id, name, parent_id)
  1, "acme \"best\"\n", null
"#;
    assert_eq!(db.snapshot().dump(), expected);
    Ok(())
}

#[test]
fn an_absent_table_and_an_empty_one_dump_alike() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(fill)?;
    db.clear();
    assert_eq!(db.snapshot().dump(), "");
    assert_eq!(Database::new().snapshot().dump(), "");
    Ok(())
}
