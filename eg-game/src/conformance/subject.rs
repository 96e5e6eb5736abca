//! Module whose promises are checked.

use crate::GameEntry;
use crate::testkit::Table;

/// Module whose promises are checked, and how every session of it begins.
pub(super) struct Subject {
    pub(super) entry: GameEntry,
    /// Settings, as YAML.
    pub(super) config: String,
    /// Inputs that mean something to it.
    pub(super) inputs: Vec<String>,
    /// Steps with which every session begins.
    pub(super) begin: fn(&mut Table),
}

impl Subject {
    /// Table with so many players, at which the session has started and `begin` is still to come.
    #[track_caller]
    pub(super) fn table(&self, players: usize) -> Table {
        let table = Table::seat(players).try_entry(self.entry, &self.config);
        table.unwrap_or_else(|error| panic!("G1: these settings do not start: {error}"))
    }
}
