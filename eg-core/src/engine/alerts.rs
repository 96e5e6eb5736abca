//! Alerts: what somebody should look at, each told once.

#[cfg(test)]
use super::text;
use super::transactional::TransactionalMap;
#[cfg(test)]
use crate::journal::JournalError;
use eg_proto::{Say, SlotId};

/// Alerts that stand now, with the sentence that operators read.
pub(in crate::engine) type Alerts = TransactionalMap<Alert, Say>;

/// Something that somebody should look at, each told once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Alert {
    /// Old topics are open without credentials.
    Compat,
    /// The journal cannot be written.
    Disk,
    /// The broker is away.
    Broker,
    /// Two machines call themselves as this slot does.
    Twin(SlotId),
    /// Messages stand in quarantine.
    Quarantine,
    /// A game failed.
    Game,
}

/// What pages say while the disk refuses, the broker is away, and these messages cannot be read.
#[cfg(test)]
pub(crate) fn troubles(disk: &JournalError, lost: &str, unreadable: &[&str]) -> Vec<Say> {
    let messages = unreadable.iter().map(|why| text::unreadable("eg/dev/x/status", why));
    [text::disk(disk), text::broker_lost(lost)].into_iter().chain(messages).collect()
}
