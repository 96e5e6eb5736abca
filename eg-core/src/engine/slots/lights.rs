//! Lights: inputs and outputs of slots as they are now, for pages. Nothing of them is stored.

use super::Slots;
use crate::engine::Engine;
use crate::engine::read_model::{InputLight, LogLine, Panel, Told};
use crate::journal::{Entry, Kind};
use eg_proto::{
    Command, CommandAck, Event, EventKind, Leds, Presence, SlotId, State, Text, Timestamp,
};
use std::sync::Arc;

/// Number of events in an outbox from which on pages are not told of each change.
const FEW: u64 = 20;

impl Engine {
    /// Notes an event at an input, unless it may tell a choice.
    pub(in crate::engine) fn light_input(&mut self, slot: &SlotId, event: &Event, at: Timestamp) {
        let is_secret = self.keeps_secrets_at(slot);
        let Some(known) = self.slots.known.get(slot).cloned() else { return };
        let Some(panel) = self.slots.panel(slot) else { return };
        panel.touched = Some(at);
        // Nobody fills the memory with invented names.
        let device = known.devices.iter().find(|device| device.name == event.device);
        let Some(device) = device.filter(|_| !is_secret) else { return };
        let board = panel.boards.entry(event.device.clone()).or_default();
        if let EventKind::Snapshot { states, .. } = &event.kind {
            for (input, state) in states.iter().filter(|(input, _)| device.inputs.contains(input)) {
                let at = board.inputs.get(input).and_then(|input| input.at);
                board.inputs.insert(input.clone(), InputLight { state: Some(state.clone()), at });
            }
        } else if device.inputs.contains(&event.input) {
            let before = board.inputs.get(&event.input).and_then(|input| input.state.as_ref());
            if let Some(state) = after(before, &event.kind) {
                let light = InputLight { state, at: Some(at) };
                board.inputs.insert(event.input.clone(), light);
            }
        }
    }

    /// Notes which outputs a slot reports as lit, unless that may tell a choice.
    pub(in crate::engine) fn light_outputs(&mut self, slot: &SlotId, leds: &Leds) {
        if self.keeps_secrets_at(slot) {
            return;
        }
        let Some(known) = self.slots.known.get(slot).cloned() else { return };
        let Some(panel) = self.slots.panel(slot) else { return };
        let outputs = known
            .devices
            .iter()
            .flat_map(|device| device.outputs.iter().map(move |output| (&device.name, output)));
        for ((device, output), lit) in outputs.zip(&leds.states) {
            let board = panel.boards.entry(device.clone()).or_default();
            board.outputs.entry(output.clone()).or_default().lit = Some(*lit);
        }
        self.feed.changed = true;
    }

    /// Notes a command to an output; `by` is `None` for a game, whose commands may tell a choice.
    pub(in crate::engine) fn light_told(
        &mut self,
        slot: &SlotId,
        command: &Command,
        at: Timestamp,
        by: Option<&str>,
    ) {
        if by.is_none() && self.keeps_secrets_at(slot) {
            return;
        }
        let Some(panel) = self.slots.panel(slot) else { return };
        let Command { id, device, output, set, .. } = command;
        let (id, set, by) = (id.clone(), set.clone(), by.map(str::to_owned));
        let board = panel.boards.entry(device.clone()).or_default();
        let light = board.outputs.entry(output.clone()).or_default();
        light.told = Some(Told { id, set, at, by, answer: None });
    }

    /// Notes the answer of a slot to the last command of an output.
    pub(in crate::engine) fn light_answer(&mut self, slot: &SlotId, answer: &CommandAck) {
        let Some(panel) = self.slots.panel(slot) else { return };
        let outputs = panel.boards.values_mut().flat_map(|board| board.outputs.values_mut());
        let mut told = outputs.filter_map(|output| output.told.as_mut());
        if let Some(told) = told.find(|told| told.id == answer.id) {
            told.answer = Some(answer.clone());
            self.feed.changed = true;
        }
    }

    /// Notes how much waits in a slot's outbox. Pages are told when that can be seen.
    pub(in crate::engine) fn light_waiting(&mut self, slot: &SlotId, waiting: Option<u64>) {
        let Some(panel) = self.slots.panel(slot) else { return };
        let before = std::mem::replace(&mut panel.waiting, waiting);
        let coarse = |waiting: Option<u64>| waiting.map(|waiting| waiting.min(FEW));
        self.feed.changed |= coarse(before) != coarse(waiting);
    }

    /// Forgets what may tell a choice, at every slot at which choices are secret now.
    pub(in crate::engine) fn veil_lights(&mut self) {
        let differs = |(slot, panel): &(&SlotId, &Arc<Panel>)| {
            let is_secret = self.keeps_secrets_at(slot);
            panel.veiled != is_secret || (is_secret && !panel.is_blank())
        };
        let changed = self.slots.panels.iter().filter(differs);
        for slot in changed.map(|(slot, _)| slot.clone()).collect::<Vec<_>>() {
            let is_secret = self.keeps_secrets_at(&slot);
            let Some(panel) = self.slots.panel(&slot) else { continue };
            panel.veiled = is_secret;
            if is_secret {
                panel.veil();
            }
            self.feed.changed = true;
        }
    }

    fn keeps_secrets_at(&self, slot: &SlotId) -> bool {
        let mut sessions = self.rooms.sessions.values();
        sessions.any(|session| session.seats(slot) && session.keeps_secrets())
    }
}

/// Largest number of tags on one reader that are shown.
const TAGS: usize = 16;

/// Returns the state of an input after an event; an input that has moments alone has no state. `None` for an event that
/// tells nothing of the state.
fn after(before: Option<&State>, event: &EventKind) -> Option<Option<State>> {
    let tags = || match before {
        Some(State::Tags(tags)) => tags.as_slice(),
        Some(State::On(_) | State::Value(_)) | None => &[],
    };
    match event {
        EventKind::Press => Some(Some(State::On(true))),
        EventKind::Release => Some(Some(State::On(false))),
        EventKind::Switch { on } => Some(Some(State::On(*on))),
        EventKind::Value { v, .. } => Some(Some(State::Value(*v))),
        EventKind::Tag { uid } => {
            let others = tags().iter().filter(|tag| *tag != uid).take(TAGS - 1);
            Some(Some(State::Tags(others.chain([uid]).cloned().collect())))
        }
        EventKind::TagRemoved { uid } => {
            let others = tags().iter().filter(|tag| *tag != uid);
            Some(Some(State::Tags(others.cloned().collect())))
        }
        EventKind::Turn { .. } | EventKind::Key { .. } | EventKind::Line { .. } => Some(None),
        EventKind::Snapshot { .. }
        | EventKind::Fault { .. }
        | EventKind::Recovered
        | EventKind::Click { .. }
        | EventKind::Hold { .. }
        | EventKind::HoldEnd { .. }
        | EventKind::Chord { .. }
        | _ => None,
    }
}

impl Slots {
    /// Returns the panel of a slot that is known.
    pub(in crate::engine) fn panel(&mut self, slot: &SlotId) -> Option<&mut Panel> {
        self.known
            .contains_key(slot)
            .then(|| Arc::make_mut(self.panels.get_or_insert_with(slot.clone(), Arc::default)))
    }

    /// Forgets how inputs and outputs of a slot are, and stops its lamps.
    pub(in crate::engine) fn forget_lights(&mut self, slot: &SlotId) {
        self.tours.remove(slot);
        if let Some(panel) = self.panels.get_mut(slot).map(Arc::make_mut) {
            panel.forget();
        }
    }

    /// Keeps the line of an entry that tells of a slot itself, and of no choice.
    pub(in crate::engine) fn log(&mut self, entry: &Entry) {
        let (Some(slot), body) = (&entry.slot, &entry.body) else { return };
        let is_answer = || entry.kind == Kind::Refused && body.get("command").is_some();
        let is_line = matches!(entry.kind, Kind::Status | Kind::Gap);
        if !is_line && !is_answer() {
            return;
        }
        let key = if is_line { "line" } else { "why" };
        let line =
            body.get(key).cloned().and_then(|line| serde_json::from_value::<Text>(line).ok());
        let is = |key: &str, word: &str| body.get(key).is_some_and(|said| said == word);
        let presence = Presence::Offline.as_str();
        let bad = entry.kind != Kind::Status
            || is("presence", presence)
            || is("state", "lost")
            || is("state", "fault");
        if let (Some(line), Some(panel)) = (line, self.panel(slot)) {
            panel.note(LogLine { at: entry.at, line, bad });
        }
    }
}
