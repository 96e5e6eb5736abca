//! Handing over: inputs that were held back reach their game, in the order of time.

use super::cause::Cause;
use super::consequence::From;
use super::run::Run;
use super::turn::Turn;
use super::{Engine, report};
use crate::journal::{JournalError, Kind, NewEntry};
use eg_proto::{RoomId, Timestamp};

impl Engine {
    /// Hands over to each game what it was made to wait for, in the order of time.
    pub(super) fn hand_over(&mut self, turn: &mut Turn) -> Result<(), JournalError> {
        let waits = self.runs.iter().filter(|(_, run)| !run.queue().is_empty());
        let rooms: Vec<RoomId> = waits.map(|(room, _)| room.clone()).collect();
        for room in rooms {
            while let Some(run) = self.runs.get(&room) {
                let session = run.id;
                let slots = run.roster.seats.iter().map(|seat| &seat.slot);
                let heat = run.queue().ready(turn.now, self.patience(slots, turn.now));
                if heat.is_empty() {
                    break;
                }
                for held in heat {
                    self.hand(turn, &room, session, held)?;
                }
                self.fire_timers(turn, turn.now)?;
            }
        }
        Ok(())
    }

    fn hand(
        &mut self,
        turn: &mut Turn,
        room: &RoomId,
        session: i64,
        held: i64,
    ) -> Result<(), JournalError> {
        let at = self.tick(turn.now);
        let Some(queue) = self.runs.get(room).map(Run::queue) else { return Ok(()) };
        // The game ended with what was handed over before it.
        let Some((slot, since)) = queue.waiting(held) else { return Ok(()) };
        let (slot, waited) = (slot.clone(), at.since(since));
        let body = report::played(held, waited, queue.is_overtaken(held));
        let (kind, slot_of, session_of) = (Kind::Played, Some(&slot), Some(session));
        let (cause, place) = (None, None);
        let new = NewEntry { at, kind, slot: slot_of, session: session_of, cause, place, body };
        let Some(entry) = self.add(turn, new)? else { return Ok(()) };
        let from = From { entry, at, session, slot: Some(&slot) };
        self.play(turn, room, from, &Cause::Played(held, at)).map(drop)
    }

    /// When something that this session holds back is to be handed over.
    pub(super) fn held_until(&self, run: &Run) -> Option<Timestamp> {
        if run.queue().is_empty() {
            return None;
        }
        let slots = run.roster.seats.iter().map(|seat| &seat.slot);
        run.queue().due(self.patience(slots, self.clock.now()))
    }
}
