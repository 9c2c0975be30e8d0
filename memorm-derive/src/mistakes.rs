//! The mistakes of one type, collected; and what was probably meant.
use proc_macro2::{Span, TokenStream};
use std::fmt::Display;
use syn::{Error, Ident, Result};

/// All mistakes found so far.
#[derive(Default)]
pub(crate) struct Mistakes(Option<Error>);

impl Mistakes {
    pub(crate) fn add(&mut self, mistake: Error) {
        match &mut self.0 {
            Some(all) => all.combine(mistake),
            None => self.0 = Some(mistake),
        }
    }

    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.add(Error::new(span, message));
    }

    pub(crate) fn keep<T>(&mut self, result: Result<T>) -> Option<T> {
        result.map_err(|mistake| self.add(mistake)).ok()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().flatten().count()
    }

    /// The compile errors; `None` when all is well.
    pub(crate) fn into_tokens(self) -> Option<TokenStream> {
        self.0.map(|all| all.to_compile_error())
    }
}

/// What other libraries call our attributes.
const SYNONYMS: [(&str, &str); 10] = [
    ("pk", "primary_key"),
    ("id", "primary_key"),
    ("auto_increment", "auto"),
    ("autoincrement", "auto"),
    ("foreign_key", "references"),
    ("belongs_to", "references"),
    ("skip", "opaque"),
    ("rename", "column"),
    ("table_name", "table"),
    ("on_delete", "references(.., on_delete = ..)"),
];

/// The most names that a message lists.
const LISTED: usize = 16;

/// An unknown name, with the known one that it resembles.
pub(crate) fn unknown(what: &str, given: &Ident, known: &[&str]) -> Error {
    let name = given.to_string();
    let synonym = SYNONYMS.iter().find(|(other, ours)| {
        let ours = ours.split('(').next().unwrap_or_default();
        *other == name && known.contains(&ours)
    });
    let near = synonym.map(|(_, ours)| *ours).or_else(|| nearest(&name, known));
    let message = match near {
        Some(near) => format!("unknown {what} `{name}`; did you mean `{near}`?"),
        None if known.is_empty() => format!("unknown {what} `{name}`"),
        // a long list explains nothing
        None if known.len() > LISTED => format!("unknown {what} `{name}`"),
        None => format!("unknown {what} `{name}`; expected one of: {}", known.join(", ")),
    };
    Error::new(given.span(), message)
}

fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let closest = known.iter().min_by_key(|k| distance(k, name))?;
    (distance(closest, name) <= 1 + closest.len() / 3).then_some(*closest)
}

/// The edit distance of two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut left = i + 1;
        let mut diagonal = std::mem::replace(&mut row[0], left);
        for (j, y) in b.chars().enumerate() {
            left = (diagonal + usize::from(x != y)).min(left + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], left);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_word_finds_its_neighbour() {
        let known = ["index", "unique", "version"];
        assert_eq!(nearest("uniq", &known), Some("unique"));
        assert_eq!(nearest("indx", &known), Some("index"));
        assert_eq!(nearest("colour", &known), None);
    }
}
