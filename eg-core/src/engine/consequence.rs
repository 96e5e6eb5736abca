//! What follows from an entry: the game is called, and what it asks for is stored beside the entry.

use super::cause::Cause;
use super::trace::{self, Message, Trace};
use super::turn::Turn;
use super::{Engine, Trouble, report};
use crate::effects;
use crate::journal::{EffectKind, Ending, JournalError, Kind, NewEffect, NewEntry, json};
use eg_game::Effect;
use eg_proto::{Command, RoomId, SlotId, Text, Timestamp};
use serde_json::Value;

/// The entry that something follows from, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct From<'a> {
    pub(super) entry: i64,
    pub(super) at: Timestamp,
    pub(super) session: i64,
    pub(super) slot: Option<&'a SlotId>,
}

impl Engine {
    /// Adds an entry to this turn and gives its number.
    pub(super) fn add(
        &mut self,
        turn: &mut Turn,
        new: NewEntry<'_>,
    ) -> Result<Option<i64>, JournalError> {
        let entry = self.journal.add(new)?;
        let id = entry.as_ref().map(|entry| entry.id);
        turn.entries.extend(entry);
        Ok(id)
    }

    /// Adds an entry that follows from another.
    pub(super) fn follow(
        &mut self,
        turn: &mut Turn,
        from: From<'_>,
        kind: Kind,
        body: Value,
    ) -> Result<(), JournalError> {
        let From { entry, at, session, slot } = from;
        let (session, cause) = (Some(session), Some(entry));
        self.add(turn, NewEntry { at, kind, slot, session, cause, place: None, body }).map(drop)
    }

    /// Lets something happen to a room's session and stores what follows. Why the act was refused, when it was.
    pub(super) fn play(
        &mut self,
        turn: &mut Turn,
        room: &RoomId,
        from: From<'_>,
        cause: &Cause,
    ) -> Result<Option<Text>, JournalError> {
        let Some(run) = self.runs.get_mut(room) else { return Ok(None) };
        run.last = from.entry;
        let effects = match run.feed(cause) {
            Ok(effects) => effects,
            Err(why) => {
                self.failed(turn, from, why.clone())?;
                let words = format!("the game failed: {why}");
                let fr = format!("le jeu est tombé : {}", eg_page::say(why).fr);
                return Ok(Some(Text::new(fr, words)));
            }
        };
        let mut refused = None;
        for effect in effects {
            if let Effect::RefuseAct { why } = &effect {
                refused = Some(why.clone());
            }
            self.consequence(turn, from, effect)?;
        }
        Ok(refused)
    }

    pub(super) fn consequence(
        &mut self,
        turn: &mut Turn,
        from: From<'_>,
        effect: Effect,
    ) -> Result<(), JournalError> {
        match effect {
            Effect::Set { slot, output, set } => {
                let known = self.slots.get(&slot);
                let command =
                    known.and_then(|known| effects::command(known, &output, set, from.at));
                match command {
                    Some(command) => self.command(turn, from.entry, &slot, &command),
                    None => {
                        let body = report::no_output(&slot, &output);
                        let from = From { slot: Some(&slot), ..from };
                        self.follow(turn, from, Kind::Refused, body)
                    }
                }
            }
            Effect::Cue { slot, cue } => {
                let known = self.slots.get(&slot);
                let commands = known.map(|known| effects::cue(known, cue, from.at));
                for command in commands.unwrap_or_default() {
                    self.command(turn, from.entry, &slot, &command)?;
                }
                Ok(())
            }
            Effect::Finish(ref finish) => {
                self.journal.end_session(from.session, &trace::ending(finish), from.at)?;
                self.leave(turn, from, &effect)
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
            | Effect::Note { .. } => self.leave(turn, from, &effect),
        }
    }

    /// Stores what an effect leaves in the journal, and what is told to everybody.
    fn leave(
        &mut self,
        turn: &mut Turn,
        from: From<'_>,
        effect: &Effect,
    ) -> Result<(), JournalError> {
        if let Some(Trace { kind, of_slot, body }) = trace::line(effect, from.entry) {
            let slot = from.slot.filter(|_| of_slot);
            self.follow(turn, From { slot, ..from }, kind, body)?;
        }
        match trace::message(effect) {
            Some(message) if self.is_told(from.session, &message) => {
                self.tell(turn, from.entry, &message)
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Stores a command to be sent.
    pub(super) fn command(
        &mut self,
        turn: &mut Turn,
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
        turn.effects.push(effect);
        Ok(())
    }

    /// Stores what is told to everybody, or to one slot.
    pub(super) fn tell(
        &mut self,
        turn: &mut Turn,
        entry: i64,
        message: &Message,
    ) -> Result<(), JournalError> {
        let Message { kind, slot, subject, body } = message;
        let body = body.to_string();
        let (kind, slot, subject) = (*kind, slot.as_ref(), subject.as_ref());
        let (command, expires) = (None, None);
        let new = NewEffect { entry, kind, slot, command, subject, body: &body, expires };
        turn.effects.push(self.journal.add_effect(&new)?);
        Ok(())
    }

    /// A game panicked: its session alone has failed, and that is written down.
    pub(super) fn failed(
        &mut self,
        turn: &mut Turn,
        from: From<'_>,
        why: String,
    ) -> Result<(), JournalError> {
        tracing::error!(session = from.session, entry = from.entry, why, "a game failed");
        self.troubles.insert(Trouble::Game, report::game_failed(from.session, &why));
        let ending = Ending::Failed { at: from.entry, why };
        self.journal.end_session(from.session, &ending, from.at)?;
        self.follow(turn, From { slot: None, ..from }, Kind::Status, report::ended(&ending))
    }

    /// Looks at every session to which something happened, and keeps what could be seen then.
    pub(super) fn look(&mut self, turn: &mut Turn) -> Result<(), JournalError> {
        let mut failed = Vec::new();
        for run in self.runs.values_mut() {
            match run.look() {
                Ok(Some(seen)) => self.journal.add_seen(run.last, &seen)?,
                Ok(None) => {}
                Err(why) => failed.push((run.id, why)),
            }
        }
        for (session, why) in failed {
            let (entry, at) = (self.journal.next_entry() - 1, self.tick(turn.now));
            self.failed(turn, From { entry, at, session, slot: None }, why)?;
        }
        Ok(())
    }
}
