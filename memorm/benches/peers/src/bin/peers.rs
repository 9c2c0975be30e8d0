//! Measures memorm beside other stores. See `--help`.
use memorm_peers::measure::measure;
use memorm_peers::options::{Options, USAGE};
use memorm_peers::peers::{NAMES, Peer, peer};
use memorm_peers::report;
use std::process::ExitCode;

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
    for &rows in &options.rows {
        if !options.json {
            report::heading(rows);
        }
        let print = if options.json { report::json } else { report::line };
        measure(options, rows, &mut peers(options), |measured| print(&measured))?;
    }
    Ok(())
}

/// memorm first: it is one of every pair.
fn peers(options: &Options) -> Vec<Box<dyn Peer>> {
    NAMES
        .iter()
        .filter(|name| **name == "memorm" || options.has_peer(name))
        .filter_map(|name| peer(name))
        .collect()
}
