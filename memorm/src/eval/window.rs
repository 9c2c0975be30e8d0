//! Window functions: one sort by partition and order, then one walk by peers.
//!
//! ```text
//!   partition   0 0 0 │ 1 1          row number  1 2 3 │ 1 2
//!   order       5 7 7 │ 2 2          rank        1 2 2 │ 1 1
//!               ─ ─── │ ───          dense rank  1 2 2 │ 1 1
//!               peers                an aggregate is read where a group of peers ends, for all of them
//! ```
use super::aggregate::Accumulator;
use super::sort::sort_lanes;
use crate::expr::{Code, Function, OrderTerm, WindowFunction};
use crate::value::{Cells, Fault, Value, Vector};

/// The rows of a result as one window sees them. Vectors have a lane for each row, and no faults.
pub(crate) struct WindowRows<'v, 'a> {
    /// The partition of each row; empty for one partition.
    pub(crate) partitions: &'v [u32],
    /// A vector for each sort key.
    pub(crate) keys: Vec<Vector<'a>>,
    pub(crate) order: &'v [OrderTerm],
    /// What is computed of; `None` for ranks and `count()`.
    pub(crate) of: Option<Vector<'a>>,
    pub(crate) rows: usize,
}

impl WindowRows<'_, '_> {
    /// The value of each row, in row order.
    ///
    /// # Errors
    /// The lane whose value makes a sum overflow, or a quantile outside of `0.0..=1.0`.
    pub(crate) fn compute(mut self, function: WindowFunction) -> Result<Vec<Value>, (u32, Fault)> {
        let sorted = self.sorted();
        let mut values = vec![Value::Null; self.rows];
        let mut rest = &sorted[..];
        while let Some(first) = rest.first() {
            let len = self.run(rest, |lane| self.partition(lane) == self.partition(*first));
            let (partition, others) = rest.split_at(len);
            self.compute_partition(function, partition, &mut values)?;
            rest = others;
        }
        Ok(values)
    }

    /// The lanes by partition, then by order.
    fn sorted(&mut self) -> Vec<u32> {
        if self.partitions.is_empty() {
            return sort_lanes(&self.keys, self.order, self.rows, None);
        }
        let numbers = self.partitions.iter().map(|number| i64::from(*number)).collect();
        let numbers = Vector { cells: Cells::Ints(numbers), ..Vector::default() };
        let by_number = OrderTerm { code: Code::default(), descending: false, nulls_first: None };
        let order: Vec<OrderTerm> = std::iter::once(by_number).chain(self.order.iter().cloned()).collect();
        self.keys.insert(0, numbers);
        let sorted = sort_lanes(&self.keys, &order, self.rows, None);
        self.keys.remove(0);
        sorted
    }

    fn partition(&self, lane: u32) -> u32 {
        self.partitions.get(lane as usize).copied().unwrap_or(0)
    }

    /// How many lanes at the start belong together.
    fn run(&self, lanes: &[u32], belongs: impl Fn(u32) -> bool) -> usize {
        lanes.iter().position(|lane| !belongs(*lane)).unwrap_or(lanes.len())
    }

    fn are_peers(&self, a: u32, b: u32) -> bool {
        self.keys.iter().all(|key| key.cell(a as usize) == key.cell(b as usize))
    }

    fn compute_partition(
        &self,
        function: WindowFunction,
        lanes: &[u32],
        values: &mut [Value],
    ) -> Result<(), (u32, Fault)> {
        match function {
            WindowFunction::RowNumber => {
                for (number, lane) in (1..).zip(lanes) {
                    values[*lane as usize] = Value::Wide(number);
                }
            }
            WindowFunction::Lag(distance) => {
                for (from, to) in lanes.iter().zip(lanes.iter().skip(distance)) {
                    values[*to as usize] = self.value(*from);
                }
            }
            WindowFunction::Lead(distance) => {
                for (to, from) in lanes.iter().zip(lanes.iter().skip(distance)) {
                    values[*to as usize] = self.value(*from);
                }
            }
            WindowFunction::Rank => self.each_peers(lanes, |before, _, peers| {
                set(values, peers, &Value::Wide(before as i128 + 1));
                Ok(())
            })?,
            WindowFunction::DenseRank => self.each_peers(lanes, |_, groups, peers| {
                set(values, peers, &Value::Wide(groups as i128 + 1));
                Ok(())
            })?,
            WindowFunction::Aggregated(function) => {
                let mut state = Accumulator::new(function);
                self.each_peers(lanes, |_, _, peers| {
                    self.add(function, &mut state, peers)?;
                    let value = state.result().map_err(|fault| (peers[0], fault))?;
                    set(values, peers, &value);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    /// Hands groups of peers to `each`, with how many rows and how many groups stand before them.
    fn each_peers(
        &self,
        lanes: &[u32],
        mut each: impl FnMut(usize, usize, &[u32]) -> Result<(), (u32, Fault)>,
    ) -> Result<(), (u32, Fault)> {
        let (mut before, mut groups) = (0, 0);
        while let Some(first) = lanes.get(before) {
            let len = self.run(&lanes[before..], |lane| self.are_peers(lane, *first));
            each(before, groups, &lanes[before..before + len])?;
            before += len;
            groups += 1;
        }
        Ok(())
    }

    fn add(&self, function: Function, state: &mut Accumulator, peers: &[u32]) -> Result<(), (u32, Fault)> {
        match &self.of {
            Some(of) => peers
                .iter()
                .try_for_each(|lane| state.add(of, *lane as usize).map_err(|fault| (*lane, fault))),
            None => {
                debug_assert_eq!(function, Function::Count, "every other aggregate has an operand");
                state.add_rows(peers.len());
                Ok(())
            }
        }
    }

    fn value(&self, lane: u32) -> Value {
        self.of.as_ref().map_or(Value::Null, |of| of.cell(lane as usize).to_value())
    }
}

fn set(values: &mut [Value], lanes: &[u32], value: &Value) {
    lanes.iter().for_each(|lane| values[*lane as usize] = value.clone());
}
