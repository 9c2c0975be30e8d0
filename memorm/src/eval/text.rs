//! Text: `like`, `lower`, `trim`, `length` …
use super::lanes::{Lanes, Marks, View};
use super::pattern::Pattern;
use super::truth::Truth;
use crate::expr::{Op, TextTest};
use crate::value::{Cells, Fault, Value, Vector};
use std::borrow::Cow;

/// A test of text against text.
pub(super) fn test(test: TextTest, text: View<'_, '_>, with: View<'_, '_>, len: usize) -> Truth {
    let mut marks = Marks::strict(&[text, with], len);
    if let (Some(Lanes::Many(texts)), View::Literal(Value::Text(with))) = (text.texts(), with)
        && let Some(yes) = constant(test, texts, with)
    {
        return Truth::new(yes, marks);
    }
    let mut matcher = Matcher::new(test);
    let mut faults = Vec::new();
    let mut yes = vec![false; len];
    for (i, yes) in yes.iter_mut().enumerate() {
        if let (true, Some(text), Some(with)) = (marks.is_wanted(i), text.text(i), with.text(i)) {
            match matcher.test(text, with) {
                Ok(answer) => *yes = answer,
                Err(fault) => faults.push((i as u32, fault)),
            }
        }
    }
    marks.add(faults);
    Truth::new(yes, marks)
}

/// A text column against a constant, which is the usual case. `None` where that takes more than a loop.
fn constant(test: TextTest, texts: &[&str], with: &str) -> Option<Vec<bool>> {
    let texts = texts.iter();
    Some(match test {
        TextTest::StartsWith => texts.map(|text| text.starts_with(with)).collect(),
        TextTest::EndsWith => texts.map(|text| text.ends_with(with)).collect(),
        TextTest::Contains => texts.map(|text| text.contains(with)).collect(),
        TextTest::Like => {
            let pattern = Pattern::new(with, |c| c).ok()?;
            texts.map(|text| pattern.matches(text)).collect()
        }
        TextTest::ILike => return None,
    })
}

/// Keeps the last pattern compiled: mostly it is the same for all rows.
struct Matcher {
    test: TextTest,
    pattern: Option<(String, Result<Pattern, Fault>)>,
    folded: String,
}

impl Matcher {
    fn new(test: TextTest) -> Self {
        Self { test, pattern: None, folded: String::new() }
    }

    fn test(&mut self, text: &str, with: &str) -> Result<bool, Fault> {
        match self.test {
            TextTest::StartsWith => Ok(text.starts_with(with)),
            TextTest::EndsWith => Ok(text.ends_with(with)),
            TextTest::Contains => Ok(text.contains(with)),
            TextTest::Like => self.like(text, with, |c| c),
            TextTest::ILike => {
                let mut folded = std::mem::take(&mut self.folded);
                folded.clear();
                folded.extend(text.chars().map(lower_char));
                let answer = self.like(&folded, with, lower_char);
                self.folded = folded;
                answer
            }
        }
    }

    fn like(&mut self, text: &str, with: &str, fold: fn(char) -> char) -> Result<bool, Fault> {
        if self.pattern.as_ref().is_none_or(|(source, _)| source != with) {
            self.pattern = Some((with.to_owned(), Pattern::new(with, fold)));
        }
        match &self.pattern {
            Some((_, Ok(pattern))) => Ok(pattern.matches(text)),
            Some((_, Err(fault))) => Err(*fault),
            None => Ok(false),
        }
    }
}

/// `lower`, `upper`, `trim`.
pub(super) fn map<'a>(op: Op, text: View<'_, 'a>, len: usize) -> Vector<'a> {
    let marks = Marks::strict(&[text], len);
    if let (Op::Trim, View::Vector(Vector { cells: Cells::Texts(lanes), .. })) = (op, text) {
        // a part of the row's own text: nothing is copied
        return marks.vector(Cells::Texts(lanes.iter().map(|s| trim(s)).collect()));
    }
    let lanes = (0..len).map(|i| {
        let text = text.text(i).unwrap_or_default();
        Cow::Owned(match op {
            Op::Lower => text.chars().map(lower_char).collect(),
            Op::Upper => text.chars().map(upper_char).collect(),
            _ => trim(text).to_owned(),
        })
    });
    marks.vector(Cells::Built(lanes.collect()))
}

/// The number of characters.
pub(super) fn length<'a>(text: View<'_, '_>, len: usize) -> Vector<'a> {
    let lanes = (0..len).map(|i| text.text(i).map_or(0, |s| s.chars().count() as i64));
    Marks::strict(&[text], len).vector(Cells::Ints(lanes.collect()))
}

fn trim(text: &str) -> &str {
    text.trim_matches(' ')
}

/// Unicode's simple mapping, one character to one. Where the full mapping has several characters, which the standard
/// library gives, most have no simple one and stay as they are.
fn lower_char(c: char) -> char {
    let mut mapped = c.to_lowercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        _ if c == '\u{130}' => 'i',
        _ => c,
    }
}

fn upper_char(c: char) -> char {
    let mut mapped = c.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(one), None) => one,
        // Greek vowels with a iota below
        _ => match c {
            '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => above(c, 8),
            '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => above(c, 9),
            _ => c,
        },
    }
}

fn above(c: char, distance: u32) -> char {
    char::from_u32(u32::from(c) + distance).unwrap_or(c)
}

/// A closure's results.
pub(super) fn closure<'a>(f: &dyn crate::expr::ValueMap, value: View<'_, '_>, len: usize) -> Vector<'a> {
    let faults = value.faults();
    let at_fault = |i: usize| faults.binary_search_by_key(&(i as u32), |(lane, _)| *lane).is_ok();
    let results = (0..len).map(|i| if at_fault(i) { Value::Null } else { f.map(value.cell(i)) });
    let mut vector = super::lanes::pack(results.collect());
    vector.faults = faults.to_vec();
    vector.faults.iter().for_each(|(lane, _)| {
        if let Some(present) = vector.present.get_mut(*lane as usize) {
            *present = true;
        }
    });
    vector
}
