//! How the partners of left rows are found: what costs least, by the counts of both sides.
use super::JoinStep;
use crate::Result;
use crate::model::Path;
use crate::plan::join::narrow::Narrowed;
use crate::plan::join::probe::{Links, Lookup, Probe, grouped, left_over, link_keys, right_rows};
use crate::plan::join::split::Parts;
use crate::plan::scan::Scan;
use crate::query::{Join, JoinKind, On};
use crate::table::Table;
use crate::world::World;

impl<'w> JoinStep<'w> {
    /// Chooses the probe by the counts of both sides; `lanes` left rows are expected.
    ///
    /// `narrowed` has the right rows that can have a place in the result, where that is known.
    pub(in crate::plan::join) fn new(
        world: &'w World,
        join: &Join,
        parts: Parts,
        lanes: usize,
        narrowed: Option<Narrowed>,
    ) -> Result<Self> {
        let mut step = Self {
            table: join.table,
            is_left: join.kind == JoinKind::Left,
            probe: Probe::All(Vec::new()),
            keys: Vec::new(),
            rights: Vec::new(),
            pairs: None,
            way: "no row".to_owned(),
            fan_out: 0,
            expected: 0,
            seen: 0,
            waiting: Vec::new(),
            taken: 0,
            input: Vec::new(),
            dense: None,
            len: 0,
            lane: 0,
            tried: 0,
            has_partner: false,
            failed: None,
        };
        let Some(table) = world.table_where(join.table, parts.right.as_ref()) else { return Ok(step) };
        match &join.on {
            On::Through(slot, from, path) => {
                step.keys = link_keys(*slot, from, *path);
                let lefts = world.known_table(from).map_or(0, Table::len);
                step.across(world, table, *path, parts, (lanes, lefts));
            }
            On::Condition(_) => step.by_condition(table, parts, lanes, narrowed)?,
        }
        Ok(step)
    }

    fn by_condition(
        &mut self,
        table: &'w Table,
        parts: Parts,
        lanes: usize,
        narrowed: Option<Narrowed>,
    ) -> Result<()> {
        let found = narrowed
            .as_ref()
            .map(|narrowed| format!(", {}", narrowed.way.describe(table.meta(), false)))
            .unwrap_or_default();
        let scan = match narrowed {
            Some(narrowed) => Scan::of_some(table, narrowed.ids, parts.right.clone()),
            None => Scan::owning(Some(table), parts.right.clone()),
        };
        let lookup = Lookup::of(table, &parts.equal).filter(|_| lanes.saturating_mul(2) < scan.expected);
        self.keys = parts.equal.iter().map(|(left, _)| left.clone()).collect();
        if let Some(lookup) = lookup {
            self.fan_out = lookup.fan_out();
            self.way = lookup.describe();
            self.pairs = left_over(parts, Some(&lookup));
            self.probe = Probe::Lookup(lookup);
            return Ok(());
        }
        let rows = right_rows(scan, &mut self.seen)?;
        self.pairs = parts.pairs;
        if parts.equal.is_empty() {
            self.fan_out = rows.len();
            self.way = "all rows".to_owned();
            self.probe = Probe::All(rows);
        } else {
            self.rights = parts.equal.into_iter().map(|(_, right)| right).collect();
            let shown: Vec<String> = self.rights.iter().map(ToString::to_string).collect();
            self.way = format!("hash of {}{found}", shown.join(", "));
            let beside = rows.clone();
            let groups = grouped(rows, &beside, self.rights.iter());
            self.fan_out = beside.len() / groups.len().max(1);
            self.probe = Probe::Groups(groups);
        }
        Ok(())
    }

    /// Across a link table, from `lanes` of the `lefts` rows of the table before it.
    fn across(
        &mut self,
        world: &'w World,
        table: &'w Table,
        path: Path,
        parts: Parts,
        (lanes, lefts): (usize, usize),
    ) {
        let Some((through, links)) = path.through.and_then(|t| Some((t, world.table(t.table)?))) else {
            return;
        };
        self.pairs = left_over(parts, None);
        let probe = Links::new(world, table, path);
        self.fan_out = links.len().div_ceil(lefts.max(1));
        if lanes.saturating_mul(2) >= links.len()
            && let Some(groups) = probe.groups(links)
        {
            self.seen += links.len();
            self.way = format!("hash of {}.{}", through.table.name, through.table.column_names(through.by));
            self.probe = Probe::Groups(groups);
        } else {
            self.way = format!("links {}.{}", through.table.name, through.table.column_names(through.by));
            self.probe = Probe::Links(probe);
        }
    }
}
