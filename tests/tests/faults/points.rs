//! The cases come by every fault point of the library.
use crate::walk::walk_all;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of all points in the sources below a folder.
fn points(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("their folders can be read").path();
        if path.is_dir() {
            points(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap_or_default();
        for (at, call) in text.match_indices("fault::point(\"") {
            let name = &text[at + call.len()..];
            found.extend(name.split('"').next().map(str::to_owned));
        }
    }
}

#[test]
fn after_a_fault_at_each_step_the_database_is_old_or_new_and_goes_on() -> memorm::Result<()> {
    let mut written = BTreeSet::new();
    points(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../memorm/src"), &mut written);
    let (seen, faults) = walk_all()?;
    println!("{faults} faults at {} points", seen.len());
    let seen: BTreeSet<String> = seen.into_iter().map(str::to_owned).collect();
    assert_eq!(seen, written);
    assert!(faults > 500, "only {faults}");
    Ok(())
}
