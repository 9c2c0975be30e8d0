//! The command line.
use crate::op::Op;

#[derive(Clone, Debug)]
pub struct Options {
    /// Table sizes, one run each.
    pub rows: Vec<usize>,
    pub rounds: usize,
    pub ops: Vec<Op>,
    /// Whether wall-clock figures of several threads are taken.
    pub readers: bool,
    /// Peers to leave out or not; empty for all.
    pub peers: Vec<String>,
    pub json: bool,
    pub memory: bool,
    pub growth: bool,
}

pub const USAGE: &str = "\
    --rows N[,N]      table sizes, by default 100000
    --ops a,b         only these ops
    --peers a,b       only these peers beside memorm
    --rounds N        at least 5
    --json            one object a line
    --memory          bytes a row, and what a deletion of all rows gives back
    --growth          every op at 1k, 10k, 100k, 1M and 10M rows";

impl Options {
    /// # Errors
    /// What is wrong with the arguments.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            rows: Vec::new(),
            rounds: 5,
            ops: Op::ALL.to_vec(),
            readers: true,
            peers: Vec::new(),
            json: false,
            memory: false,
            growth: false,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
            match &*argument {
                "--rows" => options.rows = numbers(&value()?)?,
                "--rounds" => options.rounds = numbers(&value()?)?[0].max(5),
                "--ops" => options.choose(&value()?)?,
                "--peers" => options.peers = value()?.split(',').map(str::to_owned).collect(),
                "--json" => options.json = true,
                "--memory" => options.memory = true,
                "--growth" => options.growth = true,
                _ => return Err(format!("unknown argument {argument}")),
            }
        }
        if options.rows.is_empty() {
            options.rows = match (options.growth, options.memory) {
                (true, _) => vec![1_000, 10_000, 100_000, 1_000_000, 10_000_000],
                (_, true) => vec![1_000_000],
                _ => vec![100_000],
            };
        }
        Ok(options)
    }

    fn choose(&mut self, names: &str) -> Result<(), String> {
        let names: Vec<&str> = names.split(',').collect();
        let known = |name: &&&str| **name != "readers" && Op::ALL.iter().all(|op| op.name() != **name);
        if let Some(unknown) = names.iter().find(known) {
            return Err(format!("unknown op {unknown}"));
        }
        self.ops.retain(|op| names.contains(&op.name()));
        self.readers = names.contains(&"readers");
        Ok(())
    }

    pub fn has_peer(&self, name: &str) -> bool {
        self.peers.is_empty() || self.peers.iter().any(|peer| peer == name)
    }
}

fn numbers(text: &str) -> Result<Vec<usize>, String> {
    let number = |text: &str| text.replace('_', "").parse().map_err(|_| format!("{text} is no number"));
    text.split(',').map(number).collect()
}
