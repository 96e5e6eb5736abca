//! Alerts: conditions that somebody should look at, each shown once.

#[cfg(test)]
use super::text;
use super::transactional::TransactionalMap;
#[cfg(test)]
use crate::journal::JournalError;
use eg_proto::{SlotId, Text};

/// Alerts that are raised now, each with the sentence that operators read.
pub(in crate::engine) type Alerts = TransactionalMap<Alert, Text>;

/// Condition that somebody should look at. An alert that is raised again is still shown once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Alert {
    /// Topics of older installations are open without credentials.
    Compat,
    /// Journal cannot be written.
    Disk,
    /// The connection to the broker is lost.
    Broker,
    /// Two machines use the id of this slot.
    Twin(SlotId),
    /// Messages that could not be read stand in quarantine.
    Quarantine,
    /// Somebody was refused at the broker, by a name of its own.
    Refusal(String),
    /// A game panicked.
    Game,
}

/// Returns the sentences that pages show while the disk refuses, the broker is lost, and these messages cannot be read.
#[cfg(test)]
pub(crate) fn troubles(disk: &JournalError, lost: &str, unreadable: &[&str]) -> Vec<Text> {
    let messages = unreadable.iter().map(|why| text::unreadable("eg/dev/x/status", why));
    [text::disk(disk), text::broker_lost(lost)].into_iter().chain(messages).collect()
}
