//! Wrong programs, and what the compiler says about them.
//!
//! Messages are pinned in `ui/**/*.stderr`; `TRYBUILD=overwrite cargo test -p memorm-tests --test ui` writes them anew.
use std::fs;
use std::path::{Path, PathBuf};

/// A folder of wrong programs.
struct Cases {
    folder: &'static str,
    /// How many there are at least.
    at_least: usize,
    /// The longest that the compiler says of one program.
    lines: usize,
    /// Programs of which it says more: how many errors, how many lines together.
    other_numbers: &'static [(&'static str, usize, usize)],
}

/// Longer ones are the compiler's own words.
const DERIVE: Cases = Cases {
    folder: "derive",
    at_least: 96,
    lines: 16,
    other_numbers: &[
        // one in each of three models, none where they are used
        ("one_mistake_does_not_spread", 3, 17),
    ],
};

const STATEMENTS: Cases = Cases {
    folder: "statements",
    at_least: 110,
    lines: 24,
    other_numbers: &[
        // each part is of the wrong type
        ("composite_key_in_another_order", 2, 25),
        // `&&` wants a `bool` on either side and gives one, which is no condition
        ("double_ampersand", 3, 33),
    ],
};

const JOINS: Cases = Cases { folder: "joins", at_least: 28, lines: 25, other_numbers: &[] };

/// Groups, windows, projections, pages.
const GROUPS: Cases = Cases { folder: "groups", at_least: 48, lines: 23, other_numbers: &[] };

#[test]
fn wrong_groups_are_answered_with_pinned_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/groups/*.rs");
}

#[test]
fn every_message_about_groups_is_short() {
    GROUPS.assert_short();
}

#[test]
fn one_mistake_in_groups_is_one_error() {
    GROUPS.assert_one_error_a_mistake();
}

#[test]
fn wrong_joins_are_answered_with_pinned_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/joins/*.rs");
}

#[test]
fn every_message_about_a_join_is_short() {
    JOINS.assert_short();
}

#[test]
fn one_mistake_in_a_join_is_one_error() {
    JOINS.assert_one_error_a_mistake();
}

#[test]
fn wrong_derive_input_is_answered_with_pinned_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/derive/*.rs");
}

#[test]
fn wrong_statements_are_answered_with_pinned_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/statements/*.rs");
}

#[test]
fn every_derive_message_is_short() {
    DERIVE.assert_short();
}

#[test]
fn every_statement_message_is_short() {
    STATEMENTS.assert_short();
}

#[test]
fn one_mistake_in_derive_input_is_one_error_and_two_are_two() {
    DERIVE.assert_one_error_a_mistake();
}

#[test]
fn one_mistake_in_a_statement_is_one_error() {
    STATEMENTS.assert_one_error_a_mistake();
}

impl Cases {
    fn assert_short(&self) {
        for path in self.messages() {
            let message = fs::read_to_string(&path).expect("the message can be read");
            let lines = message.lines().count();
            let limit = self.other_numbers(&path).map_or(self.lines, |(_, lines)| lines);
            assert!(lines <= limit, "{}: {lines} lines:\n{message}", path.display());
        }
    }

    fn assert_one_error_a_mistake(&self) {
        let paths = self.messages();
        assert!(paths.len() >= self.at_least, "only {} cases", paths.len());
        for path in paths {
            let is_double = case(&path).contains("two_mistakes");
            let usual = if is_double { 2 } else { 1 };
            let expected = self.other_numbers(&path).map_or(usual, |(errors, _)| errors);
            let errors = errors(&path);
            assert_eq!(errors.len(), expected, "{}:\n{}", path.display(), errors.join("\n"));
        }
    }

    fn other_numbers(&self, path: &Path) -> Option<(usize, usize)> {
        let case = case(path);
        self.other_numbers.iter().find(|(name, ..)| *name == case).map(|(_, errors, lines)| (*errors, *lines))
    }

    /// The `.stderr` files of the folder.
    fn messages(&self) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui").join(self.folder);
        let entries = fs::read_dir(folder).expect("the folder of cases exists");
        let paths = entries.map(|entry| entry.expect("its entries can be read").path());
        paths.filter(|path| path.extension().is_some_and(|e| e == "stderr")).collect()
    }
}

fn case(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
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
