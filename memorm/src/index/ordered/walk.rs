//! `Walk`: over the keys of an index, whatever their layout.

use super::Postings;
use super::text_key::TextKey;
use crate::link::Ranged;
use crate::value::Value;
use std::sync::Arc;

/// The postings of a range of keys, in key order; from both ends.
#[derive(Debug, Default)]
pub struct Walk<'a>(Keys<'a>);

type Entries<'a, K> = Ranged<'a, K, Postings>;

#[derive(Debug, Default)]
enum Keys<'a> {
    #[default]
    Nothing,
    /// A single key: there is no need to set up an iterator.
    One(&'a Postings),
    Narrow(Entries<'a, i64>),
    Wide(Entries<'a, i128>),
    Text(Entries<'a, TextKey>),
    General(Entries<'a, Arc<[Value]>>),
}

impl<'a> Walk<'a> {
    pub(super) fn one(postings: Option<&'a Postings>) -> Self {
        Self(postings.map_or(Keys::Nothing, Keys::One))
    }
}

macro_rules! walks { ($($Keys:ident $key:ty),*) => { $(
    impl<'a> From<Entries<'a, $key>> for Walk<'a> {
        fn from(keys: Entries<'a, $key>) -> Self {
            Self(Keys::$Keys(keys))
        }
    }
)* } }
walks! { Narrow i64, Wide i128, Text TextKey, General Arc<[Value]> }

macro_rules! step {
    ($walk:expr, $next:ident) => {
        match &mut $walk.0 {
            Keys::Nothing => None,
            Keys::One(postings) => {
                let postings = *postings;
                $walk.0 = Keys::Nothing;
                Some(postings)
            }
            Keys::Narrow(keys) => keys.$next().map(|(_, postings)| postings),
            Keys::Wide(keys) => keys.$next().map(|(_, postings)| postings),
            Keys::Text(keys) => keys.$next().map(|(_, postings)| postings),
            Keys::General(keys) => keys.$next().map(|(_, postings)| postings),
        }
    };
}

impl<'a> Iterator for Walk<'a> {
    type Item = &'a Postings;

    #[inline]
    fn next(&mut self) -> Option<&'a Postings> {
        step!(self, next)
    }
}

impl DoubleEndedIterator for Walk<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        step!(self, next_back)
    }
}
