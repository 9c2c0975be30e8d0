//! A model as its attributes describe it.
use crate::tokens::{plain_name, tokens};
use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Generics, Ident, Path, Type, Visibility};

pub(super) struct Model {
    pub(super) name: Ident,
    pub(super) vis: Visibility,
    pub(super) generics: Generics,
    pub(super) krate: Path,
    pub(super) table: String,
    pub(super) constructor: Option<Ident>,
    pub(super) check: Option<Path>,
    /// Whether all attributes of fields were understood.
    pub(super) are_fields_read: bool,
    pub(super) columns: Vec<Column>,
    pub(super) indexes: Vec<Index>,
    pub(super) references: Vec<Reference>,
    pub(super) reverses: Vec<Reverse>,
}

/// A field. Flags hold the place where they were given.
pub(super) struct Column {
    pub(super) index: u16,
    pub(super) field: Ident,
    pub(super) name: String,
    pub(super) constant: Ident,
    pub(super) docs: Vec<Attribute>,
    pub(super) vis: Visibility,
    pub(super) ty: Type,
    pub(super) primary_key: Option<Span>,
    pub(super) auto: Option<Span>,
    pub(super) version: Option<Span>,
    pub(super) opaque: Option<Span>,
    pub(super) unhashed: Option<Span>,
    pub(super) plain_index: Option<Span>,
    pub(super) unique: Option<Span>,
    pub(super) deferred: Option<Span>,
    pub(super) default: Option<Source>,
    pub(super) on_update: Option<Source>,
}

/// Where a value that was not given comes from.
pub(super) struct Source {
    pub(super) span: Span,
    pub(super) value: SourceValue,
}

pub(super) enum SourceValue {
    /// `now`: the database's clock.
    Now,
    /// `default` alone: `Default::default()`.
    Default,
    Expression(TokenStream),
}

pub(super) struct Index {
    pub(super) columns: Vec<u16>,
    pub(super) is_unique: bool,
    pub(super) is_deferred: bool,
}

/// A foreign key: of a field, or of several fields in `by`.
pub(super) struct Reference {
    pub(super) constant: Ident,
    pub(super) target: Type,
    pub(super) columns: Vec<u16>,
    pub(super) on_delete: OnDelete,
    pub(super) set_null: Option<Span>,
    pub(super) vis: Visibility,
}

#[derive(Clone, Copy)]
pub(super) enum OnDelete {
    Restrict,
    Cascade,
    SetNull,
}

/// `has_many` or `has_one`: the other end of a foreign key.
pub(super) struct Reverse {
    pub(super) constant: Ident,
    pub(super) target: Type,
    pub(super) by: Ident,
    pub(super) kind: ReverseKind,
}

pub(super) enum ReverseKind {
    Many,
    One,
    /// Across the link table, whose constant `to` leads to the other end.
    Through {
        link: Box<Type>,
        to: Ident,
    },
}

impl Model {
    /// The columns of the primary key, then those of the indexes, each once.
    pub(super) fn watched(&self) -> Vec<u16> {
        let mut all: Vec<u16> = self.keys().map(|column| column.index).collect();
        for column in self.indexes.iter().flat_map(|index| &index.columns) {
            if !all.contains(column) {
                all.push(*column);
            }
        }
        all
    }

    pub(super) fn column(&self, index: u16) -> &Column {
        &self.columns[usize::from(index)]
    }

    pub(super) fn column_named(&self, name: &Ident) -> Option<&Column> {
        let name = plain_name(name);
        self.columns.iter().find(|c| c.name == name)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(|c| c.primary_key.is_some())
    }

    /// The module that generated code takes everything from.
    pub(super) fn private(&self) -> TokenStream {
        let krate = &self.krate;
        tokens!(#krate::__private)
    }

    /// Whether memorm's metadata must be made for each type instead of once.
    pub(super) fn is_generic(&self) -> bool {
        !self.generics.params.is_empty()
    }
}

impl Column {
    pub(super) fn is_opaque(&self) -> bool {
        self.opaque.is_some()
    }
}
