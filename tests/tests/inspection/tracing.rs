//! Feature `tracing`: which spans are opened, with what.
use crate::models::{Item, Vendor};
use memorm::prelude::*;
use std::fmt::{Debug, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Writes down each span as `name field=value …`, and what is recorded later.
#[derive(Default)]
struct Journal {
    lines: Mutex<Vec<String>>,
    next: AtomicU64,
}

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

struct Shared(Arc<Journal>);

impl Subscriber for Shared {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("memorm::")
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut line = span.metadata().name().to_owned();
        span.record(&mut Fields(&mut line));
        let mut lines = self.0.lines.lock().unwrap();
        lines.push(line);
        Id::from_u64(self.0.next.fetch_add(1, Ordering::Relaxed) + 1)
    }
    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut lines = self.0.lines.lock().unwrap();
        let line = &mut lines[span.into_u64() as usize - 1];
        values.record(&mut Fields(line));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn spans(work: impl FnOnce() -> memorm::Result<()>) -> memorm::Result<Vec<String>> {
    let journal = Arc::new(Journal::default());
    tracing::subscriber::with_default(Shared(journal.clone()), work)?;
    let lines = journal.lines.lock().unwrap().clone();
    Ok(lines)
}

#[test]
fn statements_and_commits_have_spans() -> memorm::Result<()> {
    let db = Database::new();
    let spans = spans(|| {
        let mut session = db.session();
        insert::<Vendor>().set(Vendor::NAME, "acme").exec(&mut session)?;
        update::<Vendor>().set(Vendor::NAME, "globex").exec(&mut session)?;
        select::<Vendor>().all(&session)?;
        delete::<Item>().exec(&mut session)?;
        session.commit().map(drop)
    })?;
    let expected = [
        r#"statement kind="insert" table="vendors""#,
        r#"statement kind="update" table="vendors""#,
        r#"statement kind="select" table="vendors""#,
        r#"statement kind="delete" table="items""#,
        "commit version=1",
    ];
    assert_eq!(spans, expected);
    Ok(())
}

#[test]
fn conflicts_and_retries_have_spans() -> memorm::Result<()> {
    let db = Database::new();
    db.transaction(|s| s.add(Vendor::new("acme")))?;
    let mut is_first = true;
    let spans = spans(|| {
        db.transaction(|s| {
            s.update::<Vendor>(1, |vendor| vendor.name.push('!'))?;
            if std::mem::take(&mut is_first) {
                let mut other = db.session();
                other.update::<Vendor>(1, |vendor| vendor.name.push('?'))?;
                other.commit()?;
            }
            Ok(())
        })
    })?;
    let expected = [
        "commit version=2",
        "commit",
        "conflict error=conflict on vendors 1: another commit changed it",
        "retry attempt=2",
        "commit version=3",
    ];
    assert_eq!(spans, expected);
    Ok(())
}
