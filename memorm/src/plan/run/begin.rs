//! Where the rows of a run come from: a scan, an index in its order, joins, a set.
use super::{Group, Run, Stage};
use crate::Result;
use crate::plan::after::in_set;
use crate::plan::frame::{Frame, LANES};
use crate::plan::join::Joins;
use crate::plan::overlay::Overlay;
use crate::plan::scan::Scan;
use crate::plan::set::combine;
use crate::plan::source::Source;
use crate::plan::walk::{Walked, walk_index};
use crate::plan::way::Way;
use crate::query::Origin;
use crate::table::Table;
use crate::world::World;

impl<'w, 'p> Run<'w, 'p> {
    pub(super) fn begin(&mut self, world: &'w World, overlay: Option<&'w Overlay>) -> Result<()> {
        let plan = self.plan;
        if let Some(overlay) = overlay
            && let Some(table) = world.table(plan.table)
        {
            let scan = Scan::over(table, overlay, plan.filter.as_ref()).wanting(self.pulled());
            (self.way, self.expected) = (scan.way, scan.expected);
            self.stage = self.staged(Source::Scan(scan));
            return Ok(());
        }
        match &plan.origin {
            Origin::Table if !plan.joins.is_empty() => {
                let (source, way, expected) = Joins::begin(world, plan, None, self.streamed())?;
                (self.way, self.expected) = (way, expected);
                self.stage = self.staged(source);
            }
            Origin::Table if self.is_streamed() => {
                let table = world.table_where(plan.table, plan.filter.as_ref());
                let scan = Scan::new(table, plan.filter.as_ref()).wanting(self.pulled());
                (self.way, self.expected) = (scan.way, scan.expected);
                self.stage = Stage::Stream(Source::Scan(scan));
            }
            Origin::Table => {
                let table = world.table_where(plan.table, plan.filter.as_ref());
                let walked = match (table, self.wanted()) {
                    (Some(table), Some(wanted)) => walk_index(table, plan, wanted)?,
                    _ => None,
                };
                self.stage = match walked {
                    Some(Walked { frame, index, seen }) => {
                        self.way = Way::Order(index);
                        self.expected =
                            self.wanted().map_or(0, |wanted| wanted.min(table.map_or(0, Table::len)));
                        self.seen = seen;
                        Stage::Ready(vec![Group { frame, items: &plan.items }].into_iter())
                    }
                    None => {
                        let scan = Scan::new(table, plan.filter.as_ref()).wanting(self.pulled());
                        (self.way, self.expected) = (scan.way, scan.expected);
                        Stage::Collecting(Source::Scan(scan), Frame::new())
                    }
                };
            }
            Origin::Set(first, others) => {
                let groups = combine(world, first, others)?;
                self.way = Way::Combined(1 + others.len());
                self.expected = groups.len();
                self.seen = groups.len();
                self.stage = self.refine(world, groups)?;
            }
        }
        Ok(())
    }

    /// What is done to the rows of a set: joins, filter, order and projection.
    fn refine(&self, world: &'w World, groups: Vec<Group<'w, 'p>>) -> Result<Stage<'w, 'p>> {
        let plan = self.plan;
        let after = plan.after.as_ref().and_then(|after| Some((after, after.place()?)));
        if plan.filter.is_none() && after.is_none() && plan.joins.is_empty() && self.is_streamed() {
            let projected = |group: Group<'w, 'p>| match plan.items.is_empty() {
                true => group,
                false => Group { items: &plan.items, ..group },
            };
            return Ok(Stage::Ready(groups.into_iter().map(projected).collect::<Vec<_>>().into_iter()));
        }
        // only whole rows are filtered, sorted and projected after a set operation: they share the plan's items
        let mut frames: Vec<Frame<'w>> = Vec::new();
        for Group { frame, .. } in groups {
            match frames.last_mut() {
                Some(last) if last.len() < LANES => last.append(frame),
                _ => frames.push(frame),
            }
        }
        // the filter of a join may look at more than the rows of the set
        let of_rows = plan.filter.as_ref().filter(|_| plan.joins.is_empty());
        let rows = match after {
            Some(after) => in_set(plan, after, frames, of_rows)?,
            None => Source::filtered(Source::rows(frames), of_rows.cloned(), plan.table),
        };
        let source = match plan.joins.is_empty() {
            true => rows,
            false => Joins::begin(world, plan, Some(rows), self.streamed())?.0,
        };
        Ok(self.staged(source))
    }
}
