//! What each clause is written as.
use memorm::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Blob;

#[derive(Model, Clone)]
#[model(table = "vendors")]
struct Vendor {
    #[model(primary_key, auto)]
    id: u32,
    name: String,
    #[model(references(Vendor, name = PARENT, on_delete = set_null))]
    parent_id: Option<u32>,
}

#[derive(Model, Clone)]
#[model(table = "items", index(name, qty), unique(name, vendor_id))]
#[model(has_many(TAGS: Tag, through = ItemTag, by = ITEM, to = TAG))]
struct Item {
    #[model(primary_key, auto)]
    id: u64,
    name: String,
    #[model(references(Vendor, on_delete = cascade))]
    vendor_id: u32,
    price: f64,
    qty: i64,
    note: Option<String>,
    active: bool,
    #[model(version)]
    revision: u32,
    #[model(opaque)]
    blob: Blob,
}

#[derive(Model, Clone)]
#[model(table = "tags")]
struct Tag {
    #[model(primary_key)]
    name: String,
}

#[derive(Model, Clone)]
#[model(table = "item_tags")]
struct ItemTag {
    #[model(primary_key, references(Item, on_delete = cascade))]
    item_id: u64,
    #[model(primary_key, references(Tag))]
    tag_name: String,
}

/// `$statement` in both dialects, without what is the same in all statements of the test.
macro_rules! sql {
    ($statement:expr) => {{
        let statement = $statement;
        let [sqlite, postgres] = [Dialect::Sqlite, Dialect::Postgres]
            .map(|dialect| statement.to_sql(dialect).expect("the statement has sql"));
        [sqlite.text, postgres.text]
    }};
}

fn condition(filter: Filter<Item>) -> [String; 2] {
    let short = |text: String| text.split_once(" WHERE ").expect("a condition").1.to_owned();
    sql!(select::<Item>().filter(filter).select(Item::ID)).map(short)
}

fn parts<P: memorm::expr::Project<Item, Side>, Side>(part: P) -> [String; 2] {
    let short = |text: String| text.trim_start_matches("SELECT ").replace(r#" FROM "items""#, "");
    sql!(select::<Item>().select(part)).map(short)
}

#[test]
fn whole_rows_are_all_columns_but_opaque_ones() {
    let text =
        r#"SELECT "id", "name", "vendor_id", "price", "qty", "note", "active", "revision" FROM "items""#;
    assert_eq!(sql!(select::<Item>()), [text, text]);
}

#[test]
fn conditions_bind_as_they_were_built() {
    let sides = [
        r#"("qty" > ? OR "active") AND NOT "name" = ?"#,
        r#"("qty" > $1::int8 OR "active") AND NOT "name" = $2::text"#,
    ];
    assert_eq!(condition((Item::QTY.gt(1) | Item::ACTIVE) & !Item::NAME.eq("a")), sides);
    let [lite, _] = condition(Item::ACTIVE.eq(true) & Item::QTY.between(1, 3) & Item::NOTE.is_some());
    assert_eq!(lite, r#""active" = ? AND "qty" BETWEEN ? AND ? AND "note" IS NOT NULL"#);
    let [lite, _] = condition(Item::NOTE.is_distinct_from("x") | !Item::NOTE.is_distinct_from("x"));
    assert_eq!(lite, r#""note" IS DISTINCT FROM ? OR "note" IS NOT DISTINCT FROM ?"#);
}

#[test]
fn nothing_is_in_an_empty_list() {
    assert_eq!(condition(Item::QTY.in_(Vec::<i64>::new()))[1], "FALSE");
    assert_eq!(condition(Item::QTY.not_in(Vec::<i64>::new()))[1], "NOT FALSE");
    assert_eq!(condition(Item::NOTE.not_in([Some("a".to_owned()), None]))[0], r#""note" NOT IN (?, NULL)"#);
}

#[test]
fn text_is_tested_with_case() {
    assert_eq!(condition(Item::NAME.like("a%"))[0], r#""name" GLOB ?"#);
    assert_eq!(condition(Item::NAME.not_like("a%"))[1], r#""name" NOT LIKE $1::text"#);
    assert_eq!(condition(Item::NAME.ilike("a%"))[0], r#""name" LIKE ? ESCAPE '\'"#);
    let starts = [r#"instr("name", ?) = 1"#, r#"starts_with("name", $1::text)"#];
    assert_eq!(condition(Item::NAME.starts_with("a")), starts);
    let glob = select::<Item>().filter(Item::NAME.like(r"100\%*_%")).to_sql(Dialect::Sqlite);
    assert_eq!(glob.expect("the statement has sql").parameters, [Value::Text("100%[*]?*".into())]);
}

#[test]
fn numbers_keep_their_rules() {
    assert_eq!(parts((Item::QTY - (Item::QTY - 1)) * 2)[0], r#"("qty" - ("qty" - ?)) * ?"#);
    assert_eq!(
        parts(Item::PRICE % 2.0)[0],
        r#"(SELECT a - b * CAST(a / b AS INTEGER) FROM (SELECT "price" AS a, ? AS b))"#
    );
    // `a - b * trunc(a / b)` of an infinite divisor is NaN, and a bare `NULL` has no type
    assert_eq!(
        parts(Item::PRICE % 2.0)[1],
        "(SELECT CASE WHEN abs(b) = 'Infinity' AND abs(a) < 'Infinity' THEN a ELSE a - b * trunc(a / b) END \
         FROM (SELECT (\"price\")::float8 AS a, ($1::float8)::float8 AS b) AS v)"
    );
    assert_eq!(parts(Item::QTY.round())[0], r#""qty""#);
    assert_eq!(parts(Item::PRICE.round())[1], r#"round("price")"#);
    assert_eq!(parts(-(-Item::QTY))[1], r#"-(-"qty")"#);
    assert_eq!(parts(Item::ID / 2)[1], r#"div("id", $1::numeric)"#);
}

#[test]
fn choices_and_labels_are_written() {
    let level = case().when(Item::QTY.gt(5), "high").when(Item::QTY.gt(2), "middle").otherwise("low");
    assert_eq!(
        parts((level.label("level"), Item::NOTE.coalesce("none")))[0],
        r#"CASE WHEN "qty" > ? THEN ? WHEN "qty" > ? THEN ? ELSE ? END AS "level", coalesce("note", ?)"#
    );
}

#[test]
fn none_sorts_where_memorm_sorts_it() {
    let order = |text: String| text.split_once(" ORDER BY ").expect("an order").1.to_owned();
    let usual = sql!(select::<Item>().order_by((Item::NOTE.desc(), Item::ID))).map(order);
    assert_eq!(usual, [r#""note" DESC NULLS FIRST, "id""#, r#""note" DESC, "id""#]);
    let first = sql!(select::<Item>().order_by(Item::NOTE.nulls_first())).map(order);
    assert_eq!(first, [r#""note" NULLS FIRST"#, r#""note" NULLS FIRST"#]);
}

#[test]
fn a_condition_sorts_unless_it_is_a_constant() {
    let order = |text: String| text.split_once(" ORDER BY ").map(|(_, order)| order.to_owned());
    let by = |key: Filter<Item>| select::<Item>().order_by((key.clone(), Item::ID, key));
    assert_eq!(
        sql!(by(Item::QTY.in_([2]))).map(order),
        [
            Some(r#""qty" IN (?) NULLS LAST, "id", "qty" IN (?) NULLS LAST"#.to_owned()),
            Some(r#""qty" IN ($1::int8), "id", "qty" IN ($2::int8)"#.to_owned())
        ]
    );
    let nothing = || Item::QTY.in_([0_i64; 0]);
    assert_eq!(sql!(by(nothing())).map(order), [r#""id""#; 2].map(|id| Some(id.to_owned())));
    assert_eq!(sql!(select::<Item>().order_by(nothing())).map(order), [None, None]);
}

#[test]
fn rows_are_cut() {
    let cut = |text: String| text.split_once(r#" FROM "items""#).expect("a table").1.to_owned();
    assert_eq!(
        sql!(select::<Item>().limit(2).offset(3)).map(cut),
        [" LIMIT 2 OFFSET 3", " LIMIT 2 OFFSET 3"]
    );
    assert_eq!(sql!(select::<Item>().offset(3)).map(cut), [" LIMIT -1 OFFSET 3", " OFFSET 3"]);
}

#[test]
fn distinct_keeps_the_first_of_sorted_rows() {
    let names = || select::<Item>().select(Item::NAME).distinct();
    assert_eq!(sql!(names())[1], r#"SELECT DISTINCT "name" FROM "items""#);
    assert_eq!(
        sql!(select::<Item>().order_by(Item::QTY).select(Item::NAME).distinct().limit(1))[1],
        r#"SELECT "1" AS "name" FROM (SELECT "name" AS "1", row_number() OVER (ORDER BY "qty") AS "n" FROM "items") AS "rows" GROUP BY "1" ORDER BY min("n") LIMIT 1"#
    );
}

#[test]
fn set_operations_apply_from_left_to_right() {
    let part = |qty: i64| select::<Item>().filter(Item::QTY.eq(qty)).select(Item::ID);
    let one = r#"SELECT "id" FROM "items" WHERE "qty" = ?"#;
    assert_eq!(sql!(part(1).union(part(2)).except(part(3)))[0], format!("{one} UNION {one} EXCEPT {one}"));
    assert_eq!(
        sql!(part(1).union(part(2)).intersect(part(3)))[0],
        format!(r#"SELECT * FROM ({one} UNION {one}) AS "rows" INTERSECT {one}"#)
    );
    assert_eq!(
        sql!(part(1).union_all(part(2).limit(1)).limit(5))[0],
        format!(
            r#"SELECT * FROM ({one} UNION ALL SELECT * FROM ({one} LIMIT 1) AS "rows") AS "items" LIMIT 5"#
        )
    );
}

#[test]
fn joins_name_their_tables() {
    assert_eq!(
        sql!(
            select::<Item>()
                .join(Item::VENDOR)
                .filter(Vendor::NAME.eq("a"))
                .select((Item::NAME, Vendor::NAME))
        )[0],
        r#"SELECT "items"."name", "vendors"."name" FROM "items" JOIN "vendors" ON "items"."vendor_id" = "vendors"."id" WHERE "vendors"."name" = ?"#
    );
    assert_eq!(
        sql!(select::<Vendor>().left_join(Vendor::PARENT).select((Vendor::ID.at(LEFT), opt(Vendor::ID))))[0],
        r#"SELECT "vendors[0]"."id", "vendors[1]"."id" FROM "vendors" AS "vendors[0]" LEFT JOIN "vendors" AS "vendors[1]" ON "vendors[0]"."parent_id" = "vendors[1]"."id""#
    );
    assert_eq!(
        sql!(select::<Item>().join(Item::TAGS).select(Tag::NAME))[0],
        r#"SELECT "tags"."name" FROM "items" JOIN ("item_tags" AS "link 1" JOIN "tags" ON "link 1"."tag_name" = "tags"."name") ON "link 1"."item_id" = "items"."id""#
    );
}

#[test]
fn writes_are_written() {
    let insert = insert::<Item>().set(Item::NAME, "a").set(Item::QTY, 1).returning(Item::ID);
    assert_eq!(sql!(insert)[0], r#"INSERT INTO "items" ("name", "qty") VALUES (?, ?) RETURNING "id""#);
    let rows = insert_vendors();
    assert_eq!(
        rows[0],
        r#"INSERT INTO "vendors" ("id", "name", "parent_id") VALUES (?, ?, NULL), (NULL, ?, ?)"#
    );
    assert_eq!(
        rows[1],
        r#"INSERT INTO "vendors" ("id", "name", "parent_id") VALUES ($1::int8, $2::text, NULL), (DEFAULT, $3::text, $4::int8)"#
    );
    let update = update::<Item>().filter(Item::ID.eq(3)).set(Item::QTY, 1).set(Item::QTY, Item::QTY + 1);
    assert_eq!(
        sql!(update)[0],
        r#"UPDATE "items" SET "qty" = "qty" + ?, "revision" = "revision" + 1 WHERE "id" = ?"#
    );
    assert_eq!(sql!(delete::<Tag>().filter(Tag::NAME.eq("a")))[0], r#"DELETE FROM "tags" WHERE "name" = ?"#);
}

fn insert_vendors() -> [String; 2] {
    let vendor = |id, parent_id| Vendor { id, name: "a".into(), parent_id };
    sql!(insert::<Vendor>().rows([vendor(7, None), vendor(0, Some(7))]))
}

#[test]
fn tables_are_created_with_their_constraints() {
    assert_eq!(
        Item::table().to_sql(Dialect::Postgres),
        r#"CREATE TABLE "items" ("id" int8 GENERATED BY DEFAULT AS IDENTITY, "name" text NOT NULL, "vendor_id" int8 NOT NULL, "price" float8 NOT NULL, "qty" int8 NOT NULL, "note" text, "active" bool NOT NULL, "revision" int8 NOT NULL, PRIMARY KEY ("id"), UNIQUE ("name", "vendor_id") DEFERRABLE, FOREIGN KEY ("vendor_id") REFERENCES "vendors" ("id") ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);
CREATE INDEX "items_name_qty" ON "items" ("name", "qty");
CREATE INDEX "items_vendor_id" ON "items" ("vendor_id");
"#
    );
}

#[test]
fn what_has_no_sql_is_named() {
    let error = |result: memorm::Result<Sql>| result.expect_err("it has no sql").to_string();
    let closure = select::<Item>().filter_with(|item| item.qty > 1).to_sql(Dialect::Sqlite);
    assert_eq!(error(closure), "no sql for the closure of `filter_with` in a statement on items");
    let map = select::<Item>().select(Item::QTY.map(|qty| qty + 1)).to_sql(Dialect::Sqlite);
    assert_eq!(error(map), "no sql for the closure of `map` in a statement on items");
    let opaque = select::<Item>().select(Item::BLOB).to_sql(Dialect::Postgres);
    assert_eq!(error(opaque), "no sql for the opaque column blob in a statement on items");
    let nothing = insert::<Tag>().rows([]).to_sql(Dialect::Sqlite);
    assert_eq!(error(nothing), "no sql for an insert of no rows in a statement on tags");
}

#[test]
fn groups_are_written_by_the_places_of_their_keys() {
    let [sqlite, postgres] = sql!(
        select::<Item>()
            .filter(Item::ACTIVE)
            .group_by((Item::VENDOR_ID, Item::QTY % 2))
            .aggregate((count(), count_distinct(Item::NAME), Item::PRICE.avg()))
            .offset(1)
    );
    assert_eq!(
        sqlite,
        r#"SELECT "vendor_id", "qty" % ?, count(*), count(DISTINCT "name"), avg("price") FROM "items" WHERE "active" GROUP BY 1, 2 LIMIT -1 OFFSET 1"#
    );
    assert_eq!(
        postgres,
        r#"SELECT "vendor_id", "qty" % $1::int8, count(*), count(DISTINCT "name"), avg("price") FROM "items" WHERE "active" GROUP BY 1, 2 OFFSET 1"#
    );
    let newest = select::<Tag>().order_by(Tag::NAME.desc()).limit(3).group_by(Tag::NAME).aggregate(count());
    assert_eq!(
        sql!(newest)[0],
        r#"SELECT "name", count(*) FROM (SELECT "name" FROM "tags" ORDER BY "name" DESC LIMIT 3) AS "tags" GROUP BY 1"#
    );
    let flags = (Item::ACTIVE.min(), Item::QTY.gt(3).max(), Item::NOTE.max());
    assert_eq!(
        sql!(select::<Item>().group_by(Item::NAME).aggregate(flags)),
        [
            r#"SELECT "name", min("active"), max("qty" > ?), max("note") FROM "items" GROUP BY 1"#,
            r#"SELECT "name", bool_and("active"), bool_or("qty" > $1::int8), max("note") FROM "items" GROUP BY 1"#,
        ]
    );
    let spread =
        select::<Item>().group_by(Item::NAME).aggregate((Item::QTY.stddev(), Item::PRICE.quantile(0.5)));
    assert_eq!(
        spread.to_sql(Dialect::Postgres).expect("PostgreSQL knows both").text,
        r#"SELECT "name", stddev_samp("qty"), percentile_cont($1::float8) WITHIN GROUP (ORDER BY "price") FROM "items" GROUP BY 1"#
    );
}

#[test]
fn what_groups_have_no_sql_for_is_named() {
    let groups = || select::<Item>().group_by(Item::NAME).aggregate(Item::QTY.stddev());
    let error = |result: memorm::Result<Sql>| result.expect_err("it has no sql").to_string();
    let having = groups().having(|_, spread| spread.is_some()).to_sql(Dialect::Postgres);
    assert_eq!(error(having), "no sql for the closure of `having` in a statement on items");
    let order = groups().order_by(|name, _| name.clone()).to_sql(Dialect::Postgres);
    assert_eq!(error(order), "no sql for the closure of `order_by` in a statement on items");
    let lacking = groups().to_sql(Dialect::Sqlite);
    assert_eq!(error(lacking), "no sql for the aggregate stddev(qty) in a statement on items");
    let inner = select::<Vendor>().filter_with(|vendor| vendor.id > 1);
    let closure = select::<Item>().filter(exists(inner)).to_sql(Dialect::Sqlite);
    assert_eq!(error(closure), "no sql for the closure of `filter_with` in a statement on vendors");
}

#[test]
fn subqueries_stand_in_parentheses() {
    let filtered =
        |filter| sql!(select::<Tag>().filter(filter))[0].replace(r#"SELECT "name" FROM "tags" WHERE "#, "");
    let names = || select::<Vendor>().filter(Vendor::ID.gt(3)).select(Vendor::NAME);
    let list = r#"(SELECT "name" FROM "vendors" WHERE "id" > ?)"#;
    assert_eq!(filtered(Tag::NAME.in_(names())), format!(r#""name" IN {list}"#));
    assert_eq!(filtered(!Tag::NAME.in_(names())), format!(r#""name" NOT IN {list}"#));
    assert_eq!(filtered(Tag::NAME.eq(names().scalar())), format!(r#""name" = {list}"#));
    assert_eq!(
        filtered(Tag::NAME.eq("a") & !exists(names())),
        format!(r#""name" = ? AND NOT EXISTS {list}"#)
    );
    let least = select::<Vendor>().scalar(Vendor::NAME.min());
    assert_eq!(filtered(Tag::NAME.gt(least)), r#""name" > (SELECT min("name") FROM "vendors")"#);
}

#[test]
fn a_condition_on_related_rows_is_the_keys_that_lead_to_them() {
    let vendors = |filter| sql!(select::<Vendor>().filter(filter).select(Vendor::ID))[1].clone();
    let items = |filter| sql!(select::<Item>().filter(filter).select(Item::ID))[1].clone();
    assert_eq!(
        items(Item::VENDOR.any(Vendor::NAME.eq("a"))),
        r#"SELECT "id" FROM "items" WHERE "vendor_id" IN (SELECT "id" FROM "vendors" WHERE "name" = $1::text)"#
    );
    assert_eq!(
        vendors(Vendor::PARENT.every(Vendor::NAME.eq("a"))),
        r#"SELECT "id" FROM "vendors" WHERE ("parent_id" IN (SELECT "id" FROM "vendors" WHERE ("name" = $1::text) IS NOT TRUE)) IS NOT TRUE"#
    );
    assert_eq!(
        items(Item::TAGS.none(Tag::NAME.eq("a"))),
        r#"SELECT "id" FROM "items" WHERE "id" NOT IN (SELECT "item_tags"."item_id" FROM "item_tags" JOIN "tags" ON "item_tags"."tag_name" = "tags"."name" WHERE "tags"."name" = $1::text)"#
    );
}

#[test]
fn a_long_condition_overflows_no_stack() {
    let mut filter = Item::QTY.eq(0);
    for qty in 1..50_000 {
        filter = filter | Item::QTY.eq(qty);
    }
    let sql = select::<Item>().filter(filter).to_sql(Dialect::Postgres).expect("the statement has sql");
    assert_eq!(sql.parameters.len(), 50_000);
    assert!(sql.text.ends_with(r#""qty" = $50000::int8"#));
}
