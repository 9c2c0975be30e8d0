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
    /// The index at this position, for its order.
    Order(usize),
    /// So many plans.
    Combined(usize),
    /// The primary key or the index at this position, for the rows of the table that is joined.
    Partners(Option<usize>, &'static TableMeta),
    /// These columns of a link table, for the rows of the table that is joined.
    Links(&'static TableMeta, &'static [u16]),
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
            Self::Order(position) => format!("order of index {}", index(position)),
            Self::Partners(None, of) => format!("key {} for {}", columns(meta.primary_key), of.name),
            Self::Partners(Some(position), of) => format!("index {} for {}", index(position), of.name),
            Self::Links(links, by) => format!("links {}.{}", links.name, links.column_names(by)),
            Self::Combined(plans) => format!("{plans} plans combined"),
        }
    }
}
