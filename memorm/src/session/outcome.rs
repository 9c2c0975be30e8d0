//! What the closure of an update may be.
use crate::Result;

/// What the closure of `update` returns: nothing, or a `Result` whose error leaves the row as it was.
#[diagnostic::on_unimplemented(
    message = "the closure of an update returns `()` or `memorm::Result<()>`, not `{Self}`",
    label = "end the closure with `;`, or with `Ok(())`",
    note = "an error of your own: `.map_err(memorm::Error::other)`"
)]
pub trait UpdateResult {
    /// Whether it may be an error.
    #[doc(hidden)]
    const CAN_FAIL: bool;
    #[doc(hidden)]
    fn into_result(self) -> Result<()>;
}

#[diagnostic::do_not_recommend]
impl UpdateResult for () {
    const CAN_FAIL: bool = false;
    fn into_result(self) -> Result<()> {
        Ok(())
    }
}

#[diagnostic::do_not_recommend]
impl UpdateResult for Result<()> {
    const CAN_FAIL: bool = true;
    fn into_result(self) -> Result<()> {
        self
    }
}

/// `!`, which has no name in stable Rust: what a function returns that does not.
type Never = <fn() -> ! as Returns>::Out;

/// What a function returns.
#[doc(hidden)]
pub trait Returns {
    type Out;
}

impl<T> Returns for fn() -> T {
    type Out = T;
}

/// A closure that ends in `panic!` or `unreachable!`: since edition 2024 that is `!`, not `()`.
#[diagnostic::do_not_recommend]
impl UpdateResult for Never {
    const CAN_FAIL: bool = false;
    fn into_result(self) -> Result<()> {
        self
    }
}

/// A closure that changes a row: `|item| item.qty += 1`, or one that returns a `Result<()>`.
pub trait UpdateFn<M>: FnOnce(&mut M) -> <Self as UpdateFn<M>>::Out {
    /// What the closure returns.
    type Out: UpdateResult;
}

impl<M, F: FnOnce(&mut M) -> R, R: UpdateResult> UpdateFn<M> for F {
    type Out = R;
}
