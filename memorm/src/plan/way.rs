//! `Way`: how rows are found, in words only when somebody asks.
use crate::model::TableMeta;

/// How the rows of a statement are found.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// There is none to be found.
    Nothing,
    /// All rows of the table.
    Scan,
    /// The primary key.
    Key,
    /// The index at this position.
    Index(usize),
    /// The rows that all of these give.
    All(Parts),
    /// The rows that one of these gives.
    Any(Parts),
    /// The index at this position, for its order.
    Order(usize),
    /// So many plans.
    Combined(usize),
    /// The primary key or the index at this position, for the rows of the table that is joined.
    Partners(Option<usize>, &'static TableMeta),
    /// These columns of a link table, for the rows of the table that is joined.
    Links(&'static TableMeta, &'static [u16]),
}

/// The primary key and indexes of a table: a bit each.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts(u64);

impl Parts {
    /// These and the parts of another way.
    pub(super) fn with(self, way: Way) -> Self {
        Self(match way {
            Way::Key => self.0 | 1,
            // a table with more indexes is explained without the last ones
            Way::Index(position) if position < 63 => self.0 | 2 << position,
            Way::All(parts) | Way::Any(parts) => self.0 | parts.0,
            _ => self.0,
        })
    }

    fn ways(self) -> impl Iterator<Item = Way> {
        let is_there = move |bit: &usize| self.0 >> bit & 1 == 1;
        (0..64).filter(is_there).map(|bit: usize| bit.checked_sub(1).map_or(Way::Key, Way::Index))
    }
}

impl Way {
    /// The way in words; `is_sorted` where the rows are sorted afterwards.
    pub(super) fn describe(self, meta: &TableMeta, is_sorted: bool) -> String {
        let way = self.words(meta);
        if is_sorted { way + ", sort" } else { way }
    }

    /// The way in words.
    pub(super) fn words(self, meta: &TableMeta) -> String {
        let columns = |columns| format!("{}.{}", meta.name, meta.column_names(columns));
        let index = |position: usize| columns(meta.indexes[position].columns);
        match self {
            Self::Nothing => format!("no row of {}", meta.name),
            Self::Scan => format!("scan of {}", meta.name),
            Self::Key => format!("key {}", columns(meta.primary_key)),
            Self::Index(position) if meta.indexes[position].is_unique => {
                format!("unique index {}", index(position))
            }
            Self::Index(position) => format!("index {}", index(position)),
            Self::All(parts) => parts.ways().map(|way| way.words(meta)).collect::<Vec<_>>().join(" and "),
            Self::Any(parts) => parts.ways().map(|way| way.words(meta)).collect::<Vec<_>>().join(" or "),
            Self::Order(position) => format!("order of index {}", index(position)),
            Self::Partners(None, of) => format!("key {} for {}", columns(meta.primary_key), of.name),
            Self::Partners(Some(position), of) => format!("index {} for {}", index(position), of.name),
            Self::Links(links, by) => format!("links {}.{}", links.name, links.column_names(by)),
            Self::Combined(plans) => format!("{plans} plans combined"),
        }
    }
}
