//! Which conditions an index answers.
use memorm::prelude::*;

#[derive(Model, Clone)]
struct Word {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    text: String,
}

#[test]
fn starts_with_uses_an_index() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..1000).map(|id| Word { id, text: format!("n{id:04}") })))?;
    let query = select::<Word>().filter(Word::TEXT.starts_with("n001"));
    let explain = query.explain(&db)?;
    assert!(explain.access.starts_with("index"), "{explain}");
    assert_eq!(explain.rows_seen, 10);
    Ok(())
}

#[test]
fn like_with_a_literal_beginning_uses_an_index() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add_all((0..1000).map(|id| Word { id, text: format!("n{id:04}") })))?;
    for (pattern, rows, seen) in [("n001%", 10, 10), ("n001_", 10, 10), ("n001%5", 1, 10), ("%5", 100, 1000)]
    {
        let explain = select::<Word>().filter(Word::TEXT.like(pattern)).explain(&db)?;
        assert_eq!((explain.rows, explain.rows_seen), (rows, seen), "{pattern}: {explain}");
    }
    Ok(())
}

#[test]
fn a_prefix_of_the_last_characters_has_no_end() -> memorm::Result<()> {
    let db = Database::new();
    let texts = ["a", "\u{10ffff}", "\u{10ffff}b", "\u{d7ff}", "\u{d7ff}x", "\u{e000}"];
    db.transaction(|s| s.add_all((0..).zip(texts).map(|(id, text)| Word { id, text: text.into() })))?;
    for prefix in ["\u{10ffff}", "\u{d7ff}", "a", "", "b"] {
        let found = select::<Word>().filter(Word::TEXT.starts_with(prefix)).count(&db)?;
        assert_eq!(found, texts.iter().filter(|text| text.starts_with(prefix)).count(), "{prefix:?}");
    }
    Ok(())
}
