//! Text: patterns, case, blanks, characters.
use super::{Answer, False, True, Unknown, ask, compute, found, text};
use crate::expr::Expression;
use crate::value::{Fault, Value};
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Line {
    #[model(primary_key)]
    id: u32,
    text: String,
    pattern: String,
    note: Option<Arc<str>>,
    letter: char,
}

fn lines<const N: usize>(texts: [&str; N]) -> [Line; N] {
    texts.map(|text| Line {
        id: 0,
        text: text.to_owned(),
        pattern: text.to_owned(),
        note: (!text.is_empty()).then(|| text.into()),
        letter: text.chars().next().unwrap_or(' '),
    })
}

fn is_like(line: &str, pattern: &str) -> bool {
    ask(Line::TEXT.like(pattern), &lines([line])) == [True]
}

#[test]
fn like_matches_the_whole_text() {
    for (line, pattern) in [
        ("", ""),
        ("", "%"),
        ("", "%%"),
        ("foo", "foo"),
        ("foo", "f%"),
        ("foo", "%o"),
        ("foo", "%oo%"),
        ("foo", "f_o"),
        ("foo", "___"),
        ("foo", "%_"),
        ("foo", "_%"),
        ("foo", "%__%_"),
        ("foo", "f%o%"),
        ("abcabcabd", "%abd"),
        ("abab", "ab%ab"),
        ("aXbXc", "a_b_c"),
        ("xaby", "%a_y"),
        ("mississippi", "m%iss%ss%pi"),
        ("mississippi", "%i_s%p_i"),
        ("aab", "%_b"),
        ("foo\nbar", "foo%bar"),
    ] {
        assert!(is_like(line, pattern), "{line:?} like {pattern:?}");
    }
    for (line, pattern) in [
        ("foo", ""),
        ("", "_"),
        ("foo", "Foo"),
        ("foo", "fo"),
        ("foo", "oo"),
        ("foo", "____"),
        ("foo", "%___%_"),
        ("aba", "ab%ba"),
        ("foo", "%o%f%"),
        ("mississippi", "m%iss%iss%iss%"),
    ] {
        assert!(!is_like(line, pattern), "{line:?} not like {pattern:?}");
    }
}

#[test]
fn an_underscore_is_one_character_of_any_length() {
    assert!(
        is_like("ä", "_") && is_like("日本語", "日_語") && is_like("a🦀b", "a_b") && is_like("🦀🦀x", "%_x")
    );
    assert!(!is_like("ä", "__") && !is_like("🦀", "____"));
}

#[test]
fn a_backslash_escapes_and_must_escape_something() {
    assert!(is_like("100%", r"100\%") && !is_like("1000", r"100\%"));
    assert!(is_like("a_b", r"a\_b") && !is_like("axb", r"a\_b"));
    assert!(is_like(r"a\b", r"a\\b") && is_like("ab", r"\a\b") && is_like(r"x\", r"%\\"));
    let bad = Answer::Fault(Fault::BadPattern);
    assert_eq!(ask(Line::TEXT.like(r"a\"), &lines(["a", "b"])), [bad, bad]);
    assert_eq!(ask(Line::NOTE.like(r"a\"), &lines(["a", ""])), [bad, Unknown]);
    assert_eq!(ask(Line::TEXT.ilike(r"\\\"), &lines(["a"])), [bad]);
}

#[test]
fn a_pattern_may_come_from_a_column() {
    let mut rows = lines(["foo", "bar", "baz"]);
    rows[0].pattern = "f%".into();
    rows[1].pattern = "_".into();
    rows[2].pattern = "%\\".into();
    assert_eq!(ask(Line::TEXT.like(Line::PATTERN), &rows), [True, False, Answer::Fault(Fault::BadPattern)]);
    assert_eq!(ask(Line::TEXT.not_like(Line::PATTERN), &rows)[..2], [False, True]);
}

#[test]
fn like_takes_no_more_than_linear_time() {
    let line = "a".repeat(200_000);
    assert!(!is_like(&line, "%a%a%a%a%a%a%a%a%a%b"));
    assert!(!is_like(&line, "%_a_a_a_b%"));
    assert!(is_like(&line, &"%a".repeat(1_000)));
}

#[test]
fn ilike_is_blind_to_case() {
    let rows = lines(["Straße", "STRASSE", "ÄÖÜ", "foo_bar"]);
    assert_eq!(found(Line::TEXT.ilike("straße"), &rows), [0]);
    assert_eq!(found(Line::TEXT.ilike("äö_"), &rows), [2]);
    assert_eq!(found(Line::TEXT.ilike(r"FOO\_%"), &rows), [3]);
    assert_eq!(found(Line::TEXT.like("äö_"), &rows), Vec::<usize>::new());
}

#[test]
fn case_is_mapped_character_by_character() {
    let rows = lines(["Straße", "İx", "ǅ", "ΑΣ"]);
    assert_eq!(
        compute(Line::TEXT.upper(), &rows),
        [Ok(text("STRAßE")), Ok(text("İX")), Ok(text("Ǆ")), Ok(text("ΑΣ"))]
    );
    assert_eq!(
        compute(Line::TEXT.lower(), &rows),
        [Ok(text("straße")), Ok(text("ix")), Ok(text("ǆ")), Ok(text("ασ"))]
    );
}

#[test]
fn trim_takes_blanks_alone() {
    let rows = lines(["  a b ", "\ta\n", "   ", "\u{a0}a"]);
    let expected = ["a b", "\ta\n", "", "\u{a0}a"].map(|t| Ok(text(t)));
    assert_eq!(compute(Line::TEXT.trim(), &rows), expected);
    assert_eq!(compute(Line::TEXT.lower().trim(), &rows), expected);
    assert_eq!(found(Line::TEXT.trim().eq("a b"), &rows), [0]);
}

#[test]
fn length_counts_characters() {
    let rows = lines(["", "abc", "äöü", "🦀"]);
    assert_eq!(compute(Line::TEXT.length(), &rows), [0, 3, 3, 1].map(|n| Ok(Value::Int(n))));
    assert_eq!(compute(Line::NOTE.length(), &rows)[0], Ok(Value::Null));
    assert_eq!(found(Line::TEXT.length().gt(1) & Line::NOTE.upper().eq("ABC"), &rows), [1]);
}

#[test]
fn tests_of_parts_are_unknown_for_none() {
    let rows = lines(["foobar", "", "xbarx"]);
    assert_eq!(ask(Line::NOTE.contains("bar"), &rows), [True, Unknown, True]);
    assert_eq!(ask(Line::NOTE.starts_with("foo"), &rows), [True, Unknown, False]);
    assert_eq!(ask(Line::NOTE.ends_with("bar"), &rows), [True, Unknown, False]);
    assert_eq!(ask(Line::TEXT.contains(Line::PATTERN), &rows), [True; 3]);
    assert_eq!(ask(Line::TEXT.contains("%"), &rows), [False; 3]);
}

#[test]
fn text_compares_by_bytes() {
    let rows = lines(["B", "a", "ä", "z"]);
    assert_eq!(found(Line::TEXT.lt("a"), &rows), [0]);
    assert_eq!(found(Line::TEXT.gt("z"), &rows), [2]);
    assert_eq!(found(Line::LETTER.gt('z'), &rows), [2]);
    assert_eq!(found(Line::TEXT.lower().eq("b"), &rows), [0]);
    assert_eq!(found(Line::TEXT.lower().eq(Line::TEXT), &rows), [1, 2, 3]);
}
