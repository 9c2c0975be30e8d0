//! The results: a readable table with the bars beside it, or a JSON object a line.
use crate::measure::Measured;
use crate::peers::NAMES;

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
    println!();
}

/// How many times the peer's speed, the bar, and whether it is met.
fn against(measured: &Measured, peer: &str, bar: f64) -> String {
    let (Some(own), Some(other)) = (measured.of("memorm"), measured.of(peer)) else {
        return format!("{:>21}", "");
    };
    let ratio = other / own;
    match bar {
        0.0 => format!("{ratio:>9.2}{:>6}{:>6}", "-", ""),
        bar => format!("{ratio:>9.2}{bar:>6.2}{:>6}", if ratio >= bar { "pass" } else { "MISS" }),
    }
}
