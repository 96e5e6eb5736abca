//! What comes in: events in their order, choices by name, timers that run out, and messages nobody can read.

use super::cause::{Cause, choice_of, input_of, tag_event};
use super::consequence::From;
use super::turn::{Count, Turn};
use super::{Engine, Trouble, report};
use crate::ingest::{Arrival, BrokerNews, Place, Unreadable};
use crate::journal::{JournalError, Kind, NewEntry, json};
use eg_game::RULES;
use eg_proto::{Event, NightVote, RoomId, SlotId, Text, Timestamp};
use serde_json::json;

/// Timers that run out in one round without time passing: a game that starts more of them has lost its way.
pub(super) const TIMERS: usize = 10_000;
/// Why such a session has failed.
pub(super) const ENDLESS: &str = "its timers run out without end";

impl Engine {
    /// Takes one thing that arrived.
    pub(super) fn take(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        arrival: &Arrival,
    ) -> Result<(), JournalError> {
        match arrival {
            Arrival::Event(slot, event) => self.take_event(turn, at, slot, event),
            Arrival::Presence(slot, presence) => self.take_presence(turn, at, slot, *presence),
            Arrival::Hello(slot, hello) => self.take_hello(turn, at, slot, hello),
            Arrival::Status(slot, status) => self.take_status(turn, at, slot, status),
            Arrival::Answer(slot, answer) => self.take_answer(turn, at, slot, answer),
            Arrival::Vote(slot, vote) => self.take_vote(turn, at, slot, vote),
            Arrival::Request(request) => self.take_request(turn, at, request),
            Arrival::Tag(slot, uid) => self.take_tag(turn, at, slot, uid),
            Arrival::Unreadable(message) => self.set_aside(turn, at, message),
            Arrival::Broker(BrokerNews::Connected) => {
                self.troubles.remove(&Trouble::Broker);
                turn.has_news = true;
                turn.tell_all = true;
                Ok(())
            }
            Arrival::Broker(BrokerNews::Lost(why)) => {
                self.troubles.insert(Trouble::Broker, report::broker_lost(why));
                turn.has_news = true;
                Ok(())
            }
            Arrival::Speaks(slot, who) => {
                self.take_speaker(slot, *who, at);
                Ok(())
            }
            Arrival::Ping(slot, ping) => {
                self.take_ping(slot, ping, at);
                Ok(())
            }
            Arrival::Sent(effect) => {
                turn.sent.push(*effect);
                Ok(())
            }
        }
    }

    /// A tag as the old contract tells it. An agent of ours says it a second time so, beside its event.
    fn take_tag(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        uid: &str,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let sends_events = self.slots.get(slot).is_some_and(|slot| slot.boot.is_some());
        match tag_event(uid.to_owned()) {
            Some(event) if !sends_events => {
                self.store_event(turn, at, slot, &event, None).map(drop)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn take_event(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        event: &Event,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let event = &self.believed(event);
        let key = (slot.clone(), event.boot);
        if !self.streams.knows(&key) {
            let row = self.journal.stream(slot, event.boot)?;
            self.streams.learn(key.clone(), row, at);
        }
        turn.touched.insert(key.clone());
        let Some(order) = self.streams.change(&key) else { return Ok(()) };
        let stream = order.stream;
        match order.judge(event, at) {
            Place::Wait => return self.give_up_on(turn, &key, at),
            Place::Repeat => turn.count(Some(slot), Count::Duplicate),
            Place::Store => {
                self.store_event(turn, at, slot, event, Some(stream))?;
                self.store_held(turn, &key, at)?;
            }
        }
        Ok(())
    }

    /// Stores the events that waited for the one before.
    fn store_held(
        &mut self,
        turn: &mut Turn,
        key: &(SlotId, eg_proto::Boot),
        at: Timestamp,
    ) -> Result<(), JournalError> {
        while let Some(order) = self.streams.change(key)
            && let Some(event) = order.next_held()
        {
            let stream = order.stream;
            self.store_event(turn, at, &key.0, &event, Some(stream))?;
        }
        Ok(())
    }

    /// Stores one event and plays it. A repeat is counted and dropped.
    fn store_event(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        event: &Event,
        stream: Option<i64>,
    ) -> Result<(), JournalError> {
        let at = self.tick(at);
        let playing = self.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        let new = NewEntry {
            at,
            kind: Kind::Event,
            slot: Some(slot),
            session,
            cause: None,
            place: stream.map(|stream| (stream, event.seq)),
            body: json(event),
        };
        let id = self.add(turn, new)?;
        if stream.is_some() {
            let key = (slot.clone(), event.boot);
            let order = self.streams.change(&key);
            if order.is_some_and(|order| order.stored(event.seq)) {
                self.keep_awaited(&key)?;
                turn.count(Some(slot), Count::Found);
            }
        }
        let Some(entry) = id else {
            turn.count(Some(slot), Count::Duplicate);
            return Ok(());
        };
        turn.count(Some(slot), Count::Stored);
        self.measure(slot, event, at);
        if let Some(known) = self.slots.get_mut(slot).filter(|known| known.sim != event.sim) {
            known.sim = event.sim;
            self.journal.mark_simulated(slot, event.sim)?;
        }
        let Some((room, session)) = playing else {
            self.answer_roll_call(slot, event);
            return Ok(());
        };
        let rules = self.runs.get(&room).map_or(RULES, |run| run.roster.rules());
        let input = input_of(entry, at, slot.clone(), event.clone(), rules);
        let from = From { entry, at, session, slot: Some(slot) };
        self.play(turn, &room, from, &Cause::Input(input)).map(drop)
    }

    fn take_vote(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        vote: &NightVote,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        self.seat_voter(turn, slot)?;
        let at = self.tick(at);
        let playing = self.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        let (kind, body) = (Kind::Vote, json(vote));
        let new = NewEntry { at, kind, slot: Some(slot), session, cause: None, place: None, body };
        let Some(entry) = self.add(turn, new)? else { return Ok(()) };
        match playing {
            Some((room, session)) => {
                let input = choice_of(entry, at, slot.clone(), vote);
                let from = From { entry, at, session, slot: Some(slot) };
                self.play(turn, &room, from, &Cause::Input(input)).map(drop)
            }
            None => {
                let why = Text::new(
                    format!("aucune partie en cours où joue {slot}"),
                    format!("no session runs in which {slot} plays"),
                );
                let body = json!({ "why": why, "entry": entry });
                let (kind, cause) = (Kind::Refused, Some(entry));
                let slot = Some(slot);
                let new = NewEntry { at, kind, slot, session: None, cause, place: None, body };
                self.add(turn, new).map(drop)
            }
        }
    }

    /// The room and the session that take this slot's inputs.
    pub(super) fn playing(&self, slot: &SlotId) -> Option<(RoomId, i64)> {
        let mut runs = self.runs.iter();
        runs.find_map(|(room, run)| run.seats(slot).then(|| (room.clone(), run.id)))
    }

    fn set_aside(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        message: &Unreadable,
    ) -> Result<(), JournalError> {
        let Unreadable { slot, topic, why, payload } = message;
        tracing::warn!(topic, why, "a message could not be read");
        self.journal.quarantine(at, topic, why, payload)?;
        turn.count(slot.as_ref(), Count::Quarantined);
        self.troubles.insert(Trouble::Quarantine, report::unreadable(topic, why));
        Ok(())
    }

    /// Lets every timer run out whose moment has come by `until`, in order.
    pub(super) fn fire_timers(
        &mut self,
        turn: &mut Turn,
        until: Timestamp,
    ) -> Result<(), JournalError> {
        for _ in 0..TIMERS {
            let timers = self.runs.iter().filter_map(|(room, run)| {
                self.come(run, until).map(|(due, timer)| (due, timer, room, run.id))
            });
            let Some((due, timer, room, session)) = timers.min() else { return Ok(()) };
            let room = room.clone();
            let waits = self.runs.get(&room).is_some_and(|run| run.timers().waits(timer));
            let at = self.tick(if waits { until } else { due });
            let moment = waits.then_some(due);
            let (kind, session_of) = (Kind::Timer, Some(session));
            let body = report::rang(timer, moment);
            let new = NewEntry {
                at,
                kind,
                slot: None,
                session: session_of,
                cause: None,
                place: None,
                body,
            };
            let Some(entry) = self.add(turn, new)? else { return Ok(()) };
            let from = From { entry, at, session, slot: None };
            self.play(turn, &room, from, &Cause::Timer(timer, moment.unwrap_or(at)))?;
        }
        let lost = self.runs.iter().filter(|(_, run)| self.come(run, until).is_some());
        let lost: Vec<RoomId> = lost.map(|(room, _)| room.clone()).collect();
        for room in lost {
            let Some(run) = self.runs.get_mut(&room) else { continue };
            run.fail(ENDLESS.to_owned());
            let session = run.id;
            let (entry, at) = (self.journal.next_entry() - 1, self.tick(until));
            self.failed(turn, From { entry, at, session, slot: None }, ENDLESS.to_owned())?;
        }
        Ok(())
    }

    /// Writes down the gaps of streams that have waited long enough.
    pub(super) fn give_up_waiting(&mut self, turn: &mut Turn) -> Result<(), JournalError> {
        for key in self.streams.due(turn.now) {
            self.give_up_on(turn, &key, turn.now)?;
            let order = self.streams.change(&key);
            if order.is_some_and(|order| order.write_off(turn.now)) {
                self.keep_awaited(&key)?;
                turn.touched.insert(key);
            }
        }
        Ok(())
    }

    fn give_up_on(
        &mut self,
        turn: &mut Turn,
        key: &(SlotId, eg_proto::Boot),
        now: Timestamp,
    ) -> Result<(), JournalError> {
        while let Some(order) = self.streams.change(key)
            && let Some((first, last)) = order.give_up(now)
        {
            let (slot, boot) = key;
            tracing::warn!(%slot, first, last, "events of a slot are missing");
            self.keep_awaited(key)?;
            let at = self.tick(now);
            let body = report::gap(slot, *boot, first, last);
            let (kind, slot) = (Kind::Gap, Some(slot));
            let new = NewEntry { at, kind, slot, session: None, cause: None, place: None, body };
            self.add(turn, new)?;
            turn.count(slot, Count::Missing(last - first + 1));
            turn.touched.insert(key.clone());
            self.store_held(turn, key, now)?;
        }
        Ok(())
    }

    fn keep_awaited(&mut self, key: &(SlotId, eg_proto::Boot)) -> Result<(), JournalError> {
        let Some(order) = self.streams.change(key) else { return Ok(()) };
        let (stream, ranges) = (order.stream, order.awaited());
        self.journal.await_numbers(stream, ranges)
    }
}
