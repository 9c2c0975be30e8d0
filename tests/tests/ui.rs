//! Wrong programs, and what the compiler says about them.
//!
//! Messages are pinned in `ui/**/*.stderr`; `TRYBUILD=overwrite cargo test -p memorm-tests --test ui` writes them anew.
use std::fs;
use std::path::{Path, PathBuf};

/// The longest message for one wrong `#[derive(..)]`.
const LINES_OF_A_DERIVE_ERROR: usize = 15;

/// Cases with other numbers: how many errors, how many lines the longest has. Longer ones are the compiler's own words.
const OTHER_NUMBERS: [(&str, usize, usize); 4] = [
    // one in each of three models, none where they are used
    ("one_mistake_does_not_spread", 3, 15),
    ("model_without_clone", 1, 16),
    // the type is no key and no column
    ("type_that_is_no_key", 2, 17),
    // nor does the newtype's method return what the trait says
    ("field_around_a_type_that_is_no_column", 2, 15),
];

#[test]
fn wrong_derive_input_is_answered_with_pinned_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/derive/*.rs");
}

#[test]
fn every_derive_message_is_short() {
    for path in messages("derive") {
        for message in errors(&path) {
            let lines = message.lines().count();
            let limit = other_numbers(&path).map_or(LINES_OF_A_DERIVE_ERROR, |(_, lines)| lines);
            assert!(lines <= limit, "{}: {lines} lines:\n{message}", path.display());
        }
    }
}

#[test]
fn one_mistake_is_one_error_and_two_are_two() {
    let paths = messages("derive");
    assert!(paths.len() >= 45, "only {} cases", paths.len());
    for path in paths {
        let is_double = case(&path).contains("two_mistakes");
        let expected = other_numbers(&path).map_or(if is_double { 2 } else { 1 }, |(errors, _)| errors);
        let errors = errors(&path);
        assert_eq!(errors.len(), expected, "{}:\n{}", path.display(), errors.join("\n"));
    }
}

fn other_numbers(path: &Path) -> Option<(usize, usize)> {
    let case = case(path);
    OTHER_NUMBERS.iter().find(|(name, ..)| *name == case).map(|(_, errors, lines)| (*errors, *lines))
}

fn case(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The `.stderr` files of a folder of cases.
fn messages(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui").join(folder);
    let entries = fs::read_dir(folder).expect("the folder of cases exists");
    let paths = entries.map(|entry| entry.expect("its entries can be read").path());
    paths.filter(|path| path.extension().is_some_and(|e| e == "stderr")).collect()
}

/// The errors in a `.stderr` file, each with its lines.
fn errors(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).expect("the message can be read");
    let mut errors: Vec<String> = Vec::new();
    for line in text.lines() {
        match errors.last_mut() {
            _ if line.starts_with("error") => errors.push(format!("{line}\n")),
            Some(last) if !line.trim().is_empty() => *last += &format!("{line}\n"),
            _ => {}
        }
    }
    errors
}
