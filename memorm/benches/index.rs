//! What the index structures cost, alone.
//!
//!     cargo bench -p memorm --bench index
//!
//! CPU time of this thread for each operation, in nanoseconds: the median of five rounds. Memory is the growth of
//! the resident set in a process of its own, so it includes what the allocator wastes.

use memorm::index::{HashTree, OrderedIndex, Postings};
use memorm::value::{Cell, Kind};
use std::hint::black_box;
use std::ops::Bound;
use std::time::Instant;

const ROUNDS: usize = 5;
/// Single operations of a round.
const OPS: usize = 100_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(case) = arguments.iter().position(|a| a == "--memory-of") {
        println!("{}", memory_of(&arguments[case + 1], number(&arguments[case + 2])));
        return;
    }
    if !arguments.iter().any(|a| a == "--bench") {
        return; // `cargo test --all-targets` runs this too
    }
    let sizes: Vec<u64> = match arguments.iter().position(|a| a == "--rows") {
        Some(at) => vec![number(&arguments[at + 1])],
        None => vec![100_000, 1_000_000],
    };
    for rows in sizes {
        println!("\n{rows} rows, ns per operation");
        println!(
            "{:<28}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
            "", "insert", "bulk", "find", "move", "pinned", "walk/row", "B/row"
        );
        hash_tree(rows);
        for distinct in [16, 1_000, rows / 4, rows] {
            ordered(rows, distinct);
        }
        text(rows, 12);
        text(rows, 40);
        postings(rows);
    }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or(100_000)
}

fn line(name: &str, cells: &[Option<f64>]) {
    print!("{name:<28}");
    for cell in cells {
        match cell {
            Some(ns) if *ns < 10.0 => print!("{ns:>9.2}"),
            Some(ns) => print!("{ns:>9.0}"),
            None => print!("{:>9}", "-"),
        }
    }
    println!();
}

fn hash_tree(rows: u64) {
    let hashes: Vec<u64> = (0..rows).map(scatter).collect();
    let insert = median(rows, || {
        let mut tree = HashTree::default();
        hashes.iter().zip(0..).for_each(|(hash, row)| tree.insert(*hash, row));
        tree
    });
    let build = || {
        let mut tree = HashTree::default();
        tree.extend(hashes.iter().copied().zip(0..));
        tree
    };
    let bulk = median(rows, build);
    let mut tree = build();
    let picks: Vec<u64> = (0..OPS as u64).map(|i| scatter(i + 99) % rows).collect();
    let find = median(OPS as u64, || {
        picks.iter().map(|row| tree.find(hashes[*row as usize]).fold(0, |a, b| a ^ b)).fold(0, |a, b| a ^ b)
    });
    let moved = median(OPS as u64, || {
        for row in &picks {
            tree.remove(hashes[*row as usize], *row);
            tree.insert(hashes[*row as usize], *row);
        }
    });
    let pinned = median(OPS as u64, || {
        for row in &picks {
            let mut version = tree.clone();
            version.insert(scatter(*row + rows), *row);
            black_box(&version);
        }
    });
    let memory = memory("hash", rows);
    line("hash tree", &[Some(insert), Some(bulk), Some(find), Some(moved), Some(pinned), None, memory]);
}

fn key_of(row: u64, distinct: u64) -> i64 {
    (scatter(row) % distinct) as i64
}

fn ordered(rows: u64, distinct: u64) {
    let keys: Vec<i64> = (0..rows).map(|row| key_of(row, distinct)).collect();
    let insert = median(rows, || {
        let mut index = OrderedIndex::new(&[Kind::I64]);
        keys.iter().zip(0..).for_each(|(key, row)| {
            index.insert(&[Cell::Int(*key)], row);
        });
        index
    });
    let build = || {
        let mut index = OrderedIndex::new(&[Kind::I64]);
        let mut batch = index.batch();
        keys.iter().zip(0..).for_each(|(key, row)| batch.push(&[Cell::Int(*key)], row));
        index.extend(batch);
        index
    };
    let bulk = median(rows, build);
    let mut index = build();
    let picks: Vec<u64> = (0..OPS as u64).map(|i| scatter(i + 99) % rows).collect();
    let find = median(OPS as u64, || {
        picks.iter().filter(|row| index.equal(&[Cell::Int(keys[**row as usize])]).is_some()).count()
    });
    let move_row = |index: &mut OrderedIndex, row: u64| {
        let (from, to) = (keys[row as usize], (keys[row as usize] + 1) % distinct as i64);
        index.remove(&[Cell::Int(from)], row);
        index.insert(&[Cell::Int(to)], row);
        (from, to)
    };
    let moved = median(OPS as u64, || {
        for row in &picks {
            let (from, to) = move_row(&mut index, *row);
            index.remove(&[Cell::Int(to)], *row);
            index.insert(&[Cell::Int(from)], *row);
        }
    });
    let pinned = median(OPS as u64, || {
        for row in &picks {
            let mut version = index.clone();
            move_row(&mut version, *row);
            black_box(&version);
        }
    });
    let mut out = Vec::new();
    let walk = median(rows, || {
        out.clear();
        let (low, high) = (Bound::Included(Cell::Int(0)), Bound::Excluded(Cell::Int(i64::MAX)));
        index.range(&[], low, high).for_each(|postings| postings.extend_into(&mut out));
        out.len()
    });
    let memory = memory(&format!("ordered {distinct}"), rows);
    let cells = [Some(insert), Some(bulk), Some(find), Some(moved / 2.0), Some(pinned), Some(walk), memory];
    line(&format!("ordered, {distinct} keys"), &cells);

    // a range of a thousandth of the rows, as a query asks for it
    let span = (distinct / 1_000).max(1) as i64;
    let mut found = 0;
    let range = median(1_000, || {
        found = 0;
        for i in 0..1_000 {
            let low = (scatter(i) % distinct) as i64;
            out.clear();
            let bounds = (Bound::Included(Cell::Int(low)), Bound::Excluded(Cell::Int(low + span)));
            index.range(&[], bounds.0, bounds.1).for_each(|postings| postings.extend_into(&mut out));
            found += out.len();
        }
    });
    println!(
        "{:<28}{:>9.0} ns, {:.2} a row of {}",
        "  a range of 1/1000",
        range,
        range * 1e3 / found as f64,
        found / 1_000
    );
}

/// Text of a length: eight digits behind, which differ, and the same letters before them.
fn text_of(row: u64, length: usize) -> String {
    format!("{:e<1$}{2:08}", "", length - 8, scatter(row) % 100_000_000)
}

fn text(rows: u64, length: usize) {
    let keys: Vec<String> = (0..rows).map(|row| text_of(row, length)).collect();
    let insert = median(rows, || {
        let mut index = OrderedIndex::new(&[Kind::Text]);
        keys.iter().zip(0..).for_each(|(key, row)| {
            index.insert(&[Cell::Text(key)], row);
        });
        index
    });
    let build = || {
        let mut index = OrderedIndex::new(&[Kind::Text]);
        let mut batch = index.batch();
        keys.iter().zip(0..).for_each(|(key, row)| batch.push(&[Cell::Text(key)], row));
        index.extend(batch);
        index
    };
    let bulk = median(rows, build);
    let index = build();
    let picks: Vec<u64> = (0..OPS as u64).map(|i| scatter(i + 99) % rows).collect();
    let find = median(OPS as u64, || {
        picks.iter().filter(|row| index.equal(&[Cell::Text(&keys[**row as usize])]).is_some()).count()
    });
    let pinned = median(OPS as u64, || {
        for row in &picks {
            let mut version = index.clone();
            let key = [Cell::Text(&keys[*row as usize])];
            version.remove(&key, *row);
            version.insert(&key, rows);
            black_box(&version);
        }
    });
    let memory = memory(&format!("text {length}"), rows);
    let name = format!("ordered, text of {length}");
    line(&name, &[Some(insert), Some(bulk), Some(find), None, Some(pinned), None, memory]);
}

fn postings(rows: u64) {
    let ids: Vec<u64> = (0..rows).collect();
    let insert = median(rows, || {
        let mut postings = Postings::default();
        ids.iter().for_each(|id| {
            postings.insert(*id);
        });
        postings
    });
    let bulk = median(rows, || Postings::from_sorted(&ids));
    let mut postings = Postings::from_sorted(&ids);
    let picks: Vec<u64> = (0..OPS as u64).map(|i| scatter(i + 99) % rows).collect();
    let find = median(OPS as u64, || picks.iter().filter(|row| postings.contains(**row)).count());
    let moved = median(OPS as u64, || {
        for row in &picks {
            postings.remove(*row);
            postings.insert(*row);
        }
    });
    let pinned = median(OPS as u64, || {
        for row in &picks {
            let mut version = postings.clone();
            version.remove(*row);
            black_box(&version);
        }
    });
    let mut out = Vec::new();
    let walk = median(rows, || {
        out.clear();
        postings.extend_into(&mut out);
    });
    let iter = median(rows, || postings.iter().fold(0, |a, b| a ^ b));
    let memory = memory("postings", rows);
    line("postings", &[Some(insert), Some(bulk), Some(find), Some(moved), Some(pinned), Some(walk), memory]);
    println!("{:<28}{iter:>9.2} ns a row", "  by iterator");
}

/// Bytes a row, measured by this program in another process.
fn memory(case: &str, rows: u64) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output =
        std::process::Command::new(program).args(["--memory-of", case, &rows.to_string()]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

fn memory_of(case: &str, rows: u64) -> f64 {
    let before = resident();
    let (kind, distinct) = case.split_once(' ').unwrap_or((case, "1"));
    let distinct = number(distinct);
    match kind {
        "hash" => {
            let mut tree = HashTree::default();
            (0..rows).for_each(|row| tree.insert(scatter(row), row));
            black_box(&tree);
            return (resident() - before) / rows as f64;
        }
        "postings" => {
            let mut postings = Postings::default();
            (0..rows).for_each(|row| {
                postings.insert(row);
            });
            black_box(&postings);
            return (resident() - before) / rows as f64;
        }
        "text" => {
            let mut index = OrderedIndex::new(&[Kind::Text]);
            (0..rows).for_each(|row| {
                index.insert(&[Cell::Text(&text_of(row, distinct as usize))], row);
            });
            black_box(&index);
            return (resident() - before) / rows as f64;
        }
        _ => {}
    }
    let mut index = OrderedIndex::new(&[Kind::I64]);
    (0..rows).for_each(|row| {
        index.insert(&[Cell::Int(key_of(row, distinct))], row);
    });
    black_box(&index);
    (resident() - before) / rows as f64
}

/// Bytes in memory, of this process.
fn resident() -> f64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = pages.split(' ').nth(1).and_then(|n| n.parse().ok()).unwrap_or(f64::NAN);
    pages * 4096.0
}

/// CPU nanoseconds of this thread, or wall time where the system does not tell.
fn clock(start: Instant) -> f64 {
    // the counter moves when the scheduler looks at the thread
    std::thread::yield_now();
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next().and_then(|ns| ns.parse().ok()))
        .unwrap_or_else(|| start.elapsed().as_nanos() as f64)
}

/// The median of the rounds. What `run` returns is dropped outside of the measurement.
fn median<T>(operations: u64, mut run: impl FnMut() -> T) -> f64 {
    let start = Instant::now();
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            // short rounds are repeated
            let (mut spent, mut times) = (0.0, 0.0);
            while spent < 20e6 {
                let before = clock(start);
                let result = black_box(run());
                spent += clock(start) - before;
                times += 1.0;
                drop(result);
            }
            spent / times / operations as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

/// A number that looks random (splitmix64).
fn scatter(n: u64) -> u64 {
    let mut z = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
