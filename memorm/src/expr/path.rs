//! JSON paths: `$.a.b[0]`, `$."a b"`.

/// One step from a document to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hop {
    /// A member of an object.
    Key(String),
    /// An element of an array, from 0.
    Index(usize),
}

/// The steps of a path; `None` where it is malformed.
pub(crate) fn parse_path(path: &str) -> Option<Vec<Hop>> {
    let mut rest = path.strip_prefix('$')?;
    let mut hops = Vec::new();
    loop {
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { return Some(hops) };
        let after = chars.as_str();
        rest = match first {
            '.' if after.starts_with('"') => {
                let (key, rest) = quoted(&after[1..])?;
                hops.push(Hop::Key(key));
                rest
            }
            '.' => {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let key = after.get(..end).filter(|key| !key.is_empty())?;
                hops.push(Hop::Key(key.to_owned()));
                &after[end..]
            }
            '[' => {
                let (index, rest) = after.split_once(']')?;
                if !index.bytes().all(|b| b.is_ascii_digit()) {
                    return None;
                }
                hops.push(Hop::Index(index.parse().ok()?));
                rest
            }
            _ => return None,
        };
    }
}

/// The text up to the closing quote, and what follows it. `\` escapes.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((key, chars.as_str())),
            '\\' => key.push(chars.next()?),
            c => key.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hop, parse_path};

    fn key(name: &str) -> Hop {
        Hop::Key(name.to_owned())
    }

    #[test]
    fn a_path_is_keys_and_indexes() {
        assert_eq!(parse_path("$"), Some(vec![]));
        assert_eq!(parse_path("$.a.b[0]"), Some(vec![key("a"), key("b"), Hop::Index(0)]));
        assert_eq!(parse_path("$[1][22].ä"), Some(vec![Hop::Index(1), Hop::Index(22), key("ä")]));
        assert_eq!(parse_path(r#"$."a b".c"#), Some(vec![key("a b"), key("c")]));
        assert_eq!(parse_path(r#"$."x.\"[y]\\"[0]"#), Some(vec![key(r#"x."[y]\"#), Hop::Index(0)]));
    }

    #[test]
    fn a_malformed_path_is_refused() {
        for path in ["", "a", "$.", "$..a", "$[", "$[]", "$[-1]", "$[x]", "$[+1]", "$a", "$.\"a", "é", "$é"]
        {
            assert_eq!(parse_path(path), None, "{path}");
        }
    }
}
