//! Asking for groups.
use super::query::Query;
use super::source::View;
use crate::expr::{AggregateTerm, Item};
use crate::plan::{Explain, Group, Grouped, explain, group};
use crate::query::{Groups, Plan};
use crate::value::Value;
use crate::{Error, Result};

/// The groups that a query gives, in order.
struct Chosen<K, A> {
    /// Their places among the groups that were computed.
    places: Vec<usize>,
    groups: Vec<(K, A)>,
}

impl<K: 'static, A: 'static> Groups<K, A> {
    /// Computes the groups, and which of them the query gives.
    fn compute(&self, view: &View<'_>, cap: Option<usize>) -> Result<(Grouped, Chosen<K, A>)> {
        let plan = view.resolve(&self.plan)?;
        let Some(grouping) = &plan.group else { return Err(self.unreadable(&[])) };
        let grouped = group(view.run(&plan, None)?, &plan, grouping)?;
        let chosen = self.choose(&grouped, &grouping.keys, cap)?;
        Ok((grouped, chosen))
    }

    /// The groups that the query gives of those that were computed, in order.
    fn choose(&self, grouped: &Grouped, keys: &[Item], cap: Option<usize>) -> Result<Chosen<K, A>> {
        let room = if self.having.is_empty() { grouped.len() } else { 0 };
        let mut chosen = Chosen { places: Vec::with_capacity(room), groups: Vec::with_capacity(room) };
        for place in 0..grouped.len() {
            let key = grouped.key(keys, self.read_key, place);
            let read = key.zip((self.read_results)(&mut grouped.results(place).iter()));
            let (key, aggregates) = read.ok_or_else(|| self.unreadable(&grouped.values(place)))?;
            if self.having.iter().all(|test| test(&key, &aggregates)) {
                chosen.places.push(place);
                chosen.groups.push((key, aggregates));
            }
        }
        if let Some(order) = &self.order {
            let order = order(&chosen.groups);
            chosen = chosen.ordered(&order);
        }
        let wanted = self.limit.unwrap_or(usize::MAX).min(cap.unwrap_or(usize::MAX));
        chosen.cut(self.offset, wanted);
        Ok(chosen)
    }

    fn unreadable(&self, values: &[Value]) -> Error {
        Error::InvalidValue {
            table: self.plan.table.name,
            column: "group",
            value: values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            expected: "the type of the key and its aggregates",
        }
    }
}

impl<K, A> Chosen<K, A> {
    /// The groups at these places among them, each there once.
    fn ordered(self, order: &[usize]) -> Self {
        let mut all: Vec<_> = self.places.into_iter().zip(self.groups).map(Some).collect();
        let (places, groups) = order.iter().filter_map(|at| all.get_mut(*at)?.take()).unzip();
        Self { places, groups }
    }

    /// Applies offset and limit.
    fn cut(&mut self, offset: usize, limit: usize) {
        let offset = offset.min(self.groups.len());
        self.places.truncate(offset.saturating_add(limit));
        self.groups.truncate(offset.saturating_add(limit));
        self.places.drain(..offset);
        self.groups.drain(..offset);
    }
}

impl<K: 'static, A: 'static> Query for Groups<K, A> {
    type Row = (K, A);

    fn plan(&self) -> &Plan {
        &self.plan
    }
    fn read(&self, _: &Group<'_, '_>, _: &mut Vec<(K, A)>) -> Result<()> {
        // no row of the plan is one of the result: all are read by `collect_rows`
        Ok(())
    }
    fn is_read_by_group(&self) -> bool {
        false
    }
    fn read_grouped(&self, grouped: &Grouped) -> Result<Vec<(K, A)>> {
        let keys = self.plan.group.as_ref().map_or(&[][..], |grouping| &grouping.keys);
        Ok(self.choose(grouped, keys, None)?.groups)
    }
    fn collect_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<Vec<(K, A)>> {
        Ok(self.compute(view, cap)?.1.groups)
    }
    fn count_rows(&self, view: &View<'_>, cap: Option<usize>) -> Result<usize> {
        Ok(self.compute(view, cap)?.1.groups.len())
    }
    fn explain_rows(&self, view: &View<'_>) -> Result<Explain> {
        let mut explained = explain(view.world(), &self.plan)?;
        let keys = self.plan.group.iter().flat_map(|grouping| &grouping.keys).map(Item::heading);
        explained.access += &format!(", group by {}", keys.collect::<Vec<_>>().join(", "));
        explained.rows = self.count_rows(view, None)?;
        Ok(explained)
    }
    fn dynamic_rows(&self, view: &View<'_>) -> Result<(Vec<String>, Vec<Vec<Value>>)> {
        let (grouped, chosen) = self.compute(view, None)?;
        let grouping = self.plan.group.iter();
        let headings = grouping.flat_map(|grouping| {
            let keys = grouping.keys.iter().map(Item::heading);
            keys.chain(grouping.terms.iter().map(AggregateTerm::to_string))
        });
        Ok((headings.collect(), chosen.places.into_iter().map(|place| grouped.values(place)).collect()))
    }
}
