use super::super::{Node, gather};
use super::*;
use crate::link::Link;
use crate::model::AnyRow;
use crate::table::{Table, table_type};
use std::sync::Arc;

#[derive(crate::Model, Clone)]
struct Row {
    #[model(primary_key)]
    id: u64,
    qty: i64,
    price: Option<f64>,
    open: bool,
    name: String,
}
const COLUMNS: u16 = 5;

fn row(id: u64, qty: i64) -> Arc<dyn AnyRow> {
    let price = (!id.is_multiple_of(3)).then_some(qty as f64 / 2.0);
    Arc::new(Row { id, qty, price, open: qty > 3, name: format!("row {id}") })
}
fn table(rows: u64) -> Table {
    let mut table = Table::new(table_type::<Row>());
    (0..rows).for_each(|id| table.insert(id, row(id, id as i64 % 7)));
    table
}
fn scan(table: &Table) {
    let blocks: Vec<Block<'_>> = table.rows.blocks().collect();
    for column in 0..COLUMNS {
        assert_same(&blocks, column);
    }
}
fn assert_same(blocks: &[Block<'_>], column: u16) {
    let (mut kept, mut rows) = (Vector::default(), Vector::default());
    gather(blocks, column, &mut kept);
    read(blocks, column, &mut rows);
    assert_eq!(kept.len(), count(blocks));
    (0..rows.len()).for_each(|lane| assert_eq!(kept.value(lane), rows.value(lane), "column {column}"));
}

#[test]
fn the_second_scan_of_unchanged_rows_keeps_their_numbers() {
    let table = table(1_000);
    assert_eq!(table.rows.kept_bytes(), 0);
    scan(&table);
    assert_eq!(table.rows.kept_bytes(), 0);
    scan(&table);
    let kept = table.rows.kept_bytes();
    // keys that count up, numbers below seven, a float, two bools: 1 + 1 + 8 + 1 + 1 bytes a row; no text
    assert!((12_000..15_000).contains(&kept), "{kept}");
    scan(&table);
    assert_eq!(table.rows.kept_bytes(), kept);
}

#[test]
fn every_kind_of_write_forgets_what_it_changes_in_its_own_version_alone() {
    let mut table = table(600);
    let check = |table: &Table| {
        assert_eq!(table.rows.stale_column(), None);
        (0..3).for_each(|_| scan(table));
    };
    check(&table);
    let old = table.clone();
    let kept = old.rows.kept_bytes();
    for id in (0..600).step_by(29) {
        table.replace(id, row(id, 100));
        check(&table);
        table.remove(id + 1);
        check(&table);
        table.insert(1_000 + id, row(1_000 + id, 5));
        check(&table);
    }
    table.rows.own_leaf(32).and_then(|leaf| leaf.row_mut(3)).map(|row| row.put(1, &(-1_i64).into()));
    check(&table);
    check(&old);
    assert_eq!(old.rows.kept_bytes(), kept);
}

#[test]
fn a_write_forgets_the_columns_of_256_rows() {
    let mut table = table(1_024);
    (0..2).for_each(|_| scan(&table));
    let all = table.rows.kept_bytes();
    table.replace(300, row(300, 1));
    assert_eq!(table.rows.kept_bytes(), all / 4 * 3);
    // a mark is left by the first scan after the write: rows that change between scans are never kept
    scan(&table);
    assert_eq!(table.rows.kept_bytes(), all / 4 * 3);
    scan(&table);
    assert_eq!(table.rows.kept_bytes(), all);
}

#[test]
fn some_rows_in_any_order_get_their_own_numbers() {
    let mut table = table(700);
    (300..360).for_each(|id| drop(table.remove(id)));
    (0..2).for_each(|_| scan(&table));
    let all: Vec<Block<'_>> = table.rows.blocks().collect();
    let mut state = 7_u64;
    for _ in 0..300 {
        let mut some = Vec::new();
        for block in &all {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mask = block.mask & (state >> 33) as u16;
            match state >> 60 {
                0..8 if mask != 0 => some.push(Block { mask, ..*block }),
                8..12 => some.push(*block),
                12 => some.extend(block.slots().map(|slot| Block { mask: 1 << slot, ..*block })),
                13 => some.insert(0, Block { home: None, ..*block }),
                14 => some.insert(some.len() / 2, *block),
                _ => {}
            }
        }
        (0..COLUMNS).for_each(|column| assert_same(&some, column));
    }
    let singles: Vec<Block<'_>> =
        all.iter().flat_map(|block| block.slots().map(|slot| Block { mask: 1 << slot, ..*block })).collect();
    let reversed: Vec<Block<'_>> = singles.iter().rev().copied().collect();
    (0..COLUMNS).for_each(|column| assert_same(&reversed, column));
}

#[test]
fn few_rows_do_not_make_a_bottom_keep_all() {
    let table = table(256);
    let few: Vec<Block<'_>> = table.rows.blocks().map(|block| Block { mask: 1, ..block }).take(8).collect();
    (0..9).for_each(|_| assert_same(&few, 1));
    assert_eq!(table.rows.kept_bytes(), 0);
}

#[test]
fn a_write_that_forgets_nothing_is_found() {
    let mut table = table(300);
    (0..2).for_each(|_| scan(&table));
    let Some(Node::Inner(children, _)) = table.rows.root.as_mut().and_then(Link::get_mut) else {
        panic!("three hundred rows need two bottoms");
    };
    let Some(Node::Bottom(bottom)) = children[0].as_mut().and_then(Link::get_mut) else {
        panic!("nobody else holds the rows");
    };
    super::super::write::unshared(bottom.leaves[2].as_mut().expect("forty rows are there"))
        .put(1, row(33, 77));
    assert_eq!(table.rows.stale_column(), Some(1));
    assert!(table.inconsistency().is_some_and(|wrong| wrong.contains("qty")));
}
