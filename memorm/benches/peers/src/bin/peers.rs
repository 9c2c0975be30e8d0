//! Measures memorm beside other stores. See `--help`.
use indicatif::{ProgressBar, ProgressStyle};
use memorm_peers::growth::{curves, svg};
use memorm_peers::markdown;
use memorm_peers::measure::{Measured, measure};
use memorm_peers::options::{Options, USAGE};
use memorm_peers::peers::{NAMES, Peer, peer};
use memorm_peers::readers::readers;
use memorm_peers::report;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(mistake) => {
            eprintln!("{mistake}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(mistake) => {
            eprintln!("{mistake}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), String> {
    if options.memory {
        return memory();
    }
    let mut all = Vec::new();
    let progress = progress(options);
    for &rows in &options.rows {
        let is_plain = !options.json && !options.growth && !options.markdown;
        if is_plain {
            progress.suspend(|| report::heading(rows));
        }
        progress.set_message(format!("{rows} rows"));
        measure(options, rows, &mut peers(options), |measured| {
            progress.suspend(|| {
                if options.json {
                    report::json(&measured);
                } else if is_plain {
                    report::line(&measured);
                }
            });
            progress.inc(1);
            all.push(measured);
        })?;
        if options.readers && !options.growth && !options.markdown {
            report::readers(&readers(rows, options.rounds), options.json);
        }
    }
    progress.finish_and_clear();
    if options.markdown {
        print!("{}", markdown::table(&options.rows, &all));
    }
    if options.growth { grown(options, &all) } else { Ok(()) }
}

/// A bar of the ops that are done, on a terminal; it moves between two measurements alone.
fn progress(options: &Options) -> ProgressBar {
    if options.json {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} ops, {msg}, {elapsed}");
    let ops = options.ops.iter().filter(|op| !options.growth || op.grows()).count();
    let bar = ProgressBar::new((ops * options.rows.len()) as u64);
    bar.with_style(style.expect("the template is sound"))
}

/// Judges and draws how the ops grow.
fn grown(options: &Options, measured: &[Measured]) -> Result<(), String> {
    let curves = curves(measured);
    if !options.json {
        report::growth(&options.rows, &curves);
    }
    if let Some(file) = &options.svg {
        std::fs::write(file, svg(&curves)).map_err(|error| format!("{file}: {error}"))?;
    }
    let too_fast: Vec<&str> = curves.iter().filter(|c| !c.is_fine()).map(|c| c.op.name()).collect();
    if too_fast.is_empty() { Ok(()) } else { Err(format!("grow too fast: {}", too_fast.join(", "))) }
}

/// Runs the program whose allocator counts, with the same arguments.
fn memory() -> Result<(), String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    cargo.args(["run", "--quiet", "--release", "--bin", "memory", "--manifest-path", manifest, "--"]);
    let status = cargo.args(std::env::args().skip(1)).status().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err("the measurement of memory failed".to_owned()) }
}

/// memorm first: it is one of every pair.
fn peers(options: &Options) -> Vec<Box<dyn Peer>> {
    NAMES
        .iter()
        .filter(|name| **name == "memorm" || options.has_peer(name))
        .filter_map(|name| peer(name))
        .collect()
}
