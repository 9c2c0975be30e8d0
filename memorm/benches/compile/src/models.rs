//! Writes the crate that is built: a module for each model, with its statements.
use std::fs;
use std::io;
use std::path::Path;

/// Types that the five free columns of a model rotate through, each with a value.
const TYPES: [&str; 8] = ["u32", "f64", "i64", "bool", "String", "Option<String>", "i32", "Option<f64>"];

/// Writes a crate of `count` models into `folder`; it depends on the memorm at `memorm`.
///
/// # Errors
/// What the file system refuses.
pub fn write(folder: &Path, memorm: &Path, count: usize) -> io::Result<()> {
    let manifest = format!(
        "[package]\nname = \"models\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\nmemorm = {{ path = {memorm:?} }}\n"
    );
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let mut modules = String::from("//! Models and statements.\n");
    for number in 0..count {
        modules += &format!("pub mod m{number:02};\n");
        fs::write(folder.join(format!("src/m{number:02}.rs")), module(number))?;
    }
    fs::write(folder.join("src/lib.rs"), modules)
}

/// One model of ten columns with six statements.
fn module(number: usize) -> String {
    let model = format!("Item{number:02}");
    let free: Vec<&str> = (0..4).map(|i| TYPES[(number + i) % TYPES.len()]).collect();
    let columns: String = free.iter().zip(0..).map(|(ty, i)| format!("    pub free_{i}: {ty},\n")).collect();
    let parameters: String = free
        .iter()
        .zip(0..)
        .filter(|(ty, _)| !ty.starts_with("Option"))
        .map(|(ty, i)| format!(", free_{i}: {ty}"))
        .collect();
    let arguments: String = free
        .iter()
        .zip(0..)
        .filter(|(ty, _)| !ty.starts_with("Option"))
        .map(|(_, i)| format!(", free_{i}"))
        .collect();
    format!(
        r#"//! One model and what is asked of it.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(table = "items_{number:02}", constructor = new)]
pub struct {model} {{
    #[model(primary_key, auto)]
    pub id: u64,
    #[model(index)]
    pub name: String,
    #[model(unique)]
    pub sku: String,
    #[model(index)]
    pub price: f64,
    pub qty: i64,
    pub note: Option<String>,
{columns}}}

pub fn page(session: &Session, name: &str, least: f64) -> memorm::Result<Vec<Arc<{model}>>> {{
    select::<{model}>()
        .filter({model}::PRICE.ge(least) & ({model}::NAME.starts_with(name) | {model}::NOTE.is_none()))
        .order_by(({model}::PRICE.desc(), {model}::ID))
        .limit(20)
        .all(session)
}}

pub fn totals(session: &Session, sku: &str) -> memorm::Result<Vec<(u64, String, i64)>> {{
    select::<{model}>()
        .filter({model}::SKU.ne(sku))
        .select(({model}::ID, {model}::NAME, {model}::QTY * 2))
        .all(session)
}}

pub fn restock(session: &mut Session, below: i64) -> memorm::Result<usize> {{
    update::<{model}>().filter({model}::QTY.lt(below)).set({model}::QTY, {model}::QTY + 10).exec(session)
}}

pub fn sell(session: &mut Session, id: u64, count: i64) -> memorm::Result<f64> {{
    let Some(item) = session.get::<{model}>(id) else {{ return Ok(0.0) }};
    session.update::<{model}>(id, |item| {{
        item.qty -= count;
        item.note = Some("sold".to_owned());
    }})?;
    Ok(item.price * count as f64)
}}

pub fn store(session: &mut Session, name: &str, price: f64{parameters}) -> memorm::Result<u64> {{
    let item = {model}::new(name, format!("sku-{{name}}"), price, 1{arguments});
    Ok(session.add(item)?.id)
}}

pub fn clear(session: &mut Session, name: &str) -> memorm::Result<usize> {{
    delete::<{model}>().filter({model}::NAME.eq(name) & {model}::QTY.eq(0)).exec(session)
}}
"#
    )
}
