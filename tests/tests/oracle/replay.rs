//! Programs that were printed, pasted: each found a fault once, or nearly.
//!
//! To replay another one, paste it into a test here and hand it to [`replay`].
#![allow(
    non_upper_case_globals,
    dead_code,
    unused_imports,
    reason = "prints and reads alike; a pasted program may need more"
)]
use super::check::check;
use super::program::{By::*, Call::*, End::*, Op::*, Program, Returning::*, Step::*};
use super::rules::T::*;
use super::tally::Tally;
use crate::language::answer::{Ask, Part, SetOp::*, Show::*};
use crate::language::ask::Put::*;
use crate::language::value::Val::{Bool, Float, Int, Null, Small};
use crate::language::{Arg::*, B, Cmp::*, Cond::*, Exp::*, List, Math::*, Plant, Text};

const NaN: f64 = f64::NAN;
const inf: f64 = f64::INFINITY;

fn replay(program: &Program) {
    check(program, Plant::Nothing, &Tally::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
}

#[test]
fn a_printed_program_can_be_pasted() {
    let item = |code: i64, price: f64| {
        let names = [Int(0), Text("a"), Null, Null, Text("a")];
        let rest = [
            Float(price),
            Int(0),
            Text("b"),
            Bool(false),
            Int(code),
            Small(0),
            Null,
            Int(code),
            Int(0),
            Int(0),
        ];
        List([&names[..], &rest].concat())
    };
    replay(&Program {
        history: 2,
        watched: true,
        steps: List([
            On(0, Add(Owners, List([Text("a"), Null, Small(0), Null, Int(0)]), true)),
            On(0, AddAll(Items, List([item(1, NaN), item(2, -0.0), item(3, 0.0)]))),
            On(0, Settle),
            On(1, Savepoint),
            On(
                1,
                UpdateWhere(
                    Items,
                    Some(Compare(Ge, Col(5), Lit(Float(0.0)))),
                    List([(6, Lit(Int(4)))]),
                    Counted,
                ),
            ),
            On(0, Update(Items, List([Int(2)]), List([(4, Text("abc"))]), Fine)),
            On(0, Nested(List([Rollback, Nested(List([Rollback]), Fine)]), Fine)),
            On(0, Commit),
            On(1, Commit),
            On(1, RollbackTo(0)),
            Fork(0),
            On(2, DeleteByKey(Owners, List([Text("a")]))),
            Transaction(1, List([MergeKept(0, Owners, List([(2, Small(3))]))]), Fails, Some(2)),
            Hold(1),
            Versions(1, Bring(0, Theirs)),
            Clear(0),
            Versions(0, Undo),
            Versions(0, AsOf(1)),
            On(
                0,
                Query(
                    Items,
                    Ask {
                        first: Part {
                            filter: Some(Not(B(IsNone(Col(3))))),
                            limit: Some(3),
                            ..Part::default()
                        },
                        others: List([(UnionAll, Part::default())]),
                        show: One(Math(Over, B(Col(6)), B(Of(Col(0))))),
                        ..Ask::default()
                    },
                    All,
                ),
            ),
            On(
                0,
                Query(
                    Items,
                    Ask { first: Part { distinct: true, ..Part::default() }, ..Ask::default() },
                    Number,
                ),
            ),
        ]),
    });
}
