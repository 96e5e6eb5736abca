//! What devices ask of a module: of the bank of a casino.

use super::Engine;
use super::cause::Cause;
use super::consequence::From;
use super::operator::More;
use super::trace::Message;
use super::turn::Turn;
use crate::handle::Actor;
use crate::ingest::Request;
use crate::journal::{EffectKind, JournalError, Kind, NewEntry, json};
use eg_game::Act;
use eg_proto::{RoomId, SlotId, Subject, Text, Timestamp};
use serde_json::{Value, json};

/// The game that answers requests.
const BANK: &str = "casino";

impl Engine {
    /// Writes a request down and lets the bank answer it.
    pub(super) fn take_request(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        request: &Request,
    ) -> Result<(), JournalError> {
        let Request { slot, body } = request;
        if let Some(slot) = slot {
            self.hear(slot, at)?;
        }
        let bank = self.bank(turn)?;
        let at = self.tick(at);
        let id = self.journal.next_entry();
        let mut args = body.clone();
        let known = slot.as_ref().and_then(|slot| self.slots.get(slot));
        let sim = known.is_some_and(|slot| slot.sim) || args.get("sim") == Some(&Value::Bool(true));
        args.insert("sim".to_owned(), sim.into());
        let by = slot.as_ref().map(SlotId::as_str).or(args.get("source").and_then(Value::as_str));
        let by = by.unwrap_or_default().to_owned();
        let act = Act { id, at, by, reason: None, name: "request".to_owned(), args };
        let session = bank.as_ref().map(|(_, session)| *session);
        let (kind, slot, body) = (Kind::Request, slot.as_ref(), json(&act));
        self.add(turn, NewEntry { at, kind, slot, session, cause: None, place: None, body })?;
        let Some((room, session)) = bank else { return self.is_closed(turn, at, slot, &act) };
        let from = From { entry: id, at, session, slot };
        self.play(turn, &room, from, &Cause::Asked(act)).map(drop)
    }

    /// The session that answers. A bank that has never been open opens with the first request, as tables of existing
    /// rooms expect; one that the operator has closed stays closed.
    fn bank(&mut self, turn: &mut Turn) -> Result<Option<(RoomId, i64)>, JournalError> {
        let mut open = self.runs.iter().filter(|(_, run)| run.is_running() && run.kind == BANK);
        if let Some((room, run)) = open.next() {
            return Ok(Some((room.clone(), run.id)));
        }
        let unopened = self
            .rooms
            .iter()
            .find(|(room, config)| config.game == BANK && !self.runs.contains_key(*room));
        let Some(room) = unopened.map(|(room, _)| room.clone()) else { return Ok(None) };
        let by = Actor("the first request".to_owned());
        Ok(match self.start(turn, &room, None, None, More::default(), by)? {
            Ok(session) => Some((room, session)),
            Err(refused) => {
                tracing::warn!(%room, %refused, "the bank could not open");
                None
            }
        })
    }

    /// Nobody is there to answer: the table is told so, and the operator sees it.
    fn is_closed(
        &mut self,
        turn: &mut Turn,
        at: Timestamp,
        slot: Option<&SlotId>,
        act: &Act,
    ) -> Result<(), JournalError> {
        let why = Text::new("aucune banque n'est ouverte", "no bank is open");
        let body = json!({ "why": why, "entry": act.id });
        let (kind, cause) = (Kind::Refused, Some(act.id));
        self.add(turn, NewEntry { at, kind, slot, session: None, cause, place: None, body })?;
        let (Some(slot), Some(req_id)) = (slot, act.args.get("req_id")) else { return Ok(()) };
        let Ok(subject) = Subject::new("res") else { return Ok(()) };
        let op = act.args.get("op").cloned().unwrap_or_default();
        let body = json!({ "req_id": req_id, "type": op, "status": "closed" });
        let (kind, slot, subject) = (EffectKind::Tell, Some(slot.clone()), Some(subject));
        self.tell(turn, act.id, &Message { kind, slot, subject, body })
    }
}
