//! Generated code amid names that are already taken.
#![deny(warnings)]
#![allow(dead_code, reason = "most of these models only have to compile")]

use memorm::__private as private;
use memorm::model::Model as _;

/// Everything a careless macro would name.
mod shadowed {
    pub struct Option;
    pub struct Result;
    pub struct String;
    pub struct Vec;
    pub struct Box;
    pub enum Some {}
    pub enum None {}
    pub enum Ok {}
    pub enum Err {}
    pub trait Clone {}
    pub trait Default {}
    pub trait From {}
    pub trait Into {}
    pub trait Iterator {}
    pub trait Field {}
    pub trait PartialEq {}
    pub trait Send {}
    pub trait Sync {}
    pub struct Column;
    pub struct Value;
    pub struct Cell;
    pub mod core {}
    pub mod std {}
    pub mod memorm {}
    #[allow(non_camel_case_types)]
    pub struct u16;
    #[allow(non_camel_case_types)]
    pub struct bool;
    #[allow(non_camel_case_types)]
    pub struct usize;
    #[allow(non_camel_case_types)]
    pub struct str;

    #[derive(::memorm::Model, ::core::clone::Clone)]
    #[model(constructor = new, check = check, has_many(COPIES: Shadow, by = SHADOW))]
    pub struct Shadow {
        #[model(primary_key, auto)]
        pub id: u32,
        pub name: ::std::string::String,
        pub note: ::core::option::Option<::std::string::String>,
        #[model(references(Shadow))]
        pub shadow_id: ::core::option::Option<u32>,
        #[model(on_update = "later")]
        pub seen: ::std::string::String,
        #[model(on_update = now)]
        pub at: i64,
        #[model(version)]
        pub version: i32,
        #[model(opaque, default)]
        pub pair: (::core::primitive::u8, ::core::primitive::bool),
    }
    fn check(_: &Shadow) -> ::core::result::Result<(), &'static ::core::primitive::str> {
        ::core::result::Result::Ok(())
    }
    #[derive(::memorm::Field, ::core::clone::Clone)]
    pub enum Side {
        Some,
        None,
    }
    #[derive(::memorm::Field, ::core::clone::Clone)]
    pub struct Id(::core::primitive::u64);
    #[derive(::memorm::Projection)]
    pub struct Row {
        pub row: ::core::primitive::u64,
    }
}

/// Functions and locals of the user's that are called like those of generated code.
mod same_names {
    pub fn row() -> u8 {
        1
    }
    pub fn old() -> u8 {
        2
    }
    pub fn name() -> u8 {
        6
    }

    #[derive(memorm::Model, Clone)]
    #[model(constructor = new)]
    pub struct Local {
        #[model(primary_key, auto)]
        pub id: u32,
        pub name: u8,
        // the function above, not the parameter of the constructor
        #[model(default = name() + row())]
        pub other: u8,
        #[model(on_update = old())]
        pub renewed: u8,
    }
}

#[derive(memorm::Model, Clone)]
#[model(constructor = new)]
struct Raw {
    #[model(primary_key)]
    r#type: u8,
    #[model(references(r#Raw))]
    r#fn_id: Option<u8>,
    #[model(column = KIND_)]
    r#match: String,
}

#[derive(memorm::Model, Clone)]
struct Boxed<T: Clone + Send + Sync + 'static> {
    #[model(primary_key)]
    id: u8,
    #[model(opaque)]
    payload: T,
    #[model(references(Self))]
    next_id: Option<u8>,
}

#[derive(memorm::Model, Clone)]
#[model(table = "typed", index(payload, grid), constructor = of, has_many(PARTS: Typed<T, N>, by = WHOLE))]
struct Typed<T = u8, const N: usize = 3>
where
    T: memorm::model::Field,
{
    #[model(primary_key)]
    id: u8,
    #[model(index)]
    payload: T,
    grid: Option<u8>,
    #[model(references(Typed<T, N>, name = WHOLE))]
    whole_id: Option<u8>,
}

/// Typed keys.
#[derive(memorm::Field, Clone)]
struct Key<T: Clone + Send + Sync + 'static>(u64, std::marker::PhantomData<T>);

#[derive(memorm::Model, Clone)]
#[model(constructor = new)]
struct Owner {
    #[model(primary_key, auto)]
    id: Key<Self>,
    #[model(references(Self))]
    owner_id: Option<Key<Owner>>,
    #[model(version)]
    version: Count,
    #[model(default = now)]
    made: Tick,
    #[model(default = Default::default())]
    text: String,
    #[model(default = "x".into())]
    more: String,
    #[model(default = pair::<u8, u8>(1, 2), unhashed)]
    sum: u8,
    #[model(opaque, default = [1, 2])]
    two: [u8; 2],
    #[model(default = if true { 1 } else { 2 })]
    branch: u8,
    title: Title,
}
fn pair<A: Into<u8>, B: Into<u8>>(a: A, b: B) -> u8 {
    a.into() + b.into()
}
#[derive(memorm::Field, Clone)]
struct Count(u32);
#[derive(memorm::Field, Clone)]
struct Tick(i64);
#[derive(memorm::Field, Clone)]
struct Title(String);

mod renamed {
    pub(super) mod database {
        pub use memorm::__private;
    }
    #[derive(memorm::Model, Clone)]
    #[model(crate = "crate::renamed::database", constructor = new)]
    pub(super) struct Item {
        #[model(primary_key)]
        pub(in crate::renamed) id: Id,
        side: Side,
    }
    #[derive(memorm::Field, Clone)]
    #[field(crate = "crate::renamed::database")]
    pub(super) struct Id(pub(super) u64);
    #[derive(memorm::Field, Clone)]
    #[field(crate = "self::database")]
    pub(super) enum Side {
        Buy,
    }
    #[derive(memorm::Projection)]
    #[projection(crate = "self::database")]
    pub(super) struct Dto {
        pub(super) id: u64,
    }
}

/// Models from a macro of the user's.
macro_rules! numeric { ($($t:ident: $ty:ty),*) => {
    #[derive(memorm::Model, Clone)]
    struct Numbers { #[model(primary_key)] id: u8, $($t: $ty, )* }
    #[derive(memorm::Model, Clone)]
    struct Maybe { #[model(primary_key)] id: u8, $(#[model(index)] $t: Option<$ty>,)* }
} }
numeric! { i8: i8, u64: u64, f32: f32, texts: String }

#[test]
fn raw_identifiers_lose_their_prefix() {
    let names: Vec<_> = Raw::table().columns.iter().map(|c| c.name).collect();
    assert_eq!(names, ["type", "fn_id", "match"]);
    assert_eq!(Raw::TYPE.name(), "type");
    assert_eq!((Raw::KIND_.name(), Raw::KIND_.index()), ("match", 2));
    assert_eq!(Raw::FN.key_of(&Raw::new(1, "x")), None);
}

#[test]
fn generic_models_have_a_table_for_each_type() {
    let (a, b) = (Typed::<u8>::table(), Typed::<String>::table());
    assert_eq!((a.name, b.name), ("typed", "typed<String>"));
    assert_ne!(a.columns[1].kind, b.columns[1].kind);
    assert_eq!(Boxed::<String>::table().relations[0].name, "NEXT");
    assert_eq!(Typed::<u8, 3>::of(1, 2).payload, 2);
    assert_eq!(Typed::<u8>::PARTS.by().columns(), [3]);
}

#[test]
fn structs_inside_functions_are_models() {
    #[derive(memorm::Model, Clone)]
    #[model(has_many(PARTS: Local, by = LOCAL))]
    struct Local {
        #[model(primary_key)]
        id: Id,
        #[model(references(Local))]
        local_id: Option<Id>,
    }
    #[derive(memorm::Field, Clone)]
    struct Id(String);
    let row = Local { id: Id("a".into()), local_id: Some(Id("b".into())) };
    assert_eq!(Local::table().name, "local");
    assert!(Local::LOCAL.key_of(&row).is_some_and(|id| id.0 == "b"));
}

#[test]
fn a_default_sees_functions_and_not_the_parameters_of_the_constructor() {
    let local = same_names::Local::new(100);
    assert_eq!((local.name, local.other, local.renewed), (100, 7, 2));
}

#[test]
fn defaults_are_converted_where_they_have_a_type_of_their_own() {
    let owner = Owner::new(Title("t".into()));
    assert_eq!((owner.text.as_str(), owner.more.as_str(), owner.sum), ("", "x", 3));
    assert_eq!((owner.two, owner.branch, owner.made.0, owner.version.0, owner.id.0), ([1, 2], 1, 0, 0, 0));
}

#[test]
fn a_renamed_crate_is_used_under_its_name() {
    let item = renamed::Item::new(renamed::Id(7), renamed::Side::Buy);
    assert_eq!(item.key().0, 7);
    assert_eq!(renamed::Dto::from((3,)).id, 3);
}

#[test]
fn text_newtypes_are_found_by_str() {
    fn cell<K>(key: impl private::KeyRef<K>) -> String {
        format!("{:?}", key.part(0))
    }
    assert_eq!(cell::<Title>("a"), cell::<String>("a"));
    assert_eq!(cell::<Title>(Title("a".into())), cell::<String>("a"));
}
