//! Adoption: requests of slots that wait, and what an operator decides about them.

use super::Access;
use super::error::AccessError;
use super::identities::{Act, Adopted};
use super::store::IdentityStore;
use crate::audit::Author;

use eg_proto::{
    MosquittoHash, NotAdopted, PairAnswer, PairRequest, SecretDigest, SlotId, pairing_code,
};

/// Longest label, in characters.
const LABEL: usize = 64;

impl Access {
    /// Takes a slot's request for adoption, which came on the topic of `slot`, and returns the core's answer.
    pub(crate) fn pair(&self, slot: &SlotId, request: PairRequest) -> PairAnswer {
        let answer = self.judge(slot, request);
        answer.about(env!("CARGO_PKG_VERSION"), self.clock.now(), self.options.compat)
    }

    fn judge(&self, slot: &SlotId, request: PairRequest) -> PairAnswer {
        if request.slot != *slot || slot.as_str() == self.options.core {
            return PairAnswer::waits(NotAdopted::Unknown);
        }
        let mut known = self.known();
        let adopted = known.identities.adopted.get(slot);
        if adopted.is_some_and(|adopted| adopted.sha256.is(&request.secret_sha256)) {
            return PairAnswer::adopted(self.options.core.clone());
        }
        let why = match adopted {
            _ if known.identities.revoked.contains_key(&request.secret_sha256) => {
                NotAdopted::Revoked
            }
            Some(_) => NotAdopted::OtherSecret,
            None => NotAdopted::Unknown,
        };
        let is_first = known.waiting.get(slot).is_none();
        let news = known.waiting.wait(request, why, self.clock.now());
        drop(known);
        match news {
            None => return PairAnswer::waits(NotAdopted::Full),
            Some(true) => {
                if is_first {
                    tracing::info!(%slot, ?why, "a slot waits for its adoption");
                }
                self.is_new();
            }
            Some(false) => {}
        }
        PairAnswer::waits(why)
    }

    /// Adopts the slot that waits under this id with this code; what the id had before is revoked. Blocks on the disk.
    ///
    /// # Errors
    /// [`AccessError`]: nobody waits under this id, another code waits, or the disk refuses.
    pub fn adopt(
        &self,
        slot: &SlotId,
        code: &str,
        by: impl Into<Author>,
    ) -> Result<(), AccessError> {
        let waiting = self.known().waiting.get(slot).cloned();
        let waiting = waiting.ok_or_else(|| AccessError::NotWaiting(slot.clone()))?;
        let plain = |code: &str| code.replace(['-', ' '], "").to_ascii_uppercase();
        if plain(code) != plain(&waiting.code) {
            let said = code.chars().take(LABEL).collect();
            return Err(AccessError::OtherCode { slot: slot.clone(), waits: waiting.code, said });
        }
        let PairRequest { secret_sha256, mosquitto, machine, .. } = waiting.request;
        self.enlist(slot, secret_sha256, mosquitto, &machine, by)?;
        Ok(())
    }

    /// Adopts a slot whose secret's digest is known, as from a card that was prepared; what the id had before is
    /// revoked. Blocks on the disk.
    ///
    /// # Errors
    /// [`AccessError`]: the id is the core's own, or the disk refuses.
    pub fn enlist(
        &self,
        slot: &SlotId,
        sha256: SecretDigest,
        mosquitto: Option<MosquittoHash>,
        machine: &str,
        by: impl Into<Author>,
    ) -> Result<(), AccessError> {
        if slot.as_str() == self.options.core {
            return Err(AccessError::Core(slot.clone()));
        }
        let mut store = self.store();
        let before = self.known().identities.adopted.get(slot).cloned();
        let name = if before.is_some() { "replace" } else { "adopt" };
        let label = before.map(|before| before.label).unwrap_or_default();
        let act = self.act(name, slot, pairing_code(&sha256, None), by);
        let (machine, by) = (machine.to_owned(), act.by.name.clone());
        let adopted = Adopted { sha256, mosquitto, machine, label, at: act.at, by };
        store.adopt(slot, &adopted, &act)?;
        let identities = store.read()?;
        drop(store);
        let mut known = self.known();
        known.identities = identities;
        known.refusals.forget(slot.as_str());
        let waited = known.waiting.get(slot).is_some_and(|one| one.request.secret_sha256 == sha256);
        if waited {
            known.waiting.remove(slot);
            let answer = PairAnswer::adopted(self.options.core.clone());
            known.answers.push((slot.clone(), answer));
        }
        drop(known);
        self.is_new();
        Ok(())
    }

    /// Takes a slot's right away, at once. Blocks on the disk.
    ///
    /// # Errors
    /// [`AccessError`]: no such slot is adopted, or the disk refuses.
    pub fn revoke(&self, slot: &SlotId, by: impl Into<Author>) -> Result<(), AccessError> {
        let act = self.act("revoke", slot, String::new(), by);
        self.change(slot, |store| store.revoke(slot, &act))
    }

    /// Gives an adopted slot a name for people; an empty one takes it away. Blocks on the disk.
    ///
    /// # Errors
    /// [`AccessError`]: no such slot is adopted, or the disk refuses.
    pub fn label(
        &self,
        slot: &SlotId,
        label: &str,
        by: impl Into<Author>,
    ) -> Result<(), AccessError> {
        let label: String = label.trim().chars().filter(|c| !c.is_control()).take(LABEL).collect();
        let act = self.act("label", slot, label.clone(), by);
        self.change(slot, |store| store.label(slot, &label, &act))
    }

    fn change(
        &self,
        slot: &SlotId,
        change: impl FnOnce(&mut IdentityStore) -> Result<(), AccessError>,
    ) -> Result<(), AccessError> {
        let mut store = self.store();
        if !self.known().identities.adopted.contains_key(slot) {
            return Err(AccessError::NotAdopted(slot.clone()));
        }
        change(&mut store)?;
        let identities = store.read()?;
        drop(store);
        self.known().identities = identities;
        self.is_new();
        Ok(())
    }

    fn act(&self, name: &str, slot: &SlotId, detail: String, by: impl Into<Author>) -> Act {
        let (name, slot, by) = (name.to_owned(), slot.to_string(), by.into());
        Act { at: self.clock.now(), by, name, slot, detail }
    }
}
