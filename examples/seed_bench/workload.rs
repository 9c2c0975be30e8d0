//! The workload as data: rows, statements with the number of rows that each must find, updates and deletes.
//!
//! ```text
//!   rows.csv        id,active,category,price,cost                                             20,000 rows
//!   queries.jsonl   {"phase": "all", "where": [["price", "le", 385.47], ..], "rows": 9828}     500 "all", 500 "limit"
//!   writes.json     {"updates_id_category_active": [[12079, "J", true], ..], "deletes": [..]}  500 and 500
//! ```
//!
//! `rows` counts what the conditions find; a statement of the phase "limit" takes the first five of these.
use memorm::prelude::*;
use serde_json::Value as Json;
use std::error::Error;

/// Whatever can be wrong with a file.
pub type Parsed<T> = Result<T, Box<dyn Error>>;

/// How many rows a statement of the phase "limit" takes.
pub const LIMIT: usize = 5;

/// The only table. Indexed are the columns that the model project indexes; it leaves `cost` without.
#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "items", constructor = new)]
pub struct Item {
    /// Counts up from 1, in the order of the file.
    #[model(primary_key, auto)]
    pub id: u64,
    /// One of two values.
    #[model(index)]
    pub active: bool,
    /// One of eleven letters.
    #[model(index)]
    pub category: String,
    /// From 5 to 500.
    #[model(index)]
    pub price: f64,
    /// From 1 to 300.
    pub cost: f64,
}

/// Everything that the three files hold.
#[derive(Debug)]
pub struct Workload {
    /// The rows to insert.
    pub rows: Vec<Item>,
    /// Statements whose rows are all wanted.
    pub all: Vec<Question>,
    /// Statements of which the first rows are wanted.
    pub limited: Vec<Question>,
    /// What to set, by id.
    pub updates: Vec<Change>,
    /// What to delete, by id.
    pub deletes: Vec<u64>,
}

/// Conditions that must all hold, and how many rows do.
#[derive(Debug)]
pub struct Question {
    clauses: Vec<Clause>,
    /// How many rows the conditions find.
    pub rows: usize,
}

/// The new values of one row.
#[derive(Debug)]
pub struct Change {
    /// Which row.
    pub id: u64,
    /// The new category.
    pub category: String,
    /// The new flag.
    pub active: bool,
}

#[derive(Debug)]
enum Clause {
    Active(Comparison, bool),
    Category(Membership, Vec<String>),
    Price(Comparison, f64),
    Cost(Comparison, f64),
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
}

#[derive(Clone, Copy, Debug)]
enum Membership {
    In,
    NotIn,
}

impl Workload {
    /// Reads the files, which are compiled in.
    ///
    /// # Errors
    /// What is not as described above.
    pub fn read() -> Parsed<Self> {
        let (mut all, mut limited) = (Vec::new(), Vec::new());
        for line in include_str!("../data/seed-bench/queries.jsonl").lines() {
            let line: Json = serde_json::from_str(line)?;
            match text(&line["phase"])? {
                "all" => all.push(Question::parse(&line)?),
                "limit" => limited.push(Question::parse(&line)?),
                other => return Err(format!("there is no phase {other}").into()),
            }
        }
        let rows =
            include_str!("../data/seed-bench/rows.csv").lines().skip(1).map(item).collect::<Parsed<_>>()?;
        let writes: Json = serde_json::from_str(include_str!("../data/seed-bench/writes.json"))?;
        let updates =
            list(&writes["updates_id_category_active"])?.iter().map(Change::parse).collect::<Parsed<_>>()?;
        let deletes = list(&writes["deletes"])?.iter().map(id).collect::<Parsed<_>>()?;
        Ok(Self { rows, all, limited, updates, deletes })
    }
}

impl Question {
    /// Builds the statement: the type stays the same, however many conditions are chained on it.
    pub fn statement(&self) -> Select<Item> {
        self.clauses.iter().fold(select::<Item>(), |statement, clause| statement.filter(clause.filter()))
    }

    fn parse(line: &Json) -> Parsed<Self> {
        let clauses = list(&line["where"])?.iter().map(Clause::parse).collect::<Parsed<_>>()?;
        let rows = line["rows"].as_u64().ok_or("`rows` is a count")?;
        Ok(Self { clauses, rows: usize::try_from(rows)? })
    }
}

impl Clause {
    fn filter(&self) -> Filter<Item> {
        match self {
            Self::Active(comparison, value) => comparison.filter(Item::ACTIVE, *value),
            Self::Category(Membership::In, values) => Item::CATEGORY.in_(values),
            Self::Category(Membership::NotIn, values) => Item::CATEGORY.not_in(values),
            Self::Price(comparison, value) => comparison.filter(Item::PRICE, *value),
            Self::Cost(comparison, value) => comparison.filter(Item::COST, *value),
        }
    }

    /// `["price", "le", 385.47]`
    fn parse(clause: &Json) -> Parsed<Self> {
        let (operator, value) = (text(&clause[1])?, &clause[2]);
        let number = || value.as_f64().ok_or("a price is a number");
        Ok(match text(&clause[0])? {
            "active" => Self::Active(Comparison::parse(operator)?, flag(value)?),
            "category" => Self::Category(Membership::parse(operator)?, texts(value)?),
            "price" => Self::Price(Comparison::parse(operator)?, number()?),
            "cost" => Self::Cost(Comparison::parse(operator)?, number()?),
            other => return Err(format!("there is no column {other}").into()),
        })
    }
}

impl Comparison {
    fn filter<T: Field>(self, column: Column<Item, T>, value: T) -> Filter<Item> {
        match self {
            Self::Eq => column.eq(value),
            Self::Ne => column.ne(value),
            Self::Lt => column.lt(value),
            Self::Le => column.le(value),
            Self::Gt => column.gt(value),
        }
    }

    fn parse(operator: &str) -> Parsed<Self> {
        Ok(match operator {
            "eq" => Self::Eq,
            "ne" => Self::Ne,
            "lt" => Self::Lt,
            "le" => Self::Le,
            "gt" => Self::Gt,
            other => return Err(format!("there is no comparison {other}").into()),
        })
    }
}

impl Membership {
    fn parse(operator: &str) -> Parsed<Self> {
        match operator {
            "in_op" => Ok(Self::In),
            "not_in_op" => Ok(Self::NotIn),
            other => Err(format!("there is no test {other} for lists").into()),
        }
    }
}

impl Change {
    fn parse(change: &Json) -> Parsed<Self> {
        Ok(Self { id: id(&change[0])?, category: text(&change[1])?.to_owned(), active: flag(&change[2])? })
    }
}

/// `1,1,A,372.07,74.22`
fn item(line: &str) -> Parsed<Item> {
    let fields: Vec<&str> = line.split(',').collect();
    let [id, active, category, price, cost] = fields[..] else {
        return Err(format!("a row has five fields: {line}").into());
    };
    let mut item = Item::new(active == "1", category, price.parse()?, cost.parse()?);
    item.id = id.parse()?;
    Ok(item)
}

fn id(value: &Json) -> Parsed<u64> {
    Ok(value.as_u64().ok_or("an id is a whole number")?)
}

fn flag(value: &Json) -> Parsed<bool> {
    Ok(value.as_bool().ok_or("a flag is true or false")?)
}

fn text(value: &Json) -> Parsed<&str> {
    Ok(value.as_str().ok_or("expected a text")?)
}

fn texts(values: &Json) -> Parsed<Vec<String>> {
    list(values)?.iter().map(|value| text(value).map(str::to_owned)).collect()
}

fn list(value: &Json) -> Parsed<&Vec<Json>> {
    Ok(value.as_array().ok_or("expected a list")?)
}
