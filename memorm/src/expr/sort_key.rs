//! `SortKey`: what groups are sorted by.
use crate::model::Field;
use std::cmp::{Ordering, Reverse};

/// What the closure of a group's `order_by` returns: fields (floats and `None` included, in PostgreSQL's order), `Reverse`
/// and tuples of them.
#[diagnostic::on_unimplemented(
    message = "cannot order groups by `{Self}`",
    label = "not a sort key",
    note = "return an owned key or aggregate (`k.clone()`, `*n`), `Reverse(..)` of it, or a tuple"
)]
pub trait SortKey {
    /// Compares two keys: `None` and NaN are greatest.
    fn order(&self, other: &Self) -> Ordering;
}
#[diagnostic::do_not_recommend]
impl<T: Field> SortKey for T {
    fn order(&self, other: &Self) -> Ordering {
        self.cell().cmp(&other.cell())
    }
}
#[diagnostic::do_not_recommend]
impl<T: SortKey> SortKey for Reverse<T> {
    fn order(&self, other: &Self) -> Ordering {
        other.0.order(&self.0)
    }
}
macro_rules! tuples { ($(($($T:ident $i:tt),+))*) => { $(
    #[diagnostic::do_not_recommend]
    impl<$($T: SortKey),+> SortKey for ($($T,)+) {
        fn order(&self, other: &Self) -> Ordering {
            Ordering::Equal$(.then_with(|| self.$i.order(&other.$i)))+
        }
    }
)* } }
tuples! {
    (A 0) (A 0, B 1) (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, J 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, J 8, K 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, J 8, K 9, L 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, J 8, K 9, L 10, N 11)
}
