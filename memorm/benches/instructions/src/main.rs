//! Counts the instructions of ten core operations under valgrind's callgrind, and compares them with the figures beside
//! this program: a guard against slow-downs that does not depend on time.
//!
//! ```text
//!     cargo run --release --manifest-path memorm/benches/instructions/Cargo.toml                 fails beyond 5 %
//!     cargo run --release --manifest-path memorm/benches/instructions/Cargo.toml -- --plant     must fail
//!     cargo run --release --manifest-path memorm/benches/instructions/Cargo.toml -- --record    renews the figures
//! ```
//!
//! Each operation runs in a process of its own, a number of times and not at all: the difference is its cost, without
//! the start of the program and the filling of the table. memorm's hashes have fixed seeds, so that a count repeats. It
//! depends on the compiler: where that is another than the one of the figures, the comparison is skipped.

mod ops;

use ops::{OPS, Op};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

/// How far a count may be above its figure.
const TOLERANCE: f64 = 0.05;
/// How much more work `--plant` does.
const PLANTED: f64 = 0.1;

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match *arguments {
        ["op", name, times] => run(name, times),
        [] => guard(0.0),
        ["--plant"] => guard(PLANTED),
        ["--record"] => record(),
        _ => Err("usage: [--plant | --record]".into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}

/// Runs one operation, in the process that is counted.
fn run(name: &str, times: &str) -> Result<(), Failure> {
    let op = OPS.iter().find(|op| op.name == name).ok_or("no such operation")?;
    Ok((op.run)(times.parse()?)?)
}

fn guard(more: f64) -> Result<(), Failure> {
    let figures = Figures::read()?;
    if !has_valgrind() {
        println!("skipped: no valgrind");
        return Ok(());
    }
    let rustc = rustc()?;
    if figures.rustc != rustc {
        println!("skipped: the figures are of {}, this is {rustc}", figures.rustc);
        return Ok(());
    }
    let mut slower = Vec::new();
    for op in &OPS {
        let figure =
            figures.counts.get(op.name).copied().ok_or_else(|| format!("no figure of {}", op.name))?;
        let counted = count(op, more)?;
        let change = (counted / figure - 1.0) * 100.0;
        println!("{:<10}{counted:>12.1} instructions, figure {figure:>12.1}: {change:+.1} %", op.name);
        if is_slower(counted, figure) {
            slower.push(op.name);
        }
    }
    // a guard that finds nothing proves nothing
    let [first, ..] = &OPS;
    if !is_slower(count(first, PLANTED)?, count(first, 0.0)?) {
        return Err("a planted slow-down was not found".into());
    }
    match slower.is_empty() {
        true => Ok(()),
        false => Err(format!("slower by more than {} %: {}", TOLERANCE * 100.0, slower.join(", ")).into()),
    }
}

fn is_slower(counted: f64, figure: f64) -> bool {
    counted > figure * (1.0 + TOLERANCE)
}

fn record() -> Result<(), Failure> {
    let mut lines = format!("{}\n", rustc()?);
    for op in &OPS {
        let line = format!("{} {:.1}\n", op.name, count(op, 0.0)?);
        print!("{line}");
        lines.push_str(&line);
    }
    Ok(std::fs::write(Figures::path(), lines)?)
}

/// What is compared with: the compiler in the first line, then an operation a line.
struct Figures {
    rustc: String,
    counts: BTreeMap<String, f64>,
}

impl Figures {
    fn path() -> PathBuf {
        [env!("CARGO_MANIFEST_DIR"), "figures.txt"].iter().collect()
    }

    fn read() -> Result<Self, Failure> {
        let text = std::fs::read_to_string(Self::path())?;
        let mut lines = text.lines();
        let rustc = lines.next().unwrap_or_default().to_owned();
        let count = |line: &str| {
            let (name, count) = line.split_once(' ').ok_or_else(|| format!("no count: {line}"))?;
            Ok((name.to_owned(), count.parse()?))
        };
        Ok(Self { rustc, counts: lines.map(count).collect::<Result<_, Failure>>()? })
    }
}

fn rustc() -> Result<String, Failure> {
    let output =
        Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into())).arg("--version").output()?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn has_valgrind() -> bool {
    let found =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// Instructions of one operation; `more` of the work is done beside.
fn count(op: &Op, more: f64) -> Result<f64, Failure> {
    let times = op.times as f64;
    let done = instructions(op, (times * (1.0 + more)) as usize)? - instructions(op, 0)?;
    Ok(done / times)
}

/// All instructions of a process that does it so many times.
fn instructions(op: &Op, times: usize) -> Result<f64, Failure> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe()?)
        .args(["op", op.name, &times.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, count)| count.trim());
    match count {
        Some(count) if output.status.success() => Ok(count.parse()?),
        _ => Err(format!("{} failed under valgrind: {said}", op.name).into()),
    }
}
