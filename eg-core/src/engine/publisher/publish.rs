//! Publication of the read model for pages, the public state of rooms, and states that games show.

use super::News;
use super::publish_hints::room_hint;
use crate::engine::Engine;
use crate::engine::alerts::Alert;
use crate::engine::effects::message::{self, OutgoingMessage};
use crate::engine::read_model::{ReadModel, Room, Session, SessionStatus, ShowStatus};
use crate::engine::session::live::LiveSession;
use crate::engine::transaction::{Count, Transaction};
use crate::journal::json;
use eg_proto::{ModeState, RoomState, Topic, encode};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Number of effects that may wait for the broker before expired ones are dropped.
const UNSENT: usize = 1_000;

impl Engine {
    /// Builds the read model.
    pub(in crate::engine) fn report(&self) -> ReadModel {
        let rooms = self.rooms.config.iter().map(|(id, config)| {
            let session = self.rooms.sessions.get(id).map(|run| run.shown().clone());
            let roll_call = self.rooms.roll_calls.get(id).cloned();
            let (slots, game) = (self.seats(id), config.game.clone());
            let own_show = config.show.as_ref().map(|show| show.show.clone());
            let show = self.rooms.shows.get(id).map(ShowStatus::of);
            let reset = self.reset_lines(id);
            let micros = |silence: Duration| u64::try_from(silence.as_micros()).unwrap_or(u64::MAX);
            let (idle_warn_us, idle_alarm_us) =
                (micros(config.times.warn), micros(config.times.alarm));
            let room = Room {
                mode: self.modes.of(id),
                slots,
                game,
                roll_call,
                reset,
                idle_warn_us,
                idle_alarm_us,
                own_show,
                show,
                session,
                hints: config.hints.clone(),
            };
            (id.clone(), room)
        });
        ReadModel {
            mode: self.old_mode(),
            slots: BTreeMap::clone(&self.slots.known),
            panels: BTreeMap::clone(&self.slots.panels),
            plans: self.rooms.plans.clone(),
            rooms: rooms.collect(),
            settings: self.rooms.settings.clone(),
            troubles: self.alerts.values().cloned().collect(),
            alerts: BTreeMap::clone(&self.alerts),
            storage_fault: self.alerts.get(&Alert::Disk).cloned(),
            counts: self.counts,
            names: Arc::clone(self.names.shown()),
        }
    }

    /// Adds a transaction's tally to the counts of the core and of its slots.
    pub(in crate::engine) fn count(&mut self, tx: &Transaction) {
        for (slot, count) in &tx.tally {
            let of_slot = slot.as_ref().and_then(|slot| self.slots.known.get_mut(slot));
            let both =
                [Some(&mut self.counts), of_slot.map(|slot| &mut Arc::make_mut(slot).counts)];
            for counts in both.into_iter().flatten() {
                match count {
                    Count::Stored => counts.stored += 1,
                    Count::Duplicate => counts.duplicates += 1,
                    Count::Missing(number) => {
                        counts.missing = counts.missing.saturating_add(*number)
                    }
                    Count::Found => counts.missing = counts.missing.saturating_sub(1),
                    Count::Quarantined => counts.quarantined += 1,
                }
            }
        }
    }

    /// Publishes states that have changed; with a new connection all of them, and all effects that were not sent.
    pub(in crate::engine) fn publish_states(
        &mut self,
        news: &News,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        let (all, now) = (news.all, news.now);
        let mode = self.old_mode();
        if all || self.publisher.mode != Some(mode) {
            self.publisher.mode = Some(mode);
            messages.push(OutgoingMessage::retained(Topic::Mode, encode(&ModeState { mode })));
        }
        for (id, config) in &self.rooms.config {
            let session = self.rooms.sessions.get(id);
            let shown = session.map(|run| run.shown());
            let roster = match session {
                Some(run) => run.roster.seats.iter().map(|seat| seat.slot.clone()).collect(),
                None => config.slots.clone().unwrap_or_default(),
            };
            let hint = shown.and_then(|shown| room_hint(shown, config.hints.aloud));
            let state = RoomState {
                room: id.clone(),
                session: shown.filter(|s| s.status == SessionStatus::Running).map(|s| s.id),
                game: shown.map(|shown| shown.game.clone()),
                phase: shown.map(phase),
                roster,
                view: shown.map_or(Value::Null, |shown| json(&shown.public)),
                hint: hint.as_ref().map(|hint| hint.text.clone()),
                room_hint: hint,
            };
            if all || self.publisher.rooms.get(id) != Some(&state) {
                messages
                    .push(OutgoingMessage::retained(Topic::RoomState(id.clone()), encode(&state)));
                self.publisher.rooms.insert(id.clone(), state);
            }
        }
        self.publish_hints(all, messages);
        self.publish_questions(news, messages);
        self.publish_scenes(news, messages);
        for (slot, subject, body) in self.rooms.sessions.values().flat_map(LiveSession::told) {
            let Some(about) = message::subject(slot, subject) else { continue };
            let topic = Topic::Told(slot.clone(), about);
            if all || self.publisher.slots.get(&topic) != Some(body) {
                messages.push(OutgoingMessage::retained(topic.clone(), encode(body)));
                self.publisher.slots.insert(topic, body.clone());
            }
        }
        if all || self.publisher.unsent.len() > UNSENT {
            self.publisher.expire(now);
        }
        if all {
            messages.retain(|post| post.effect.is_none());
            messages.extend(self.publisher.unsent.values().filter_map(OutgoingMessage::of));
        }
    }
}

/// Returns the game's word for its phase, or `failed` for a session that has failed, because its game cannot say so.
fn phase(session: &Session) -> String {
    match session.status {
        SessionStatus::Failed(_) => "failed".to_owned(),
        SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
            session.public.phase.clone()
        }
    }
}
