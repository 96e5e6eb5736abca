//! What slots say of themselves. It is kept in memory; what they have is kept in the journal too.

use super::cause::{Cause, standing, standing_of};
use super::consequence::From;
use super::run::Run;
use super::turn::Turn;
use super::{Engine, report};
use crate::journal::{JournalError, Kind, NewEntry, json};
use crate::state::{Counts, Device, Slot};
use eg_game::{InputFilter, games};
use eg_proto::{
    CommandAck, CommandResult, DeviceState, Hello, InputStatus, Presence, SlotId, Timestamp,
};
use serde_json::{Value, json};
use std::time::Duration;

/// While a slot is heard, the journal learns this often when that was.
const HEARD: Duration = Duration::from_secs(60);

/// Slots that are known, at most: a flood of made-up names fills neither memory nor disk.
const SLOTS: usize = 20_000;

/// What the `hello` of a player's place says it is; tables of the old contract say something else.
const A_SLOT: &str = "slot";

impl Engine {
    /// Every slot of the journal and of the rooms, all offline until they are heard.
    pub(super) fn recall_slots(&mut self) -> Result<(), JournalError> {
        for (slot, hello, heard) in self.journal.slots()? {
            let Ok(id) = SlotId::new(slot) else { continue };
            let mut slot = unheard();
            slot.last_seen = Some(Timestamp(heard));
            slot.sim = self.journal.is_simulated(&id)?;
            let hello = hello.and_then(|text| serde_json::from_str::<Hello>(&text).ok());
            if let Some(hello) = hello {
                has(&mut slot, &hello);
                if hello.kind != A_SLOT {
                    self.tables.insert(id.clone(), ());
                }
            }
            self.heard.insert(id.clone(), Timestamp(heard));
            self.slots.insert(id, slot);
        }
        let named = self.rooms.values().filter_map(|room| room.slots.clone()).flatten();
        for slot in named.collect::<Vec<_>>() {
            self.slots.get_or_insert_with(slot, unheard);
        }
        Ok(())
    }

    /// A slot was heard. The journal learns it now and then: after a restart it is told when that was.
    pub(super) fn hear(&mut self, slot: &SlotId, at: Timestamp) -> Result<(), JournalError> {
        if let Some(known) = self.slots.get_mut(slot) {
            known.last_seen = Some(at);
        } else if self.slots.len() < SLOTS {
            self.slots.insert(slot.clone(), Slot { last_seen: Some(at), ..unheard() });
        } else {
            return Ok(());
        }
        match self.heard.get(slot) {
            Some(heard) if at.since(*heard) < HEARD => Ok(()),
            Some(_) | None => self.keep_heard(slot, at),
        }
    }

    fn keep_heard(&mut self, slot: &SlotId, at: Timestamp) -> Result<(), JournalError> {
        self.heard.insert(slot.clone(), at);
        self.journal.keep_hello(slot, None, at)
    }

    /// Keeps when each slot was last heard: the core stops.
    pub(super) fn keep_all_heard(&mut self) -> Result<(), JournalError> {
        let seen = self.slots.iter().filter_map(|(slot, known)| Some((slot, known.last_seen?)));
        let news = seen.filter(|(slot, seen)| self.heard.get(*slot) != Some(seen));
        let news: Vec<_> = news.map(|(slot, seen)| (slot.clone(), seen)).collect();
        self.journal.begin()?;
        for (slot, seen) in &news {
            self.keep_heard(slot, *seen)?;
        }
        self.journal.commit()
    }

    pub(super) fn take_presence(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        presence: Presence,
    ) -> Result<(), JournalError> {
        if presence == Presence::Online || self.slots.contains_key(slot) {
            // A will is the broker's word, not the slot's: it was last heard before.
            match (presence, self.slots.get(slot).and_then(|slot| slot.last_seen)) {
                (Presence::Online, _) => self.hear(slot, at)?,
                (Presence::Offline, Some(seen)) if self.heard.get(slot) != Some(&seen) => {
                    self.keep_heard(slot, seen)?;
                }
                (Presence::Offline, _) => {}
            }
        }
        self.mind(slot, presence, at);
        let Some(known) = self.slots.get_mut(slot) else { return Ok(()) };
        // The first word after the core's own start is news, whatever it says.
        if self.told.insert(slot.clone(), ()).is_some() && known.presence == presence {
            return Ok(());
        }
        known.presence = presence;
        if presence == Presence::Online {
            self.ask_how_it_stands(turn, slot);
        }
        let body = json!({ "presence": presence, "line": report::presence(slot, presence) });
        self.note_status(turn, at, slot, body)
    }

    pub(super) fn take_hello(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        hello: &Hello,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let Some(known) = self.slots.get_mut(slot) else { return Ok(()) };
        let before = known.clone();
        has(known, hello);
        if hello.kind == A_SLOT {
            self.tables.remove(slot);
        } else {
            self.tables.insert(slot.clone(), ());
        }
        turn.has_news = true;
        if *known != before {
            let text = json(hello).to_string();
            self.journal.keep_hello(slot, Some(&text), at)?;
        }
        turn.greeted.insert(slot.clone());
        self.tell_controls(turn, at, slot)
    }

    pub(super) fn take_status(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        status: &InputStatus,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let Some(known) = self.slots.get_mut(slot) else { return Ok(()) };
        known.overall = Some(status.status);
        turn.has_news = true;
        let mut changes = Vec::new();
        for (name, said) in &status.devices {
            let place = match known.devices.iter().position(|device| device.name == *name) {
                Some(place) => place,
                None => {
                    let driver = String::new();
                    let (inputs, outputs) = (Vec::new(), Vec::new());
                    let (state, since, error, noise) = (DeviceState::Ready, None, None, None);
                    let name = name.clone();
                    let kinds = None;
                    let device =
                        Device { name, driver, state, since, error, noise, inputs, kinds, outputs };
                    known.devices.push(device);
                    known.devices.len() - 1
                }
            };
            let device = &mut known.devices[place];
            if (device.state, &device.error) != (said.state, &said.error) {
                changes.push(json!({
                    "device": name, "state": said.state, "error": said.error,
                    "line": report::device(slot, name, said.state, said.error.as_deref()),
                }));
            }
            device.state = said.state;
            device.since = said.since;
            device.error.clone_from(&said.error);
            device.noise.clone_from(&said.noise);
        }
        for body in changes {
            self.note_status(turn, at, slot, body)?;
        }
        Ok(())
    }

    pub(super) fn take_answer(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        answer: &CommandAck,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let word = match answer.result {
            CommandResult::Done => "done",
            CommandResult::Refused => "refused",
            CommandResult::Expired => "expired",
        };
        let cause = self.journal.answer(slot, &answer.id, word)?;
        let tried = self.tried.remove(&answer.id).is_some();
        if cause.is_none() || (answer.result == CommandResult::Done && !tried) {
            return Ok(());
        }
        let at = self.tick(at);
        let line = report::answer(slot, answer);
        let (kind, body) = match answer.result {
            CommandResult::Done => (Kind::Status, json!({ "command": answer, "line": line })),
            CommandResult::Refused | CommandResult::Expired => {
                (Kind::Refused, json!({ "command": answer, "why": line }))
            }
        };
        let slot = Some(slot);
        self.add(turn, NewEntry { at, kind, slot, session: None, cause, place: None, body })
            .map(drop)
    }

    /// Writes down how things stand at a slot, and lets the session that plays there know.
    pub(super) fn note_status(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: &SlotId,
        body: Value,
    ) -> Result<(), JournalError> {
        let at = self.tick(at);
        let playing = self.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        // What was written here can be read here.
        let what = standing(&body).ok().flatten();
        let kind = Kind::Status;
        let new = NewEntry { at, kind, slot: Some(slot), session, cause: None, place: None, body };
        let entry = self.add(turn, new)?;
        let (Some(entry), Some((room, session)), Some(what)) = (entry, playing, what) else {
            return Ok(());
        };
        let input = standing_of(entry, at, slot.clone(), what);
        let from = From { entry, at, session, slot: Some(slot) };
        self.play(turn, &room, from, &Cause::Input(input)).map(drop)
    }

    /// Asks a slot how everything stands there, for a game that goes by that.
    pub(super) fn ask_how_it_stands(&self, turn: &mut Turn, slot: &SlotId) {
        let playing = self.playing(slot).and_then(|(room, _)| self.runs.get(&room));
        let goes_by_it = |run: &Run| {
            let game = games().into_iter().find(|game| game.kind == run.kind);
            game.is_some_and(|game| game.inputs == InputFilter::Everything)
        };
        if playing.is_some_and(goes_by_it) {
            turn.asked.insert(slot.clone());
        }
    }

    /// Lets a session that starts know what is lost at its slots already. A slot that never said what it has, such as
    /// one of the old contract, counts as there.
    pub(super) fn tell_standing(
        &mut self,
        turn: &mut Turn,
        players: &[SlotId],
    ) -> Result<(), JournalError> {
        for slot in players {
            self.ask_how_it_stands(turn, slot);
            let Some(known) = self.slots.get(slot).filter(|slot| !slot.devices.is_empty()) else {
                continue;
            };
            let mut lost = Vec::new();
            if known.presence == Presence::Offline {
                let line = report::presence(slot, known.presence);
                lost.push(json!({ "presence": known.presence, "line": line }));
            }
            for device in known.devices.iter().filter(|d| d.state == DeviceState::Lost) {
                let Device { name, state, error, .. } = device;
                let line = report::device(slot, name, *state, error.as_deref());
                lost.push(json!({ "device": name, "state": state, "error": error, "line": line }));
            }
            for body in lost {
                self.note_status(turn, turn.now, slot, body)?;
            }
        }
        Ok(())
    }
}

/// A slot of which nothing is known.
pub(super) fn unheard() -> Slot {
    Slot {
        presence: Presence::Offline,
        last_seen: None,
        version: String::new(),
        boot: None,
        overall: None,
        clock: None,
        devices: Vec::new(),
        twin: None,
        sim: false,
        counts: Counts::default(),
    }
}

/// Takes over what a slot says it has. The state of a board that it had before stays.
pub(super) fn has(slot: &mut Slot, hello: &Hello) {
    slot.version.clone_from(&hello.version);
    slot.boot = hello.boot;
    let before = std::mem::take(&mut slot.devices);
    slot.devices = hello
        .devices
        .iter()
        .map(|said| {
            let old = before.iter().find(|device| device.name == said.name);
            Device {
                name: said.name.clone(),
                driver: said.driver.clone(),
                state: old.map_or(DeviceState::Ready, |old| old.state),
                since: old.and_then(|old| old.since),
                error: old.and_then(|old| old.error.clone()),
                noise: old.and_then(|old| old.noise.clone()),
                inputs: said.inputs.clone(),
                kinds: said.kinds.clone(),
                outputs: said.outputs.clone(),
            }
        })
        .collect();
}
