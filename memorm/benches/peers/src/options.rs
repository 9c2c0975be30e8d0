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
    /// Whether the table of the guide is printed.
    pub markdown: bool,
    /// Where the curves of `growth` are drawn.
    pub svg: Option<String>,
    pub memory: bool,
    pub growth: bool,
}

pub const USAGE: &str = "\
    --rows N[,N]      table sizes, by default 100000
    --ops a,b         only these ops
    --peers a,b       only these peers beside memorm
    --rounds N        at least 5
    --json            one object a line
    --markdown        the table of the guide: all sizes, each with its ratios and bars
    --memory          bytes a row, and what a deletion of all rows gives back
    --growth          memorm's ops at 1k, 10k, 100k, 1M and 10M rows; fails where one grows too fast
    --svg FILE        with --growth: draws the curves";

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
            markdown: false,
            svg: None,
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
                "--markdown" => options.markdown = true,
                "--svg" => options.svg = Some(value()?),
                "--memory" => options.memory = true,
                "--growth" => options.growth = true,
                _ => return Err(format!("unknown argument {argument}")),
            }
        }
        if options.rows.is_empty() {
            options.rows = match &options {
                Self { growth: true, .. } => vec![1_000, 10_000, 100_000, 1_000_000, 10_000_000],
                Self { memory: true, .. } => vec![1_000_000],
                Self { markdown: true, .. } => vec![100_000, 1_000_000],
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
        (self.peers.is_empty() && !self.growth) || self.peers.iter().any(|peer| peer == name)
    }
}

fn numbers(text: &str) -> Result<Vec<usize>, String> {
    let number = |text: &str| text.replace('_', "").parse().map_err(|_| format!("{text} is no number"));
    text.split(',').map(number).collect()
}
