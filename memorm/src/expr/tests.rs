//! Expressions as data: how they print and what they say about themselves.
use super::{Condition, Filter, IntoOrder, OrderTerm};
use crate::expr::count_of;
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Item {
    #[model(primary_key)]
    id: u64,
    name: String,
    note: Option<String>,
    qty: i64,
    price: f64,
    limit: Option<i64>,
    active: bool,
}

fn show(filter: impl Condition<Item>) -> String {
    filter.condition().inspect().to_string()
}
fn show_value<T>(expr: Expr<Item, T>) -> String {
    expr.inspect().to_string()
}

#[test]
fn conditions_print_infix() {
    assert_eq!(show((Item::QTY * 2).gt(6) & Item::ACTIVE), "qty * 2 > 6 and active");
    assert_eq!(show(Item::NAME.eq("foo") | !Item::ACTIVE), "name = \"foo\" or not active");
    assert_eq!(show(Item::QTY.ne(1)), "qty <> 1");
    assert_eq!(show(Item::QTY.le(Item::LIMIT)), "qty <= limit");
    assert_eq!(show(Item::QTY.between(1, 2)), "qty between 1 and 2");
    assert_eq!(show(!Item::QTY.between(1, 2)), "qty not between 1 and 2");
    assert_eq!(show(Item::NOTE.is_none()), "note is null");
    assert_eq!(show(Item::NOTE.is_some()), "note is not null");
    assert_eq!(show(Item::NOTE.is_distinct_from("x")), "note is distinct from \"x\"");
    assert_eq!(show(Item::NAME.like("f%")), "name like \"f%\"");
    assert_eq!(show(Item::NAME.not_like("f%")), "name not like \"f%\"");
    assert_eq!(show(!Item::NAME.ilike("f%")), "name not ilike \"f%\"");
    assert_eq!(show(Item::NAME.starts_with("f")), "starts_with(name, \"f\")");
    assert_eq!(show(Item::LIMIT.eq(None::<i64>)), "limit = null");
}

#[test]
fn parentheses_stand_only_where_they_are_needed() {
    let (a, b, c) = (|| Item::QTY.eq(1), || Item::QTY.eq(2), || Item::ACTIVE);
    assert_eq!(show((a() | b()) & c()), "(qty = 1 or qty = 2) and active");
    assert_eq!(show(a() | b() & c()), "qty = 1 or qty = 2 and active");
    assert_eq!(show(a() | (b() | c())), "qty = 1 or qty = 2 or active");
    assert_eq!(show(!(a() & b())), "not (qty = 1 and qty = 2)");
    assert_eq!(show(!a()), "not qty = 1");
    assert_eq!(show_value((Item::QTY + 1) * 2), "(qty + 1) * 2");
    assert_eq!(show_value(Item::QTY + Item::QTY * 2), "qty + qty * 2");
    assert_eq!(show_value(Item::QTY - (Item::QTY - 1)), "qty - (qty - 1)");
    assert_eq!(show_value(Item::QTY - 1 - 2), "qty - 1 - 2");
    assert_eq!(show_value(-(Item::QTY + 1)), "-(qty + 1)");
    assert_eq!(show_value(-Item::QTY.expr()), "-qty");
    assert_eq!(show_value(Item::QTY + -1), "qty + -1");
    assert_eq!(show_value(-(-Item::QTY)), "-(-qty)");
    let case = || case().when(Item::QTY.gt(1) | Item::ACTIVE, 1).when(Item::ACTIVE, 2);
    assert_eq!(
        show(case().otherwise(3).eq(Item::QTY)),
        "case when qty > 1 or active then 1 when active then 2 else 3 end = qty"
    );
    assert_eq!(show_value(case().end()), "case when qty > 1 or active then 1 when active then 2 end");
}

#[test]
fn functions_and_lists_print() {
    assert_eq!(show(Item::NAME.lower().trim().length().eq(3)), "length(trim(lower(name))) = 3");
    assert_eq!(show_value(Item::LIMIT.coalesce(0).abs()), "abs(coalesce(limit, 0))");
    assert_eq!(show_value(Item::PRICE.round()), "round(price)");
    assert_eq!(show_value(Item::QTY.map(|qty| qty + 1) * 2), "closure(qty) * 2");
    assert_eq!(show((Item::QTY + 1).in_([3, 1, 2, 1])), "qty + 1 in (1, 2, 3)");
    assert_eq!(show(Item::LIMIT.not_in([Some(1), None])), "limit not in (1, null)");
    assert_eq!(show(Item::QTY.in_(0..100)), "qty in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, and 90 more)");
    assert_eq!(show(Item::QTY.in_(Vec::<i64>::new())), "qty in ()");
    assert_eq!(count_of(Item::QTY * 2).inspect().to_string(), "count(qty * 2)");
    assert_eq!(Item::PRICE.median().inspect().to_string(), "quantile(price, 0.5)");
}

#[test]
fn sort_keys_print() {
    let mut terms: Vec<OrderTerm> = Vec::new();
    IntoOrder::<Item, _>::terms((Item::QTY.desc(), Item::NAME, Item::LIMIT.nulls_first()), &mut terms);
    let shown: Vec<_> = terms.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["qty desc", "name", "limit nulls first"]);
}

#[test]
fn the_conditions_that_must_all_hold_are_found() {
    let filter: Filter<Item> =
        Item::QTY.eq(1) & (Item::ACTIVE & Item::NAME.like("a%")) & (Item::QTY.gt(2) | Item::QTY.lt(0));
    let parts = filter.inspect().conjuncts();
    assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [3, 1, 3, 7]);
    assert_eq!(Item::ACTIVE.condition().inspect().conjuncts().len(), 1);
}

#[test]
fn a_long_condition_may_be_built_from_either_end() {
    let first = || Item::QTY.eq(0).condition();
    let back = (1..5_000).fold(first(), |filter: Filter<Item>, i| filter | Item::QTY.eq(i));
    let front = (1..5_000).fold(first(), |filter: Filter<Item>, i| Item::QTY.eq(i) | filter);
    assert_eq!(back.inspect().steps().len(), front.inspect().steps().len());
    // a short one keeps the order in which it was written
    assert_eq!(show(Item::QTY.eq(1) | (Item::QTY.eq(2) & Item::ACTIVE)), "qty = 1 or qty = 2 and active");
}
