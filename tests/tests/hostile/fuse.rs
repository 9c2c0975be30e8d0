//! A fuse in user code: the Nth call of one kind panics.
use memorm_tests::panics;
use std::cell::Cell;

/// Where user code runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum At {
    Clone,
    Check,
    Field,
    Drop,
    Closure,
    Clock,
}

thread_local! {
    static FUSE: Cell<Option<(At, u64)>> = const { Cell::new(None) };
}

const MESSAGE: &str = "the fuse has blown";

/// Called by user code of this kind: panics when the fuse has burnt down.
pub fn burn(at: At) {
    match FUSE.get() {
        Some((kind, 0)) if kind == at && !std::thread::panicking() => {
            FUSE.set(None);
            panic!("{MESSAGE}");
        }
        Some((kind, left)) if kind == at && left > 0 => FUSE.set(Some((kind, left - 1))),
        _ => {}
    }
}

/// Runs `work` with a fuse that blows at call `n`, from 0; whether it has blown.
pub fn blows<T>(at: At, n: u64, work: impl FnOnce() -> T) -> bool {
    FUSE.set(Some((at, n)));
    let blown = panics(MESSAGE, work);
    FUSE.set(None);
    blown
}

#[test]
fn the_fuse_blows_at_the_call_it_was_set_to() {
    let calls = |n: u64| (0..n).for_each(|_| burn(At::Clone));
    assert!(blows(At::Clone, 2, || calls(3)));
    assert!(!blows(At::Clone, 3, || calls(3)));
    assert!(!blows(At::Drop, 0, || calls(3)));
    calls(9);
}
