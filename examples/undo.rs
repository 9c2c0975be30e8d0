//! A drawing program in two hundred lines: undo, redo, named states, branches that are merged.
//!
//! ```text
//! cargo run -p memorm --example undo
//! ```
//!
//! The document is a database. Nothing here keeps commands to play back: a version is a value, so going back is to publish
//! an old one, a branch is a fork, and what changed is the difference of two.
use memorm::prelude::*;
use memorm::{Error, Result};

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "layers", constructor = new)]
struct Layer {
    #[model(primary_key, auto)]
    id: u32,
    #[model(unique)]
    name: String,
    #[model(default = true)]
    visible: bool,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[model(table = "shapes", constructor = new, check = has_an_extent)]
struct Shape {
    #[model(primary_key, auto)]
    id: u32,
    #[model(references(Layer, on_delete = cascade))]
    layer_id: u32,
    name: String,
    x: i32,
    y: i32,
    width: i32,
    fill: String,
}

fn has_an_extent(shape: &Shape) -> Result<(), &'static str> {
    if shape.width > 0 { Ok(()) } else { Err("a shape without an extent cannot be seen") }
}

fn main() -> Result<()> {
    let document = Database::builder().history(100).build();
    draw(&document)?;
    step_back_and_forth(&document)?;
    name_a_state(&document)?;
    branch(&document)?;
    document.assert_consistent();
    Ok(())
}

/// What the user does in one go is one transaction, and later one step of undo.
fn draw(document: &Database) -> Result<()> {
    document.transaction(|edit| {
        let house = edit.add(Layer::new("house"))?;
        edit.add(Shape::new(house.id, "wall", 10, 40, 60, "white"))?;
        edit.add(Shape::new(house.id, "roof", 5, 20, 70, "red"))
    })?;
    document.transaction(|edit| {
        let garden = edit.add(Layer::new("garden"))?;
        edit.add(Shape::new(garden.id, "tree", 90, 30, 20, "green"))
    })?;
    show("drawn", document)
}

fn step_back_and_forth(document: &Database) -> Result<()> {
    let before = document.snapshot();
    document.transaction(|edit| edit.update::<Shape>(2, |roof| roof.fill = "brown".into()))?;
    document.transaction(|edit| edit.delete_by_key::<Layer>(2))?; // takes its shapes along
    let after = document.snapshot();
    println!("\ntwo edits:");
    assert_eq!(tell(&after, &before), ["~ roof: fill", "- tree"]);

    document.undo()?;
    assert_eq!(names(document)?, ["wall", "roof", "tree"], "the layer is back, with what it took along");
    document.undo()?;
    assert_eq!(document.state_hash(), before.state_hash());
    assert!(document.snapshot().diff(&before).is_empty());
    document.redo()?;
    document.redo()?;
    assert_eq!(document.state_hash(), after.state_hash());
    document.undo()?;

    // a new edit starts a new future: there is nothing to redo any more
    document.transaction(|edit| edit.update::<Shape>(3, |tree| tree.x += 5))?;
    let error = document.redo().err().ok_or_else(|| Error::other("redone over a new edit"))?;
    println!("redo: {error}");
    // and an edit that a rule refuses is no step
    let refused = document.transaction(|edit| edit.update::<Shape>(1, |wall| wall.width = 0));
    println!("refused: {}", refused.err().ok_or_else(|| Error::other("a wall without an extent"))?);
    show("now", document)
}

/// States that have a name can be gone back to from anywhere, however many edits ago they were.
fn name_a_state(document: &Database) -> Result<()> {
    document.checkpoint("before the storm");
    document.transaction(|edit| {
        update::<Shape>().set(Shape::X, Shape::X + 100).exec(edit)?;
        delete::<Shape>().filter(Shape::NAME.eq("tree")).exec(edit)
    })?;
    println!("\nthe storm:");
    let calm = document.at("before the storm")?;
    assert_eq!(tell(&document.snapshot(), &calm), ["~ wall: x", "~ roof: x", "- tree"]);
    document.restore("before the storm")?;
    assert_eq!(document.state_hash(), calm.state_hash());
    Ok(())
}

/// A branch is a fork and the version that it left from; merging brings home what it did since.
fn branch(document: &Database) -> Result<()> {
    let (base, night) = (document.snapshot(), document.fork());
    night.transaction(|edit| {
        edit.update::<Shape>(1, |wall| wall.fill = "grey".into())?;
        edit.update::<Shape>(2, |roof| (roof.fill, roof.y) = ("black".into(), 16))?;
        let sky = edit.add(Layer::new("sky"))?;
        edit.add(Shape::new(sky.id, "moon", 80, 2, 8, "yellow"))
    })?;
    document.transaction(|edit| {
        edit.update::<Shape>(1, |wall| wall.width = 64)?;
        edit.update::<Shape>(2, |roof| (roof.fill, roof.y) = ("orange".into(), 22))?;
        edit.add(Shape::new(2, "bench", 70, 45, 15, "brown"))
    })?;
    println!("\nmeanwhile by day:");
    tell(&document.snapshot(), &base);
    println!("and by night:");
    tell(&night.snapshot(), &base);

    // two columns of one wall go together; two colours of one roof do not, and nothing is merged
    let before = document.state_hash();
    let error = document.merge(&base, &night.snapshot(), Resolve::Fail).err();
    let error = error.ok_or_else(|| Error::other("two colours for one roof"))?;
    println!("\nmerge: {error}");
    assert!(matches!(error, Error::MergeConflict { .. }) && document.state_hash() == before);

    // both drew a shape with key 4: give theirs another one first, then decide about the rest, column by column
    night.transaction(|edit| {
        let moon = select::<Shape>().filter(Shape::NAME.eq("moon")).one(edit)?;
        edit.delete(&moon)?;
        edit.add(Shape { id: 0, ..Shape::clone(&moon) })
    })?;
    let decide = Resolve::with(|conflict| match (conflict.column, &conflict.ours, &conflict.theirs) {
        (Some("fill"), ..) => Resolution::Theirs,
        (_, Value::Int(ours), Value::Int(theirs)) => Resolution::Value(Value::Int((ours + theirs) / 2)),
        _ => Resolution::Fail,
    });
    document.merge(&base, &night.snapshot(), decide)?;
    show("merged", document)?;

    let drawing = document.snapshot();
    let (wall, roof) = (drawing.get_one::<Shape>(1)?, drawing.get_one::<Shape>(2)?);
    assert_eq!((wall.width, &wall.fill[..]), (64, "grey"), "one column from each side");
    assert_eq!((roof.y, &roof.fill[..]), (19, "black"), "half way, and as at night");
    assert_eq!(names(document)?, ["wall", "roof", "tree", "bench", "moon"]);

    document.undo()?; // a merge is one step
    assert_eq!(document.state_hash(), before);
    document.redo()?;
    assert_eq!(document.state_hash(), drawing.state_hash());
    Ok(())
}

/// Prints what happened to the shapes, and returns it.
fn tell(now: &Snapshot, before: &Snapshot) -> Vec<String> {
    let line = |change: &Change<Shape>| match change {
        Change::Inserted(new) => format!("+ {}", new.name),
        Change::Updated { new, columns, .. } => format!("~ {}: {}", new.name, columns.join(", ")),
        Change::Deleted(old) => format!("- {}", old.name),
    };
    let lines: Vec<String> = now.diff(before).of::<Shape>().iter().map(line).collect();
    lines.iter().for_each(|line| println!("  {line}"));
    lines
}

fn names(document: &Database) -> Result<Vec<String>> {
    select::<Shape>().select(Shape::NAME).all(document)
}

fn show(title: &str, document: &Database) -> Result<()> {
    println!("\n{title}:");
    for (shape, layer) in select::<Shape>().join(Shape::LAYER).all(document)? {
        let Shape { name, x, y, width, fill, .. } = &*shape;
        println!("  {name:6} at {x:3},{y:3}  {width:2} wide  {fill:7} {}", layer.name);
    }
    Ok(())
}
