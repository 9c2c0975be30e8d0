//! Relations of generic models, and of models inside of functions.
use memorm::prelude::*;

#[derive(Model, Clone, Debug)]
#[model(has_many(PARTS: Part<T>, by = WHOLE), has_one(FIRST: Part<T>, by = WHOLE))]
#[model(has_many(LABELS: Label<T>, through = Part<T>, by = WHOLE, to = LABEL))]
struct Whole<T: Field> {
    #[model(primary_key)]
    id: u32,
    value: T,
}

#[derive(Model, Clone, Debug)]
struct Part<T: Field> {
    #[model(primary_key)]
    id: u32,
    #[model(references(Whole<T>))]
    whole_id: u32,
    #[model(references(Label<T>))]
    label_id: Option<u32>,
    value: T,
}

#[derive(Model, Clone, Debug)]
struct Label<T: Field> {
    #[model(primary_key)]
    id: u32,
    value: T,
}

#[test]
fn each_type_of_a_generic_model_has_relations_of_its_own() {
    let db = Database::new();
    db.transaction(|s| {
        s.add(Whole { id: 1, value: 1.5 })?;
        s.add(Label { id: 3, value: 0.5 })?;
        s.add(Part { id: 1, whole_id: 1, label_id: Some(3), value: 2.5 })?;
        s.add(Whole { id: 1, value: "x".to_owned() })?;
        s.add_all([7, 8].map(|id| Part { id, whole_id: 1, label_id: None, value: "y".to_owned() }))
    })
    .unwrap();
    let of_floats = Whole { id: 1, value: 0.0 };
    assert_eq!(Whole::PARTS.of(&db, &of_floats)[0].value, 2.5);
    assert_eq!(Whole::<f64>::LABELS.of(&db, &of_floats)[0].value, 0.5);
    let of_texts = Whole { id: 1, value: String::new() };
    assert_eq!(Whole::PARTS.of(&db, &of_texts).len(), 2);
    assert_eq!(Whole::FIRST.of(&db, &of_texts).unwrap().id, 7);
    assert!(Whole::LABELS.of(&db, &of_texts).is_empty());
    let part = Part { id: 7, whole_id: 1, label_id: None, value: "y".to_owned() };
    assert_eq!(Part::WHOLE.of(&db, &part).unwrap().value, "x");
    assert!(Part::LABEL.of(&db, &part).is_none());
}
