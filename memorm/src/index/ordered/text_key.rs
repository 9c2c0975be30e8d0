//! `TextKey`: text as an index keeps it.
//!
//! Up to 22 bytes are kept in place: most names and codes. A node of keys in place is searched without leaving the
//! node and copied without touching reference counts.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The most bytes kept in place: a tag and a length beside them make three words, which an `Arc` fits into.
const SHORT: usize = 22;

/// Text in an index, ordered by bytes.
#[derive(Clone)]
pub(super) enum TextKey {
    Short { len: u8, bytes: [u8; SHORT] },
    Long(Arc<str>),
}

impl TextKey {
    #[inline]
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { len, bytes } => &bytes[..usize::from(*len)],
            Self::Long(text) => text.as_bytes(),
        }
    }
}

impl From<&str> for TextKey {
    fn from(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..text.len()) {
            Some(start) => {
                start.copy_from_slice(text.as_bytes());
                Self::Short { len: text.len() as u8, bytes }
            }
            None => Self::Long(text.into()),
        }
    }
}

impl Borrow<[u8]> for TextKey {
    #[inline]
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl Ord for TextKey {
    #[inline]
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for TextKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for TextKey {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for TextKey {}

impl fmt::Debug for TextKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(self.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_ordered_as_their_texts_wherever_they_are_kept() {
        let texts = ["", "\0", "a", "a\0", "aa", "b", "ü", &"b".repeat(22), &"b".repeat(23), &"ü".repeat(40)];
        for a in texts {
            for b in texts {
                assert_eq!(TextKey::from(a).cmp(&TextKey::from(b)), a.cmp(b), "{a:?} {b:?}");
            }
        }
        assert!(matches!(TextKey::from(texts[7]), TextKey::Short { len: 22, .. }));
        assert!(matches!(TextKey::from(texts[8]), TextKey::Long(_)));
        assert_eq!(size_of::<TextKey>(), 24);
    }
}
