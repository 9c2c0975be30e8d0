//! Text, enums, booleans, between.
use memorm::prelude::*;

#[derive(Field, Clone, Copy, Debug, PartialEq)]
enum Level {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Model, Clone, Debug)]
struct Word {
    #[model(primary_key)]
    id: u64,
    #[model(index)]
    text: String,
    note: Option<String>,
    #[model(index)]
    level: Level,
    flag: bool,
}

fn words(texts: &[&str]) -> memorm::Result<Database> {
    let db = Database::new();
    let levels = [Level::High, Level::Low, Level::Critical, Level::Medium];
    let word = |(id, text): (u64, &&str)| Word {
        id,
        text: (*text).to_owned(),
        note: None,
        level: levels[id as usize % 4],
        flag: id % 2 == 0,
    };
    db.transaction(|s| s.add_all((1..).zip(texts).map(word)))?;
    Ok(db)
}

fn ids(db: &Database, filter: Filter<Word>) -> memorm::Result<Vec<u64>> {
    select::<Word>().filter(filter).select(Word::ID).all(db)
}

/// One expression over one text.
fn map<T: Field>(text: &str, expression: Expr<Word, T>) -> memorm::Result<T> {
    select::<Word>().select(expression).one(&words(&[text])?)
}

fn matches(text: &str, pattern: &str) -> memorm::Result<bool> {
    let db = words(&[text])?;
    let found = select::<Word>().filter(Word::TEXT.like(pattern)).exists(&db)?;
    let not = select::<Word>().filter(Word::TEXT.not_like(pattern)).exists(&db)?;
    assert_ne!(found, not, "{text:?} like {pattern:?}");
    // a pattern from a column is not prepared ahead
    db.transaction(|s| s.update::<Word>(1, |w| w.note = Some(pattern.to_owned())))?;
    let by_column = select::<Word>().filter(Word::TEXT.like(Word::NOTE.coalesce(""))).exists(&db)?;
    assert_eq!(found, by_column, "{text:?} like {pattern:?} of a column");
    Ok(found)
}

#[test]
fn length_counts_characters() -> memorm::Result<()> {
    for (text, length) in [("", 0), ("abc", 3), ("äöü", 3), ("😀", 1), ("e\u{301}", 2)] {
        assert_eq!(map(text, Word::TEXT.length())?, length, "{text}");
    }
    Ok(())
}

#[test]
fn an_underscore_is_one_character() -> memorm::Result<()> {
    for (text, pattern) in [("ä", "_"), ("😀", "_"), ("aäb", "a_b"), ("e\u{301}", "__"), ("xyz", "___")] {
        assert!(matches(text, pattern)?, "{text} {pattern}");
    }
    for (text, pattern) in [("ä", "__"), ("", "_"), ("ab", "_"), ("e\u{301}", "_")] {
        assert!(!matches(text, pattern)?, "{text} {pattern}");
    }
    Ok(())
}

#[test]
fn a_percent_sign_is_any_text() -> memorm::Result<()> {
    let yes = [
        ("", "%"),
        ("abc", "%"),
        ("abc", "%%"),
        ("abc", "a%c"),
        ("ac", "a%c"),
        ("abab", "%ab"),
        ("a\nb", "a%b"),
    ];
    for (text, pattern) in
        yes.into_iter().chain([("aXbXc", "a%b%c"), ("mississippi", "m%iss%pi"), ("aaa", "%a_")])
    {
        assert!(matches(text, pattern)?, "{text} {pattern}");
    }
    for (text, pattern) in
        [("abc", "a%b"), ("abc", ""), ("a", "%a_"), ("mississippi", "m%ssi"), ("abc", "%d%")]
    {
        assert!(!matches(text, pattern)?, "{text} {pattern}");
    }
    Ok(())
}

#[test]
fn a_backslash_escapes() -> memorm::Result<()> {
    let yes = [(r"10%", r"10\%"), ("a_b", r"a\_b"), (r"a\b", r"a\\b"), ("ab", r"a\b"), ("%_", r"\%\_")];
    for (text, pattern) in yes {
        assert!(matches(text, pattern)?, "{text} {pattern}");
    }
    for (text, pattern) in [("100", r"10\%"), ("axb", r"a\_b"), (r"\x", r"\%")] {
        assert!(!matches(text, pattern)?, "{text} {pattern}");
    }
    Ok(())
}

#[test]
fn a_pattern_that_ends_with_the_escape_is_an_error() -> memorm::Result<()> {
    let db = words(&["a"])?;
    assert!(ids(&db, Word::TEXT.like(r"a\")).is_err());
    assert!(ids(&db, Word::TEXT.not_like(r"\")).is_err());
    assert!(ids(&db, Word::TEXT.ilike(r"%\")).is_err());
    assert_eq!(ids(&db, Word::TEXT.like(r"a\\"))?, [0; 0]);
    Ok(())
}

#[test]
fn like_knows_no_other_wildcards() -> memorm::Result<()> {
    for text in ["*", "[a]", "?", "a.c", "^", "$", "(", "+"] {
        assert!(matches(text, text)?, "{text}");
    }
    for (text, pattern) in [("abc", "*"), ("a", "[a]"), ("a", "?"), ("abc", "a.c"), ("abc", "a*")] {
        assert!(!matches(text, pattern)?, "{text} {pattern}");
    }
    Ok(())
}

#[test]
fn like_is_case_sensitive_and_ilike_is_not() -> memorm::Result<()> {
    let db = words(&["Straße", "STRASSE", "ÄRGER", "Σίσυφος"])?;
    assert_eq!(ids(&db, Word::TEXT.like("s%"))?, [0; 0]);
    assert_eq!(ids(&db, Word::TEXT.ilike("s%"))?, [1, 2]);
    assert_eq!(ids(&db, Word::TEXT.ilike("ärger"))?, [3]);
    assert_eq!(ids(&db, Word::TEXT.ilike("straße"))?, [1], "the simple mapping has no SS for ß");
    assert_eq!(ids(&db, Word::TEXT.ilike("σ%"))?, [4]);
    Ok(())
}

#[test]
fn upper_and_lower_use_the_simple_mapping() -> memorm::Result<()> {
    for (text, upper) in
        [("abc", "ABC"), ("äß", "Äß"), ("ŉ", "ŉ"), ("ǆ", "Ǆ"), ("ﬁ", "ﬁ"), ("ÿ", "Ÿ"), ("1a", "1A")]
    {
        assert_eq!(map(text, Word::TEXT.upper())?, upper);
    }
    for (text, lower) in [("ABC", "abc"), ("ΑΣ", "ασ"), ("Ǆ", "ǆ"), ("ẞ", "ß"), ("K", "k"), ("Ω", "ω")]
    {
        assert_eq!(map(text, Word::TEXT.lower())?, lower);
    }
    Ok(())
}

#[test]
fn the_simple_mapping_differs_from_the_full_one() -> memorm::Result<()> {
    assert_eq!(map("İ", Word::TEXT.lower())?, "i");
    assert_eq!(map("ᾀ", Word::TEXT.upper())?, "ᾈ");
    assert_eq!(map("ᾳ", Word::TEXT.upper())?, "ᾼ");
    Ok(())
}

#[test]
fn text_compares_by_bytes() -> memorm::Result<()> {
    let db = words(&["b", "B", "ä", "a", "", "Z", "aa", "😀", "\u{ffff}"])?;
    let sorted = select::<Word>().order_by(Word::TEXT).select(Word::TEXT).all(&db)?;
    assert_eq!(sorted, ["", "B", "Z", "a", "aa", "b", "ä", "\u{ffff}", "😀"]);
    assert_eq!(ids(&db, Word::TEXT.gt("z"))?, [3, 8, 9]);
    assert_eq!(ids(&db, Word::TEXT.lt("a"))?, [2, 5, 6]);
    let (min, max) = select::<Word>().aggregate((Word::TEXT.min(), Word::TEXT.max()), &db)?;
    assert_eq!((min.as_deref(), max.as_deref()), (Some(""), Some("😀")));
    Ok(())
}

#[test]
fn equal_looking_text_of_other_bytes_is_not_equal() -> memorm::Result<()> {
    let db = words(&["é", "e\u{301}"])?;
    assert_eq!(ids(&db, Word::TEXT.eq("é"))?, [1]);
    Ok(())
}

#[test]
fn trim_takes_blanks_only() -> memorm::Result<()> {
    for (text, trimmed) in
        [("  a b  ", "a b"), ("\ta\n", "\ta\n"), (" \ta ", "\ta"), ("   ", ""), ("\u{a0}a", "\u{a0}a")]
    {
        assert_eq!(map(text, Word::TEXT.trim())?, trimmed);
    }
    Ok(())
}

#[test]
fn starts_with_ends_with_and_contains_take_the_text_as_it_is() -> memorm::Result<()> {
    let db = words(&["50%", "50 cm", "a_b", "%"])?;
    assert_eq!(ids(&db, Word::TEXT.starts_with("50%"))?, [1]);
    assert_eq!(ids(&db, Word::TEXT.ends_with("%"))?, [1, 4]);
    assert_eq!(ids(&db, Word::TEXT.contains("_"))?, [3]);
    assert_eq!(ids(&db, Word::TEXT.starts_with(""))?, [1, 2, 3, 4]);
    assert_eq!(ids(&db, Word::TEXT.contains(""))?, [1, 2, 3, 4]);
    Ok(())
}

#[test]
fn a_prefix_search_finds_the_last_texts_too() -> memorm::Result<()> {
    let mut texts: Vec<String> = (0..200).map(|i| format!("n{i}")).collect();
    texts.extend(["z", "za", "z\u{10ffff}", "z\u{10ffff}\u{10ffff}", "{"].map(str::to_owned));
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let db = words(&texts)?;
    let query = select::<Word>().filter(Word::TEXT.starts_with("z"));
    assert!(query.explain(&db)?.access.starts_with("index"));
    assert_eq!(query.select(Word::ID).all(&db)?, [201, 202, 203, 204]);
    assert_eq!(ids(&db, Word::TEXT.starts_with("z\u{10ffff}"))?, [203, 204]);
    Ok(())
}

#[test]
fn enums_compare_in_declaration_order() -> memorm::Result<()> {
    let db = words(&["a", "b", "c", "d"])?;
    let levels = select::<Word>().order_by(Word::LEVEL).select(Word::LEVEL).all(&db)?;
    assert_eq!(levels, [Level::Low, Level::Medium, Level::High, Level::Critical]);
    assert_eq!(ids(&db, Word::LEVEL.gt(Level::Medium))?, [2, 4]);
    assert_eq!(ids(&db, Word::LEVEL.between(Level::Low, Level::High))?, [1, 3, 4]);
    assert_eq!(ids(&db, Word::LEVEL.in_([Level::Critical]))?, [2]);
    assert_eq!(select::<Word>().aggregate(Word::LEVEL.max(), &db)?, Some(Level::Critical));
    Ok(())
}

#[test]
fn false_is_less_than_true() -> memorm::Result<()> {
    let db = words(&["a", "b", "c"])?;
    assert_eq!(ids(&db, Word::FLAG.lt(true))?, [1, 3]);
    assert_eq!(select::<Word>().order_by(Word::FLAG).select(Word::ID).all(&db)?, [1, 3, 2]);
    assert_eq!(
        select::<Word>().aggregate((Word::FLAG.min(), Word::FLAG.max()), &db)?,
        (Some(false), Some(true))
    );
    Ok(())
}

#[test]
fn between_with_its_ends_turned_round_is_no_row() -> memorm::Result<()> {
    let db = words(&["a", "b", "c"])?;
    assert_eq!(ids(&db, Word::ID.between(3, 1))?, [0; 0]);
    assert_eq!(ids(&db, Word::TEXT.between("c", "a"))?, [0; 0]);
    assert_eq!(ids(&db, Word::LEVEL.between(Level::High, Level::Low))?, [0; 0]);
    assert_eq!(ids(&db, !Word::TEXT.between("c", "a"))?, [1, 2, 3]);
    Ok(())
}

#[test]
fn bytes_are_written_as_arrays_and_byte_strings() -> memorm::Result<()> {
    #[derive(Model, Clone)]
    struct Packet {
        #[model(primary_key)]
        key: Vec<u8>,
        body: Vec<u8>,
        #[model(default = b"none")]
        tail: Option<Vec<u8>>,
    }
    let mut s = Database::new().session();
    insert::<Packet>().set(Packet::KEY, b"one").set(Packet::BODY, [1, 2]).exec(&mut s)?;
    assert_eq!(s.get::<Packet>(b"one").map(|packet| packet.body.clone()), Some(vec![1, 2]));
    let found = [
        Packet::BODY.eq([1, 2]),
        Packet::BODY.lt(b"\x01\x03"),
        Packet::BODY.in_([[0, 0], [1, 2]]),
        Packet::TAIL.eq(b"none"),
    ];
    for filter in found {
        assert!(select::<Packet>().filter(filter).exists(&s)?);
    }
    assert!(!select::<Packet>().filter(Packet::KEY.gt(b"one")).exists(&s)?);
    Ok(())
}
