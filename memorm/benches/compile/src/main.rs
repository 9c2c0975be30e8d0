//! What models and their statements cost in a debug build.
//!
//!     cargo run --manifest-path memorm/benches/compile/Cargo.toml
//!
//! Generates a crate of 40 models with 10 columns and 6 statements each, builds what it depends on, and then measures
//! `cargo build` of this crate alone, from clean: seconds and bytes of the rlib for each model.

mod models;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

const MODELS: usize = 40;
const ROUNDS: usize = 3;
/// At most so many seconds and megabytes a model.
const BARS: (f64, f64) = (0.20, 1.5);

fn main() -> Result<(), Box<dyn Error>> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| here.join("target"), PathBuf::from);
    let folder = target.join("compile-models");
    models::write(&folder, &here.join("../..").canonicalize()?, MODELS)?;
    cargo(&folder, &["build"])?;
    let (mut wall, mut cpu) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        cargo(&folder, &["clean", "-p", "models"])?;
        let (start, before) = (Instant::now(), children()?);
        cargo(&folder, &["build"])?;
        wall = wall.min(start.elapsed().as_secs_f64());
        cpu = cpu.min(children()? - before);
    }
    let megabytes = folder.join("target/debug/libmodels.rlib").metadata()?.len() as f64 / 1e6;
    let models = MODELS as f64;
    let verdict = |is_met| if is_met { "pass" } else { "MISS" };
    println!("{MODELS} models of 10 columns with 6 statements each, the best of {ROUNDS} debug builds");
    println!(
        "  wall    {wall:6.2} s    {:.3} s a model   bar {:.2}   {}",
        wall / models,
        BARS.0,
        verdict(wall / models <= BARS.0)
    );
    println!("  CPU     {cpu:6.2} s    {:.3} s a model", cpu / models);
    println!(
        "  rlib    {megabytes:6.2} MB   {:.3} MB a model  bar {:.2}   {}",
        megabytes / models,
        BARS.1,
        verdict(megabytes / models <= BARS.1)
    );
    Ok(())
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<(), Box<dyn Error>> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
    // the folder's own target: the same flags and no other crate's lock
    let status = command
        .args(arguments)
        .arg("--quiet")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("cargo {} failed", arguments.join(" ")).into()) }
}

/// CPU time of all children so far, in seconds.
fn children() -> Result<f64, Box<dyn Error>> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok((usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6)
}
