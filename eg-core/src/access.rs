//! Access of machines to the bus: which slots are adopted, who is let in as whom, and what each may say and hear.
//!
//! Slots are known by the SHA-256 of a secret that they drew themselves; nothing here would let a reader of the file in.
//! Everything is answered from memory, and changes are on disk before they count.

mod acl;
mod adoption;
mod claim;
pub mod control;
mod error;
mod identities;
pub mod matrix;
pub mod mosquitto;
mod refusals;
mod store;
mod waiting;

pub use acl::{Acl, ClientIdentity};
pub use claim::{Admitted, Claim};
pub use error::AccessError;
pub use identities::{Act, Adopted};
pub(crate) use refusals::RefusedClient;
pub use refusals::{Refusal, RefusalKind};
pub use waiting::Waiting;

use crate::clock::Clock;
use eg_mqtt::Credentials;
use eg_proto::{PairAnswer, Secret, SecretDigest, SlotId, Text, Timestamp, Topics};
use identities::Identities;
use refusals::Refusals;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::IdentityStore;
use tokio::sync::watch;
use waiting::WaitingList;

/// Settings of the access of one core.
#[derive(Clone, Debug)]
pub struct AccessOptions {
    /// Topics of the room.
    pub topics: Topics,
    /// Device id of the core, which nobody else may use.
    pub core: String,
    /// `true` to let clients of the old contract in without a password.
    pub compat: bool,
}

/// Identities of the slots of one core. Clones of the `Arc` share it.
pub struct Access {
    acl: Acl,
    options: AccessOptions,
    clock: Arc<dyn Clock>,
    /// Secret of the core's own connection to the built-in broker.
    own: Secret,
    store: Mutex<IdentityStore>,
    known: Mutex<Known>,
    version: watch::Sender<u64>,
}

/// Everything that is answered from memory.
struct Known {
    identities: Identities,
    waiting: WaitingList,
    refusals: Refusals,
    /// Answers to slots that were adopted while they waited.
    answers: Vec<(SlotId, PairAnswer)>,
    /// Address from which each adopted slot was let in last.
    addresses: BTreeMap<SlotId, IpAddr>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Access(…)")
    }
}

impl Access {
    /// Opens the file, or makes it. Blocks on the disk.
    ///
    /// # Errors
    /// [`AccessError`] if the file cannot be read or written.
    pub fn open(
        file: &Path,
        options: AccessOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccessError> {
        let store = IdentityStore::open(file)?;
        let (waiting, refusals) = (WaitingList::default(), Refusals::default());
        let known = Known {
            identities: store.read()?,
            waiting,
            refusals,
            answers: Vec::new(),
            addresses: BTreeMap::new(),
        };
        Ok(Self {
            acl: Acl::new(options.topics.clone()),
            options,
            clock,
            own: Secret::from_random(rand::random()),
            store: Mutex::new(store),
            known: Mutex::new(known),
            version: watch::Sender::new(0),
        })
    }

    /// Returns the same for a core under TLS, which shows this authority; its slots' codes are made of it.
    #[must_use]
    pub fn under(self, authority: Option<[u8; 32]>) -> Self {
        self.known().waiting = WaitingList::under(authority.map(SecretDigest));
        self
    }

    /// Returns the rules of the topics.
    pub fn acl(&self) -> &Acl {
        &self.acl
    }

    /// Returns the clock by which everything here is dated.
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Returns the credentials of the core's own connection to the built-in broker.
    pub fn own_credentials(&self) -> Credentials {
        Credentials { user: self.options.core.clone(), password: self.own.expose().to_owned() }
    }

    /// Returns a receiver that wakes when identities, waiting slots or alerts have changed.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.version.subscribe()
    }

    /// Decides who a client is, by its credentials alone.
    ///
    /// # Errors
    /// Kind of the refusal, which is counted and told to people.
    pub fn admit(&self, claim: &Claim<'_>) -> Result<Admitted, RefusalKind> {
        let settled = self.identify(claim);
        let admitted = settled.and_then(|admitted| {
            let allowed = |topic| self.may_publish(&admitted.identity, topic);
            if claim.will.is_none_or(allowed) { Ok(admitted) } else { Err(RefusalKind::Will) }
        });
        if let Ok(Admitted { identity: ClientIdentity::Slot(slot), .. }) = &admitted {
            self.known().addresses.insert(slot.clone(), claim.address);
        }
        if let Err(why) = admitted {
            let client = if claim.client.is_empty() { "?" } else { claim.client };
            let topic = if why == RefusalKind::Will { claim.will.unwrap_or_default() } else { "" };
            self.refused(RefusedClient { client, why, topic, address: claim.address, other: None });
        }
        admitted
    }

    fn identify(&self, claim: &Claim<'_>) -> Result<Admitted, RefusalKind> {
        let AccessOptions { core, compat, .. } = &self.options;
        claim.identify(&self.known().identities, core, &self.own.digest(), *compat)
    }

    /// Returns `true` while a connection that was admitted so would be admitted again under this client id.
    pub(crate) fn still_admits(&self, client: &str, admitted: &Admitted) -> bool {
        let known = self.known();
        let adopted = known.identities.adopted.get(client);
        match &admitted.identity {
            ClientIdentity::Core | ClientIdentity::Pairing(_) => true,
            ClientIdentity::Slot(_) => adopted.map(|adopted| adopted.sha256) == admitted.secret,
            ClientIdentity::Guest => adopted.is_none(),
        }
    }

    /// Returns `true` if this identity may publish to this topic.
    pub fn may_publish(&self, identity: &ClientIdentity, topic: &str) -> bool {
        self.acl.may_publish(identity, topic, |id| self.is_taken(id))
    }

    /// Returns `true` if this identity may subscribe to this filter.
    pub fn may_subscribe(&self, identity: &ClientIdentity, filter: &str) -> bool {
        let known = self.known();
        self.acl.may_subscribe(identity, filter, known.identities.adopted.keys())
    }

    fn is_taken(&self, id: &str) -> bool {
        id == self.options.core || self.known().identities.adopted.contains_key(id)
    }

    /// Counts a refusal, and tells people of it unless they were told within the minute.
    pub(crate) fn refused(&self, refused: RefusedClient<'_>) {
        let told = self.known().refusals.count(refused, self.clock.now());
        if let Some(Refusal { client, why, topic, address, other, .. }) = told {
            tracing::warn!(client, ?why, topic, %address, ?other, "refused at the broker; it is told of once a minute");
            self.is_new();
        }
    }

    /// Returns the adopted slots by id.
    pub fn adopted(&self) -> BTreeMap<SlotId, Adopted> {
        self.known().identities.adopted.clone()
    }

    /// Returns the address from which an adopted slot was let in last; `None` before that, or at another broker.
    pub fn address(&self, slot: &SlotId) -> Option<IpAddr> {
        self.known().addresses.get(slot).copied()
    }

    /// Returns the slots that wait for their adoption, by id.
    pub fn waiting(&self) -> BTreeMap<SlotId, Waiting> {
        self.known().waiting.all()
    }

    /// Returns who was refused what, the latest first.
    pub fn refusals(&self) -> Vec<Refusal> {
        self.known().refusals.all()
    }

    /// Returns what somebody should look at, each by a name of its own.
    pub(crate) fn alerts(&self) -> BTreeMap<String, Text> {
        let now = self.clock.now();
        self.known().refusals.alerts(now)
    }

    /// Takes the answers to slots that were adopted while they waited.
    pub(crate) fn take_answers(&self) -> Vec<(SlotId, PairAnswer)> {
        std::mem::take(&mut self.known().answers)
    }

    /// Drops who has waited in vain, and returns the time at which there is something to drop again.
    pub(crate) fn expire(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let mut known = self.known();
        known.waiting.expire(now);
        [known.waiting.deadline(), known.refusals.deadline(now)].into_iter().flatten().min()
    }

    /// Returns the acts that the journal has not been told of, oldest first, with their numbers. Blocks on the disk.
    pub(crate) fn acts(&self) -> Result<Vec<(i64, Act)>, AccessError> {
        self.store().acts()
    }

    /// Forgets acts up to this number, because the journal has them. Blocks on the disk.
    pub(crate) fn forget_acts(&self, until: i64) -> Result<(), AccessError> {
        self.store().forget_acts(until)
    }

    pub(in crate::access) fn is_new(&self) {
        self.version.send_modify(|version| *version += 1);
    }

    pub(in crate::access) fn store(&self) -> MutexGuard<'_, IdentityStore> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::access) fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
