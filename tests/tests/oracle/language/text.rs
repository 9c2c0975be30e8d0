//! Text, character by character.
use super::Like;
use super::interpret::Fault;

/// Tests `text` against `with`.
pub fn test(by: Like, text: &str, with: &str) -> Result<bool, Fault> {
    Ok(match by {
        Like::StartsWith => text.as_bytes().starts_with(with.as_bytes()),
        Like::EndsWith => text.as_bytes().ends_with(with.as_bytes()),
        Like::Contains => (0..=text.len()).any(|at| text.as_bytes()[at..].starts_with(with.as_bytes())),
        Like::Alike => matches(text, with)?,
        Like::Unlike => !matches(text, with)?,
        Like::AnyCase => matches(&lower(text), &lower(with))?,
    })
}

/// One character of a pattern.
#[derive(Clone, Copy)]
enum Wanted {
    This(char),
    Any,
    Many,
}

fn matches(text: &str, pattern: &str) -> Result<bool, Fault> {
    let mut wanted = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        wanted.push(match c {
            '%' => Wanted::Many,
            '_' => Wanted::Any,
            '\\' => Wanted::This(chars.next().ok_or(Fault::BadPattern)?),
            c => Wanted::This(c),
        });
    }
    Ok(fits(&text.chars().collect::<Vec<_>>(), &wanted))
}

fn fits(text: &[char], wanted: &[Wanted]) -> bool {
    match (wanted.first(), text.first()) {
        (None, rest) => rest.is_none(),
        (Some(Wanted::Many), _) => (0..=text.len()).any(|skip| fits(&text[skip..], &wanted[1..])),
        (Some(Wanted::Any), Some(_)) => fits(&text[1..], &wanted[1..]),
        (Some(Wanted::This(c)), Some(found)) => c == found && fits(&text[1..], &wanted[1..]),
        (Some(_), None) => false,
    }
}

pub fn lower(text: &str) -> String {
    simple(text, |c| c.to_lowercase().collect())
}

pub fn upper(text: &str) -> String {
    simple(text, |c| c.to_uppercase().collect())
}

/// The simple mapping: one character for one.
fn simple(text: &str, map: impl Fn(char) -> Vec<char>) -> String {
    let one = |c: char| match map(c)[..] {
        [mapped] => mapped,
        _ => c,
    };
    text.chars().map(one).collect()
}

pub fn trim(text: &str) -> String {
    let mut rest = text;
    while let Some(shorter) = rest.strip_prefix(' ').or_else(|| rest.strip_suffix(' ')) {
        rest = shorter;
    }
    rest.to_owned()
}
