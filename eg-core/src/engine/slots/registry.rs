//! Registry of slots, from their own reports: in memory, with each last hello also in the journal.

use super::limits;
use crate::engine::effects::apply::Origin;
use crate::engine::read_model::{Device, Slot};
use crate::engine::session::cause::{Cause, standing, standing_of};
use crate::engine::transaction::Transaction;
use crate::engine::{Alert, Engine, text};
use crate::journal::{JournalError, Kind, NewEntry, json};
use eg_proto::{
    CommandAck, CommandResult, DeviceName, DeviceState, Hello, InputStatus, Latency, Noise,
    Presence, SlotId, Timestamp,
};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// Interval at which the journal learns when a slot was last heard.
const HEARD: Duration = Duration::from_secs(60);

/// Number of slots that may be known: a flood of invented ids fills neither memory nor disk.
const SLOTS: usize = 20_000;

/// Kind in the `hello` of a player's place; tables of the old contract have another.
const A_SLOT: &str = "slot";

impl Engine {
    /// Loads every slot of the journal and of the rooms, all offline until they are heard.
    pub(in crate::engine) fn recall_slots(&mut self) -> Result<(), JournalError> {
        for (slot, hello, heard) in self.journal.slots()? {
            let Ok(id) = SlotId::new(slot) else { continue };
            let mut slot = Slot::unheard();
            slot.last_seen = Some(Timestamp(heard));
            slot.sim = self.journal.is_simulated(&id)?;
            let hello = hello.and_then(|text| serde_json::from_str::<Hello>(&text).ok());
            if let Some(hello) = hello {
                has(&mut slot, &limits::bounded(&hello).0);
                if hello.kind != A_SLOT {
                    self.slots.tables.insert(id.clone(), ());
                }
            }
            self.slots.heard.insert(id.clone(), Timestamp(heard));
            self.slots.known.insert(id, slot.into());
        }
        let named = self.rooms.config.values().filter_map(|room| room.slots.clone()).flatten();
        for slot in named.collect::<Vec<_>>() {
            self.slots.known.get_or_insert_with(slot, || Slot::unheard().into());
        }
        Ok(())
    }

    /// Notes that a slot was heard. The journal learns of it once per [`HEARD`].
    pub(in crate::engine) fn hear(
        &mut self,
        slot: &SlotId,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        if let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) {
            known.last_seen = Some(at);
        } else if self.slots.known.len() < SLOTS {
            let slot_seen = Slot { last_seen: Some(at), ..Slot::unheard() };
            self.slots.known.insert(slot.clone(), slot_seen.into());
        } else {
            self.alerts.insert(Alert::Crowd, text::crowd(SLOTS));
            return Ok(());
        }
        match self.slots.heard.get(slot) {
            Some(heard) if at.since(*heard) < HEARD => Ok(()),
            Some(_) | None => self.keep_heard(slot, at),
        }
    }

    fn keep_heard(&mut self, slot: &SlotId, at: Timestamp) -> Result<(), JournalError> {
        self.slots.heard.insert(slot.clone(), at);
        self.journal.keep_hello(slot, None, at)
    }

    /// Stores when each slot was last heard, because the core stops.
    pub(in crate::engine) fn keep_all_heard(&mut self) -> Result<(), JournalError> {
        let seen =
            self.slots.known.iter().filter_map(|(slot, known)| Some((slot, known.last_seen?)));
        let news = seen.filter(|(slot, seen)| self.slots.heard.get(*slot) != Some(seen));
        let news: Vec<_> = news.map(|(slot, seen)| (slot.clone(), seen)).collect();
        self.journal.begin()?;
        for (slot, seen) in &news {
            self.keep_heard(slot, *seen)?;
        }
        self.journal.commit()
    }

    pub(in crate::engine) fn take_presence(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        presence: Presence,
    ) -> Result<(), JournalError> {
        if presence == Presence::Online || self.slots.known.contains_key(slot) {
            // A will is the broker's word, not the slot's: it was last heard before.
            match (presence, self.slots.known.get(slot).and_then(|slot| slot.last_seen)) {
                (Presence::Online, _) => self.hear(slot, at)?,
                (Presence::Offline, Some(seen)) if self.slots.heard.get(slot) != Some(&seen) => {
                    self.keep_heard(slot, seen)?;
                }
                (Presence::Offline, _) => {}
            }
        }
        self.slots.mind(slot, presence, at);
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return Ok(()) };
        self.intake.streams.noticed(slot, presence, at);
        // The first word after the core's own start is news, whatever it says.
        if self.slots.announced.insert(slot.clone(), ()).is_some() && known.presence == presence {
            return Ok(());
        }
        known.presence = presence;
        self.slots.forget_lights(slot);
        if presence == Presence::Online {
            self.slots.expect(slot);
            self.ask_how_it_stands(tx, slot);
        }
        let body = json!({ "presence": presence, "line": text::presence(slot, presence) });
        self.note_status(tx, at, slot, body)
    }

    pub(in crate::engine) fn take_hello(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        hello: &Hello,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return Ok(()) };
        let before = known.clone();
        let (bounded, is_whole) = limits::bounded(hello);
        let hello = bounded.as_ref();
        has(known, hello);
        if before.boot != known.boot {
            self.slots.forget_lights(slot);
        }
        self.name_excess(tx, slot, is_whole);
        let Some(known) = self.slots.known.get(slot) else { return Ok(()) };
        if hello.kind == A_SLOT {
            self.slots.tables.remove(slot);
        } else {
            self.slots.tables.insert(slot.clone(), ());
        }
        tx.has_news = true;
        if **known != before {
            let text = json(hello).to_string();
            self.journal.keep_hello(slot, Some(&text), at)?;
        }
        tx.greeted.insert(slot.clone());
        self.tell_controls(tx, at, slot)
    }

    pub(in crate::engine) fn take_status(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        status: &InputStatus,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        let Some(known) = self.slots.known.get_mut(slot).map(Arc::make_mut) else { return Ok(()) };
        known.overall = Some(status.status);
        known.latency = status.latency.clone().map(Latency::bounded);
        tx.has_news = true;
        let (mut changes, mut is_whole) = (Vec::new(), true);
        for (name, said) in &status.devices {
            let place = match known.devices.iter().position(|device| device.name == *name) {
                Some(place) => place,
                None if known.devices.len() >= limits::BOARDS => {
                    is_whole = false;
                    continue;
                }
                None => {
                    known.devices.push(board(name));
                    known.devices.len() - 1
                }
            };
            let device = &mut known.devices[place];
            let error = said.error.as_deref().map(limits::clipped);
            if (device.state, &device.error) != (said.state, &error) {
                changes.push(json!({
                    "device": name, "state": said.state, "error": error,
                    "line": text::device(slot, name, said.state, error.as_deref()),
                }));
            }
            device.state = said.state;
            device.since = said.since;
            device.error = error;
            device.noise = said
                .noise
                .as_ref()
                .map(|noise| Noise { count: noise.count, last: limits::clipped(&noise.last) });
        }
        if !is_whole {
            self.name_excess(tx, slot, false);
        }
        for body in changes {
            self.note_status(tx, at, slot, body)?;
        }
        Ok(())
    }

    /// Raises the alert about a slot that has more than the core keeps of one, or removes it.
    fn name_excess(&mut self, tx: &mut Transaction, slot: &SlotId, is_whole: bool) {
        let alert = Alert::Beyond(slot.clone());
        let is_news = if is_whole {
            self.alerts.remove(&alert).is_some()
        } else {
            self.alerts.insert(alert, text::beyond(slot)).is_none()
        };
        if is_news && !is_whole {
            tracing::warn!(%slot, "this slot reports more boards or channels than are kept of one");
        }
        tx.has_news |= is_news;
    }

    /// Takes a word of a slot itself as a sign of life: an `offline` of somebody else does not stand.
    pub(in crate::engine) fn note_life(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
    ) -> Result<(), JournalError> {
        let is_offline = |known: &Arc<Slot>| known.presence == Presence::Offline;
        if self.slots.announced.contains_key(slot)
            && self.slots.known.get(slot).is_some_and(is_offline)
        {
            self.take_presence(tx, at, slot, Presence::Online)?;
        }
        Ok(())
    }

    pub(in crate::engine) fn take_answer(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        answer: &CommandAck,
    ) -> Result<(), JournalError> {
        self.hear(slot, at)?;
        self.note_life(tx, at, slot)?;
        self.light_answer(slot, answer);
        let word = match answer.result {
            CommandResult::Done => "done",
            CommandResult::Refused => "refused",
            CommandResult::Expired => "expired",
        };
        let cause = self.journal.answer(slot, &answer.id, word)?;
        let tried = self.slots.tried.remove(&answer.id).is_some();
        if cause.is_none() || (answer.result == CommandResult::Done && !tried) {
            return Ok(());
        }
        let at = self.time.tick(at);
        let line = text::answer(slot, answer);
        let (kind, body) = match answer.result {
            CommandResult::Done => (Kind::Status, json!({ "command": answer, "line": line })),
            CommandResult::Refused | CommandResult::Expired => {
                (Kind::Refused, json!({ "command": answer, "why": line }))
            }
        };
        let slot = Some(slot);
        self.add(tx, NewEntry { at, kind, slot, session: None, cause, place: None, body }).map(drop)
    }

    /// Stores a status entry of a slot, and passes it to the session that plays there.
    pub(in crate::engine) fn note_status(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: &SlotId,
        body: Value,
    ) -> Result<(), JournalError> {
        let at = self.time.tick(at);
        let playing = self.rooms.playing(slot);
        let session = playing.as_ref().map(|(_, session)| *session);
        // What was written here can be read here.
        let what = standing(&body).ok().flatten();
        let kind = Kind::Status;
        let new = NewEntry { at, kind, slot: Some(slot), session, cause: None, place: None, body };
        let entry = self.add(tx, new)?;
        let (Some(entry), Some((room, session)), Some(what)) = (entry, playing, what) else {
            return Ok(());
        };
        let input = standing_of(entry, at, slot.clone(), what);
        let from = Origin { entry, at, session, slot: Some(slot) };
        self.play(tx, &room, from, &Cause::Input(input)).map(drop)
    }

    /// Requests the state of all inputs of a slot, if its game goes by that.
    pub(in crate::engine) fn ask_how_it_stands(&self, tx: &mut Transaction, slot: &SlotId) {
        let playing = self.rooms.playing(slot).and_then(|(room, _)| self.rooms.sessions.get(&room));
        if playing.is_some_and(|run| run.goes_by_state) {
            tx.asked.insert(slot.clone());
        }
    }

    /// Tells a session that starts about slots and boards that are lost already. A slot that never reported boards,
    /// such as one of the old contract, counts as present.
    pub(in crate::engine) fn tell_standing(
        &mut self,
        tx: &mut Transaction,
        players: &[SlotId],
    ) -> Result<(), JournalError> {
        for slot in players {
            self.ask_how_it_stands(tx, slot);
            let Some(known) = self.slots.known.get(slot).filter(|slot| !slot.devices.is_empty())
            else {
                continue;
            };
            let mut lost = Vec::new();
            if known.presence == Presence::Offline {
                let line = text::presence(slot, known.presence);
                lost.push(json!({ "presence": known.presence, "line": line }));
            }
            for device in known.devices.iter().filter(|d| d.state == DeviceState::Lost) {
                let Device { name, state, error, .. } = device;
                let line = text::device(slot, name, *state, error.as_deref());
                lost.push(json!({ "device": name, "state": state, "error": error, "line": line }));
            }
            for body in lost {
                self.note_status(tx, tx.now, slot, body)?;
            }
        }
        Ok(())
    }
}

/// Builds a board of which only the name is known.
fn board(name: &DeviceName) -> Device {
    Device {
        name: name.clone(),
        driver: String::new(),
        version: None,
        state: DeviceState::Ready,
        since: None,
        error: None,
        noise: None,
        inputs: Vec::new(),
        kinds: None,
        outputs: Vec::new(),
    }
}

/// Takes over version, boot and boards from a slot's hello. Boards that it had before keep their state.
pub(in crate::engine) fn has(slot: &mut Slot, hello: &Hello) {
    slot.version.clone_from(&hello.version);
    slot.boot = hello.boot;
    slot.agent = hello.agent;
    let before = std::mem::take(&mut slot.devices);
    slot.devices = hello
        .devices
        .iter()
        .map(|said| {
            let old = before.iter().find(|device| device.name == said.name);
            Device {
                name: said.name.clone(),
                driver: said.driver.clone(),
                version: said.version.clone(),
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
