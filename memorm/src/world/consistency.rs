//! Whether a version is what it claims to be.
use super::World;

impl World {
    /// Rebuilds and compares every index and checks every constraint; describes the first thing that is wrong.
    /// O(all rows).
    pub(crate) fn inconsistency(&self) -> Option<String> {
        self.tables().find_map(|table| {
            if let Some(wrong) = table.inconsistency() {
                return Some(wrong);
            }
            if table.has_stray_keys() {
                return Some(format!("the key index of {} holds rows that do not exist", table.meta().name));
            }
            table.rows.iter().find_map(|(_, row)| {
                let dangling = self.check_references(table.meta(), row).err();
                let refused = row.check().err().map(|message| {
                    format!("{} {} breaks its check: {message}", table.meta().name, table.show_key_of(row))
                });
                dangling.map(|e| e.to_string()).or(refused)
            })
        })
    }
}
