//! Interleaved rounds: memorm, peer, peer, memorm …, and the medians.
use crate::op::Op;
use crate::options::Options;
use crate::peers::Peer;
use crate::workload::Workload;

/// What one op cost each peer at one size.
#[derive(Clone, Debug)]
pub struct Measured {
    pub op: Op,
    pub rows: usize,
    /// Nanoseconds an operation or row, by peer; `fresh` for memorm's own scan that `old_snapshot_scan` is held against.
    pub ns: Vec<(&'static str, f64)>,
}

impl Measured {
    pub fn of(&self, peer: &str) -> Option<f64> {
        self.ns.iter().find(|(name, _)| *name == peer).map(|(_, ns)| *ns)
    }
}

/// Fills the peers and runs the ops in order; each result is handed to `report` as soon as it is known.
///
/// # Errors
/// Where peers do not give the same answer.
pub fn measure(
    options: &Options,
    rows: usize,
    peers: &mut [Box<dyn Peer>],
    mut report: impl FnMut(Measured),
) -> Result<(), String> {
    let mut workload = Workload::new(rows);
    peers.iter_mut().for_each(|peer| peer.load(rows));
    let mut is_aged = false;
    for &op in options.ops.iter().filter(|op| !options.growth || op.grows()) {
        if op.wants_aged_heap() && !is_aged {
            let keys = workload.ageing();
            peers.iter_mut().for_each(|peer| peer.age(&keys));
            is_aged = true;
        }
        let ns = rounds(op, options.rounds, &mut workload, peers)?;
        report(Measured { op, rows, ns });
    }
    Ok(())
}

fn rounds(
    op: Op,
    rounds: usize,
    workload: &mut Workload,
    peers: &mut [Box<dyn Peer>],
) -> Result<Vec<(&'static str, f64)>, String> {
    let mut samples = vec![Vec::new(); peers.len()];
    // the first round only warms up
    for round in 0..=rounds {
        let input = workload.round(op);
        let mut answers = Vec::new();
        for (peer, samples) in peers.iter_mut().zip(&mut samples) {
            let Some(sample) = peer.run(op, input.clone()) else { continue };
            answers.push((peer.name(), sample.answer));
            if round > 0 {
                samples.push(sample);
            }
        }
        agree(op, &answers)?;
    }
    if op.writes() {
        let ran = peers.iter_mut().zip(&samples).filter(|(_, samples)| !samples.is_empty());
        let states: Vec<_> = ran.map(|(peer, _)| (peer.name(), peer.state())).collect();
        if let [(_, first), ..] = &*states
            && states.iter().any(|(_, state)| state != first)
        {
            return Err(format!("{}: rows and sums differ afterwards: {states:?}", op.name()));
        }
    }
    let mut medians = Vec::new();
    for (peer, samples) in peers.iter().zip(&samples).filter(|(_, samples)| !samples.is_empty()) {
        medians.push((peer.name(), median(samples.iter().map(|s| s.ns / s.units.max(1) as f64))));
        if samples.iter().any(|sample| sample.fresh.is_some()) {
            medians.push(("fresh", median(samples.iter().filter_map(|sample| sample.fresh))));
        }
    }
    Ok(medians)
}

fn agree(op: Op, answers: &[(&str, f64)]) -> Result<(), String> {
    let Some(((_, first), rest)) = answers.split_first() else { return Ok(()) };
    // sums of floats depend on the order of the rows
    let differs = |answer: f64| (answer - first).abs() > first.abs() * 1e-9;
    match rest.iter().any(|(_, answer)| differs(*answer)) {
        true => Err(format!("{}: the answers differ: {answers:?}", op.name())),
        false => Ok(()),
    }
}

/// The middle one of some figures.
pub fn median(samples: impl IntoIterator<Item = f64>) -> f64 {
    let mut samples: Vec<f64> = samples.into_iter().collect();
    samples.sort_by(f64::total_cmp);
    samples[samples.len() / 2]
}
