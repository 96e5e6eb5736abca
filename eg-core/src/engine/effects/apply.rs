//! Consequences of an entry: the game is called, and its effects are stored beside the entry.

use super::answer::AnsweredPress;
use super::message;
use super::record;
use super::record::{EffectRecord, Message};
use crate::engine::session::cause::Cause;
use crate::engine::session::live::LiveSession;
use crate::engine::transaction::Transaction;
use crate::engine::{Alert, Engine, text};
use crate::journal::{EffectKind, Ending, JournalError, Kind, NewEffect, NewEntry, NewEvent, json};
use eg_game::{Effect, InputData};
use eg_proto::{Command, RoomId, SlotId, Text, Timestamp};
use serde_json::Value;

/// Entry that something follows from, with its time, session and slot.
#[derive(Clone, Copy)]
pub(in crate::engine) struct Origin<'a> {
    pub(in crate::engine) entry: i64,
    pub(in crate::engine) at: Timestamp,
    pub(in crate::engine) session: i64,
    pub(in crate::engine) slot: Option<&'a SlotId>,
}

/// Largest uncertainty of a press by whose time answers are measured.
const CERTAIN_US: u64 = 1_000_000;

/// Returns the moment of the press that a cause hands to the game; `None` if nobody pressed, or nobody knows when.
fn pressed(run: &LiveSession, cause: &Cause) -> Option<Timestamp> {
    let input = match cause {
        Cause::Input(input) => input,
        Cause::Played(held, _) => run.queue().held(*held)?,
        Cause::Timer(..) | Cause::Act(_) | Cause::Asked(_) | Cause::Resumed(_) => return None,
    };
    let is_press = matches!(input.what, InputData::Event { .. }) && !input.late;
    (is_press && input.unc_us < CERTAIN_US).then_some(input.at)
}

impl Engine {
    /// Adds an entry to this transaction and returns its number; `None` if the journal holds that event already.
    pub(in crate::engine) fn add(
        &mut self,
        tx: &mut Transaction,
        new: NewEntry<'_>,
    ) -> Result<Option<i64>, JournalError> {
        let entry = self.journal.add(new)?;
        if let Some(entry) = &entry {
            self.slots.log(entry);
        }
        let id = entry.as_ref().map(|entry| entry.id);
        tx.entries.extend(entry);
        Ok(id)
    }

    /// Adds an event to this transaction; `None` if it is stored already. Nothing is built of it for listeners unless there
    /// are some.
    pub(in crate::engine) fn add_event(
        &mut self,
        tx: &mut Transaction,
        new: &NewEvent<'_>,
    ) -> Result<Option<i64>, JournalError> {
        let id = self.journal.add_event(new)?;
        match id {
            Some(id) if self.feed.is_heard() => tx.entries.push(new.entry(id)),
            Some(id) => tx.unheard = tx.unheard.or(Some(id)),
            None => {}
        }
        Ok(id)
    }

    /// Adds to this transaction an entry that follows from another.
    pub(in crate::engine) fn follow(
        &mut self,
        tx: &mut Transaction,
        from: Origin<'_>,
        kind: Kind,
        body: Value,
    ) -> Result<(), JournalError> {
        let Origin { entry, at, session, slot } = from;
        let (session, cause) = (Some(session), Some(entry));
        self.add(tx, NewEntry { at, kind, slot, session, cause, place: None, body }).map(drop)
    }

    /// Applies a cause to a room's session and stores what follows. Returns the reason if the game refused the act.
    pub(in crate::engine) fn play(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        from: Origin<'_>,
        cause: &Cause,
    ) -> Result<Option<Text>, JournalError> {
        let Some(run) = self.rooms.sessions.get_mut(room) else { return Ok(None) };
        let pressed = pressed(run, cause);
        let press = AnsweredPress::of(run, cause);
        run.last = from.entry;
        let effects = match run.apply(cause) {
            Ok(effects) => effects,
            Err(why) => {
                self.failed(tx, from, why.clone())?;
                let words = format!("the game failed: {why}");
                let fr = format!("le jeu est tombé : {}", eg_page::say(why).fr);
                return Ok(Some(Text::new(fr, words)));
            }
        };
        if let Some(press) = press.filter(|press| !press.waits(run)) {
            let slot = press.slot.clone();
            tx.answers.extend(press.answer(&effects).map(|answer| (slot, answer)));
        }
        let mut refused = None;
        for effect in effects {
            if let Effect::RefuseAct { why } = &effect {
                refused = Some(why.clone());
            }
            self.apply_effect(tx, from, pressed, effect)?;
        }
        Ok(refused)
    }

    /// Stores what follows from an effect. `pressed` is the moment of the press that it answers.
    pub(in crate::engine) fn apply_effect(
        &mut self,
        tx: &mut Transaction,
        from: Origin<'_>,
        pressed: Option<Timestamp>,
        effect: Effect,
    ) -> Result<(), JournalError> {
        match effect {
            Effect::Set { slot, output, set } => {
                let known = self.slots.known.get(&slot);
                let command =
                    known.and_then(|known| message::command(known, &output, set, from.at));
                match command {
                    Some(command) => {
                        let command = Command { pressed_us: pressed, ..command };
                        self.light_told(&slot, &command, from.at, None);
                        self.command(tx, from.entry, &slot, &command)
                    }
                    None => {
                        let body = text::no_output(&slot, &output);
                        let from = Origin { slot: Some(&slot), ..from };
                        self.follow(tx, from, Kind::Refused, body)
                    }
                }
            }
            Effect::Cue { slot, cue } => {
                let known = self.slots.known.get(&slot);
                let commands = known.map(|known| message::cue(known, cue, from.at));
                for command in commands.unwrap_or_default() {
                    let command = Command { pressed_us: pressed, ..command };
                    self.light_told(&slot, &command, from.at, None);
                    self.command(tx, from.entry, &slot, &command)?;
                }
                Ok(())
            }
            Effect::Finish(ref finish) => {
                self.journal.end_session(from.session, &record::ending(finish), from.at)?;
                self.record_effect(tx, from, &effect)
            }
            Effect::After { .. }
            | Effect::Cancel { .. }
            | Effect::Deadline { .. }
            | Effect::Open(_)
            | Effect::Retell(_)
            | Effect::Result(_)
            | Effect::Refuse { .. }
            | Effect::RefuseAct { .. }
            | Effect::Send { .. }
            | Effect::Retain { .. }
            | Effect::Out { .. }
            | Effect::Back { .. }
            | Effect::Note { .. } => self.record_effect(tx, from, &effect),
        }
    }

    /// Stores the journal entry of an effect, and the message that it sends.
    fn record_effect(
        &mut self,
        tx: &mut Transaction,
        from: Origin<'_>,
        effect: &Effect,
    ) -> Result<(), JournalError> {
        if let Some(EffectRecord { kind, of_slot, body }) = record::line(effect, from.entry) {
            let slot = from.slot.filter(|_| of_slot);
            self.follow(tx, Origin { slot, ..from }, kind, body)?;
        }
        match record::message(effect) {
            Some(message) if self.is_told(from.session, &message) => {
                self.tell(tx, from.entry, &message)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Stores a command that will be sent to a slot.
    pub(in crate::engine) fn command(
        &mut self,
        tx: &mut Transaction,
        entry: i64,
        slot: &SlotId,
        command: &Command,
    ) -> Result<(), JournalError> {
        let body = json(command).to_string();
        let effect = self.journal.add_effect(&NewEffect {
            entry,
            kind: EffectKind::Command,
            slot: Some(slot),
            command: Some(&command.id),
            subject: None,
            body: &body,
            expires: Some(command.expires_us),
        })?;
        tx.effects.push(effect);
        Ok(())
    }

    /// Stores a message that will be sent to everybody, or to one slot.
    pub(in crate::engine) fn tell(
        &mut self,
        tx: &mut Transaction,
        entry: i64,
        message: &Message,
    ) -> Result<(), JournalError> {
        let Message { kind, slot, subject, body } = message;
        let body = body.to_string();
        let (kind, slot, subject) = (*kind, slot.as_ref(), subject.as_ref());
        let (command, expires) = (None, None);
        let new = NewEffect { entry, kind, slot, command, subject, body: &body, expires };
        tx.effects.push(self.journal.add_effect(&new)?);
        Ok(())
    }

    /// Marks a session as failed because its game panicked: raises the alert, ends the session and stores a status
    /// entry.
    pub(in crate::engine) fn failed(
        &mut self,
        tx: &mut Transaction,
        from: Origin<'_>,
        why: String,
    ) -> Result<(), JournalError> {
        tracing::error!(session = from.session, entry = from.entry, why, "a game failed");
        self.alerts.insert(Alert::Game, text::game_failed(from.session, &why));
        let ending = Ending::Failed { at: from.entry, why };
        self.journal.end_session(from.session, &ending, from.at)?;
        self.follow(tx, Origin { slot: None, ..from }, Kind::Status, text::ended(&ending))
    }

    /// Renders every session that has changed, and stores digests of what could be seen.
    pub(in crate::engine) fn render(&mut self, tx: &mut Transaction) -> Result<(), JournalError> {
        let mut failed = Vec::new();
        for run in self.rooms.sessions.values_mut() {
            match run.render() {
                Ok(Some(seen)) => self.journal.add_seen(run.last, &seen)?,
                Ok(None) => {}
                Err(why) => failed.push((run.id, why)),
            }
        }
        for (session, why) in failed {
            let (entry, at) = (self.journal.next_entry() - 1, self.time.tick(tx.now));
            self.failed(tx, Origin { entry, at, session, slot: None }, why)?;
        }
        Ok(())
    }
}
