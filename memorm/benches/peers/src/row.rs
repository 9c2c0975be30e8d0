//! The row that every peer stores, and the numbers it is made of.
use memorm::prelude::*;

/// How many values `cat` has.
pub const CATS: u32 = 1_000;
/// `price` lies in `0..PRICES`; a range one wide matches a thousandth of the rows.
pub const PRICES: f64 = 1_000.0;

#[derive(Model, Clone, Debug)]
#[model(table = "rows")]
pub struct Row {
    #[model(primary_key, auto)]
    pub id: u64,
    pub name: String,
    pub qty: i64,
    #[model(index)]
    pub price: f64,
    #[model(index)]
    pub cat: u32,
}

/// Whom `cat` names: one for each of its values.
#[derive(Model, Clone, Debug)]
#[model(table = "vendors")]
pub struct Vendor {
    #[model(primary_key)]
    pub id: u32,
    pub name: String,
    pub country: String,
}

impl Vendor {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..CATS).map(|id| Self {
            id,
            name: format!("vendor {id:04}"),
            country: format!("country {}", id % 20),
        })
    }
}

impl Row {
    /// The row that is inserted as number `n`, from 0. Its id is 0: the store assigns `n + 1`.
    pub fn nth(n: u64) -> Self {
        let mut random = Random::new(n);
        Self {
            id: 0,
            name: format!("item {:09}", random.below(1_000_000_000)),
            qty: random.below(100) as i64,
            price: random.below(1_000_000) as f64 / 1_000_000.0 * PRICES,
            cat: random.below(u64::from(CATS)) as u32,
        }
    }
}

/// xorshift64*: fixed, so that every run and every peer sees the same numbers.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        let mut random = Self(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        random.number();
        random
    }

    fn number(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number in `0..end`.
    pub fn below(&mut self, end: u64) -> u64 {
        ((self.number() >> 32) * end) >> 32
    }

    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for i in (1..values.len()).rev() {
            values.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}
