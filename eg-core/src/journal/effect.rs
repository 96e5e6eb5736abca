//! Effects: stored with the entry that caused them, then carried out, then marked as sent.

use super::{Journal, JournalError, column};
use eg_proto::{SlotId, Subject, Timestamp};
use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

/// Destination of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EffectKind {
    /// Command to an output of a slot.
    Command,
    /// Open question, for the old contract.
    Step,
    /// Result, for the old contract.
    Result,
    /// Message to a slot, on a topic of its own.
    Tell,
    /// Row that this program cannot read. No effect is stored so, and none is sent.
    Unreadable,
}

impl EffectKind {
    /// Returns `true` for effects on topics of older installations, which only a core under `compat` publishes.
    pub(crate) const fn is_old(self) -> bool {
        matches!(self, Self::Step | Self::Result)
    }

    const ALL: [Self; 5] = [Self::Command, Self::Step, Self::Result, Self::Tell, Self::Unreadable];

    const fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Step => "step",
            Self::Result => "result",
            Self::Tell => "tell",
            Self::Unreadable => "unreadable",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Effect before it has its number.
#[derive(Debug)]
pub(crate) struct NewEffect<'a> {
    pub(crate) entry: i64,
    pub(crate) kind: EffectKind,
    pub(crate) slot: Option<&'a SlotId>,
    pub(crate) command: Option<&'a str>,
    pub(crate) subject: Option<&'a Subject>,
    /// Payload, as JSON.
    pub(crate) body: &'a str,
    /// Time after which it is not carried out any more; `None` for never.
    pub(crate) expires: Option<Timestamp>,
}

/// Effect that waits to be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoredEffect {
    pub(crate) id: i64,
    pub(crate) kind: EffectKind,
    pub(crate) slot: Option<SlotId>,
    pub(crate) subject: Option<Subject>,
    pub(crate) body: String,
    pub(crate) expires: Option<Timestamp>,
}

impl Journal {
    pub(crate) fn add_effect(&mut self, new: &NewEffect<'_>) -> Result<StoredEffect, JournalError> {
        let NewEffect { entry, kind, slot, command, subject, body, expires } = *new;
        let add = "INSERT INTO effect (entry, kind, slot, command, subject, body, expires_us)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let at = expires.map(|at| at.0);
        let slot_text = slot.map(SlotId::as_str);
        let about = subject.map(Subject::as_str);
        let row = (entry, kind.word(), slot_text, command, about, body, at);
        self.connection.prepare_cached(add)?.execute(row)?;
        let id = self.connection.last_insert_rowid();
        let (slot, subject, body) = (slot.cloned(), subject.cloned(), body.to_owned());
        Ok(StoredEffect { id, kind, slot, subject, body, expires })
    }

    /// Marks an effect as sent, because the broker has it.
    pub(crate) fn mark_sent(&mut self, effect: i64, at: Timestamp) -> Result<(), JournalError> {
        let mark = "UPDATE effect SET sent_us = ?2 WHERE id = ?1 AND sent_us IS NULL";
        self.connection.prepare_cached(mark)?.execute((effect, at.0))?;
        Ok(())
    }

    /// Stores the answer of a slot to a command. Returns the entry that caused the command, if this is the first
    /// answer.
    pub(crate) fn answer(
        &mut self,
        slot: &SlotId,
        command: &str,
        answer: &str,
    ) -> Result<Option<i64>, JournalError> {
        let find =
            "UPDATE effect SET answer = ?3 WHERE command = ?2 AND slot = ?1 AND answer IS NULL
             RETURNING entry";
        let mut find = self.connection.prepare_cached(find)?;
        let row = (slot.as_str(), command, answer);
        Ok(find.query_row(row, |row| row.get(0)).optional()?)
    }

    /// Marks effects that were not sent as expired: those whose time was over at `now`, and those that cannot be read.
    pub(crate) fn give_up(
        &mut self,
        now: Timestamp,
        unreadable: &[i64],
    ) -> Result<(), JournalError> {
        let late = "UPDATE effect SET sent_us = ?1, answer = 'expired' WHERE sent_us IS NULL AND expires_us < ?1
             AND typeof(expires_us) = 'integer'";
        self.connection.execute(late, [now.0])?;
        // Each value gets its column's type, and keeps its bytes.
        let damaged = "UPDATE OR IGNORE effect SET sent_us = ?2, answer = 'expired', kind = 'tell',
             entry = CAST(entry AS INTEGER), slot = CAST(slot AS TEXT), command = CAST(command AS TEXT),
             subject = CAST(subject AS TEXT), body = coalesce(CAST(body AS TEXT), ''),
             expires_us = CAST(expires_us AS INTEGER) WHERE id = ?1";
        for id in unreadable {
            tracing::error!(effect = id, "an effect cannot be read; it is not sent");
            self.connection.execute(damaged, (id, now.0))?;
        }
        Ok(())
    }

    /// Returns the effects that were stored, not sent, and not expired at `now`, in order, and the numbers of those that
    /// cannot be read.
    pub(crate) fn unsent(
        &self,
        now: Timestamp,
    ) -> Result<(Vec<StoredEffect>, Vec<i64>), JournalError> {
        let list = "SELECT id, kind, slot, subject, body, expires_us FROM effect WHERE sent_us IS NULL ORDER BY id";
        let mut list = self.connection.prepare(list)?;
        let rows = list.query_map([], |row| Ok((row.get(0)?, read(row))))?;
        let (mut all, mut unreadable) = (Vec::new(), Vec::new());
        for row in rows {
            match row? {
                (_, Ok(effect)) if effect.expires.is_some_and(|at| at < now) => {}
                (_, Ok(effect)) => all.push(effect),
                (id, Err(_)) => unreadable.push(id),
            }
        }
        Ok((all, unreadable))
    }
}

fn read(row: &Row<'_>) -> Result<StoredEffect, String> {
    let id = column::number(row, 0)?.unwrap_or_default();
    let kind = column::some_text(row, 1)?;
    let kind = EffectKind::of(&kind)
        .filter(|kind| *kind != EffectKind::Unreadable)
        .ok_or_else(|| format!("kind {kind:?}"))?;
    let slot = column::text(row, 2)?.map(SlotId::new).transpose().map_err(|e| e.to_string())?;
    let subject = column::text(row, 3)?.map(Subject::new).transpose().map_err(|e| e.to_string())?;
    let body = column::some_text(row, 4)?;
    let expires = column::number(row, 5)?.map(Timestamp);
    Ok(StoredEffect { id, kind, slot, subject, body, expires })
}
