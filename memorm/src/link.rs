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
