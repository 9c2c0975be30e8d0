//! `smol_str::SmolStr` as a column type.
use super::field::fields;
use super::number::Text;
use crate::value::Cell;
use smol_str::SmolStr;

fields! {
    SmolStr: Text, &'a str, v => v.as_str(), Cell::Text(s) => Some(s.into());
}
#[diagnostic::do_not_recommend]
impl Text for SmolStr {}
