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
    typed!(texts, Value::Text(s) => &**s, is_same_text);
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

/// Most texts that differ do so in their length or first byte: that is seen without a call.
fn is_same_text(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && match (a.as_bytes(), b.as_bytes()) {
            ([x, a @ ..], [y, b @ ..]) => x == y && (a.is_empty() || a == b),
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use super::is_same_text;

    #[test]
    fn texts_are_the_same_where_all_of_their_bytes_are() {
        let texts = ["", "a", "b", "aa", "ab", "ba", "aab", "aba", "é", "ê", "long text a", "long text b"];
        for (i, a) in texts.iter().enumerate() {
            for (j, b) in texts.iter().enumerate() {
                assert_eq!(is_same_text(a, b), i == j, "{a:?}, {b:?}");
            }
        }
    }
}
