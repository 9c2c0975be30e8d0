//! `Link`: the pointer between the nodes of persistent trees, and from a version to its tables.
//!
//! It counts its owners as `std::sync::Arc` does, but knows no weak references. So the question that each write asks of
//! each node on its path, "does anybody else hold it?", is one plain load, where `Arc` takes two locked instructions, and each of
//! those waits for all loads before it. Objects that users hold are in an `Arc`.
use archery::ArcTK;

pub(crate) use triomphe::Arc as Link;

pub(crate) type OrdMap<K, V> = im::GenericOrdMap<K, V, ArcTK>;
pub(crate) type OrdSet<K> = im::GenericOrdSet<K, ArcTK>;
/// Walks a part of an [`OrdMap`].
pub(crate) type Ranged<'a, K, V> = im::ordmap::RangedIter<'a, K, V, ArcTK>;

/// What the link leads to, to be written: copied first where somebody else holds it too.
///
/// Inlined, with the copy kept out of the way: two looks at the count are all that is left where nobody does.
#[inline(always)]
pub(crate) fn own<T: Clone>(link: &mut Link<T>) -> &mut T {
    if !Link::is_unique(link) {
        copy(link);
    }
    Link::get_mut(link).expect("invariant: a link that nobody shares, or that was just made, has one owner")
}

#[cold]
#[inline(never)]
fn copy<T: Clone>(link: &mut Link<T>) {
    *link = Link::new(T::clone(link));
}
