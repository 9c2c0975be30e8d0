//! Right answers: random programs over three related models, against an oracle of plain rows and loops.
//!
//! After each step: the answer, what the session sees, what is committed, the indexes against rebuilt ones.
//! `ORACLE=n` runs `n` programs, `ORACLE_SEED=s` those of a seed.
#[path = "oracle/bring.rs"]
mod bring;
#[path = "oracle/calls.rs"]
mod calls;
#[path = "oracle/check.rs"]
mod check;
#[path = "oracle/commit.rs"]
mod commit;
#[path = "oracle/differ.rs"]
mod differ;
#[path = "oracle/language/mod.rs"]
mod language;
#[path = "oracle/look.rs"]
mod look;
#[path = "oracle/models.rs"]
mod models;
#[path = "oracle/past.rs"]
mod past;
#[path = "oracle/program.rs"]
mod program;
#[path = "oracle/programs.rs"]
mod programs;
#[path = "oracle/real.rs"]
mod real;
#[path = "oracle/replay.rs"]
mod replay;
#[path = "oracle/rules.rs"]
mod rules;
#[path = "oracle/state.rs"]
mod state;
#[path = "oracle/statements.rs"]
mod statements;
#[path = "oracle/tally.rs"]
mod tally;
#[path = "oracle/version_programs.rs"]
mod version_programs;
#[path = "oracle/versions.rs"]
mod versions;
#[path = "oracle/world.rs"]
mod world;

use language::Plant;
use language::hunt::{cases, find, hunt};
use program::Program;
use tally::Tally;

/// Prints a program as the Rust that makes it.
fn print(program: &Program) -> String {
    let steps: Vec<_> = program.steps.iter().map(|step| format!("        {step:?},\n")).collect();
    let Program { history, watched, .. } = program;
    format!(
        "Program {{\n    history: {history},\n    watched: {watched},\n    steps: List([\n{}    ]),\n}}",
        steps.concat()
    )
}

#[test]
fn every_call_does_what_plain_rows_and_loops_do() {
    let check = |program: &Program| check::check(program, Plant::Nothing, &Tally::default());
    hunt("oracle", cases("ORACLE", 2_000), programs::programs, check, print);
}

/// The same programs in each run, on any number of cores: what they reach is no matter of luck.
#[test]
fn the_programs_reach_every_call_and_every_error() {
    let tally = Tally::default();
    let check = |program: &Program| check::check(program, Plant::Nothing, &tally);
    let find_from = |seed| find(&programs::programs(), seed, 500, 0, check);
    let found = std::thread::scope(|scope| {
        let shares = [1, 2, 3, 4].map(|seed| scope.spawn(move || find_from(seed)));
        shares.into_iter().find_map(|share| share.join().expect("a hunt catches its panics"))
    });
    if let Some((reason, program)) = found {
        panic!("{reason}\n{}", print(&program));
    }
    tally.assert_reached_all();
}

/// A checker that finds nothing proves nothing.
#[test]
fn a_planted_fault_is_found() {
    use Plant::*;
    let plants = [
        NullEqualsNull,
        StaleIndex,
        UnstableSort,
        LostUpdate,
        DuplicateAccepted,
        NoCascade,
        DeafRollback,
        KeyTwice,
        CountersStay,
        RedoStays,
        TheirsAlways,
        ForgetsNothing,
        UndoTwice,
    ];
    for plant in plants {
        let check = |program: &Program| check::check(program, plant, &Tally::default());
        let found = find(&programs::programs(), 7, 1_000, 0, check);
        assert!(found.is_some(), "{plant:?} is not found");
    }
}
