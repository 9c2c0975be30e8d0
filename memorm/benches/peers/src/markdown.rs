//! The table of the guide: figures at each size, and how many times each peer's speed, with the bars.
use crate::measure::Measured;
use crate::op::Op;
use crate::peers::NAMES;
use std::fmt::Write;

/// The table, with a row for each op that was measured at any of the sizes.
pub fn table(sizes: &[usize], measured: &[Measured]) -> String {
    let peers: Vec<&str> =
        NAMES.into_iter().filter(|peer| measured.iter().any(|m| m.of(peer).is_some())).collect();
    let mut table =
        format!("| op | {} | times SQLite (bar) | of `hashmap` (bar) |\n|---|", peers.join(" | "));
    let _ = writeln!(table, "{}", "---|".repeat(peers.len() + 2));
    for op in Op::ALL {
        let of_op: Vec<Option<&Measured>> =
            sizes.iter().map(|rows| measured.iter().find(|m| m.op == op && m.rows == *rows)).collect();
        if of_op.iter().all(Option::is_none) {
            continue;
        }
        let _ = write!(table, "| `{}` |", op.name());
        for peer in &peers {
            let ns = |m: &Option<&Measured>| m.and_then(|m| m.of(peer)).map_or("–".to_owned(), figure);
            let _ = write!(table, " {} |", of_op.iter().map(ns).collect::<Vec<_>>().join(" / "));
        }
        let sqlite = |rows| if rows >= 1_000_000 { op.bars().sqlite_at_1m } else { op.bars().sqlite };
        let _ = writeln!(
            table,
            " {} | {} |",
            against(&of_op, sizes, "sqlite", sqlite),
            against(&of_op, sizes, "hashmap", |_| op.bars().hashmap)
        );
    }
    table
}

/// `6.2 / 9.8 (6 / 10)`: memorm's speed over the peer's at each size, in bold where it misses its bar.
fn against(of_op: &[Option<&Measured>], sizes: &[usize], peer: &str, bar: impl Fn(usize) -> f64) -> String {
    let ratio = |m: &Option<&Measured>| m.and_then(|m| Some(m.of(peer)? / m.of("memorm")?));
    let ratios: Vec<Option<f64>> = of_op.iter().map(ratio).collect();
    if ratios.iter().all(Option::is_none) {
        return "–".to_owned();
    }
    let shown = ratios.iter().zip(sizes).map(|(ratio, rows)| match ratio {
        None => "–".to_owned(),
        Some(ratio) if *ratio < bar(*rows) => format!("**{ratio:.2}**"),
        Some(ratio) => format!("{ratio:.2}"),
    });
    let mut bars: Vec<String> = sizes.iter().map(|rows| bar(*rows).to_string()).collect();
    bars.dedup();
    let shown = shown.collect::<Vec<_>>().join(" / ");
    if bar(sizes[0]) == 0.0 { shown } else { format!("{shown} ({})", bars.join(" / ")) }
}

/// A number of nanoseconds with about three digits.
fn figure(ns: f64) -> String {
    match ns {
        ..20.0 => format!("{ns:.1}"),
        20.0..1_000.0 => format!("{ns:.0}"),
        _ => {
            let digits = format!("{ns:.0}");
            let groups: Vec<&str> = digits
                .as_bytes()
                .rchunks(3)
                .rev()
                .filter_map(|group| std::str::from_utf8(group).ok())
                .collect();
            groups.join(",")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_both_sizes_and_marks_what_misses_its_bar() {
        let measured = |rows, memorm, sqlite| Measured {
            op: Op::CommitOne,
            rows,
            ns: vec![("memorm", memorm), ("sqlite", sqlite)],
        };
        let table = table(
            &[100_000, 1_000_000],
            &[measured(100_000, 500.0, 1_000.0), measured(1_000_000, 1_000.0, 2_000.0)],
        );
        let row = "| `commit_one` | 500 / 1,000 | 1,000 / 2,000 | 2.00 / **2.00** (1.8 / 3) | – |";
        assert!(table.lines().any(|line| line == row), "{table}");
    }
}
