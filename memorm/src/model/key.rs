//! Keys: what identifies a row, what finds one, what refers to one.
use super::Field;
use crate::value::Cell;
use std::any::Any;
use std::sync::Arc;

/// The most columns that a primary key has.
#[doc(hidden)]
pub const MAX_KEY_PARTS: usize = 4;

/// A primary key: one field, or a tuple of up to four.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a column type or a tuple of them"
)]
pub trait Key: KeyRef<Self> + Clone + Send + Sync + 'static {
    /// How many columns the key has.
    #[doc(hidden)]
    const PARTS: usize;

    /// The key whose first part is field `first`; `None` where a field has another type.
    #[doc(hidden)]
    fn read<'a>(field: &dyn Fn(usize) -> &'a (dyn Any + Send + Sync), first: usize) -> Option<Self>;
}
#[diagnostic::do_not_recommend]
impl<T: Field> Key for T {
    const PARTS: usize = 1;
    fn read<'a>(field: &dyn Fn(usize) -> &'a (dyn Any + Send + Sync), first: usize) -> Option<Self> {
        field(first).downcast_ref().cloned()
    }
}

/// What `get::<M>(..)` takes: the key, `&key`, `&str` or `&&str` for text keys, a tuple of these for a composite key.
/// A borrowed key is looked up as it is: nothing is allocated.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a key of this table, whose primary key is `{K}`",
    label = "expected a `{K}`, or a borrowed form of it"
)]
pub trait KeyRef<K> {
    /// Part `i` of the key.
    #[doc(hidden)]
    fn part(&self, i: usize) -> Cell<'_>;
}
#[diagnostic::do_not_recommend]
impl<K: Field> KeyRef<K> for K {
    #[inline]
    fn part(&self, _: usize) -> Cell<'_> {
        self.cell()
    }
}
#[diagnostic::do_not_recommend]
impl<K: Key> KeyRef<K> for &K {
    #[inline]
    fn part(&self, i: usize) -> Cell<'_> {
        (**self).part(i)
    }
}
macro_rules! text_keys { ($($t:ty),*) => { $(
    #[diagnostic::do_not_recommend]
    impl KeyRef<$t> for &str {
        #[inline]
        fn part(&self, _: usize) -> Cell<'_> {
            Cell::Text(self)
        }
    }
    // what a loop over a slice of names has at hand
    #[diagnostic::do_not_recommend]
    impl KeyRef<$t> for &&str {
        #[inline]
        fn part(&self, _: usize) -> Cell<'_> {
            Cell::Text(self)
        }
    }
)* } }
text_keys! { String, Arc<str> }
#[cfg(feature = "smol_str")]
text_keys! { smol_str::SmolStr }
#[diagnostic::do_not_recommend]
impl KeyRef<Vec<u8>> for &[u8] {
    fn part(&self, _: usize) -> Cell<'_> {
        Cell::Other(crate::value::Value::Bytes((*self).into()))
    }
}
// `get::<Blob>(b"key")`
#[diagnostic::do_not_recommend]
impl<const N: usize> KeyRef<Vec<u8>> for &[u8; N] {
    fn part(&self, _: usize) -> Cell<'_> {
        Cell::Other(crate::value::Value::Bytes(self[..].into()))
    }
}

macro_rules! composite_keys { ($($n:literal: ($($Q:ident $K:ident $i:tt),+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($K: Field),+> Key for ($($K,)+) {
        const PARTS: usize = $n;
        fn read<'a>(field: &dyn Fn(usize) -> &'a (dyn Any + Send + Sync), first: usize) -> Option<Self> {
            Some(($($K::read(field, first + $i)?,)+))
        }
    }
    #[diagnostic::do_not_recommend]
    impl<$($Q: KeyRef<$K>, $K: Field),+> KeyRef<($($K,)+)> for ($($Q,)+) {
        #[inline]
        fn part(&self, i: usize) -> Cell<'_> {
            match i {
                $($i => self.$i.part(0),)+
                _ => Cell::Null,
            }
        }
    }
)* } }
composite_keys! { 2: (A KA 0, B KB 1) 3: (A KA 0, B KB 1, C KC 2) 4: (A KA 0, B KB 1, C KC 2, D KD 3) }

/// A field that can hold the key `K` of another table: `K` or `Option<K>`.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field cannot reference a table whose key is `{K}`",
    label = "expected `{K}` or `Option<{K}>`"
)]
pub trait ForeignKey<K> {
    /// Returns the key that is referred to.
    fn foreign_key(&self) -> Option<&K>;
}
#[diagnostic::do_not_recommend]
impl<K: Key> ForeignKey<K> for K {
    fn foreign_key(&self) -> Option<&K> {
        Some(self)
    }
}
#[diagnostic::do_not_recommend]
impl<K: Key> ForeignKey<K> for Option<K> {
    fn foreign_key(&self) -> Option<&K> {
        self.as_ref()
    }
}
