//! Statements as data.
use super::{Insert, Origin, Plan, SetOperation};
use crate::expr::{MAX_SLOTS, RowReader};
use crate::model::AnyRow;
use crate::value::{Cells, Value, Vector};
use memorm::prelude::*;

#[derive(Clone, Debug, PartialEq)]
struct Blob(Vec<u8>);

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    name: String,
    qty: i64,
    #[model(opaque)]
    blob: Blob,
}

fn parts(item: &Item) -> [Option<&dyn AnyRow>; MAX_SLOTS] {
    let mut parts = [None; MAX_SLOTS];
    parts[0] = Some(item as &dyn AnyRow);
    parts
}

fn filter_of(plan: &Plan) -> String {
    plan.filter.as_ref().map(ToString::to_string).unwrap_or_default()
}

#[test]
fn filters_add_up_and_keep_the_type() {
    let mut query = select::<Item>();
    for qty in 1..3 {
        query = query.filter(Item::QTY.ne(qty));
    }
    query = query.filter_with(|item| item.name.is_empty());
    assert_eq!(filter_of(query.inspect()), "qty <> 1 and qty <> 2 and closure");
    let update = update::<Item>().filter(Item::ID.eq(1) | Item::ID.eq(2)).filter_with(|item| item.qty > 1);
    assert_eq!(format!("{}", update.filter.expect("a filter")), "(id = 1 or id = 2) and closure");
}

#[test]
fn statements_are_values() {
    fn is_value<T: Clone + Send + Sync + std::fmt::Debug + 'static>(_: &T) {}
    is_value(
        &select::<Item>().filter(Item::QTY.gt(1)).order_by((Item::QTY.desc(), Item::ID)).limit(1).offset(2),
    );
    is_value(&select::<Item>().select((Item::BLOB, Item::QTY * 2, Item::NAME.label("n"))).distinct());
    is_value(&insert::<Item>().set(Item::NAME, "a").returning(Item::ID));
    is_value(&update::<Item>().set(Item::QTY, Item::QTY + 1).filter(Item::QTY.lt(3)));
    is_value(&delete::<Item>().filter_with(|item| item.qty > 1).returning((Item::ID, Item::NAME)));
}

#[test]
fn a_chain_of_set_operations_is_flat_and_what_follows_is_for_the_whole() {
    let part = |id: u64| select::<Item>().filter(Item::ID.eq(id)).limit(1);
    let whole = part(1).union(part(2)).except(part(3)).filter(Item::QTY.gt(1)).limit(9);
    let Origin::Set(first, others) = &whole.inspect().origin else { panic!("no set") };
    assert_eq!((filter_of(first).as_str(), first.limit), ("id = 1", Some(1)));
    let operations: Vec<_> = others.iter().map(|(operation, plan)| (*operation, filter_of(plan))).collect();
    assert_eq!(
        operations,
        [(SetOperation::Union, "id = 2".to_owned()), (SetOperation::Except, "id = 3".to_owned())]
    );
    assert_eq!((filter_of(whole.inspect()).as_str(), whole.inspect().limit), ("qty > 1", Some(9)));
    // the limit belongs to the first two
    let nested = part(1).union(part(2)).limit(1).union_all(part(3));
    let Origin::Set(first, others) = &nested.inspect().origin else { panic!("no set") };
    assert!(matches!(first.origin, Origin::Set(..)) && first.limit == Some(1) && others.len() == 1);
}

#[test]
fn equal_operations_nested_on_the_right_are_flat_and_others_stay_nested() {
    let part = |id: u64| select::<Item>().filter(Item::ID.eq(id));
    let parts = |query: &Select<Item>| match &query.inspect().origin {
        Origin::Set(_, others) => others.iter().map(|(_, plan)| filter_of(plan)).collect::<Vec<_>>(),
        Origin::Table => Vec::new(),
    };
    assert_eq!(parts(&part(1).union(part(2).union(part(3)))), ["id = 2", "id = 3"]);
    assert_eq!(parts(&part(1).intersect(part(2).intersect(part(3)))), ["id = 2", "id = 3"]);
    for nested in [
        part(1).except(part(2).except(part(3))),
        part(1).union(part(2).union_all(part(3))),
        part(1).union_all(part(2).union(part(3))),
        part(1).union(part(2).union(part(3)).limit(1)),
        part(1).union(part(2).union(part(3)).filter(Item::QTY.gt(1))),
    ] {
        assert_eq!(parts(&nested).len(), 1);
    }
}

#[test]
fn the_items_of_a_set_are_those_of_its_first_plan() {
    let names = || select::<Item>().select((Item::NAME, Item::QTY * 2));
    let whole = names().union(names()).limit(1).intersect(names());
    let headings: Vec<_> = whole.inspect().row_items().iter().map(crate::expr::Item::heading).collect();
    assert_eq!(headings, ["name", "qty * 2"]);
}

#[test]
fn a_projection_reads_columns_from_the_row_and_the_rest_from_vectors() {
    let item = Item { id: 1, name: "a".into(), qty: 3, blob: Blob(vec![7]) };
    let rows = select::<Item>().select((Item::BLOB, Item::QTY * 2, Item::NAME.label("title")));
    let items = &rows.inspect().items;
    assert_eq!(items.iter().map(|i| i.direct).collect::<Vec<_>>(), [Some((0, 3)), None, Some((0, 1))]);
    assert_eq!(items[2].label.as_deref(), Some("title"));
    let computed = Vector { cells: Cells::Ints(vec![0, 6]), ..Vector::default() };
    let vectors = [Vector::default(), computed, Vector::default()];
    let mut reader = RowReader::new(items, parts(&item), &vectors, 1);
    assert_eq!((rows.read)(&mut reader), Some((Blob(vec![7]), 6, "a".to_owned())));
}

#[test]
fn one_reader_serves_columns_and_expressions_of_a_type() {
    let plain = select::<Item>().select(Item::QTY);
    let computed = select::<Item>().select(Item::QTY + 1);
    let vectors = [Vector { cells: Cells::Ints(vec![5]), ..Vector::default() }];
    let item = Item { id: 1, name: "a".into(), qty: 4, blob: Blob(vec![]) };
    let row = parts(&item);
    for read in [plain.read, computed.read] {
        assert_eq!(read(&mut RowReader::new(&plain.plan.items, row, &vectors, 0)), Some(4));
        assert_eq!(read(&mut RowReader::new(&computed.plan.items, row, &vectors, 0)), Some(5));
        assert_eq!(read(&mut RowReader::new(&plain.plan.items, [None; MAX_SLOTS], &vectors, 0)), Some(5));
    }
}

#[test]
fn an_insert_holds_values() {
    let insert: Insert<Item> = insert().set(Item::NAME, "a").set(Item::QTY, 1).set(Item::ID, 7);
    let expected = [(1, Value::Text("a".into())), (2, Value::Int(1)), (0, Value::Wide(7))];
    assert_eq!(insert.set, expected);
    let item = Item { id: 1, name: "a".into(), qty: 4, blob: Blob(vec![]) };
    assert_eq!(insert.rows(vec![item.clone(), item]).whole_rows().len(), 2);
}
