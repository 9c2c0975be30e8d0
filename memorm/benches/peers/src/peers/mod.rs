//! The stores, each doing the same work in its own best way.

mod hashmap;
mod memorm;
#[cfg(feature = "mvcc")]
mod mvcc;
mod native;
mod redb;
mod sqlite;

pub use hashmap::{HashMapPeer, Store};
pub use memorm::MemormPeer;

use crate::op::Op;
use crate::workload::Round;
use cpu_time::ThreadTime;

/// The names that `--peers` takes, in the order of a round.
pub const NAMES: [&str; 6] = ["memorm", "hashmap", "sqlite", "redb", "native_db", "mvcc"];

/// Makes an empty store; `None` where it is not built in.
pub fn peer(name: &str) -> Option<Box<dyn Peer>> {
    Some(match name {
        "memorm" => Box::new(MemormPeer::default()),
        "hashmap" => Box::new(HashMapPeer::default()),
        "sqlite" => Box::new(sqlite::SqlitePeer::default()),
        "redb" => Box::new(redb::RedbPeer::default()),
        "native_db" => Box::new(native::NativePeer::default()),
        #[cfg(feature = "mvcc")]
        "mvcc" => Box::new(mvcc::MvccPeer::default()),
        _ => return None,
    })
}

/// A store that holds the rows.
pub trait Peer {
    fn name(&self) -> &'static str;

    /// Stores the first `rows` rows in one transaction.
    fn load(&mut self, rows: usize);

    /// Replaces the rows with these keys by copies, 10,000 in a transaction.
    fn age(&mut self, keys: &[u64]);

    /// Does the work of one round; `None` where the store has no such operation.
    fn run(&mut self, op: Op, round: Round) -> Option<Sample>;

    /// How many rows there are, and the sum of their `qty`.
    fn state(&mut self) -> (usize, i64);
}

/// What one round of one peer gave.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// CPU time of this thread, in nanoseconds.
    pub ns: f64,
    /// Operations, or rows.
    pub units: usize,
    /// What all peers must agree on.
    pub answer: f64,
    /// Nanoseconds a unit of the work that this one is held against, where it is the peer's own.
    pub fresh: Option<f64>,
}

/// Measures `work`, which returns how much it did and its answer.
pub fn timed(work: impl FnOnce() -> (usize, f64)) -> Option<Sample> {
    let start = ThreadTime::now();
    let (units, answer) = work();
    Some(Sample { ns: start.elapsed().as_nanos() as f64, units, answer, fresh: None })
}

/// Measures `work` done `times` times.
pub fn repeated(times: usize, mut work: impl FnMut() -> (usize, f64)) -> Option<Sample> {
    timed(|| (0..times).map(|_| work()).fold((0, 0.0), |sum, next| (sum.0 + next.0, sum.1 + next.1)))
}
