//! Running random cases on all cores, and printing the one that fails.
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use std::cell::Cell;
use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panics of tried cases from filling the screen: the last one is in the report.
fn hush() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !IS_QUIET.get() {
                usual(info);
            }
        }));
    });
}

/// The result of a check, a panic included.
pub fn caught(check: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    hush();
    IS_QUIET.set(true);
    let result = catch_unwind(AssertUnwindSafe(check));
    IS_QUIET.set(false);
    result.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        Err(format!("panic: {}", text.unwrap_or_default()))
    })
}

/// How many cases a run tries: a number of the environment, or the usual one.
pub fn cases(variable: &str, usual: u32) -> u32 {
    std::env::var(variable).ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

/// The seed that `ORACLE_SEED` gives.
pub fn given_seed() -> Option<u64> {
    std::env::var("ORACLE_SEED").ok().and_then(|n| n.parse().ok())
}

/// The seed: `ORACLE_SEED`, or another one in each run.
pub fn seed() -> u64 {
    given_seed().unwrap_or_else(|| {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_nanos() as u64 % 1_000_000_007)
    })
}

fn runner(seed: u64, cases: u32, shrinks: u32) -> TestRunner {
    let config = Config { cases, max_shrink_iters: shrinks, failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// Looks for a case that fails; shrinks it.
pub fn find<S: Strategy>(
    strategy: &S,
    seed: u64,
    cases: u32,
    shrinks: u32,
    check: impl Fn(&S::Value) -> Result<(), String>,
) -> Option<(String, S::Value)> {
    let mut runner = runner(seed, cases, shrinks);
    let result = runner.run(strategy, |case| caught(|| check(&case)).map_err(TestCaseError::fail));
    match result {
        Ok(()) => None,
        Err(TestError::Fail(reason, case)) => Some((reason.to_string(), case)),
        Err(TestError::Abort(reason)) => panic!("no cases: {reason}"),
    }
}

/// Checks so many cases on all cores; panics with the seed and what `print` makes of the shrunk case.
pub fn hunt<S: Strategy>(
    name: &str,
    cases: u32,
    strategy: impl Fn() -> S + Sync,
    check: impl Fn(&S::Value) -> Result<(), String> + Sync,
    print: impl Fn(&S::Value) -> String,
) where
    S::Value: Debug + Send,
{
    hunt_from(seed(), name, cases, strategy, check, print);
}

/// [`hunt`], from a seed.
pub fn hunt_from<S: Strategy>(
    seed: u64,
    name: &str,
    cases: u32,
    strategy: impl Fn() -> S + Sync,
    check: impl Fn(&S::Value) -> Result<(), String> + Sync,
    print: impl Fn(&S::Value) -> String,
) where
    S::Value: Debug + Send,
{
    let start = Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u32).min(cases);
    let found = std::thread::scope(|scope| {
        let share = |thread| cases / threads + u32::from(thread < cases % threads);
        let work = |thread: u32| {
            let (strategy, check) = (&strategy, &check);
            scope.spawn(move || find(&strategy(), seed + u64::from(thread), share(thread), 20_000, check))
        };
        let handles: Vec<_> = (0..threads).map(work).collect();
        handles.into_iter().filter_map(|handle| handle.join().expect("a hunt catches its panics")).next()
    });
    let rate = f64::from(cases) / start.elapsed().as_secs_f64();
    println!("{name}: {cases} cases, {rate:.0} a second, ORACLE_SEED={seed}");
    if let Some((reason, case)) = found {
        panic!(
            "{name}\n{reason}\nORACLE_SEED={seed} (on {threads} cores) finds it; shrunk, it is\n\n{}\n",
            print(&case)
        );
    }
}
