//! How many parts a projection, a list of aggregates and a list of sort keys may have.

/// Calls a macro with all tuples of up to twelve: of each part its type, the type of its place, and its position.
macro_rules! up_to_twelve {
    ($each:ident) => {
        $each! {
            (A IA 0) (A IA 0, B IB 1) (A IA 0, B IB 1, C IC 2) (A IA 0, B IB 1, C IC 2, D ID 3)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4) (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6, H IH 7)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6, H IH 7, J IJ 8)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6, H IH 7, J IJ 8, K IK 9)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6, H IH 7, J IJ 8, K IK 9, L IL 10)
            (A IA 0, B IB 1, C IC 2, D ID 3, E IE 4, F IF 5, G IG 6, H IH 7, J IJ 8, K IK 9, L IL 10, N IN 11)
        }
    };
}
pub(super) use up_to_twelve;
