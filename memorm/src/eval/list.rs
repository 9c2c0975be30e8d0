//! `in`: is the value one of a list?
use super::compare::float_key;
use super::lanes::{Lanes, Marks, View};
use super::truth::Truth;
use crate::value::{KeySet, Value};

/// Lists up to this length are compared one by one.
const SHORT: usize = 8;

/// Is lane `i` one of `values`, which are sorted and hold no `Null`? Where it is not and there was a `Null`, unknown.
/// Nothing is in an empty list, not even an absent value.
pub(super) fn is_in(value: View<'_, '_>, values: &[Value], had_null: bool, len: usize) -> Truth {
    if values.is_empty() && !had_null {
        let mut truth = Truth::all(false, len);
        truth.faults = value.faults().to_vec();
        return truth;
    }
    let marks = Marks::strict(&[value], len);
    let yes = found(value, values, &marks, len);
    sql_answers(yes, marks, had_null, len)
}

/// Unknown where the value is absent, or not found among values of which one was.
fn sql_answers(yes: Vec<bool>, mut marks: Marks, had_null: bool, len: usize) -> Truth {
    if had_null {
        marks.present.resize(len, true);
        marks.present.iter_mut().zip(&yes).for_each(|(present, yes)| *present &= yes);
        marks.faults.iter().for_each(|(lane, _)| marks.present[*lane as usize] = true);
    }
    Truth::new(yes, marks)
}

/// Is lane `i`, of one value for each column, one of these keys? Where `is_known` says so, what holds an absent value is
/// none; else as [`is_in`].
pub(super) fn is_in_keys(values: &[View<'_, '_>], keys: &KeySet, is_known: bool, len: usize) -> Truth {
    let marks = Marks::strict(values, len);
    let mut key = Vec::with_capacity(values.len());
    let mut is_key = |i: usize| {
        key.clear();
        key.extend(values.iter().map(|value| value.cell(i)));
        keys.place(&key).is_some()
    };
    let yes = (0..len).map(|i| marks.is_wanted(i) && is_key(i)).collect();
    let nothing_is_in = keys.is_empty() && !keys.had_null();
    if is_known || nothing_is_in {
        return Truth { yes, unknown: Vec::new(), faults: marks.faults };
    }
    sql_answers(yes, marks, keys.had_null(), len)
}

fn found(value: View<'_, '_>, values: &[Value], marks: &Marks, len: usize) -> Vec<bool> {
    macro_rules! typed {
        ($lanes:ident, $pattern:pat => $lane:expr, $is_same:expr) => {
            if let Some(lanes) = value.$lanes() {
                let keys: Option<Vec<_>> = values
                    .iter()
                    .map(|v| match v {
                        $pattern => Some($lane),
                        _ => None,
                    })
                    .collect();
                if let Some(keys) = keys {
                    return search(lanes, &keys, $is_same, len);
                }
            }
        };
    }
    typed!(ints, Value::Int(i) => *i, |a, b| a == b);
    typed!(wides, Value::Wide(i) => *i, |a, b| a == b);
    if let Some(yes) = found_short(value, values, len) {
        return yes;
    }
    typed!(texts, Value::Text(s) => &**s, |a, b| a == b);
    if let Some(lanes) = value.floats() {
        let key = |v: &Value| match v {
            Value::Float(f) => Some(float_key(*f)),
            _ => None,
        };
        let keys: Vec<i64> = values.iter().filter_map(key).collect();
        return lanes_of(lanes, len).map(|f| keys.binary_search(&float_key(f)).is_ok()).collect();
    }
    (0..len)
        .map(|i| {
            marks.is_wanted(i)
                && match value.value(i) {
                    Some(v) => values.binary_search(v).is_ok(),
                    None => values.binary_search(&value.cell(i).to_value()).is_ok(),
                }
        })
        .collect()
}

fn lanes_of<T: Copy>(lanes: Lanes<'_, T>, len: usize) -> impl Iterator<Item = T> {
    (0..len).map(move |i| lanes.at(i))
}

fn search<T: Copy + Ord>(
    lanes: Lanes<'_, T>,
    keys: &[T],
    is_same: impl Fn(T, T) -> bool,
    len: usize,
) -> Vec<bool> {
    if keys.len() <= SHORT {
        lanes_of(lanes, len).map(|lane| keys.iter().any(|key| is_same(*key, lane))).collect()
    } else {
        lanes_of(lanes, len).map(|lane| keys.binary_search(&lane).is_ok()).collect()
    }
}

/// A few short texts, as codes and categories are, among texts; `None` for anything else.
fn found_short(value: View<'_, '_>, values: &[Value], len: usize) -> Option<Vec<bool>> {
    let lanes = value.texts()?;
    let key = |value: &Value| match value {
        Value::Text(text) if text.len() <= PACKED => Some(packed(text)),
        _ => None,
    };
    let keys: Vec<u64> = values.iter().take(SHORT + 1).map(key).collect::<Option<_>>()?;
    if keys.len() > SHORT {
        return None;
    }
    // which of them it is cannot be foreseen: so all are compared, without a branch
    let is_key = |text: u64| keys.iter().fold(false, |yes, key| yes | (*key == text));
    Some(lanes_of(lanes, len).map(|text| is_key(packed(text))).collect())
}

/// The longest text that is a number of its own.
const PACKED: usize = 7;

/// The bytes of a short text and their number as one number; of all longer ones the same.
fn packed(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let (len, last) = (bytes.len(), bytes.len().wrapping_sub(1));
    let body = match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b, ..] if len <= 3 => u64::from(u16::from_le_bytes([a, b])) | u64::from(bytes[last]) << 16,
        [a, b, c, d, ..] if len <= PACKED => {
            let [w, x, y, z] = [bytes[len - 4], bytes[len - 3], bytes[len - 2], bytes[last]];
            u64::from(u32::from_le_bytes([a, b, c, d]))
                | u64::from(u32::from_le_bytes([w, x, y, z])) << (8 * (len - 4))
        }
        _ => return u64::MAX,
    };
    body | (len as u64) << 56
}

#[cfg(test)]
mod tests {
    use super::{PACKED, packed};

    #[test]
    fn short_texts_are_the_same_number_where_all_of_their_bytes_are() {
        let texts = [
            "", "a", "b", "aa", "ab", "ba", "aab", "aba", "abab", "abba", "é", "ê", "abcde", "abcdef",
            "abcdeg",
        ];
        let texts = texts.into_iter().chain(["abcdefg", "abcdegg", "\0", "\0\0", "\u{7f}\u{7f}\u{7f}\u{7f}"]);
        let texts: Vec<&str> = texts.collect();
        for (i, a) in texts.iter().enumerate() {
            assert!(a.len() <= PACKED);
            for (j, b) in texts.iter().enumerate() {
                assert_eq!(packed(a) == packed(b), i == j, "{a:?}, {b:?}");
            }
            assert_ne!(packed(a), packed("abcdefgh"));
        }
    }
}
