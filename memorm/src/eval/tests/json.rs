//! Parts of JSON documents and their comparison.
use super::{Answer, False, True, Unknown, ask, compute, found};
use crate::expr::Expression;
use crate::value::{Fault, Value};
use memorm::prelude::*;
use serde_json::{Value as Json, json};

#[derive(Model, Clone)]
struct Product {
    #[model(primary_key)]
    id: u32,
    data: Json,
    extra: Option<Json>,
}

fn products<const N: usize>(documents: [Json; N]) -> [Product; N] {
    documents.map(|data| Product { id: 0, extra: (!data.is_null()).then(|| data.clone()), data })
}

#[test]
fn a_path_leads_into_objects_and_arrays() {
    let rows = products([
        json!({"a": {"b": [456, 7]}}),
        json!({"a": {"b": []}}),
        json!({"a": {"b": [null]}}),
        json!([1, 2]),
        json!(null),
        json!({"a": {"b": ["456"]}, "x y": true}),
    ]);
    assert_eq!(found(Product::DATA.json("$.a.b[0]").eq(456), &rows), [0]);
    assert_eq!(found(Product::DATA.json("$.a.b[0]").is_none(), &rows), [1, 2, 3, 4]);
    assert_eq!(found(Product::DATA.json("$[1]").eq(2), &rows), [3]);
    assert_eq!(found(Product::DATA.json(r#"$."x y""#).eq(true), &rows), [5]);
    assert_eq!(found(Product::DATA.json("$").is_none(), &rows), [4]);
    assert_eq!(found(Product::DATA.json("$.a").json("$.b[1]").eq(7), &rows), [0]);
    assert_eq!(found(Product::EXTRA.json("$.a.b[0]").eq("456"), &rows), [5]);
    assert_eq!(ask(Product::EXTRA.json("$").is_some(), &rows)[4], False);
    let part = compute(Product::DATA.json("$.a.b"), &rows);
    assert_eq!(part[0], Ok(Value::Json(Arc::new(json!([456, 7])))));
    assert_eq!(part[3], Ok(Value::Null));
}

#[test]
fn a_part_compares_with_its_own_kind_alone() {
    let rows =
        products([json!({"a": 1}), json!({"a": 2.5}), json!({"a": "1"}), json!({"a": true}), json!({})]);
    let part = || Product::DATA.json("$.a");
    assert_eq!(ask(part().eq(1), &rows), [True, False, False, False, Unknown]);
    assert_eq!(ask(part().ne(1), &rows), [False, True, True, True, Unknown]);
    assert_eq!(ask(part().lt(2), &rows), [True, False, Unknown, Unknown, Unknown]);
    assert_eq!(ask(part().ge(2.5), &rows), [False, True, Unknown, Unknown, Unknown]);
    assert_eq!(ask(part().gt("0"), &rows), [Unknown, Unknown, True, Unknown, Unknown]);
    assert_eq!(ask(part().between(1, 2), &rows), [True, False, Unknown, Unknown, Unknown]);
    assert_eq!(ask(part().eq(true), &rows)[3], True);
    assert_eq!(ask(part().eq(1.0), &rows)[0], True);
    assert_eq!(ask(part().is_distinct_from(1), &rows), [False, True, True, True, True]);
    assert_eq!(found(part().in_([1, 7]), &rows), [0]);
    assert_eq!(found(part().in_(["1"]), &rows), [2]);
    assert_eq!(found(part().eq(Product::DATA.json("$.a")), &rows), [0, 1, 2, 3]);
    assert_eq!(found(Product::DATA.eq(json!({"a": 1})), &rows), [0]);
    assert_eq!(found(Product::EXTRA.eq(json!({})), &rows), [4]);
}

#[test]
fn a_malformed_path_is_a_fault() {
    let rows = products([json!({"a": 1}), json!(null)]);
    let bad = Answer::Fault(Fault::BadPath);
    assert_eq!(ask(Product::DATA.json("a").eq(1), &rows), [bad, bad]);
    assert_eq!(ask(Product::EXTRA.json("$.").eq(1), &rows), [bad, Unknown]);
    assert!(Product::DATA.json("a").eq(1).inspect().can_fail());
    assert!(!Product::DATA.json("$.a").eq(1).inspect().can_fail());
}

#[test]
fn computed_documents_have_parts_as_well() {
    let rows = products([json!({"a": 1}), json!(null), json!([3])]);
    let mapped = Product::DATA.map(|data| json!({ "in": data.clone() }));
    assert_eq!(found(mapped.json("$.in.a").eq(1), &rows), [0]);
    let chosen = Product::EXTRA.coalesce(json!({"a": 9}));
    assert_eq!(found(chosen.json("$.a").in_([1, 9]), &rows), [0, 1]);
}
