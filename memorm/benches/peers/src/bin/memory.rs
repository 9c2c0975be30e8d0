//! Bytes a row. A program of its own, because its allocator counts: `peers --memory` runs it.
use memorm_peers::memory::{Bytes, measure};
use memorm_peers::options::Options;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// At most so many times the bytes of a bare hash map.
const BAR: f64 = 1.25;
/// At most this share is left after a deletion.
const LEFT: f64 = 0.01;

fn main() -> Result<(), String> {
    let options = Options::parse(std::env::args().skip(1))?;
    for &rows in &options.rows {
        for bytes in measure(rows, used) {
            if options.json { json(&bytes) } else { line(&bytes) }
        }
    }
    Ok(())
}

fn used() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

fn json(bytes: &Bytes) {
    let Bytes { table, rows, memorm, hashmap, course: [start, full, end] } = bytes;
    println!(
        "{{\"op\":\"memory\",\"table\":\"{table}\",\"rows\":{rows},\
         \"bytes_per_row\":{{\"memorm\":{memorm:.1},\"hashmap\":{hashmap:.1}}},\
         \"bytes\":{{\"start\":{start},\"full\":{full},\"deleted\":{end}}}}}"
    );
}

fn line(bytes: &Bytes) {
    let verdict = |is_met| if is_met { "pass" } else { "MISS" };
    let (ratio, left) = (bytes.ratio(), bytes.left());
    println!(
        "{:<6} {} rows: {:.1} bytes a row, hashmap {:.1}: {ratio:.2} times, at most {BAR} {}",
        bytes.table,
        bytes.rows,
        bytes.memorm,
        bytes.hashmap,
        verdict(ratio <= BAR)
    );
    let [start, full, end] = bytes.course;
    println!(
        "       {start} bytes empty, {full} full, {end} after the deletion: {:.3} % left {}",
        left * 100.0,
        verdict(left <= LEFT)
    );
}
