//! `like` patterns, compiled once for a batch.
//!
//! ```text
//!   fo%b_r%     ─►  "fo"  …  ['b', any, 'r']  …  ""       segments between the `%`
//!                  at the start    leftmost       at the end
//! ```
//!
//! Each segment is looked for where the one before it ended and never moved again: the leftmost place leaves the most
//! text for the rest, so nothing is tried twice. Linear in the text, times the segment's length where it has a `_`.
use crate::value::Fault;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    first: Segment,
    middle: Vec<Segment>,
    /// `None` where there is no `%`.
    last: Option<Segment>,
}

/// What stands between two `%`.
#[derive(Debug)]
enum Segment {
    Text(String),
    /// `None` is any character.
    Chars(Vec<Option<char>>),
}

impl Pattern {
    /// Compiles a pattern; `fold` is applied to its characters.
    pub(super) fn new(pattern: &str, fold: fn(char) -> char) -> Result<Self, Fault> {
        let mut segments = Vec::new();
        let mut segment = Vec::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            match c {
                '%' => segments.push(Segment::new(std::mem::take(&mut segment))),
                '_' => segment.push(None),
                '\\' => segment.push(Some(fold(chars.next().ok_or(Fault::BadPattern)?))),
                c => segment.push(Some(fold(c))),
            }
        }
        segments.push(Segment::new(segment));
        let last = if segments.len() > 1 { segments.pop() } else { None };
        let first = segments.remove(0);
        segments.retain(|s| !s.is_empty());
        Ok(Self { first, middle: segments, last })
    }

    /// Whether the whole text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let Some(mut rest) = self.first.strip(text) else { return false };
        let Some(last) = &self.last else { return rest.is_empty() };
        for segment in &self.middle {
            match segment.skip(rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        last.ends(rest)
    }
}

impl Segment {
    fn new(chars: Vec<Option<char>>) -> Self {
        match chars.iter().copied().collect::<Option<String>>() {
            Some(text) => Self::Text(text),
            None => Self::Chars(chars),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    /// What follows the segment where the text begins with it.
    fn strip<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Text(prefix) => text.strip_prefix(prefix.as_str()),
            Self::Chars(wanted) => {
                let mut chars = text.chars();
                wanted.iter().all(|w| fits(*w, chars.next())).then_some(chars.as_str())
            }
        }
    }

    /// What follows the leftmost place of the segment.
    fn skip<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Text(wanted) => text.find(wanted.as_str()).map(|at| &text[at + wanted.len()..]),
            Self::Chars(_) => text.char_indices().find_map(|(at, _)| self.strip(&text[at..])),
        }
    }

    fn ends(&self, text: &str) -> bool {
        match self {
            Self::Text(suffix) => text.ends_with(suffix.as_str()),
            Self::Chars(wanted) => {
                let mut chars = text.chars().rev();
                wanted.iter().rev().all(|w| fits(*w, chars.next()))
            }
        }
    }
}

fn fits(wanted: Option<char>, found: Option<char>) -> bool {
    found.is_some_and(|c| wanted.is_none_or(|w| w == c))
}
