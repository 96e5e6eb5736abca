//! Recovery of sessions from the journal, after a start of the core and after a round that was rolled back.

use crate::engine::Engine;
use crate::engine::effects::apply::Origin;
use crate::engine::read_model::SessionStatus;
use crate::engine::session::cause::Cause;
use crate::engine::session::rebuild;
use crate::engine::text;
use crate::engine::transaction::Transaction;
use crate::journal::{JournalError, Kind, NewEntry};
use eg_proto::{RoomId, Timestamp};

impl Engine {
    /// Rebuilds the last session of every room by applying everything that the journal holds of it. Effects are not
    /// carried out again.
    pub(in crate::engine) fn rebuild(&mut self) -> Result<(), JournalError> {
        let mut runs = Vec::new();
        for kept in self.journal.last_sessions()? {
            let ending = kept.ending.clone();
            let mut run = rebuild::rebuild(&self.journal, kept)?;
            // A panic leaves the session failed; what it said stands in its status.
            let _ = run.render();
            if let Some(ending) = &ending {
                run.ended(ending);
                let _ = run.render();
            }
            runs.push((run.room.clone(), run));
        }
        self.rooms.sessions = runs.into_iter().collect();
        self.recall_roll_calls()?;
        self.recall_ticks()?;
        self.recall_shows()?;
        self.recall_plans()?;
        self.recall_settings()?;
        self.rooms.stale = false;
        Ok(())
    }

    /// Resumes every running session after an outage that began at `alive`. The outage does not count as time for a
    /// session. A session that could not be rebuilt is marked as failed.
    pub(in crate::engine) fn resume(
        &mut self,
        tx: &mut Transaction,
        alive: Timestamp,
    ) -> Result<(), JournalError> {
        let outage = tx.now.since(alive);
        let kept = self.journal.last_sessions()?;
        let unended: Vec<RoomId> =
            kept.into_iter().filter(|kept| kept.ending.is_none()).map(|kept| kept.room).collect();
        if unended.is_empty() {
            return Ok(());
        }
        for room in unended {
            let Some(run) = self.rooms.sessions.get(&room) else { continue };
            let (session, at) = (run.id, self.time.last);
            if let SessionStatus::Failed(why) = run.status.clone() {
                let entry = self.journal.next_entry() - 1;
                self.failed(tx, Origin { entry, at, session, slot: None }, why)?;
                continue;
            }
            let body = text::resumed(outage);
            let (kind, session_of) = (Kind::Resumed, Some(session));
            let new = NewEntry {
                at,
                kind,
                slot: None,
                session: session_of,
                cause: None,
                place: None,
                body,
            };
            if let Some(entry) = self.add(tx, new)? {
                let from = Origin { entry, at, session, slot: None };
                self.play(tx, &room, from, &Cause::Resumed(outage))?;
            }
        }
        self.journal.mark_alive(tx.now)?;
        self.render(tx)
    }
}
