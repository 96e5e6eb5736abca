//! Health of the outbox.

use std::path::PathBuf;

/// Counts and troubles of an outbox that an operator should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Events of this start that were taken so far; each is on disk, unless `in_memory` or `lost` says otherwise.
    pub taken: u64,
    /// Events that the core has not stored yet.
    pub waiting: u64,
    /// Number of waiting events that are in memory alone because the disk refuses them.
    pub in_memory: u64,
    /// Events of this start that were given up: disk and memory were full.
    pub lost: u64,
    /// Events that no broker took since this start; they are kept as dead letters.
    pub new_dead_letters: u64,
    /// All dead letters in the file, those of earlier starts too.
    pub dead_letters: u64,
    /// Error of the disk while it refuses.
    pub trouble: Option<String>,
    /// Path of a damaged file that was set aside at this start.
    pub set_aside: Option<PathBuf>,
}

impl Health {
    /// Returns everything that is wrong, in one line; `None` when all is well.
    pub fn error(&self) -> Option<String> {
        let mut wrong = Vec::new();
        if self.lost > 0 {
            wrong.push(format!("{} events lost: neither disk nor memory had room", self.lost));
        }
        if let Some(trouble) = &self.trouble {
            let events = self.in_memory;
            wrong.push(format!(
                "the outbox is not on disk ({trouble}); {events} events wait in memory"
            ));
        }
        if let Some(aside) = &self.set_aside {
            wrong.push(format!("a damaged outbox was set aside as {}", aside.display()));
        }
        if self.new_dead_letters > 0 {
            wrong.push(format!(
                "{} events that no broker takes are dead letters now",
                self.new_dead_letters
            ));
        }
        (!wrong.is_empty()).then(|| wrong.join("; "))
    }
}
