//! The layers of the library: data flows down, never up.
//!
//! Reads the paths `crate::..` in the library's sources and fails where a folder names one that is not below it. What
//! is below what stands in [`LAYERS`] and, as a picture, in the library's front page. Tests inside the library may look
//! where they like.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up. A folder may name those of the lines above its own, and none of its own line.
const LAYERS: [&[&str]; 8] = [
    &["error", "value", "link", "trace", "fault"],
    &["model", "index"],
    &["expr", "table"],
    &["query", "eval", "world"],
    &["plan", "lower", "inspect"],
    // a session commits to its database, and a database opens sessions: one layer
    &["session+database"],
    &["asynchronous", "live"],
    &["guide"],
];

/// `from` names `to`, which is not below it.
#[derive(Debug, PartialEq, Eq)]
struct Edge {
    from: String,
    to: String,
}

#[test]
fn no_folder_names_one_above_it() {
    let exports = exports(&read(&source_folder().join("lib.rs")));
    let mut wrong = Vec::new();
    let mut edges = BTreeSet::new();
    for path in sources() {
        let module = module_path(&path);
        let text = read(&path);
        for name in roots(&text, module.len()) {
            if let Some(to) = folder_of(&name, &exports) {
                edges.insert((module[0].clone(), to.clone()));
                let line = Edge { from: module[0].clone(), to };
                if !is_downward(&line) {
                    wrong.push(format!("{}: `{}` may not name `{}`", path.display(), line.from, line.to));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // or the reader of paths has gone blind
    assert!(edges.len() > 30, "only {edges:?}");
    assert!(edges.contains(&("plan".into(), "world".into())), "{edges:?}");
}

#[test]
fn every_folder_has_a_layer_and_a_place_in_the_picture() {
    let known: Vec<&str> = LAYERS.iter().flat_map(|line| line.iter()).flat_map(|l| l.split('+')).collect();
    let found: BTreeSet<String> = sources().iter().map(|path| module_path(path)[0].clone()).collect();
    for folder in &found {
        assert!(known.contains(&&**folder), "`{folder}` has no layer: give it one in `LAYERS`");
    }
    let front = read(&source_folder().join("lib.rs"));
    for folder in known {
        assert!(found.contains(folder), "`{folder}` is no folder of the library");
        assert!(front.contains(folder), "the picture in lib.rs lacks `{folder}`");
    }
}

#[test]
fn planted_upward_paths_are_found() {
    let exports = exports("pub use session::Session;\npub use plan::{Explain as Explained, Other};");
    let upward = |from: &str, depth: usize, text: &str| -> Vec<String> {
        let names = roots(text, depth).into_iter().filter_map(|name| folder_of(&name, &exports));
        let edges = names.map(|to| Edge { from: from.into(), to });
        edges.filter(|edge| !is_downward(edge)).map(|edge| edge.to).collect()
    };
    assert_eq!(upward("table", 2, "use crate::plan::Run;"), ["plan"]);
    assert_eq!(
        upward("table", 2, "use crate::{\n    model::Model,\n    world::{World, Version},\n};"),
        ["world"]
    );
    assert_eq!(upward("world", 2, "fn f() -> crate::session::Unit { x }"), ["session"]);
    assert_eq!(upward("expr", 2, "macro_rules! m { () => { $crate::eval::truth } }"), ["eval"]);
    assert_eq!(upward("value", 2, "pub(in crate::model) fn f() {}"), ["model"]);
    assert_eq!(upward("model", 2, "use crate::Session;"), ["session"]);
    assert_eq!(upward("model", 2, "use crate::{Error, Explained};"), ["plan"]);
    assert_eq!(upward("eval", 2, "use super::super::plan::Run;"), ["plan"]);
    assert_eq!(upward("eval", 1, "use super::plan::Run;"), ["plan"]);
    assert_eq!(upward("eval", 2, "use memorm::plan::Run;"), ["plan"]);
    assert_eq!(upward("query", 2, "use crate::world::World;"), ["world"], "a folder of the same line");
    assert_eq!(upward("plan", 2, "use crate::session::A; use crate::database::B;"), ["session", "database"]);
}

#[test]
fn downward_paths_comments_and_tests_are_no_edges() {
    let none: [&str; 0] = [];
    assert_eq!(roots("/// See [`x`](crate::plan::Run).\n// crate::plan", 2), none);
    assert_eq!(roots("use super::plan::Plan;\nuse super::super::Base;", 3), none);
    assert_eq!(roots("fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::plan::Run;\n}\n", 2), none);
    assert_eq!(roots("let mycrate::plan = 1;", 2), none);
    for (from, to) in
        [("plan", "world"), ("session", "database"), ("database", "session"), ("table", "table")]
    {
        assert!(is_downward(&Edge { from: from.into(), to: to.into() }), "{from} -> {to}");
    }
}

fn is_downward(edge: &Edge) -> bool {
    match (place(&edge.from), place(&edge.to)) {
        (Some(from), Some(to)) => to == from || to.0 < from.0,
        _ => false,
    }
}

/// The line of a folder, and its layer.
fn place(folder: &str) -> Option<(usize, &'static str)> {
    let is_its = |layer: &&str| layer.split('+').any(|name| name == folder);
    (0..).zip(LAYERS).find_map(|(line, layers)| Some((line, *layers.iter().find(|l| is_its(l))?)))
}

/// The folder behind the first name of a path from the root: the name itself, or where it is re-exported from.
fn folder_of(name: &str, exports: &[(String, String)]) -> Option<String> {
    if place(name).is_some() {
        return Some(name.to_owned());
    }
    exports.iter().find(|(export, _)| export == name).map(|(_, folder)| folder.clone())
}

/// The `pub use folder::{Name, ..}` lines of the root, as (name, folder).
fn exports(root: &str) -> Vec<(String, String)> {
    let code = without_comments(root);
    let uses = code.split(';').filter_map(|item| item.rsplit_once("pub use ").map(|(_, path)| path));
    let mut exports = Vec::new();
    for path in uses {
        let Some((folder, names)) = path.trim().trim_start_matches("crate::").split_once("::") else {
            continue;
        };
        for name in names.trim_matches(['{', '}', ' ', '\n']).split(',') {
            let name = name.rsplit(" as ").next().unwrap_or_default();
            let name = name.rsplit("::").next().unwrap_or_default().trim();
            exports.push((name.to_owned(), folder.trim().to_owned()));
        }
    }
    exports
}

/// The first names of all paths from the root, in the text of a file whose module lies `depth` below it.
fn roots(text: &str, depth: usize) -> Vec<String> {
    let code = without_comments(text);
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let supers = "super::".repeat(depth);
    let mut names = Vec::new();
    for prefix in ["crate::", "memorm::", &supers] {
        for (at, _) in code.match_indices(prefix) {
            let before = &code[..at];
            let is_whole = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if is_whole {
                first_names(&code[at + prefix.len()..], &mut names);
            }
        }
    }
    names
}

/// The first name of what follows a prefix, or of each part of a group in braces.
fn first_names(rest: &str, names: &mut Vec<String>) {
    let Some(group) = rest.strip_prefix('{') else {
        names.extend(identifier(rest));
        return;
    };
    let mut depth = 0;
    let mut part = String::new();
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => names.extend(identifier(&std::mem::take(&mut part))),
            c => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                part.push(c);
            }
        }
    }
    names.extend(identifier(&part));
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// A comment ends its line. A `//` inside of a string does so too, which hides no path that stands before it.
fn without_comments(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default().to_owned() + "\n").collect()
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../memorm/src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All files of the library but its root and its tests.
fn sources() -> Vec<PathBuf> {
    let mut open = vec![source_folder()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the sources are there") {
            let path = entry.expect("their folders can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match () {
                () if name == "tests" || name == "tests.rs" => {}
                () if path.is_dir() => open.push(path),
                () if name.ends_with(".rs") && path != source_folder().join("lib.rs") => files.push(path),
                () => {}
            }
        }
    }
    files.sort();
    files
}

/// `plan/run.rs` → plan, run; `plan/mod.rs` → plan.
fn module_path(path: &Path) -> Vec<String> {
    let inner = path.strip_prefix(source_folder()).expect("a file of the sources").with_extension("");
    let names = inner.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
    names.filter(|name| name != "mod").collect()
}
