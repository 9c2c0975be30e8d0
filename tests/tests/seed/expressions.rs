//! Operators and functions, on literals and on other columns.
use jiff::civil::date;
use memorm::prelude::*;
use serde_json::json;

#[derive(Model, Clone)]
struct R {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    a: i64,
    b: i64,
    c: Option<i64>,
    #[model(index)]
    text: String,
    other: String,
    #[model(index)]
    at: Timestamp,
    #[model(index)]
    seen_at: Option<Timestamp>,
    #[model(index)]
    data: serde_json::Value,
}

fn db() -> memorm::Result<Database> {
    let row = |id, a, b, c, text: &str, other: &str, at: &str, data| R {
        id,
        a,
        b,
        c,
        text: text.into(),
        other: other.into(),
        at: at.parse().expect("a timestamp"),
        seen_at: c.map(|_| at.parse().expect("a timestamp")),
        data,
    };
    let db = Database::new();
    db.transaction(|s| {
        s.add_all([
            row(1, 1, 2, Some(3), "abc", "ABC", "2024-12-31T23:59:59Z", json!({ "n": [1, { "m": 5 }] })),
            row(
                2,
                5,
                5,
                None,
                " x ",
                "x",
                "2025-01-01T00:00:00Z",
                json!({ "n": 1.5, "t": "x", "deep": null }),
            ),
            row(3, -7, 2, Some(-7), "", "é", "2025-06-15T12:30:00Z", json!([true])),
        ])
    })?;
    Ok(db)
}

/// One test for each condition and the rows that it finds; each expression is projected as well, where it can be.
macro_rules! finds { ($($name:ident: $filter:expr => $ids:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let expected: &[u64] = &$ids;
        assert_eq!(select::<R>().filter($filter).select(R::ID).all(&db()?)?, expected);
        Ok(())
    }
)* } }

finds! {
    eq: R::A.eq(5) => [2];
    ne: R::A.ne(5) => [1, 3];
    lt: R::A.lt(1) => [3];
    le: R::A.le(1) => [1, 3];
    gt: R::A.gt(1) => [2];
    ge: R::A.ge(1) => [1, 2];
    between: R::A.between(-7, 1) => [1, 3];
    in_: R::A.in_(vec![5, -7, 100]) => [2, 3];
    in_a_range: R::A.in_(0..6) => [1, 2];
    not_in: R::A.not_in([5]) => [1, 3];
    is_none: R::C.is_none() => [2];
    is_some: R::C.is_some() => [1, 3];
    is_distinct_from_a_value: R::C.is_distinct_from(3) => [2, 3];
    column_against_column: R::A.eq(R::B) => [2];
    column_below_column: R::A.lt(R::B) => [1, 3];
    plain_column_against_nullable_column: R::A.eq(R::C) => [3];
    nullable_column_against_plain_column: R::C.gt(R::B) => [1];
    column_between_columns: R::A.between(R::C, R::B) => [3];
    column_is_distinct_from_column: R::A.is_distinct_from(R::C) => [1, 2];

    plus: (R::A + R::B).eq(3) => [1];
    minus: (R::A - 1).lt(0) => [3];
    times: (R::A * R::A).gt(24) => [2, 3];
    divided: (R::A / 2).eq(-3) => [3];
    remainder: (R::A % 2).eq(-1) => [3];
    negated: (-R::A).eq(7) => [3];
    abs: R::A.abs().ge(5) => [2, 3];
    arithmetic_on_both_sides: (R::A + 1).eq(R::B) => [1];
    coalesce: R::C.coalesce(0).eq(0) => [2];
    coalesce_with_a_column: R::C.coalesce(R::A).eq(R::A) => [2, 3];

    lower: R::OTHER.lower().eq("abc") => [1];
    upper: R::TEXT.upper().eq(R::OTHER) => [1];
    trim: R::TEXT.trim().eq("x") => [2];
    length: R::TEXT.length().gt(0) => [1, 2];
    length_of_a_column_against_another: R::OTHER.length().eq(R::TEXT.length()) => [1];
    like_a_column: R::TEXT.like(R::OTHER) => [];
    like_escapes: R::TEXT.like(r"a\_c") => [];
    ilike: R::TEXT.ilike("A_C") => [1];
    starts_with: R::TEXT.starts_with("ab") => [1];
    ends_with: R::TEXT.ends_with("bc") => [1];
    contains: R::TEXT.contains("x") => [2];
    contains_a_column: R::TEXT.contains(R::OTHER) => [2];

    year: R::AT.year().eq(2024) => [1];
    month: R::AT.month().eq(6) => [3];
    day: R::AT.day().lt(15) => [2];
    hour: R::AT.hour().eq(12) => [3];
    date_on_an_indexed_column: R::AT.date().gt(date(2024, 12, 31)) => [2, 3];
    date_of_nothing_is_none: R::SEEN_AT.date().is_none() => [2];
    date_of_a_nullable_column: R::SEEN_AT.date().eq(date(2025, 6, 15)) => [3];

    json_number: R::DATA.json("$.n").eq(1.5) => [2];
    json_array_index: R::DATA.json("$.n[0]").eq(1) => [1];
    json_through_an_array: R::DATA.json("$.n[1].m").gt(4) => [1];
    json_bool: R::DATA.json("$[0]").eq(true) => [3];
    json_text: R::DATA.json("$.t").eq("x") => [2];
    json_null_is_none: R::DATA.json("$.deep").is_some() => [];
    json_text_against_a_number: R::DATA.json("$.t").gt(0) => [];
}

#[test]
fn a_closure_filters_what_operators_cannot() -> memorm::Result<()> {
    let query = select::<R>().filter(R::A.lt(5)).filter_with(|r| r.text.len() as i64 + r.a < 0);
    assert_eq!(query.select(R::ID).all(&db()?)?, [3]);
    Ok(())
}

#[test]
fn a_closure_computes_values() -> memorm::Result<()> {
    let rows = select::<R>().select((R::ID, R::TEXT.map(|t| t.len() as u64))).all(&db()?)?;
    assert_eq!(rows, [(1, 3), (2, 3), (3, 0)]);
    Ok(())
}

#[test]
fn every_expression_can_be_projected_sorted_and_filtered() -> memorm::Result<()> {
    let db = db()?;
    assert_eq!(select::<R>().select((R::A + R::B, R::TEXT.trim())).all(&db)?[1], (10, "x".to_owned()));
    assert_eq!(select::<R>().order_by((R::A * -1).asc()).select(R::ID).all(&db)?, [2, 1, 3]);
    assert_eq!(select::<R>().order_by((R::B.desc(), R::TEXT.length())).select(R::ID).all(&db)?, [2, 3, 1]);
    assert_eq!(select::<R>().select(R::C + 1).all(&db)?, [Some(4), None, Some(-6)]);
    assert_eq!(select::<R>().select(R::AT.date()).first(&db)?, Some(date(2024, 12, 31)));
    assert_eq!(select::<R>().select(R::DATA.json("$.n[1].m")).first(&db)?, Some(Some(json!(5))));
    Ok(())
}

#[test]
fn a_condition_prints_as_it_is_written() {
    let filter = (R::A.gt(1) | R::C.is_none()) & !R::TEXT.like("a%");
    assert_eq!(filter.inspect().to_string(), r#"(a > 1 or c is null) and text not like "a%""#);
    assert_eq!(((R::A + 1) * -R::B).inspect().to_string(), "(a + 1) * -b");
}
