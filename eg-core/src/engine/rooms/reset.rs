//! Reset of a room between two groups: lines to tick, from its file and from what the last game left on.

use super::acts::{ActRequest, Attempt, no_room};
use crate::engine::command::{Actor, Refused, RefusedKind};
use crate::engine::read_model::ResetLine;
use crate::engine::session::live::LiveSession;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, json};
use eg_proto::{RoomId, Text};

/// Name of the act that ticks a line, or takes the tick back.
const TICK: &str = "reset-room";

impl Engine {
    /// Returns the lines of a room's reset: those of its file, then the outputs that its last session left on. While a
    /// session runs there is nothing to put back.
    pub(in crate::engine) fn reset_lines(&self, room: &RoomId) -> Vec<ResetLine> {
        let session = self.rooms.sessions.get(room);
        if session.is_some_and(LiveSession::is_running) {
            return Vec::new();
        }
        let written = self.rooms.config.get(room).into_iter().flat_map(|room| &room.reset);
        let left = session.into_iter().flat_map(LiveSession::left_on).map(|(slot, output)| {
            Text::new(
                format!("{slot} {output} : éteindre ou refermer"),
                format!("{slot} {output}: switch off or lock again"),
            )
        });
        let ticks = self.rooms.ticks.get(room);
        let line = |what: Text| {
            let by = ticks.and_then(|ticks| ticks.get(&what.en)).cloned();
            ResetLine { what, by }
        };
        written.map(Text::same).chain(left).map(line).collect()
    }

    /// Ticks a line of a room's reset, or takes the tick back.
    pub(in crate::engine) fn tick_reset(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        line: &str,
        done: bool,
        by: Actor,
    ) -> Attempt<()> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(no_room(room)));
        }
        if !self.reset_lines(room).iter().any(|known| known.what.en == line) {
            let why = Text::new(
                "cette ligne n'est pas à remettre en place maintenant",
                "there is no such line to put back now",
            );
            return Ok(Err(Refused::new(RefusedKind::Conflict, why)));
        }
        let ticks = self.rooms.ticks.entry(room.clone()).or_default();
        let changed = match done {
            true => ticks.insert(line.to_owned(), by.0.clone()).is_none(),
            false => ticks.remove(line).is_some(),
        };
        if changed {
            self.journal.mark_reset(room, Some(&json(ticks)))?;
            let args = [("room", json(room)), ("line", line.into()), ("done", done.into())];
            let args = text::args(args);
            self.write_act(tx, None, ActRequest { name: TICK.into(), args, reason: None, by })?;
        }
        Ok(Ok(()))
    }

    /// Forgets the ticks of a room, because its session starts.
    pub(in crate::engine) fn forget_ticks(&mut self, room: &RoomId) -> Result<(), JournalError> {
        match self.rooms.ticks.remove(room) {
            Some(_) => self.journal.mark_reset(room, None),
            None => Ok(()),
        }
    }

    /// Restores the ticks of all rooms from the journal.
    pub(in crate::engine) fn recall_ticks(&mut self) -> Result<(), JournalError> {
        self.rooms.ticks.clear();
        for room in self.rooms.config.keys() {
            let kept = self.journal.reset(room)?;
            let ticks = kept.and_then(|kept| serde_json::from_str(&kept).ok());
            self.rooms.ticks.extend(ticks.map(|ticks| (room.clone(), ticks)));
        }
        Ok(())
    }
}
