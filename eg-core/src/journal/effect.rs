//! Effects: stored with the entry that caused them, then carried out, then marked as sent.

use super::{Journal, JournalError};
use eg_proto::{SlotId, Subject, Timestamp};
use rusqlite::OptionalExtension;
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
}

impl EffectKind {
    /// Returns `true` for effects on topics of older installations, which only a core under `compat` publishes.
    pub(crate) const fn is_old(self) -> bool {
        matches!(self, Self::Step | Self::Result)
    }

    const ALL: [Self; 4] = [Self::Command, Self::Step, Self::Result, Self::Tell];

    const fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Step => "step",
            Self::Result => "result",
            Self::Tell => "tell",
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

    /// Marks expired effects as such, and returns those that were stored and not sent, in order.
    pub(crate) fn unsent(&mut self, now: Timestamp) -> Result<Vec<StoredEffect>, JournalError> {
        let give_up = "UPDATE effect SET sent_us = ?1, answer = 'expired' WHERE sent_us IS NULL AND expires_us < ?1";
        self.connection.execute(give_up, [now.0])?;
        let list = "SELECT id, kind, slot, subject, body, expires_us FROM effect WHERE sent_us IS NULL ORDER BY id";
        let mut list = self.connection.prepare(list)?;
        let rows = list.query_map([], |row| {
            let id: i64 = row.get(0)?;
            let (kind, slot): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let subject: Option<String> = row.get(3)?;
            let expires = row.get::<_, Option<i64>>(5)?.map(Timestamp);
            Ok((id, kind, slot, subject, row.get::<_, String>(4)?, expires))
        })?;
        let mut all = Vec::new();
        for row in rows {
            let (id, kind, slot, subject, body, expires) = row?;
            let problem = |problem: String| JournalError::Row { table: "effect", id, problem };
            let kind = EffectKind::of(&kind).ok_or_else(|| problem(format!("kind {kind:?}")))?;
            let slot = slot.map(SlotId::new).transpose().map_err(|e| problem(e.to_string()))?;
            let subject =
                subject.map(Subject::new).transpose().map_err(|e| problem(e.to_string()))?;
            all.push(StoredEffect { id, kind, slot, subject, body, expires });
        }
        Ok(all)
    }
}
