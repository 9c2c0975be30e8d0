//! Generated code under the strictest settings: it compiles, or this file does not.
#![deny(
    missing_docs,
    warnings,
    unused,
    missing_debug_implementations,
    unreachable_pub,
    unused_qualifications
)]
#![deny(unused_results, single_use_lifetimes, trivial_casts, elided_lifetimes_in_paths, let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic)]
#![forbid(unsafe_code)]
#![no_implicit_prelude]

/// Public models of a documented module.
pub mod documented {
    /// A model.
    #[derive(::memorm::Model, ::core::clone::Clone, ::core::fmt::Debug)]
    #[model(table = "strict", constructor = new, check = sane, index(name, amount))]
    #[model(has_many(CHILDREN: Strict, by = PARENT), has_one(FIRST: Strict, by = PARENT))]
    pub struct Strict {
        /// Key.
        #[model(primary_key, auto)]
        pub id: ::core::primitive::u64,
        /// Name.
        pub name: ::std::string::String,
        /// Note.
        #[model(default = "x")]
        pub note: ::core::option::Option<::std::string::String>,
        /// Version.
        #[model(version)]
        pub revision: u32,
        /// Parent.
        #[model(references(Strict, name = PARENT, on_delete = set_null))]
        pub parent_id: ::core::option::Option<u64>,
        /// Made.
        #[model(default = now)]
        pub made: i64,
        /// Changed.
        #[model(on_update = now)]
        pub changed: ::core::option::Option<i64>,
        /// Rolled.
        #[model(on_update = 4, default = 3)]
        pub rolled: ::core::option::Option<i64>,
        /// Not looked into.
        #[model(opaque, default)]
        pub blob: ::std::vec::Vec<::std::vec::Vec<u8>>,
        /// Not looked into, renewed.
        #[model(opaque, on_update = ::std::vec::Vec::new())]
        pub log: ::std::vec::Vec<::std::vec::Vec<u8>>,
        amount: i64,
        #[model(unique, deferred)]
        position: u8,
    }

    fn sane(strict: &Strict) -> ::core::result::Result<(), &'static str> {
        if strict.amount < 0 || strict.position == 0 {
            return ::core::result::Result::Err("negative");
        }
        ::core::result::Result::Ok(())
    }

    /// A composite key.
    #[derive(::memorm::Model, ::core::clone::Clone, ::core::fmt::Debug)]
    #[model(table = "lines", has_many(PARCELS: Parcel, by = LINE))]
    pub struct Line {
        /// Order.
        #[model(primary_key)]
        pub order_id: u32,
        /// Number.
        #[model(primary_key)]
        pub number: u16,
    }

    /// A composite foreign key.
    #[derive(::memorm::Model, ::core::clone::Clone, ::core::fmt::Debug)]
    #[model(references(Line, by = (order_id, number), on_delete = cascade))]
    pub struct Parcel {
        /// Key.
        #[model(primary_key)]
        pub id: Id,
        /// Order.
        pub order_id: ::core::option::Option<u32>,
        /// Number.
        pub number: u16,
        /// Side.
        #[model(default = Side::Buy)]
        pub side: Side,
    }

    /// A column enum.
    #[derive(::memorm::Field, ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
    pub enum Side {
        /// Buy.
        Buy,
        /// Sell.
        Sell,
    }

    /// A newtype.
    #[derive(::memorm::Field, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Id(pub u64);

    /// A newtype with a name.
    #[derive(::memorm::Field, ::core::clone::Clone, ::core::fmt::Debug)]
    pub struct Title {
        /// What is inside.
        pub text: ::std::string::String,
    }

    /// A projection.
    #[derive(::memorm::Projection, ::core::fmt::Debug)]
    pub struct Dto {
        /// Name.
        pub name: ::std::string::String,
        /// Amount.
        pub amount: i64,
    }

    /// A projection of one column.
    #[derive(::memorm::Projection, ::core::fmt::Debug)]
    pub struct Only(pub i64);
}

use documented::{Dto, Id, Only, Side, Strict};

#[::core::prelude::v1::test]
fn generated_code_compiles_without_a_prelude() {
    let row = Strict::new("a", 1, 2);
    ::core::assert!(row.id == 0 && row.revision == 0 && row.made == 0 && row.changed.is_some());
    ::core::assert!(row.note.as_deref() == ::core::option::Option::Some("x"));
    let _ = (Side::Buy, Side::Sell, Id(1), <Only as ::core::convert::From<i64>>::from(1).0);
    let dto = <Dto as ::core::convert::From<_>>::from((::std::string::String::new(), 1_i64));
    ::core::assert!(dto.name.is_empty() && dto.amount == 1);
}
