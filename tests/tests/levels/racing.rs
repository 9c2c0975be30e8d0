//! Transactions of four threads at the same time, each with choices of its own.
use std::sync::Barrier;
use std::thread;

const THREADS: u64 = 4;
const ROUNDS: u64 = 150;

/// The choices of the transaction with this number: each call throws a die with so many sides.
pub fn dice(number: u64) -> impl FnMut(u64) -> u64 {
    let mut dice = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    move |sides| {
        dice ^= dice >> 29;
        dice = dice.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (dice >> 33) % sides
    }
}

/// Runs transactions with the numbers from 1 on, and returns what became of those that committed.
pub fn race<D: Send>(run: impl Fn(u64) -> memorm::Result<Option<D>> + Sync) -> Vec<D> {
    let barrier = Barrier::new(THREADS as usize);
    let work = |thread: u64| {
        let mut done = Vec::new();
        for round in 0..ROUNDS {
            if round % 10 == 0 {
                barrier.wait();
            }
            done.extend(run(1 + thread + THREADS * round).expect("only conflicts"));
        }
        done
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = (0..THREADS).map(|n| scope.spawn(move || work(n))).collect();
        threads.into_iter().flat_map(|t| t.join().expect("no thread panics")).collect()
    })
}
