//! What a round does: the same for every peer.
use crate::op::Op;
use crate::row::{CATS, PRICES, Random, Row};

/// The input of one op in one round. Each peer gets a clone of it.
#[derive(Clone, Default)]
pub struct Round {
    /// Rows to read, update or delete, by key.
    pub keys: Vec<u64>,
    /// Rows to insert.
    pub rows: Vec<Row>,
    /// Values of `cat` to look for.
    pub cats: Vec<u32>,
    /// Lower ends of ranges of `price`, one wide.
    pub prices: Vec<f64>,
    pub ticks: Vec<Tick>,
    /// How often a scan is run: a million rows at least, so that a small table is not measured cold.
    pub scans: usize,
}

/// Updates of one transaction.
pub const BATCH: usize = 10_000;

/// One step of a simulation: a transaction.
#[derive(Clone)]
pub struct Tick {
    pub steps: Vec<Step>,
    /// The value of `cat` that is looked for before the commit.
    pub cat: u32,
}

#[derive(Clone)]
pub enum Step {
    Get(u64),
    Update(u64),
    Insert(Row),
    Delete(u64),
}

/// Makes rounds, and knows which keys exist.
pub struct Workload {
    rows: usize,
    live: Vec<u64>,
    /// How many rows were ever inserted.
    inserted: u64,
    random: Random,
}

impl Workload {
    pub fn new(rows: usize) -> Self {
        Self { rows, live: (1..=rows as u64).collect(), inserted: rows as u64, random: Random::new(42) }
    }

    pub fn round(&mut self, op: Op) -> Round {
        // small tables: do not delete or insert a good part of them
        let few = 5_000.min(self.rows / 10);
        match op {
            Op::Get | Op::Peek => Round { keys: self.keys(400_000), ..Round::default() },
            Op::UpdateTxn | Op::ExclusiveUpdate => Round { keys: self.keys(100_000), ..Round::default() },
            Op::CommitOne | Op::CommitOnePinned => Round { keys: self.keys(10_000), ..Round::default() },
            Op::InsertOne => Round { rows: (0..few).map(|_| self.insert()).collect(), ..Round::default() },
            Op::DeleteOne => Round { keys: (0..few).map(|_| self.delete()).collect(), ..Round::default() },
            Op::IndexEq => Round { cats: (0..1_000).map(|_| self.cat()).collect(), ..Round::default() },
            Op::IndexRange => {
                let prices = (0..1_000).map(|_| self.random.below(PRICES as u64 - 1) as f64 + 0.5).collect();
                Round { prices, ..Round::default() }
            }
            Op::MixedTick => Round { ticks: (0..10).map(|_| self.tick()).collect(), ..Round::default() },
            Op::InsertBulk => {
                Round { rows: (0..self.rows as u64).map(Row::nth).collect(), ..Round::default() }
            }
            _ => Round { scans: 1_000_000_usize.div_ceil(self.rows), ..Round::default() },
        }
    }

    /// All keys in random order, twice: the order in which the heap is aged.
    pub fn ageing(&mut self) -> Vec<u64> {
        let mut keys = self.live.clone();
        self.random.shuffle(&mut keys);
        let first = keys.clone();
        self.random.shuffle(&mut keys);
        [first, keys].concat()
    }

    fn keys(&mut self, count: usize) -> Vec<u64> {
        (0..count).map(|_| self.key()).collect()
    }

    fn key(&mut self) -> u64 {
        self.live[self.random.below(self.live.len() as u64) as usize]
    }

    fn cat(&mut self) -> u32 {
        self.random.below(u64::from(CATS)) as u32
    }

    fn insert(&mut self) -> Row {
        let row = Row::nth(self.inserted);
        self.inserted += 1;
        self.live.push(self.inserted);
        row
    }

    /// Never the last key: SQLite would assign it again.
    fn delete(&mut self) -> u64 {
        loop {
            let at = self.random.below(self.live.len() as u64) as usize;
            if self.live[at] != self.inserted {
                return self.live.swap_remove(at);
            }
        }
    }

    fn tick(&mut self) -> Tick {
        let mut kinds: Vec<u32> = (0..1_000).collect();
        self.random.shuffle(&mut kinds);
        let step = |kind| match kind {
            0..600 => Step::Get(self.key()),
            600..900 => Step::Update(self.key()),
            900..950 => Step::Insert(self.insert()),
            _ => Step::Delete(self.delete()),
        };
        Tick { steps: kinds.into_iter().map(step).collect(), cat: self.cat() }
    }
}
