//! `like`, `in`, `between`, JSON, `is`, dates, and / or / not.
use crate::models::{Item, Product, found, items, january};
use jiff::civil::date;
use memorm::prelude::*;
use serde_json::json;

/// One test for each filter: its name, the condition, the keys of the rows that it finds.
macro_rules! finds { ($rows:ident of $M:ty; $($name:ident: $filter:expr => $ids:expr;)*) => { $(
    #[test]
    fn $name() -> memorm::Result<()> {
        let expected: &[u64] = &$ids;
        assert_eq!(found(&$rows()?, select::<$M>().filter($filter))?, expected);
        Ok(())
    }
)* } }

fn four_names() -> memorm::Result<Database> {
    items(&["foo", "bar", "foobar", "barfoo"])
}

finds! { four_names of Item;
    like_matches_the_beginning: Item::NAME.like("foo%") => [1, 3];
    like_matches_the_end: Item::NAME.like("%foo") => [1, 4];
    like_matches_the_middle: Item::NAME.like("%foo%") => [1, 3, 4];
    like_without_a_wildcard_matches_the_whole: Item::NAME.like("foo") => [1];
    like_may_match_nothing: Item::NAME.like("%baz%") => [];
    not_like_is_the_rest: !Item::NAME.like("%foo%") => [2];
    not_like_has_a_name_of_its_own: Item::NAME.not_like("%foo%") => [2];

    in_finds_each_of_the_list: Item::NAME.in_(["foo", "bar"]) => [1, 2];
    in_finds_the_only_one: Item::NAME.in_(["barfoo"]) => [4];
    in_may_find_nothing: Item::NAME.in_(["baz"]) => [];
    not_in_is_the_rest: !Item::NAME.in_(["foo", "bar"]) => [3, 4];
    not_in_has_a_name_of_its_own: Item::NAME.not_in(["foo", "bar"]) => [3, 4];

    in_takes_an_iterator_of_borrowed_texts: Item::NAME.in_(["foo", "baz"].iter()) => [1];
    eq_takes_an_item_of_a_borrowed_list: Item::NAME.eq(&"bar") => [2];

    between_holds_its_low_end: Item::ID.between(1, 3) => [1, 2, 3];
    between_holds_its_high_end: Item::ID.between(2, 4) => [2, 3, 4];
    between_may_find_nothing: Item::ID.between(5, 10) => [];
    not_between_is_the_rest: !Item::ID.between(1, 3) => [4];
}

fn documents() -> memorm::Result<Database> {
    let db = Database::new();
    let with = |name: &str, data| Product { category: "A".into(), data, ..Product::new(name) };
    db.transaction(|s| {
        s.add_all([
            with("foo", json!({ "ref": 123 })),
            with("bar", json!({ "subitem": { "prop": "hello" } })),
            with("baz", json!({ "list": [{ "n": 1 }, { "n": 2 }], "a b": true })),
        ])
    })?;
    Ok(db)
}

finds! { documents of Product;
    a_json_path_finds_its_value: Product::DATA.json("$.ref").eq(123) => [1];
    a_json_path_does_not_find_another_value: Product::DATA.json("$.ref").eq(456) => [];
    a_dotted_json_path_does_not_find_another_kind: Product::DATA.json("$.subitem.prop").eq(456) => [];
    a_dotted_json_path_finds_its_value: Product::DATA.json("$.subitem.prop").eq("hello") => [2];
    a_json_path_has_array_indexes: Product::DATA.json("$.list[1].n").eq(2) => [3];
    a_json_path_has_quoted_keys: Product::DATA.json(r#"$."a b""#).eq(true) => [3];
    a_json_path_that_leads_nowhere_is_none: Product::DATA.json("$.ref").is_none() => [2, 3];
}

fn two_active() -> memorm::Result<Database> {
    let db = Database::new();
    let with = |name: &str, active| Product { active, ..Product::new(name) };
    db.transaction(|s| s.add_all([with("foo", true), with("bar", false), with("foobar", true)]))?;
    Ok(db)
}

finds! { two_active of Product;
    is_true_finds_the_true_ones: Product::ACTIVE.eq(true) => [1, 3];
    is_not_true_finds_the_others: Product::ACTIVE.is_distinct_from(true) => [2];
    is_false_finds_the_false_ones: Product::ACTIVE.eq(false) => [2];
    is_not_false_finds_the_others: Product::ACTIVE.is_distinct_from(false) => [1, 3];
    a_bool_column_is_a_filter: Product::ACTIVE => [1, 3];
    a_bool_column_can_be_negated: !Product::ACTIVE => [2];
}

fn four_days() -> memorm::Result<Database> {
    let db = Database::new();
    let with = |name: &str, day| Product { created_at: january(day, day, day, day), ..Product::new(name) };
    db.transaction(|s| s.add_all([with("foo", 1), with("bar", 2), with("foobar", 3), with("barfoo", 4)]))?;
    Ok(db)
}

finds! { four_days of Product;
    the_date_of_a_timestamp_is_equal_to_its_day: Product::CREATED_AT.date().eq(date(2025, 1, 1)) => [1];
    the_date_of_a_timestamp_differs_from_other_days:
        Product::CREATED_AT.date().ne(date(2025, 1, 2)) => [1, 3, 4];
    the_date_of_a_timestamp_comes_after_earlier_days:
        Product::CREATED_AT.date().gt(date(2025, 1, 2)) => [3, 4];
    no_date_comes_after_a_later_day: Product::CREATED_AT.date().gt(date(2025, 1, 10)) => [];
}

fn five_categories() -> memorm::Result<Database> {
    let db = Database::new();
    let with = |name: &str, category: &str| Product { category: category.into(), ..Product::new(name) };
    db.transaction(|s| {
        s.add_all([
            with("foo", "A"),
            with("bar", "B"),
            with("foobar", "B"),
            with("barfoo", "B"),
            with("boofar", "A"),
        ])
    })?;
    Ok(db)
}

finds! { five_categories of Product;
    and_binds_a_bracketed_or:
        Product::ID.gt(1) & (Product::ID.lt(4) | Product::CATEGORY.eq("A")) => [2, 3, 5];
    or_comes_before_and_as_well:
        (Product::CATEGORY.eq("A") | Product::ID.lt(4)) & Product::ID.gt(1) => [2, 3, 5];
    not_negates: !Product::CATEGORY.eq("A") => [2, 3, 4];
    or_of_ands_with_nots:
        (!Product::CATEGORY.eq("A") & Product::ID.gt(2)) | (Product::CATEGORY.eq("A") & !Product::ID.eq(1))
        => [3, 4, 5];
}

#[test]
fn several_filters_must_all_hold() -> memorm::Result<()> {
    let query =
        select::<Product>().filter(Product::ID.gt(1)).filter(Product::ID.lt(4) | Product::CATEGORY.eq("A"));
    assert_eq!(found(&five_categories()?, query)?, [2, 3, 5]);
    Ok(())
}
