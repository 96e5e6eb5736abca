//! What the engine tells: the state for pages, the public state of rooms, and what each slot is told.

pub(in crate::engine) mod questions;

use self::questions::News;
use super::effects::message::{self, Post};
use super::read_model::{Room, Session, SessionStatus, Show, State};
use super::session::live::Run;
use super::transaction::{Count, Turn};
use super::{Engine, Trouble};
use crate::journal::json;
use eg_proto::{Hint, ModeState, RoomState, SlotId, Timestamp, Topic, encode};
use serde_json::Value;
use std::collections::BTreeMap;

/// Effects that wait for the broker, at most, before those that have expired are let go.
const UNSENT: usize = 1_000;

impl Engine {
    /// What pages show.
    pub(super) fn report(&self) -> State {
        let rooms = self.rooms.iter().map(|(id, config)| {
            let session = self.runs.get(id).map(|run| run.shown().clone());
            let roll_call = self.roll_calls.get(id).cloned();
            let (slots, game) = (self.seats(id), config.game.clone());
            let own_show = config.show.as_ref().map(|show| show.show.clone());
            let show = self.shows.get(id).map(Show::of);
            (id.clone(), Room { slots, game, roll_call, own_show, show, session })
        });
        State {
            mode: self.mode,
            slots: BTreeMap::clone(&self.slots),
            rooms: rooms.collect(),
            troubles: self.troubles.values().cloned().collect(),
            storage_fault: self.troubles.get(&Trouble::Disk).cloned(),
            counts: self.counts,
        }
    }

    /// Adds what was stored to the counts.
    pub(super) fn count(&mut self, turn: &Turn) {
        for (slot, count) in &turn.tally {
            let of_slot = slot.as_ref().and_then(|slot| self.slots.get_mut(slot));
            let both = [Some(&mut self.counts), of_slot.map(|slot| &mut slot.counts)];
            for counts in both.into_iter().flatten() {
                match count {
                    Count::Stored => counts.stored += 1,
                    Count::Duplicate => counts.duplicates += 1,
                    Count::Missing(number) => counts.missing += number,
                    Count::Found => counts.missing = counts.missing.saturating_sub(1),
                    Count::Quarantined => counts.quarantined += 1,
                }
            }
        }
    }

    /// Tells the states that have changed; all of them, and what was not sent, when the connection is new.
    pub(super) fn post_states(&mut self, news: &News, posts: &mut Vec<Post>) {
        let (all, now) = (news.all, news.now);
        if all || self.told_mode != Some(self.mode) {
            self.told_mode = Some(self.mode);
            posts.push(Post::retained(Topic::Mode, encode(&ModeState { mode: self.mode })));
        }
        for (id, config) in &self.rooms {
            let session = self.runs.get(id);
            let shown = session.map(|run| run.shown());
            let roster = match session {
                Some(run) => run.roster.seats.iter().map(|seat| seat.slot.clone()).collect(),
                None => config.slots.clone().unwrap_or_default(),
            };
            let state = RoomState {
                room: id.clone(),
                session: shown.filter(|s| s.status == SessionStatus::Running).map(|s| s.id),
                game: shown.map(|shown| shown.game.clone()),
                phase: shown.map(phase),
                roster,
                view: shown.map_or(Value::Null, |shown| json(&shown.public)),
                hint: shown.and_then(room_hint),
            };
            if all || self.told_rooms.get(id) != Some(&state) {
                posts.push(Post::retained(Topic::RoomState(id.clone()), encode(&state)));
                self.told_rooms.insert(id.clone(), state);
            }
        }
        self.post_hints(all, posts);
        self.post_questions(news, posts);
        for (slot, subject, body) in self.runs.values().flat_map(Run::told) {
            let Some(about) = message::subject(slot, subject) else { continue };
            let topic = Topic::Told(slot.clone(), about);
            if all || self.told_slots.get(&topic) != Some(body) {
                posts.push(Post::retained(topic.clone(), encode(body)));
                self.told_slots.insert(topic, body.clone());
            }
        }
        if all || self.unsent.len() > UNSENT {
            let expired = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
            let gone: Vec<i64> =
                self.unsent.values().filter(|e| expired(e.expires)).map(|e| e.id).collect();
            gone.iter().for_each(|id| drop(self.unsent.remove(id)));
            if !gone.is_empty() {
                tracing::warn!(commands = gone.len(), "expired before the broker had them");
                self.sent.extend(gone);
                self.sent_by.get_or_insert(now);
            }
        }
        if all {
            posts.retain(|post| post.effect.is_none());
            posts.extend(self.unsent.values().filter_map(Post::of));
        }
    }
}

impl Engine {
    /// Tells each slot the hint that stands there, or that none stands any more.
    fn post_hints(&mut self, all: bool, posts: &mut Vec<Post>) {
        let mut now: BTreeMap<SlotId, String> = BTreeMap::new();
        for (room, run) in &self.runs {
            for seat in &run.roster.seats {
                now.entry(seat.slot.clone()).or_default();
            }
            // A slot that sits in two sessions reads the hint of the one that takes its presses.
            let plays = |slot: &SlotId| self.playing(slot).is_some_and(|(there, _)| there == *room);
            for hint in &run.shown().hints {
                if let Some(slot) = hint.slot.as_ref().filter(|slot| plays(slot)) {
                    now.insert(slot.clone(), hint.text.clone());
                }
            }
        }
        if all {
            // Whatever a core before this one has left at the broker.
            for slot in self.slots.keys() {
                now.entry(slot.clone()).or_default();
            }
        }
        let told = &mut self.told_hints;
        let gone = told.keys().filter(|slot| !now.contains_key(*slot)).cloned();
        let gone: Vec<_> = gone.map(|slot| (slot, String::new())).collect();
        for (slot, text) in gone.into_iter().chain(now) {
            if told.get(&slot).map(String::as_str).unwrap_or_default() != text || all {
                let payload =
                    if text.is_empty() { Vec::new() } else { encode(&Hint { text: text.clone() }) };
                posts.push(Post::retained(Topic::Hint(slot.clone()), payload));
            }
            told.insert(slot, text);
        }
    }
}

/// What stands for the room to read.
fn room_hint(session: &Session) -> Option<String> {
    session.hints.iter().find(|hint| hint.slot.is_none()).map(|hint| hint.text.clone())
}

/// The phase by its own word; a session that has failed says so itself, because its game cannot.
fn phase(session: &Session) -> String {
    match session.status {
        SessionStatus::Failed(_) => "failed".to_owned(),
        SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
            session.public.phase.clone()
        }
    }
}
