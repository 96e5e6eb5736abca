//! Requests that devices send to a module: to the bank of a casino.

use crate::engine::Engine;
use crate::engine::command::Actor;
use crate::engine::effects::apply::Origin;
use crate::engine::effects::record::Message;
use crate::engine::rooms::acts::More;
use crate::engine::session::cause::Cause;
use crate::engine::transaction::Transaction;
use crate::games::BANK;
use crate::ingest::DeviceRequest;
use crate::journal::{EffectKind, JournalError, Kind, NewEntry, json};
use eg_game::Act;
use eg_proto::{RoomId, SlotId, Subject, Text, Timestamp};
use serde_json::{Value, json};

impl Engine {
    /// Stores a device's request and passes it to the bank's session.
    pub(in crate::engine) fn take_request(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        request: &DeviceRequest,
    ) -> Result<(), JournalError> {
        let DeviceRequest { slot, body } = request;
        if let Some(slot) = slot {
            self.hear(slot, at)?;
        }
        let bank = self.bank(tx)?;
        let at = self.time.tick(at);
        let id = self.journal.next_entry();
        let mut args = body.clone();
        let known = slot.as_ref().and_then(|slot| self.slots.known.get(slot));
        let sim = known.is_some_and(|slot| slot.sim) || args.get("sim") == Some(&Value::Bool(true));
        args.insert("sim".to_owned(), sim.into());
        let by = slot.as_ref().map(SlotId::as_str).or(args.get("source").and_then(Value::as_str));
        let by = by.unwrap_or_default().to_owned();
        let act = Act { id, at, by, reason: None, name: "request".to_owned(), args };
        let session = bank.as_ref().map(|(_, session)| *session);
        let (kind, slot, body) = (Kind::Request, slot.as_ref(), json(&act));
        self.add(tx, NewEntry { at, kind, slot, session, cause: None, place: None, body })?;
        let Some((room, session)) = bank else { return self.is_closed(tx, at, slot, &act) };
        let from = Origin { entry: id, at, session, slot };
        self.play(tx, &room, from, &Cause::Asked(act)).map(drop)
    }

    /// Returns the room and number of the session that answers. A bank that was never open opens with the first
    /// request, as tables of existing rooms expect; one that the operator has closed stays closed (`None`).
    fn bank(&mut self, tx: &mut Transaction) -> Result<Option<(RoomId, i64)>, JournalError> {
        let mut open =
            self.rooms.sessions.iter().filter(|(_, run)| run.is_running() && run.kind == BANK);
        if let Some((room, run)) = open.next() {
            return Ok(Some((room.clone(), run.id)));
        }
        let unopened =
            self.rooms.config.iter().find(|(room, config)| {
                config.game == BANK && !self.rooms.sessions.contains_key(*room)
            });
        let Some(room) = unopened.map(|(room, _)| room.clone()) else { return Ok(None) };
        let by = Actor("the first request".to_owned());
        Ok(match self.start(tx, &room, None, None, More::default(), by)? {
            Ok(session) => Some((room, session)),
            Err(refused) => {
                tracing::warn!(%room, %refused, "the bank could not open");
                None
            }
        })
    }

    /// Refuses a request because no bank is open: stores the refusal for the operator, and answers the device `closed`.
    fn is_closed(
        &mut self,
        tx: &mut Transaction,
        at: Timestamp,
        slot: Option<&SlotId>,
        act: &Act,
    ) -> Result<(), JournalError> {
        let why = Text::new("aucune banque n'est ouverte", "no bank is open");
        let body = json!({ "why": why, "entry": act.id });
        let (kind, cause) = (Kind::Refused, Some(act.id));
        self.add(tx, NewEntry { at, kind, slot, session: None, cause, place: None, body })?;
        let (Some(slot), Some(req_id)) = (slot, act.args.get("req_id")) else { return Ok(()) };
        let Ok(subject) = Subject::new("res") else { return Ok(()) };
        let op = act.args.get("op").cloned().unwrap_or_default();
        let body = json!({ "req_id": req_id, "type": op, "status": "closed" });
        let (kind, slot, subject) = (EffectKind::Tell, Some(slot.clone()), Some(subject));
        self.tell(tx, act.id, &Message { kind, slot, subject, body })
    }
}
