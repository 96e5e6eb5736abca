//! Alerts: conditions that somebody should look at, each shown once.

#[cfg(test)]
use super::text;
use super::transactional::TransactionalMap;
#[cfg(test)]
use crate::journal::JournalError;
use eg_proto::{SlotId, Text};
#[cfg(test)]
use std::collections::BTreeMap;

/// Alerts that are raised now, each with the sentence that operators read.
pub(in crate::engine) type Alerts = TransactionalMap<Alert, Text>;

/// Condition that somebody should look at. An alert that is raised again is still shown once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alert {
    /// Topics of older installations are open without credentials.
    Compat,
    /// Journal cannot be written.
    Disk,
    /// Journal had entries that it no longer has.
    Missing,
    /// This slot reports more boards or channels than the core keeps of one.
    Beyond(SlotId),
    /// More slots speak than the core keeps.
    Crowd,
    /// The connection to the broker is lost.
    Broker,
    /// Two machines use the id of this slot.
    Twin(SlotId),
    /// This client of the built-in broker makes trouble.
    Client(String),
    /// Messages that could not be read stand in quarantine.
    Quarantine,
    /// Somebody was refused at the broker, by a name of its own.
    Refusal(String),
    /// A game panicked.
    Game,
}

/// Returns the alerts that stand while the disk refuses, the broker is lost, and this message cannot be read.
#[cfg(test)]
pub(crate) fn alerts(disk: &JournalError, lost: &str, unreadable: &str) -> BTreeMap<Alert, Text> {
    let message = text::unreadable("eg/dev/x/status", unreadable);
    BTreeMap::from([
        (Alert::Disk, text::disk(disk)),
        (Alert::Broker, text::broker_lost(lost)),
        (Alert::Quarantine, message),
    ])
}
