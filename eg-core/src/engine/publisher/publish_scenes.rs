//! Publication of what the screen of each slot shows beside question, result and hint, and of answers to presses.

use super::News;
use super::questions::state;
use crate::engine::Engine;
use crate::engine::effects::message::{COMMAND_LIFE, OutgoingMessage};
use crate::engine::read_model::SessionStatus;
use crate::engine::session::aside::Aside;
use crate::engine::session::live::LiveSession;
use eg_game::{Seat, Widget};
use eg_proto::{
    PressAnswer, RoomId, SceneClock, SceneState, SeatState, SlotId, SlotScene, Text, Timestamp,
    Topic, encode,
};
use std::collections::{BTreeMap, BTreeSet};

/// Number of sentences that a scene carries.
const LINES: usize = 6;

impl Engine {
    /// Publishes to each slot the scene of the room in which it plays, where it has changed.
    pub(in crate::engine) fn publish_scenes(
        &mut self,
        news: &News,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        let now = self.scenes();
        let told = &mut self.publisher.scenes;
        // With a new connection, also whatever a core before this one has left at the broker.
        let before = self.slots.known.keys().filter(|_| news.all).chain(told.keys());
        let gone: BTreeSet<&SlotId> = before.filter(|slot| !now.contains_key(*slot)).collect();
        let mut changed: Vec<_> = gone.into_iter().map(|slot| (slot.clone(), None)).collect();
        for (slot, scene) in now {
            let again = news.all || news.greeted.contains(&slot);
            if again || told.get(&slot) != Some(&scene) {
                changed.push((slot, Some(scene)));
            }
        }
        for (slot, scene) in changed {
            messages.push(state(Topic::Scene(slot.clone()), scene.as_ref()));
            match scene {
                Some(scene) => drop(told.insert(slot, scene)),
                None => drop(told.remove(&slot)),
            }
        }
    }

    /// Returns the scene of every slot that a room names or a session seats. The session that takes a slot's presses goes
    /// first, then a roll-call, then whatever its room showed last.
    fn scenes(&self) -> BTreeMap<SlotId, SlotScene> {
        let mut scenes = BTreeMap::new();
        let sessions = || self.rooms.sessions.values();
        for run in sessions().filter(|run| run.is_running()) {
            seat_all(&mut scenes, run, self.empty_scene(&run.room));
        }
        for (room, roll) in &self.rooms.roll_calls {
            let missing = roll.missing.iter().map(|slot| (slot, SceneState::RollCall));
            let present = roll.present.iter().map(|slot| (slot, SceneState::Present));
            for (slot, state) in missing.chain(present).filter(|_| !self.is_played(room)) {
                let scene = || SlotScene { state, ..self.empty_scene(room) };
                scenes.entry(slot.clone()).or_insert_with(scene);
            }
        }
        for run in sessions().filter(|run| !run.is_running()) {
            seat_all(&mut scenes, run, self.empty_scene(&run.room));
        }
        for room in self.rooms.config.keys() {
            for slot in self.seats(room) {
                scenes.entry(slot).or_insert_with(|| self.empty_scene(room));
            }
        }
        scenes
    }

    /// Builds the scene of a room in which nothing goes on.
    fn empty_scene(&self, room: &RoomId) -> SlotScene {
        let names = self.names.shown();
        let named = |slot: SlotId| {
            let name = names.seat(&slot).to_owned();
            (name != slot.as_str()).then_some((slot, name))
        };
        SlotScene {
            state: SceneState::Waiting,
            mode: self.modes.of(room),
            seat: None,
            headline: Text::default(),
            own: Vec::new(),
            lines: Vec::new(),
            clocks: Vec::new(),
            started_us: None,
            names: self.seats(room).into_iter().filter_map(named).collect(),
        }
    }

    fn is_played(&self, room: &RoomId) -> bool {
        self.rooms.sessions.get(room).is_some_and(LiveSession::is_running)
    }

    /// Sends each answer to the slot that pressed, with what the game has for that player alone.
    pub(in crate::engine) fn send_answers(
        &self,
        answers: BTreeMap<SlotId, PressAnswer>,
        now: Timestamp,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        for (slot, answer) in answers {
            let run = self.rooms.sessions.values().find(|run| run.seats(&slot));
            let aside = run.and_then(|run| run.aside(&slot));
            let notes = aside.map(|aside| aside.lines.clone()).unwrap_or_default();
            messages.push(OutgoingMessage {
                payload: encode(&PressAnswer { notes, ..answer }),
                topic: Topic::Answer(slot),
                retained: false,
                effect: None,
                expires: Some(now + COMMAND_LIFE),
            });
        }
    }
}

/// Adds the scene of each seat of a session, unless the slot has one already.
fn seat_all(scenes: &mut BTreeMap<SlotId, SlotScene>, run: &LiveSession, empty: SlotScene) {
    let scene = of_session(run, empty);
    for seat in &run.roster.seats {
        if !scenes.contains_key(&seat.slot) {
            let aside = run.aside(&seat.slot).filter(|_| scene.state == SceneState::Running);
            let Aside { headline, lines: own } = aside.cloned().unwrap_or_default();
            let headline = headline.unwrap_or_else(|| scene.headline.clone());
            let seat_state = Some(seat_state(seat));
            let seated = SlotScene { seat: seat_state, headline, own, ..scene.clone() };
            scenes.insert(seat.slot.clone(), seated);
        }
    }
}

fn of_session(run: &LiveSession, empty: SlotScene) -> SlotScene {
    let session = run.shown();
    let state = match session.status {
        SessionStatus::Running if run.is_paused() => SceneState::Paused,
        SessionStatus::Running => SceneState::Running,
        // Its game cannot say anything more, and the operator is at it.
        SessionStatus::Failed(_) => return SlotScene { state: SceneState::Paused, ..empty },
        SessionStatus::Done | SessionStatus::Aborted => SceneState::Over,
    };
    let (mut lines, mut clocks) = (Vec::new(), Vec::new());
    for part in &session.public.parts {
        match part {
            Widget::Text { text, .. } if state == SceneState::Running && lines.len() < LINES => {
                lines.push(text.clone());
            }
            Widget::Timer { label, ends } => {
                clocks.push(SceneClock { label: label.clone(), ends_us: *ends });
            }
            Widget::Text { .. }
            | Widget::Question { .. }
            | Widget::Tally { .. }
            | Widget::Turnout { .. }
            | Widget::List { .. }
            | Widget::Matrix { .. } => {}
        }
    }
    clocks.sort_by_key(|clock: &SceneClock| clock.ends_us);
    let label = || Text::new("Temps de jeu", "Game time");
    let planned = session.clock.planned_end();
    clocks.extend(planned.map(|ends_us| SceneClock { label: label(), ends_us }));
    let (headline, started_us) = (session.public.headline.clone(), Some(session.started));
    SlotScene { state, headline, lines, clocks, started_us, ..empty }
}

fn seat_state(seat: &Seat) -> SeatState {
    if !seat.alive {
        SeatState::Out
    } else if seat.excused {
        SeatState::Excused
    } else {
        SeatState::Plays
    }
}
