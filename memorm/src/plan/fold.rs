//! The rows of a run, for whoever makes one thing of all of them: batch by batch, in row order.
//!
//! With feature `rayon` the columns of large results are fetched by all threads, sixteen batches at a time, and added by one:
//! waiting for memory is most of the work, and what is added in row order does not depend on how many threads there are.
use super::batch::FrameBatch;
use super::frame::Frame;
use super::run::Run;
use crate::eval::Evaluator;
use crate::expr::Code;
use crate::{Error, Result};

/// So many frames come one by one: small results start no threads.
const ALONE: usize = 4;
/// So many come at once from then on, and so many batches are fetched at the same time.
const TOGETHER: usize = 16;

/// A run, pulled by some frames at once.
struct Frames<'r, 'w, 'p> {
    run: &'r mut Run<'w, 'p>,
    pulled: usize,
    /// An error that comes after the rows before it.
    failed: Option<Error>,
}

impl<'r, 'w, 'p> Frames<'r, 'w, 'p> {
    fn of(run: &'r mut Run<'w, 'p>) -> Self {
        Self { run, pulled: 0, failed: None }
    }

    /// The next frames; `None` at the end.
    ///
    /// # Errors
    /// Those of the run, after the rows before.
    fn next(&mut self) -> Result<Option<Vec<Frame<'w>>>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let wanted = if cfg!(feature = "rayon") && self.pulled >= ALONE { TOGETHER } else { 1 };
        let mut frames = Vec::with_capacity(wanted);
        while frames.len() < wanted {
            match self.run.next() {
                Ok(Some(group)) => frames.push(group.frame),
                Ok(None) => break,
                Err(error) if frames.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        self.pulled += frames.len();
        Ok(Some(frames).filter(|frames| !frames.is_empty()))
    }
}

/// Hands each batch of a run to `add`, in row order, with an evaluator for the expressions in `reads` and with `parts`, which they
/// are of.
///
/// # Errors
/// Those of the run, after the rows before, and of `add`.
pub(super) fn for_each_batch<'p, T: ?Sized>(
    mut run: Run<'_, '_>,
    reads: &[&'p Code],
    parts: &'p T,
    mut add: impl for<'a, 'b, 'w> FnMut(&'a FrameBatch<'b, 'w>, Evaluator<'a>, &'a T) -> Result<()>,
) -> Result<()> {
    let mut rounds = Frames::of(&mut run);
    while let Some(frames) = rounds.next()? {
        let batches: Vec<FrameBatch<'_, '_>> = frames.iter().flat_map(Frame::batches).collect();
        for together in batches.chunks(if cfg!(feature = "rayon") { TOGETHER } else { 1 }) {
            for (batch, evaluator) in together.iter().zip(evaluators(together, reads)) {
                add(batch, evaluator, parts)?;
            }
        }
    }
    Ok(())
}

/// An evaluator for each batch, for the expressions in `reads`.
fn evaluators<'a>(batches: &'a [FrameBatch<'_, '_>], reads: &[&'a Code]) -> Vec<Evaluator<'a>> {
    let fetched = |batch: &'a FrameBatch<'_, '_>| {
        let mut evaluator = Evaluator::new(batch);
        if cfg!(feature = "rayon") {
            reads.iter().for_each(|code| evaluator.fetch(code));
        }
        evaluator
    };
    #[cfg(feature = "rayon")]
    if batches.len() > 1 {
        use rayon::prelude::*;
        return batches.par_iter().map(fetched).collect();
    }
    batches.iter().map(fetched).collect()
}
