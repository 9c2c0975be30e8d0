//! `db.schema()`.
use crate::models::{Boxed, Item, Passport, Sale};
use memorm::prelude::*;

fn shop() -> memorm::Result<Database> {
    let db = Database::new();
    db.register::<Passport>()?;
    db.register::<Item>()?;
    Ok(db)
}

#[test]
fn the_schema_has_what_was_seen_and_what_that_refers_to_by_name() -> memorm::Result<()> {
    let names = |db: &Database| db.schema().tables().iter().map(|t| t.name).collect::<Vec<_>>();
    assert!(names(&Database::new()).is_empty());
    assert_eq!(names(&shop()?), ["items", "passports", "vendors"]);
    let other_order = Database::new();
    other_order.register::<Item>()?;
    other_order.register::<Passport>()?;
    assert_eq!(other_order.schema().to_mermaid(), shop()?.schema().to_mermaid());
    assert_eq!(other_order.schema().to_dot(), shop()?.schema().to_dot());
    Ok(())
}

#[test]
fn mermaid_shows_columns_types_keys_relations_and_indexes() -> memorm::Result<()> {
    let expected = r#"erDiagram
    items {
        u64 id PK "auto"
        String sku
        u32 vendor_id FK "index (vendor_id, price), unique (vendor_id, sku), index"
        f64 price "index"
        String note "nullable"
        u32 revision "version"
    }
    passports {
        u32 vendor_id PK, FK "index"
        Vec[u8] number UK "deferred"
        u8_u8 seal
    }
    vendors {
        u32 id PK "auto"
        String name UK
        u32 parent_id FK "nullable, index"
    }
    vendors ||--o{ items : "VENDOR, on delete cascade"
    vendors ||--o| passports : VENDOR
    vendors |o--o{ vendors : "PARENT, on delete set null"
"#;
    assert_eq!(shop()?.schema().to_mermaid(), expected);
    Ok(())
}

#[test]
fn dot_shows_columns_types_keys_relations_and_indexes() -> memorm::Result<()> {
    let dot = shop()?.schema().to_dot();
    let lines = [
        r#"    "items" [label=<"#,
        r#"        <tr><td port="0" align="left">id</td><td align="left">u64</td><td align="left">PK, auto</td></tr>"#,
        r#"        <tr><td port="4" align="left">note</td><td align="left">Option&lt;String&gt;</td><td align="left"></td></tr>"#,
        r#"        <tr><td port="3" align="left">price</td><td align="left">f64</td><td align="left">index</td></tr>"#,
        r#"    "items":2 -> "vendors":0 [label="VENDOR\non delete cascade"];"#,
        r#"    "vendors":2 -> "vendors":0 [label="PARENT\non delete set null", style=dashed];"#,
    ];
    for line in lines {
        assert!(dot.lines().any(|found| found == line), "{line}\nis not in\n{dot}");
    }
    assert_eq!(dot.matches("->").count(), 3);
    Ok(())
}

#[test]
fn mermaid_reads_names_of_special_signs_and_words_as_names() -> memorm::Result<()> {
    let expected = r##"erDiagram
    "50#37; #quot;off#quot; #92; <#35;1;> " {
        u64 pk_ PK
        u64 _pk
        Fk_ größe
        u64 end_id FK "index"
    }
    "end" {
        u64 uk_ PK
    }
    "end" ||--o{ "50#37; #quot;off#quot; #92; <#35;1;> " : "TO"
"##;
    let db = Database::new();
    db.register::<Sale>()?;
    assert_eq!(db.schema().to_mermaid(), expected);
    Ok(())
}

#[test]
fn dot_reads_names_of_special_signs_as_names() -> memorm::Result<()> {
    let db = Database::new();
    db.register::<Sale>()?;
    let dot = db.schema().to_dot();
    let lines = [
        r##"    "50% \"off\" \\ <#1;>\u{1}" [label=<"##,
        r##"        <tr><td colspan="3"><b>50% "off" \ &lt;#1;&gt; </b></td></tr>"##,
        r##"    "50% \"off\" \\ <#1;>\u{1}":3 -> "end":0 [label="TO"];"##,
    ];
    for line in lines {
        assert!(dot.lines().any(|found| found == line), "{line}\nis not in\n{dot}");
    }
    Ok(())
}

#[test]
fn names_of_generic_models_are_quoted() -> memorm::Result<()> {
    let db = Database::new();
    db.register::<Boxed<u8>>()?;
    assert!(db.schema().to_mermaid().contains("    \"boxes<u8>\" {\n"));
    assert!(db.schema().to_dot().contains("<b>boxes&lt;u8&gt;</b>"));
    Ok(())
}
