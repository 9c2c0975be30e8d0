//! `Isolation`: what a session is kept from seeing.

/// How far sessions are kept apart. The [guide](crate::guide::isolation) compares both.
///
/// ```
/// use memorm::prelude::*;
/// # #[derive(Model, Clone)] struct Doctor { #[model(primary_key)] id: u32, on_call: bool }
/// let db = Database::builder().isolation(Isolation::Serializable).build();
/// db.transaction(|s| s.add_all([Doctor { id: 1, on_call: true }, Doctor { id: 2, on_call: true }]))?;
///
/// // each sees the other on call, and leaves
/// let (mut one, mut two) = (db.session(), db.session());
/// for (session, id) in [(&mut one, 1), (&mut two, 2)] {
///     assert_eq!(select::<Doctor>().filter(Doctor::ON_CALL).count(&*session)?, 2);
///     session.update::<Doctor>(id, |doctor| doctor.on_call = false)?;
/// }
/// one.commit()?;
/// assert!(two.commit().unwrap_err().is_conflict());
/// # Ok::<_, memorm::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Isolation {
    /// A session reads one version; of two that change the same row, the first to commit wins. Two that read the same and
    /// change different rows both commit: write skew is possible.
    #[default]
    Snapshot,
    /// As if the sessions that commit ran one after the other: a session that writes commits where nothing that it has
    /// read was changed since, rows that would have been found included.
    Serializable,
}
