//! The results: a readable table with the bars beside it, or a JSON object a line.
use crate::growth::{Curve, TOLERANCE};
use crate::measure::Measured;
use crate::op::Op;
use crate::peers::NAMES;
use crate::readers::Readers;

/// Prints one result as JSON.
pub fn json(measured: &Measured) {
    let ns: Vec<String> = measured.ns.iter().map(|(name, ns)| format!("\"{name}\":{ns:.2}")).collect();
    println!("{{\"op\":\"{}\",\"rows\":{},\"ns\":{{{}}}}}", measured.op.name(), measured.rows, ns.join(","));
}

/// Prints the heading of a table.
pub fn heading(rows: usize) {
    println!("\n{rows} rows: nanoseconds of CPU time for each operation or row, median");
    print!("{:<18}", "");
    NAMES.iter().for_each(|peer| print!("{peer:>10}"));
    println!(
        "  |{:>9}{:>6}      |{:>9}{:>6}      |{:>9}{:>6}",
        "/sqlite", "bar", "/hashmap", "bar", "/mvcc", "bar"
    );
}

/// Prints one result as a line of a table.
pub fn line(measured: &Measured) {
    print!("{:<18}", measured.op.name());
    for peer in NAMES {
        match measured.of(peer) {
            Some(ns) if ns < 100.0 => print!("{ns:>10.2}"),
            Some(ns) => print!("{ns:>10.0}"),
            None => print!("{:>10}", "-"),
        }
    }
    let bars = measured.op.bars();
    let sqlite = if measured.rows >= 1_000_000 { bars.sqlite_at_1m } else { bars.sqlite };
    for (peer, bar) in [("sqlite", sqlite), ("hashmap", bars.hashmap), ("mvcc", bars.mvcc)] {
        print!("  |{}", against(measured, peer, bar));
    }
    if let Some(ns) = measured.of("memorm") {
        if let Some(most) = measured.op.at_most() {
            print!("  at most {most} ns {}", verdict(ns <= most));
        }
        if measured.op == Op::OldSnapshotScan {
            let speed = measured.of("fresh").unwrap_or(ns) / ns;
            print!("  {speed:.2} of a fresh scan, at least 0.9 {}", verdict(speed >= 0.9));
        }
    }
    println!();
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "pass" } else { "MISS" }
}

/// Prints what several threads reach.
pub fn readers(readers: &Readers, is_json: bool) {
    if is_json {
        let verdicts = readers.verdicts().map(|(name, value, ..)| (name, value));
        let figures = verdicts.into_iter().chain(readers.controls());
        let figures: Vec<_> = figures.map(|(name, value)| format!("\"{name}\":{value:.3}")).collect();
        println!("{{\"op\":\"readers\",\"rows\":{},{}}}", readers.rows, figures.join(","));
        return;
    }
    for (name, value, bar, is_met) in readers.verdicts() {
        println!("readers {name:<24}{value:>12.2}  bar {bar} {}", verdict(is_met));
    }
    for (name, value) in readers.controls() {
        println!("readers {name:<24}{value:>12.2}");
    }
}

/// Prints how each op grows with the table: nanoseconds at each size.
pub fn growth(sizes: &[usize], curves: &[Curve]) {
    print!("\n{:<18}", "ns, by rows");
    sizes.iter().for_each(|rows| print!("{rows:>12}"));
    println!("{:>24}", "beyond log n, at most");
    for curve in curves {
        print!("{:<18}", curve.op.name());
        curve.points.iter().for_each(|(_, ns)| print!("{ns:>12.1}"));
        println!("{:>12.1}{TOLERANCE:>12} {}", curve.excess(), verdict(curve.is_fine()));
    }
}

/// How many times the peer's speed, the bar, and whether it is met.
fn against(measured: &Measured, peer: &str, bar: f64) -> String {
    let (Some(own), Some(other)) = (measured.of("memorm"), measured.of(peer)) else {
        return format!("{:>21}", "");
    };
    let ratio = other / own;
    match bar {
        0.0 => format!("{ratio:>9.2}{:>6}{:>6}", "-", ""),
        bar => format!("{ratio:>9.2}{bar:>6.2}{:>6}", verdict(ratio >= bar)),
    }
}
