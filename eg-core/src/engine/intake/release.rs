//! Release of held inputs to their game in order of time, and of timers that wait for them.

use crate::engine::effects::apply::Origin;
use crate::engine::session::cause::Cause;
use crate::engine::session::live::LiveSession;
use crate::engine::session::reorder::ReorderBuffer;
use crate::engine::session::timers::TimerName;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, Kind, NewEntry};
use eg_proto::{RoomId, Timestamp};

impl Engine {
    /// Releases to each game the held inputs whose turn has come, in order of time.
    pub(in crate::engine) fn release(&mut self, tx: &mut Transaction) -> Result<(), JournalError> {
        let waits = self.rooms.sessions.iter().filter(|(_, run)| !run.queue().is_empty());
        let rooms: Vec<RoomId> = waits.map(|(room, _)| room.clone()).collect();
        for room in rooms {
            while let Some(run) = self.rooms.sessions.get(&room) {
                let session = run.id;
                let slots = run.roster.seats.iter().map(|seat| &seat.slot);
                let (tied, moment) = if run.hears_by_time() {
                    let tied = run
                        .queue()
                        .ready(tx.now, self.slots.window(slots, self.time.started, tx.now));
                    let place = run.queue().last_place(&tied).filter(|_| run.waits());
                    (tied, place.map(|place| place.max(run.moment())))
                } else {
                    (run.freed(), None)
                };
                if tied.is_empty() {
                    break;
                }
                for held in tied {
                    self.release_one(tx, &room, session, held, moment)?;
                }
                self.fire_timers(tx, tx.now)?;
            }
        }
        Ok(())
    }

    fn release_one(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        session: i64,
        held: i64,
        moment: Option<Timestamp>,
    ) -> Result<(), JournalError> {
        let at = self.time.tick(tx.now);
        let Some(run) = self.rooms.sessions.get(room) else { return Ok(()) };
        let queue = run.queue();
        // The game ended with what was handed over before it.
        let Some((slot, since)) = queue.waiting(held) else { return Ok(()) };
        let (slot, waited) = (slot.clone(), at.since(since));
        let overtaken = run.hears_by_time() && queue.is_overtaken(held);
        let body = text::played(held, waited, overtaken, moment);
        let (kind, slot_of, session_of) = (Kind::Played, Some(&slot), Some(session));
        let (cause, place) = (None, None);
        let new = NewEntry { at, kind, slot: slot_of, session: session_of, cause, place, body };
        let Some(entry) = self.add(tx, new)? else { return Ok(()) };
        let from = Origin { entry, at, session, slot: Some(&slot) };
        self.play(tx, room, from, &Cause::Played(held, moment.unwrap_or(at))).map(drop)
    }

    /// Returns the time at which something that this session holds is to be released; `None` while nothing is.
    pub(in crate::engine) fn held_until(&self, run: &LiveSession) -> Option<Timestamp> {
        if run.queue().is_empty() {
            return None;
        }
        if !run.hears_by_time() {
            return (!run.freed().is_empty()).then(|| self.time.now());
        }
        let slots = run.roster.seats.iter().map(|seat| &seat.slot);
        run.queue().due(self.slots.window(slots, self.time.started, self.time.now()))
    }

    /// Returns the first timer of a session that is to fire by `until`, with the time for which it was set.
    pub(in crate::engine) fn come(
        &self,
        run: &LiveSession,
        until: Timestamp,
    ) -> Option<(Timestamp, TimerName)> {
        let settled = |due| self.settles(run, due, until).is_some_and(|at| at <= until);
        run.timers().next(until, settled)
    }

    /// Returns the time at which the next timer of a session is to fire.
    pub(in crate::engine) fn next_ring(&self, run: &LiveSession) -> Option<Timestamp> {
        run.timers().wakes(|due| self.settles(run, due, self.time.now()))
    }

    /// Returns the time from which on nothing can arrive that happened by `moment`, as far as is known at `now`. `None`
    /// while something of that time is held.
    fn settles(&self, run: &LiveSession, moment: Timestamp, now: Timestamp) -> Option<Timestamp> {
        if run.queue().next_place().is_some_and(|place| place <= moment) {
            return None;
        }
        let slots = run.roster.seats.iter().map(|seat| &seat.slot);
        Some(ReorderBuffer::horizon(moment, self.slots.window(slots, self.time.started, now)))
    }
}
