//! Incoming messages: events in their order, choices by name, timers that expire, and messages that cannot be read.

use crate::engine::effects::answer;
use crate::engine::effects::apply::Origin;
use crate::engine::session::cause::{Cause, choice_of, input_of, tag_event};
use crate::engine::session::timers::{ENDLESS, TIMERS};
use crate::engine::transaction::{Count, Transaction};
use crate::engine::{Alert, Engine, text};
use crate::ingest::{Admission, Arrival, BrokerNews, Unreadable};
use crate::journal::{JournalError, Kind, NewEntry, NewEvent, json};
use eg_game::RULES;
use eg_proto::{Event, NightVote, RoomId, SlotId, Text, Timestamp, encode};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

impl Engine {
    /// Handles one arrival.
    pub(in crate::engine) fn take(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        arrival: &Arrival,
    ) -> Result<(), JournalError> {
        match arrival {
            Arrival::Event(slot, event) => self.take_event(tx, at, slot, event),
            Arrival::Presence(slot, presence) => self.take_presence(tx, at, slot, *presence),
            Arrival::Hello(slot, hello) => self.take_hello(tx, at, slot, hello),
            Arrival::Status(slot, status) => self.take_status(tx, at, slot, status),
            Arrival::Answer(slot, answer) => self.take_answer(tx, at, slot, answer),
            Arrival::Vote(slot, vote) => self.take_vote(tx, at, slot, vote),
            Arrival::Request(request) => self.take_request(tx, at, request),
            Arrival::Tag(slot, uid) => self.take_tag(tx, at, slot, uid),
            Arrival::Unreadable(message) => self.set_aside(tx, at, message),
            Arrival::Broker(BrokerNews::Connected) => {
                self.alerts.remove(&Alert::Broker);
                self.intake.streams.linked(Some(at));
                self.slots.listen(Some(at));
                tx.has_news = true;
                tx.tell_all = true;
                Ok(())
            }
            Arrival::Broker(BrokerNews::Lost(why)) => {
                self.alerts.insert(Alert::Broker, text::broker_lost(why));
                self.intake.streams.linked(None);
                self.slots.listen(None);
                tx.has_news = true;
                Ok(())
            }
            Arrival::Speaks(slot, who) => {
                self.take_speaker(slot, *who, at);
                Ok(())
            }
            Arrival::Client(id, trouble) => {
                let alert = Alert::Client(id.clone());
                match trouble {
                    Some(kind) => drop(self.alerts.insert(alert, text::client(id, *kind))),
                    None => drop(self.alerts.remove(&alert)),
                }
                tx.has_news = true;
                Ok(())
            }
            Arrival::Ping(slot, ping) => {
                self.take_ping(slot, ping, at);
                Ok(())
            }
            Arrival::Lights(slot, leds) => {
                self.light_outputs(slot, leds);
                Ok(())
            }
            Arrival::Sent(effect) => {
                tx.sent.push(*effect);
                Ok(())
            }
        }
    }

    /// Handles a tag of the old contract. It is ignored from slots that send events: their agents send the same tag as
    /// an event too.
    fn take_tag(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        uid: &str,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let sends_events = self.slots.known.get(slot).is_some_and(|slot| slot.boot.is_some());
        match tag_event(uid.to_owned()) {
            Some(event) if !sends_events => self.store_event(tx, at, slot, &event, None).map(drop),
            Some(_) | None => Ok(()),
        }
    }

    fn take_event(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        event: &Event,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        self.note_life(tx, at, slot)?;
        let event = &*self.time.believed(event, at);
        let key = (slot.clone(), event.boot);
        if !self.intake.streams.knows(&key) {
            let row = self.journal.stream(slot, event.boot)?;
            self.intake.streams.learn(key.clone(), row, at);
        }
        tx.touched.insert(key.clone());
        let Some(order) = self.intake.streams.change(&key) else { return Ok(()) };
        let stream = order.stream;
        let repeats = order.repeats(event.seq);
        match order.admit(event, at) {
            Admission::Wait => return self.give_up_on(tx, &key, at),
            Admission::Absurd(last) => {
                let topic = format!("{slot}/input/event");
                let why = format!("seq: {} is too far from the last one, {last}", event.seq);
                let (slot, payload) = (Some(slot.clone()), encode(event));
                return self.set_aside(tx, at, &Unreadable { slot, topic, why, payload });
            }
            Admission::Repeat => tx.count(Some(slot), Count::Duplicate),
            Admission::Store => {
                self.store_event(tx, at, slot, event, Some(stream))?;
                self.store_held(tx, &key, at)?;
            }
        }
        if repeats { self.write_off(&key, event.seq, at) } else { Ok(()) }
    }

    /// Counts awaited numbers as lost before one that the slot repeats: it has gone past them once more.
    fn write_off(
        &mut self,
        key: &(SlotId, eg_proto::Boot),
        repeated: u64,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        if !self.intake.streams.hears_all(at) {
            return Ok(());
        }
        let order = self.intake.streams.change(key);
        if order.is_some_and(|order| order.write_off(repeated, at)) {
            self.keep_awaited(key)?;
        }
        Ok(())
    }

    /// Stores events that were held until the one before them had come.
    fn store_held(
        &mut self,
        tx: &mut Transaction,
        key: &(SlotId, eg_proto::Boot),
        at: Timestamp,
    ) -> Result<(), JournalError> {
        while let Some(order) = self.intake.streams.change(key)
            && let Some(event) = order.next_held()
        {
            let stream = order.stream;
            self.store_event(tx, at, &key.0, &event, Some(stream))?;
        }
        Ok(())
    }

    /// Stores one event and passes it to its session. A duplicate is counted and dropped.
    fn store_event(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        event: &Event,
        stream: Option<i64>,
    ) -> Result<(), JournalError> {
        let at = self.time.tick(at);
        let playing = self.rooms.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        let place = stream.map(|stream| (stream, event.seq));
        let id = self.add_event(tx, &NewEvent { at, slot, session, place, event })?;
        if stream.is_some() {
            let key = (slot.clone(), event.boot);
            let order = self.intake.streams.change(&key);
            if order.is_some_and(|order| order.stored(event.seq)) {
                self.keep_awaited(&key)?;
                tx.count(Some(slot), Count::Found);
            }
        }
        let Some(entry) = id else {
            tx.count(Some(slot), Count::Duplicate);
            return Ok(());
        };
        tx.count(Some(slot), Count::Stored);
        self.slots.measure(slot, event, at);
        self.light_input(slot, event, at);
        if let Some(known) = self.slots.known.get_mut(slot).filter(|known| known.sim != event.sim) {
            Arc::make_mut(known).sim = event.sim;
            self.journal.mark_simulated(slot, event.sim)?;
        }
        let Some((room, session)) = playing else {
            self.answer_roll_call(slot, event);
            let answer = answer::outside(event, self.rooms.calls(slot));
            tx.answers.extend(answer.map(|answer| (slot.clone(), answer)));
            return Ok(());
        };
        let rules = self.rooms.sessions.get(&room).map_or(RULES, |run| run.roster.rules());
        let input = input_of(entry, at, slot.clone(), event.clone(), rules);
        let from = Origin { entry, at, session, slot: Some(slot) };
        self.play(tx, &room, from, &Cause::Input(input)).map(drop)
    }

    fn take_vote(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        vote: &NightVote,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        self.seat_voter(tx, slot)?;
        let at = self.time.tick(at);
        let playing = self.rooms.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        let (kind, body) = (Kind::Vote, json(vote));
        let new = NewEntry { at, kind, slot: Some(slot), session, cause: None, place: None, body };
        let Some(entry) = self.add(tx, new)? else { return Ok(()) };
        match playing {
            Some((room, session)) => {
                let input = choice_of(entry, at, slot.clone(), vote);
                let from = Origin { entry, at, session, slot: Some(slot) };
                self.play(tx, &room, from, &Cause::Input(input)).map(drop)
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
                self.add(tx, new).map(drop)
            }
        }
    }

    fn set_aside(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        message: &Unreadable,
    ) -> Result<(), JournalError> {
        let Unreadable { slot, topic, why, payload } = message;
        let client = slot.as_ref().map_or(topic.as_str(), SlotId::as_str);
        if let Some(more) = self.may_complain(client, at) {
            tracing::warn!(
                topic = eg_page::excerpt(topic),
                why = eg_page::excerpt(why),
                more,
                "a message could not be read, and so many more before"
            );
        }
        self.journal.quarantine(at, topic, why, payload)?;
        tx.count(slot.as_ref(), Count::Quarantined);
        self.alerts.insert(Alert::Quarantine, text::unreadable(topic, why));
        Ok(())
    }

    /// Returns the number of lines about this client that the log was spared since the last one, or `None` if the next one
    /// is to be spared too.
    fn may_complain(&mut self, client: &str, at: Timestamp) -> Option<u64> {
        let now = Duration::from_micros(u64::try_from(at.0).unwrap_or(0));
        self.intake.complaints.pass(client, now)
    }

    /// Fires, in order of time, every timer that is due by `until`.
    pub(in crate::engine) fn fire_timers(
        &mut self,
        tx: &mut Transaction,
        until: Timestamp,
    ) -> Result<(), JournalError> {
        for _ in 0..TIMERS {
            let timers = self.rooms.sessions.iter().filter_map(|(room, run)| {
                self.come(run, until).map(|(due, timer)| (due, timer, room, run.id))
            });
            let Some((due, timer, room, session)) = timers.min() else { return Ok(()) };
            let room = room.clone();
            let waits = self.rooms.sessions.get(&room).is_some_and(|run| run.timers().waits(timer));
            let at = self.time.tick(if waits { until } else { due });
            let moment = waits.then_some(due);
            let (kind, session_of) = (Kind::Timer, Some(session));
            let body = text::rang(timer, moment);
            let new = NewEntry {
                at,
                kind,
                slot: None,
                session: session_of,
                cause: None,
                place: None,
                body,
            };
            let Some(entry) = self.add(tx, new)? else { return Ok(()) };
            let from = Origin { entry, at, session, slot: None };
            self.play(tx, &room, from, &Cause::Timer(timer, moment.unwrap_or(at)))?;
        }
        let lost = self.rooms.sessions.iter().filter(|(_, run)| self.come(run, until).is_some());
        let lost: Vec<RoomId> = lost.map(|(room, _)| room.clone()).collect();
        for room in lost {
            let Some(run) = self.rooms.sessions.get_mut(&room) else { continue };
            run.fail(ENDLESS.to_owned());
            let session = run.id;
            let (entry, at) = (self.journal.next_entry() - 1, self.time.tick(until));
            self.failed(tx, Origin { entry, at, session, slot: None }, ENDLESS.to_owned())?;
        }
        Ok(())
    }

    /// Stores a gap for every stream that has waited long enough for missing events.
    pub(in crate::engine) fn give_up_waiting(
        &mut self,
        tx: &mut Transaction,
    ) -> Result<(), JournalError> {
        for key in self.intake.streams.due(tx.now) {
            self.give_up_on(tx, &key, tx.now)?;
        }
        Ok(())
    }

    fn give_up_on(
        &mut self,
        tx: &mut Transaction,
        key: &(SlotId, eg_proto::Boot),
        now: Timestamp,
    ) -> Result<(), JournalError> {
        while self.intake.streams.is_due(key, now)
            && let Some(order) = self.intake.streams.change(key)
            && let Some((first, last)) = order.give_up(now)
        {
            let (slot, boot) = key;
            if let Some(more) = self.may_complain(slot.as_str(), now) {
                tracing::warn!(%slot, first, last, more, "events of a slot are missing");
            }
            self.keep_awaited(key)?;
            let at = self.time.tick(now);
            let body = text::gap(slot, *boot, first, last);
            let (kind, slot) = (Kind::Gap, Some(slot));
            let new = NewEntry { at, kind, slot, session: None, cause: None, place: None, body };
            self.add(tx, new)?;
            tx.count(slot, Count::Missing((last - first).saturating_add(1)));
            tx.touched.insert(key.clone());
            self.store_held(tx, key, now)?;
        }
        Ok(())
    }

    fn keep_awaited(&mut self, key: &(SlotId, eg_proto::Boot)) -> Result<(), JournalError> {
        let Some(order) = self.intake.streams.change(key) else { return Ok(()) };
        let (stream, ranges) = (order.stream, order.awaited());
        self.journal.await_numbers(stream, ranges)
    }
}
