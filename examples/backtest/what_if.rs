//! What if the days after had come differently? A thousand futures from one state.
//!
//! ```text
//!                           ┌─ fork 0 ── a year of days drawn from the past ──► worth of each account
//!   … ── 2009-12-31 ────────┼─ fork 1 ── …
//!        (one state)        ├─ …
//!                           └─ fork 999
//! ```
//!
//! A fork costs nothing to make: it shares all rows with the original, and copies what it changes. On each runs the code
//! that ran on the real days. The days come in blocks of a month, drawn with replacement from those before the fork,
//! so that calm and stormy times stay together.
//!
//! Each path has random numbers of its own, made from its number: the results do not depend on which thread runs it.
use crate::calendar::Date;
use crate::models::{Account, AccountId, Bar, Cents, Day, Mark};
use crate::simulation::{operations, trade};
use memorm::prelude::*;
use memorm::{Error, Result};
use std::panic::resume_unwind;
use std::thread;

/// Days that are drawn together.
const BLOCK: usize = 21;

/// What an account was worth at the end of a future.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "outcomes")]
pub struct Outcome {
    /// Which future.
    #[model(primary_key)]
    pub path: u64,
    /// Whose worth it is.
    #[model(primary_key, references(Account))]
    pub account_id: AccountId,
    /// As a multiple of what it was worth at the start.
    pub growth: f64,
}

/// One year that did not happen.
#[derive(Clone, Debug, PartialEq)]
pub struct Future {
    /// Its number.
    pub path: u64,
    /// How each account fared.
    pub outcomes: Vec<Outcome>,
    /// How many statements and session calls it took.
    pub operations: usize,
}

/// One state and all that its futures are made of.
#[derive(Debug)]
pub struct WhatIf<'a> {
    origin: &'a Database,
    today: Arc<Bar>,
    past: Vec<Shape>,
    calendar: &'a [Date],
}

/// A day's prices as multiples of the close before.
#[derive(Debug)]
struct Shape {
    open: f64,
    high: f64,
    low: f64,
    close: f64,
}

impl<'a> WhatIf<'a> {
    /// Prepares futures of `origin` that are as long as `calendar`.
    ///
    /// # Errors
    /// A past that is shorter than a block.
    pub fn new(origin: &'a Database, calendar: &'a [Date]) -> Result<Self> {
        let bars = select::<Bar>().order_by(Bar::DAY).all(origin)?;
        let past: Vec<Shape> = bars.windows(2).map(|pair| Shape::of(&pair[1], pair[0].close)).collect();
        match bars.last() {
            Some(today) if past.len() >= BLOCK => Ok(Self { origin, today: today.clone(), past, calendar }),
            _ => Err(Error::other("there is too little past to draw from")),
        }
    }

    /// Lives through futures `0..paths`, shared out among threads.
    pub fn live(&self, paths: u64, threads: usize) -> Result<Vec<Future>> {
        let share = |first: usize| -> Result<Vec<Future>> {
            (first as u64..paths).step_by(threads).map(|path| self.live_one(path)).collect()
        };
        let shares: Vec<Result<Vec<Future>>> = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || share(first))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .collect()
        });
        let mut futures = shares.into_iter().collect::<Result<Vec<_>>>()?.concat();
        futures.sort_by_key(|future| future.path);
        Ok(futures)
    }

    fn live_one(&self, path: u64) -> Result<Future> {
        let fork = self.origin.fork();
        let mut random = Random::new(path);
        let mut bar = Bar::clone(&self.today);
        for dates in self.calendar.chunks(BLOCK) {
            let first = random.below(self.past.len() - BLOCK + 1);
            for (date, shape) in dates.iter().zip(&self.past[first..]) {
                bar = shape.after(&bar, *date);
                trade(&fork, &bar)?;
            }
        }
        let accounts = select::<Account>().all(&fork)?;
        let outcome = |account: &Arc<Account>| -> Result<Outcome> {
            let growth = worth(&fork, account.id, bar.day)? / worth(self.origin, account.id, self.today.day)?;
            Ok(Outcome { path, account_id: account.id, growth })
        };
        let outcomes = accounts.iter().map(outcome).collect::<Result<_>>()?;
        Ok(Future { path, outcomes, operations: operations(&fork)? - operations(self.origin)? })
    }
}

fn worth(db: &Database, account_id: AccountId, day: Day) -> Result<f64> {
    let mark = db.snapshot().get_one::<Mark>((account_id, day))?;
    Ok((mark.cash + mark.shares) as f64)
}

impl Shape {
    fn of(bar: &Bar, close_before: Cents) -> Self {
        let multiple = |price: Cents| price as f64 / close_before as f64;
        Self {
            open: multiple(bar.open),
            high: multiple(bar.high),
            low: multiple(bar.low),
            close: multiple(bar.close),
        }
    }

    /// A day like this one after another day.
    fn after(&self, yesterday: &Bar, date: Date) -> Bar {
        let price = |multiple: f64| (yesterday.close as f64 * multiple).round() as Cents;
        Bar {
            instrument_id: yesterday.instrument_id,
            day: yesterday.day + 1,
            date,
            open: price(self.open),
            high: price(self.high),
            low: price(self.low),
            close: price(self.close),
        }
    }
}

/// Random numbers: SplitMix64, by Steele, Lea and Flood.
struct Random(u64);

impl Random {
    /// Seeds of neighbouring paths are far apart.
    fn new(path: u64) -> Self {
        Self(Self(path).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }
}
