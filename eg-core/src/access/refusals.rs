//! Refusals: who was refused what, counted, and told to people once a minute.

use eg_proto::{Text, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

/// Number of refusals that are remembered; the one that was quiet longest is forgotten first.
const KNOWN: usize = 64;

/// Interval at which one refusal is told again.
const AGAIN: Duration = Duration::from_secs(60);

/// Time without another one after which a refusal is no alert any more.
const CALM: Duration = Duration::from_secs(5 * 60);

/// Number of refusals that are told in one minute: a stranger who changes its name each time fills no log.
const TOLD: u32 = 10;

/// Longest name or topic that is kept, in characters: a stranger chose it.
const TEXT: usize = 64;

/// Kinds of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// A client without a password, while `compat` is off.
    NoSecret,
    /// An id that was never adopted, or credentials that nobody has.
    Unknown,
    /// A secret that was revoked.
    Revoked,
    /// Another secret than the adopted one of this id.
    OtherSecret,
    /// The right secret from a second address, while the first one speaks: a copied card.
    Copied,
    /// The id of the core or of an adopted slot, by somebody else.
    TakenId,
    /// A publication to a topic that is not the client's.
    Publish,
    /// A subscription to what the client may not read.
    Subscribe,
    /// A will on a topic that is not the client's.
    Will,
    /// More connections than may wait for an adoption from one address.
    Full,
}

impl RefusalKind {
    /// Returns `true` if somebody should look at it: the others happen in a room where all is well.
    fn is_alarming(self) -> bool {
        match self {
            Self::NoSecret | Self::Unknown | Self::Subscribe | Self::Full => false,
            Self::Revoked
            | Self::OtherSecret
            | Self::Copied
            | Self::TakenId
            | Self::Publish
            | Self::Will => true,
        }
    }
}

/// Refusals of one kind to one client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Name of the client.
    pub client: String,
    /// Kind of the refusals.
    pub why: RefusalKind,
    /// Topic or filter of the last one; empty if it was about none.
    pub topic: String,
    /// Address from which the last one came.
    pub address: IpAddr,
    /// Address of the client that was there first, if it matters.
    pub other: Option<IpAddr>,
    /// Number of them.
    pub count: u64,
    /// Time of the first one.
    pub since: Timestamp,
    /// Time of the last one.
    pub last: Timestamp,
    #[serde(skip)]
    told: Option<Timestamp>,
}

/// One refusal, as it happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RefusedClient<'a> {
    pub(crate) client: &'a str,
    pub(crate) why: RefusalKind,
    pub(crate) topic: &'a str,
    pub(crate) address: IpAddr,
    pub(crate) other: Option<IpAddr>,
}

/// Refusals that are remembered.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    all: BTreeMap<(String, RefusalKind), Refusal>,
    /// Begin of the minute, and the number of refusals told in it.
    minute: (Timestamp, u32),
}

impl Refusals {
    /// Counts a refusal. Returns it if people are to be told now.
    pub(super) fn count(&mut self, refused: RefusedClient<'_>, now: Timestamp) -> Option<Refusal> {
        let short = |text: &str| text.chars().take(TEXT).collect::<String>();
        let key = (short(refused.client), refused.why);
        if self.all.len() >= KNOWN && !self.all.contains_key(&key) {
            let quiet = self.all.iter().min_by_key(|(_, one)| one.last).map(|(key, _)| key.clone());
            quiet.and_then(|key| self.all.remove(&key));
        }
        let one = self.all.entry(key.clone()).or_insert_with(|| Refusal {
            client: key.0,
            why: refused.why,
            topic: String::new(),
            address: refused.address,
            other: None,
            count: 0,
            since: now,
            last: now,
            told: None,
        });
        one.topic = short(refused.topic);
        (one.address, one.other) = (refused.address, refused.other);
        (one.count, one.last) = (one.count + 1, now);
        if one.told.is_some_and(|told| now.since(told) < AGAIN) {
            return None;
        }
        if now.since(self.minute.0) >= AGAIN {
            self.minute = (now, 0);
        }
        if self.minute.1 >= TOLD {
            return None;
        }
        self.minute.1 += 1;
        one.told = Some(now);
        Some(one.clone())
    }

    /// Returns everything that is remembered, the latest first.
    pub(super) fn all(&self) -> Vec<Refusal> {
        let mut all: Vec<_> = self.all.values().cloned().collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.last));
        all
    }

    /// Forgets what was refused to a client, because somebody has decided about it.
    pub(super) fn forget(&mut self, client: &str) {
        self.all.retain(|(known, _), _| known != client);
    }

    /// Returns what somebody should look at, by a name of its own.
    pub(super) fn alerts(&self, now: Timestamp) -> BTreeMap<String, Text> {
        let alarming = |one: &&Refusal| one.why.is_alarming() && one.told.is_some();
        let fresh = |one: &&Refusal| now.since(one.last) < CALM;
        let all = self.all.values().filter(alarming).filter(fresh);
        all.map(|one| (format!("{:?} {}", one.why, one.client), one.told())).collect()
    }

    /// Returns the time at which the next alert is over.
    pub(super) fn deadline(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.all.values().filter(|one| one.why.is_alarming()).map(|one| one.last + CALM);
        ends.filter(|end| *end > now).min()
    }
}

impl Refusal {
    /// Returns the sentence that operators read.
    pub(super) fn told(&self) -> Text {
        let Self { client, topic, address, .. } = self;
        match self.why {
            RefusalKind::Copied => {
                let other = self.other.map(|other| other.to_string()).unwrap_or_default();
                Text::new(
                    format!(
                        "Deux machines ont le secret de {client} : {other} parle, {address} est refusée. Une carte copiée ? Révoquez {client}"
                    ),
                    format!(
                        "Two machines have the secret of {client}: {other} speaks, {address} is refused. A copied card? Revoke {client}"
                    ),
                )
            }
            RefusalKind::OtherSecret => Text::new(
                format!(
                    "{address} se dit {client} avec un autre secret : refusée. Une nouvelle carte attend son adoption"
                ),
                format!(
                    "{address} calls itself {client} with another secret: refused. A new card waits for its adoption"
                ),
            ),
            RefusalKind::Revoked => Text::new(
                format!("{address} vient avec un secret révoqué de {client} : refusée"),
                format!("{address} comes with a revoked secret of {client}: refused"),
            ),
            RefusalKind::TakenId => Text::new(
                format!("{address} a voulu prendre la place de {client} : refusée"),
                format!("{address} tried to take the place of {client}: refused"),
            ),
            RefusalKind::Publish | RefusalKind::Will => Text::new(
                format!("{client} ({address}) n'a pas le droit de parler sur {topic} : refusé"),
                format!("{client} ({address}) may not publish to {topic}: refused"),
            ),
            RefusalKind::Subscribe => Text::new(
                format!("{client} ({address}) n'a pas le droit d'écouter {topic} : refusé"),
                format!("{client} ({address}) may not subscribe to {topic}: refused"),
            ),
            RefusalKind::NoSecret => Text::new(
                format!(
                    "{client} ({address}) vient sans secret : refusé. Si c'est l'agent d'un poste, mettez-le à jour"
                ),
                format!(
                    "{client} ({address}) comes without a secret: refused. If it is the agent of a slot, update it"
                ),
            ),
            RefusalKind::Unknown | RefusalKind::Full => Text::new(
                format!("{client} ({address}) n'est pas adopté : refusé"),
                format!("{client} ({address}) is not adopted: refused"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn refused(client: &str, why: RefusalKind) -> RefusedClient<'_> {
        RefusedClient { client, why, topic: "eg/dev/slot-02/status", address: HERE, other: None }
    }

    #[test]
    fn a_mad_slot_is_told_of_once_a_minute_and_counted() {
        let mut refusals = Refusals::default();
        let mad = refused("slot-01", RefusalKind::Publish);

        let told: Vec<bool> =
            (0..100).map(|n| refusals.count(mad, Timestamp(n)).is_some()).collect();

        assert_eq!(told.iter().filter(|told| **told).count(), 1);
        assert!(refusals.count(mad, Timestamp(0) + AGAIN).is_some());
        assert_eq!(refusals.all()[0].count, 101);
    }

    #[test]
    fn a_stranger_of_many_names_fills_neither_memory_nor_log() {
        let mut refusals = Refusals::default();

        let told = (0..1_000)
            .filter(|n| {
                let name = format!("{n}{}", "x".repeat(500));
                refusals.count(refused(&name, RefusalKind::TakenId), Timestamp(*n)).is_some()
            })
            .count();

        assert_eq!(told, TOLD as usize);
        assert_eq!(refusals.all().len(), KNOWN);
        assert!(refusals.all().iter().all(|one| one.client.len() <= TEXT));
    }

    #[test]
    fn an_alert_ends_when_it_is_quiet() {
        let mut refusals = Refusals::default();
        let now = Timestamp(0);
        refusals.count(refused("slot-01", RefusalKind::Copied), now);
        refusals.count(refused("old", RefusalKind::NoSecret), now);

        assert_eq!(refusals.alerts(now).len(), 1);
        assert_eq!(refusals.deadline(now), Some(now + CALM));
        assert!(refusals.alerts(now + CALM).is_empty());
    }
}
