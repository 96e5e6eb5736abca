//! Slots that wait for their adoption: a bounded list, and nobody stays on it who does not say so again.

use eg_proto::{NotAdopted, PairRequest, SecretDigest, SlotId, Timestamp, pairing_code};
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Number of slots that may wait: what nine honest ones need, and no more than an operator can read.
const PLACES: usize = 64;

/// Time without a word after which a slot waits no longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// Slot that waits for its adoption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// Code that its own page shows too.
    pub code: String,
    /// Host name of its machine, as it says.
    pub machine: String,
    /// Version of its agent, as it says.
    pub version: String,
    /// Boards that it has, as it says.
    pub boards: Vec<String>,
    /// Reason why it is not adopted: `unknown`, `revoked`, or `other_secret` if its id belongs to another card.
    pub why: NotAdopted,
    /// Time since which it waits.
    pub since: Timestamp,
    /// Time of its last word.
    pub last: Timestamp,
    /// Last request, with the digest of its secret.
    #[serde(skip)]
    pub(super) request: PairRequest,
}

/// Returns the code of a request: under TLS it is made of the authority that this core has shown, whatever the slot says
/// to have seen.
fn code(request: &PairRequest, authority: Option<&SecretDigest>) -> String {
    let nothing = SecretDigest([0; 32]);
    let shown = request.authority_sha256.is_some().then(|| authority.unwrap_or(&nothing));
    pairing_code(&request.secret_sha256, shown)
}

/// List of slots that wait.
#[derive(Debug, Default)]
pub(super) struct WaitingList {
    slots: BTreeMap<SlotId, Waiting>,
    /// SHA-256 of the authority that this core shows; `None` in clear.
    authority: Option<SecretDigest>,
}

impl WaitingList {
    /// Creates an empty list for a core that shows this authority.
    pub(super) fn under(authority: Option<SecretDigest>) -> Self {
        Self { slots: BTreeMap::new(), authority }
    }

    /// Notes that a slot waits. Returns `None` if the list is full, or else whether there is news for people.
    pub(super) fn wait(
        &mut self,
        request: PairRequest,
        why: NotAdopted,
        now: Timestamp,
    ) -> Option<bool> {
        self.expire(now);
        let slot = request.slot.clone();
        let before = self.slots.get(&slot);
        if before.is_none() && self.slots.len() >= PLACES {
            return None;
        }
        let same = before.filter(|one| one.request == request && one.why == why);
        let (is_news, since) = (same.is_none(), same.map_or(now, |one| one.since));
        let waiting = Waiting {
            code: code(&request, self.authority.as_ref()),
            machine: request.machine.clone(),
            version: request.version.clone(),
            boards: request.boards.clone(),
            why,
            since,
            last: now,
            request,
        };
        self.slots.insert(slot, waiting);
        Some(is_news)
    }

    /// Drops those that have not said a word for too long. Returns `true` if there were any.
    pub(super) fn expire(&mut self, now: Timestamp) -> bool {
        let before = self.slots.len();
        self.slots.retain(|_, one| now.since(one.last) < PATIENCE);
        self.slots.len() < before
    }

    /// Returns the time at which the next one may have waited in vain.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.slots.values().map(|one| one.last + PATIENCE).min()
    }

    pub(super) fn get(&self, slot: &SlotId) -> Option<&Waiting> {
        self.slots.get(slot)
    }

    pub(super) fn remove(&mut self, slot: &SlotId) {
        self.slots.remove(slot);
    }

    pub(super) fn all(&self) -> BTreeMap<SlotId, Waiting> {
        self.slots.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(slot: &str, secret: u8) -> PairRequest {
        PairRequest {
            v: 1,
            slot: slot.parse().unwrap(),
            version: String::new(),
            machine: String::new(),
            secret_sha256: SecretDigest([secret; 32]),
            authority_sha256: None,
            mosquitto: None,
            boards: Vec::new(),
        }
    }

    #[test]
    fn a_flood_of_invented_slots_ends_at_the_last_place() {
        let mut list = WaitingList::default();
        let now = Timestamp(0);

        for number in 0..200 {
            list.wait(request(&format!("slot-{number}"), 1), NotAdopted::Unknown, now);
        }

        assert_eq!(list.all().len(), PLACES);
        assert_eq!(list.wait(request("late", 1), NotAdopted::Unknown, now), None);
        assert_eq!(list.wait(request("slot-3", 1), NotAdopted::Unknown, now), Some(false));
    }

    #[test]
    fn one_that_says_no_more_makes_room() {
        let mut list = WaitingList::default();
        list.wait(request("slot-01", 1), NotAdopted::Unknown, Timestamp(0));
        let later = Timestamp(0) + PATIENCE;

        assert_eq!(list.deadline(), Some(later));
        assert!(list.expire(later));
        assert_eq!(list.get(&"slot-01".parse().unwrap()), None);
    }

    #[test]
    fn another_secret_under_the_same_id_is_news() {
        let mut list = WaitingList::default();
        let now = Timestamp(0);

        assert_eq!(list.wait(request("slot-01", 1), NotAdopted::Unknown, now), Some(true));
        assert_eq!(list.wait(request("slot-01", 1), NotAdopted::Unknown, now), Some(false));
        assert_eq!(list.wait(request("slot-01", 2), NotAdopted::Unknown, now), Some(true));
    }

    #[test]
    fn under_tls_the_code_is_that_of_the_authority_which_this_core_shows_whatever_the_slot_saw() {
        let (ours, strange) = (SecretDigest([1; 32]), SecretDigest([2; 32]));
        let mut list = WaitingList::under(Some(ours));
        let mut code_of = |seen: Option<SecretDigest>| {
            let request = PairRequest { authority_sha256: seen, ..request("slot-01", 7) };
            list.wait(request, NotAdopted::Unknown, Timestamp(0));
            list.all().values().next().unwrap().code.clone()
        };

        let right = pairing_code(&SecretDigest([7; 32]), Some(&ours));
        let between = pairing_code(&SecretDigest([7; 32]), Some(&strange));
        assert_eq!(code_of(Some(ours)), right);
        assert_eq!(code_of(Some(strange)), right);
        assert_ne!(right, between, "the slot's page shows another code when somebody sits between");
        assert_eq!(code_of(None), pairing_code(&SecretDigest([7; 32]), None));
    }
}
