//! Store of the slots' identities on disk: digests and hashes, no secret.
//!
//! The tables stand in the file of the operator's account, which nobody else may read.

use super::error::AccessError;
use super::identities::{Act, Adopted, Identities, Revoked};
use crate::audit::AuditAct;
use crate::{audit, private};
use eg_proto::{MosquittoHash, SecretDigest, SlotId, Timestamp};
use rusqlite::{Connection, Transaction, params};
use std::path::Path;

/// Number of revoked secrets that are remembered; the oldest are forgotten first, and are then as unknown as any.
const REVOKED: i64 = 1_000;

pub(super) struct IdentityStore(Connection);

impl IdentityStore {
    pub(super) fn open(file: &Path) -> Result<Self, AccessError> {
        let failed = |source| AccessError::File { file: file.into(), source };
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        private::own(file).map_err(failed)?;
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA busy_timeout = 2000;
             PRAGMA journal_mode = WAL;
             PRAGMA journal_size_limit = 1048576;
             CREATE TABLE IF NOT EXISTS slot_identity (slot TEXT PRIMARY KEY, sha256 BLOB NOT NULL, mosquitto TEXT,
                 machine TEXT NOT NULL, label TEXT NOT NULL DEFAULT '', adopted_us INTEGER NOT NULL, adopted_by TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS slot_revoked (sha256 BLOB PRIMARY KEY, slot TEXT NOT NULL,
                 revoked_us INTEGER NOT NULL, revoked_by TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS slot_act (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL,
                 actor TEXT NOT NULL, act TEXT NOT NULL, slot TEXT NOT NULL, detail TEXT NOT NULL);",
        )?;
        audit::prepare(&connection)?;
        Ok(Self(connection))
    }

    /// Reads everything that is known. Rows that this program cannot read are left out, so they let nobody in.
    pub(super) fn read(&self) -> Result<Identities, AccessError> {
        let mut all = Identities::default();
        let mut rows = self.0.prepare(
            "SELECT slot, sha256, mosquitto, machine, label, adopted_us, adopted_by FROM slot_identity",
        )?;
        let read = rows.query_map([], |row| {
            let adopted = Adopted {
                sha256: SecretDigest(row.get(1)?),
                mosquitto: row
                    .get::<_, Option<String>>(2)?
                    .and_then(|hash| MosquittoHash::try_from(hash).ok()),
                machine: row.get(3)?,
                label: row.get(4)?,
                at: Timestamp(row.get(5)?),
                by: row.get(6)?,
            };
            Ok((row.get::<_, String>(0)?, adopted))
        })?;
        for row in read {
            match row.map(|(slot, adopted)| (SlotId::new(slot), adopted)) {
                Ok((Ok(slot), adopted)) => drop(all.adopted.insert(slot, adopted)),
                Ok((Err(error), _)) => {
                    tracing::warn!(%error, "an identity that cannot be read lets nobody in")
                }
                Err(error) => {
                    tracing::warn!(%error, "an identity that cannot be read lets nobody in")
                }
            }
        }
        let mut rows =
            self.0.prepare("SELECT sha256, slot, revoked_us, revoked_by FROM slot_revoked")?;
        let read = rows.query_map([], |row| {
            let revoked =
                Revoked { slot: row.get(1)?, at: Timestamp(row.get(2)?), by: row.get(3)? };
            Ok((SecretDigest(row.get(0)?), revoked))
        })?;
        all.revoked.extend(read.filter_map(Result::ok));
        Ok(all)
    }

    /// Stores an adoption with the act; what the id had before is revoked.
    pub(super) fn adopt(
        &mut self,
        slot: &SlotId,
        adopted: &Adopted,
        act: &Act,
    ) -> Result<(), AccessError> {
        let change = self.0.transaction()?;
        revoke(&change, slot, Some(&adopted.sha256), act)?;
        change
            .execute("DELETE FROM slot_revoked WHERE sha256 = ?1", [adopted.sha256.0.as_slice()])?;
        let Adopted { sha256, mosquitto, machine, label, at, by } = adopted;
        change.execute(
            "INSERT OR REPLACE INTO slot_identity (slot, sha256, mosquitto, machine, label, adopted_us, adopted_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                slot.as_str(),
                sha256.0.as_slice(),
                mosquitto.as_ref().map(MosquittoHash::as_str),
                machine,
                label,
                at.0,
                by
            ],
        )?;
        keep_act(&change, act)?;
        Ok(change.commit()?)
    }

    /// Stores that a slot's secret counts no more.
    pub(super) fn revoke(&mut self, slot: &SlotId, act: &Act) -> Result<(), AccessError> {
        let change = self.0.transaction()?;
        revoke(&change, slot, None, act)?;
        change.execute("DELETE FROM slot_identity WHERE slot = ?1", [slot.as_str()])?;
        keep_act(&change, act)?;
        Ok(change.commit()?)
    }

    pub(super) fn label(
        &mut self,
        slot: &SlotId,
        label: &str,
        act: &Act,
    ) -> Result<(), AccessError> {
        let change = self.0.transaction()?;
        change.execute(
            "UPDATE slot_identity SET label = ?2 WHERE slot = ?1",
            [slot.as_str(), label],
        )?;
        keep_act(&change, act)?;
        Ok(change.commit()?)
    }

    /// Returns the acts that the journal has not been told of, oldest first, with their numbers.
    pub(super) fn acts(&self) -> Result<Vec<(i64, Act)>, AccessError> {
        let mut rows = self.0.prepare(
            "SELECT id, at_us, actor, act, slot, detail FROM slot_act ORDER BY id LIMIT 1000",
        )?;
        let read = rows.query_map([], |row| {
            let act = Act {
                at: Timestamp(row.get(1)?),
                by: row.get::<_, String>(2)?.into(),
                name: row.get(3)?,
                slot: row.get(4)?,
                detail: row.get(5)?,
            };
            Ok((row.get(0)?, act))
        })?;
        Ok(read.collect::<Result<_, _>>()?)
    }

    /// Forgets acts up to this number: the journal has them.
    pub(super) fn forget_acts(&self, until: i64) -> Result<(), AccessError> {
        self.0.execute("DELETE FROM slot_act WHERE id <= ?1", [until])?;
        Ok(())
    }
}

/// Keeps the digest of the secret that a slot's id has had, unless it is this one.
fn revoke(
    change: &Transaction<'_>,
    slot: &SlotId,
    unless: Option<&SecretDigest>,
    act: &Act,
) -> Result<(), AccessError> {
    change.execute(
        "INSERT OR REPLACE INTO slot_revoked (sha256, slot, revoked_us, revoked_by)
         SELECT sha256, slot, ?2, ?3 FROM slot_identity WHERE slot = ?1 AND sha256 IS NOT ?4",
        params![slot.as_str(), act.at.0, act.by.name, unless.map(|digest| digest.0.as_slice())],
    )?;
    change.execute(
        "DELETE FROM slot_revoked WHERE sha256 NOT IN
             (SELECT sha256 FROM slot_revoked ORDER BY revoked_us DESC LIMIT ?1)",
        [REVOKED],
    )?;
    Ok(())
}

/// Keeps an act for the journal, and records it in the audit trail.
fn keep_act(change: &Transaction<'_>, act: &Act) -> Result<(), AccessError> {
    change.execute(
        "INSERT INTO slot_act (at_us, actor, act, slot, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![act.at.0, act.by.name, act.name, act.slot, act.detail],
    )?;
    let what = match act.name.as_str() {
        "replace" => AuditAct::ReplaceSlot,
        "revoke" => AuditAct::RevokeSlot,
        "label" => AuditAct::LabelSlot,
        _ => AuditAct::AdoptSlot,
    };
    audit::note(change, act.at, &act.by, what, (&act.slot, &act.detail))?;
    Ok(())
}
