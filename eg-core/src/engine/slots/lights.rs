//! Lights: inputs and outputs of slots as they are now, for pages. Nothing of them is stored.

use super::Slots;
use crate::engine::Engine;
use crate::engine::read_model::{BoardLights, InputLight, LogLine, OutputLight, Panel, Told};
use crate::journal::{Entry, Kind};
use eg_proto::{
    Command, CommandAck, Event, EventKind, InputName, Leds, OutputName, Presence, SlotId, State,
    Text, Timestamp,
};
use std::sync::Arc;

/// Number of events in an outbox from which on pages are not told of each change.
const FEW: u64 = 20;

impl Engine {
    /// Notes an event at an input, unless it may tell a choice.
    pub(in crate::engine) fn light_input(&mut self, slot: &SlotId, event: &Event, at: Timestamp) {
        let is_secret = self.keeps_secrets_at(slot);
        let Some(panel) = self.slots.panel(slot) else { return };
        panel.touched = Some(at);
        if is_secret {
            return;
        }
        let board = panel.boards.entry(event.device.clone()).or_default();
        match &event.kind {
            EventKind::Press => set(board, &event.input, Some(State::On(true)), at),
            EventKind::Release => set(board, &event.input, Some(State::On(false)), at),
            EventKind::Switch { on } => set(board, &event.input, Some(State::On(*on)), at),
            EventKind::Value { v, .. } => set(board, &event.input, Some(State::Value(*v)), at),
            EventKind::Tag { uid } => {
                let tags =
                    match board.inputs.get(&event.input).and_then(|input| input.state.clone()) {
                        Some(State::Tags(mut tags)) if tags.len() < TAGS && !tags.contains(uid) => {
                            tags.push(uid.clone());
                            tags
                        }
                        Some(State::Tags(tags)) => tags,
                        Some(State::On(_) | State::Value(_)) | None => vec![uid.clone()],
                    };
                set(board, &event.input, Some(State::Tags(tags)), at);
            }
            EventKind::TagRemoved { uid } => {
                let tags =
                    match board.inputs.get(&event.input).and_then(|input| input.state.clone()) {
                        Some(State::Tags(tags)) => {
                            tags.into_iter().filter(|tag| tag != uid).collect()
                        }
                        Some(State::On(_) | State::Value(_)) | None => Vec::new(),
                    };
                set(board, &event.input, Some(State::Tags(tags)), at);
            }
            EventKind::Turn { .. } | EventKind::Key { .. } | EventKind::Line { .. } => {
                set(board, &event.input, None, at);
            }
            EventKind::Snapshot { states, .. } => {
                for (input, state) in states {
                    let at = board.inputs.get(input).and_then(|input| input.at);
                    let light = InputLight { state: Some(state.clone()), at };
                    board.inputs.insert(input.clone(), light);
                }
            }
            EventKind::Fault { .. }
            | EventKind::Recovered
            | EventKind::Click { .. }
            | EventKind::Hold { .. }
            | EventKind::HoldEnd { .. }
            | EventKind::Chord { .. }
            | _ => {}
        }
        self.slots.keep_known(slot);
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
        let slots: Vec<SlotId> = self.slots.panels.keys().cloned().collect();
        for slot in slots {
            let is_secret = self.keeps_secrets_at(&slot);
            let as_it_was =
                |panel: &Arc<Panel>| panel.veiled == is_secret && (!is_secret || panel.is_blank());
            if self.slots.panels.get(&slot).is_some_and(as_it_was) {
                continue;
            }
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

fn set(board: &mut BoardLights, input: &InputName, state: Option<State>, at: Timestamp) {
    board.inputs.insert(input.clone(), InputLight { state, at: Some(at) });
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

    /// Drops inputs and outputs that the slot has not said it has: nobody fills the memory with invented names.
    fn keep_known(&mut self, slot: &SlotId) {
        let Some(known) = self.known.get(slot).cloned() else { return };
        let Some(panel) = self.panel(slot) else { return };
        panel.boards.retain(|name, board| {
            let Some(device) = known.devices.iter().find(|device| device.name == *name) else {
                return false;
            };
            let has_input = |input: &InputName| device.inputs.contains(input);
            let has_output = |output: &OutputName| device.outputs.contains(output);
            board.inputs.retain(|input, _| has_input(input));
            board.outputs.retain(|output, _: &mut OutputLight| has_output(output));
            true
        });
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
