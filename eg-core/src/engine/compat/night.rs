//! Night vote of older installations: steps opened by `eg/night/step`, and players that nobody named.
//!
//! The old contract has no roster: a device plays by voting, and nobody says beforehand which ones will. Under `compat`
//! the players of a room that names no `slots:` are
//! - every device that is online, whatever its id, but no cashier, no device that says it is something else than a slot,
//!   and none that another room names;
//! - every device that has voted since the core started, such as a page without an agent;
//! - `slot-01`, `slot-02` … on the seats that are left: as many as votes are expected, or nine when nobody is there.
//!
//! A device that votes without a seat takes one whose slot is neither online nor heard in this session; if there is
//! none, it plays from the next step on.

use crate::config::RoomConfig;
use crate::engine::command::{Actor, Refused};
use crate::engine::rooms::acts::{ActRequest, Attempt, More};
use crate::engine::session::live::LiveSession;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::games::{BANK, NIGHT};
use crate::journal::{JournalError, json};
use eg_proto::{NightStep, RoomId, SlotId};
use serde_json::{Map, Value};

/// Number of players expected when nobody is online and `expected` is not set.
const EXPECTED: u64 = 9;
/// Cashier of a room whose settings name none.
const CASHIER: &str = "change-01";

impl Engine {
    /// Opens a step of the old contract in the room of the old topics, which must play the night vote.
    pub(in crate::engine) fn night_step(
        &mut self,
        tx: &mut Transaction,
        step: NightStep,
        by: Actor,
    ) -> Attempt<()> {
        let plays =
            |room: &&RoomId| match self.rooms.sessions.get(*room).filter(|run| run.is_running()) {
                Some(run) => run.kind == NIGHT,
                None => self.rooms.config.get(*room).is_some_and(|room| room.game == NIGHT),
            };
        let Some(room) = self.rooms.compat.as_ref().filter(plays).cloned() else {
            let (fr, en) = match &self.rooms.compat {
                Some(room) => (
                    format!("{room} ne joue pas le vote de la nuit"),
                    format!("{room} does not play the night vote"),
                ),
                None => (
                    "aucune salle n'est celle du vote de la nuit : la nommer, `compat_room:`"
                        .into(),
                    "no room is that of the night vote: name it as `compat_room:`".into(),
                ),
            };
            return Ok(Err(Refused::conflict(fr, en)));
        };
        if self.is_outgrown(&room) {
            let request = ActRequest {
                name: "finish".into(),
                args: Map::new(),
                reason: None,
                by: by.clone(),
            };
            if let Err(refused) = self.act(tx, &room, request)? {
                return Ok(Err(refused));
            }
        }
        if !self.rooms.sessions.get(&room).is_some_and(LiveSession::is_running)
            && let Err(refused) = self.start(tx, &room, None, None, More::default(), by.clone())?
        {
            return Ok(Err(refused));
        }
        let args = text::args([
            ("step", step.step.into()),
            ("question", step.question.into()),
            ("options", step.options.into()),
            ("replace", true.into()),
            ("confirm", true.into()),
        ]);
        let request = ActRequest { name: "open".to_owned(), args, reason: None, by };
        Ok(self.act(tx, &room, request)?.map(drop))
    }

    /// Returns the players of a room that names none, chosen from the slots in `here`.
    pub(in crate::engine) fn compat_players(
        &self,
        here: Vec<SlotId>,
        config: &RoomConfig,
    ) -> Vec<SlotId> {
        let plays = |slot: &SlotId| {
            self.slots.voters.contains_key(slot) || (self.is_online(slot) && !self.is_table(slot))
        };
        let mut players: Vec<_> = here.into_iter().filter(plays).collect();
        let expected = config.config.get("expected").and_then(Value::as_u64);
        let nobody = if players.is_empty() { EXPECTED } else { 0 };
        let wanted = usize::try_from(expected.unwrap_or(nobody)).unwrap_or(0).min(99);
        let names = (1..=99).filter_map(|n| SlotId::new(format!("slot-{n:02}")).ok());
        let free: Vec<_> =
            names.filter(|slot| !players.contains(slot) && !self.rooms.names(slot)).collect();
        players.extend(free.into_iter().take(wanted.saturating_sub(players.len())));
        players.sort_unstable();
        players
    }

    /// Returns `true` if a night waits between steps and players have come that it did not start with.
    pub(in crate::engine) fn is_outgrown(&self, room: &RoomId) -> bool {
        let Some(run) = self.rooms.sessions.get(room).filter(|run| run.is_running()) else {
            return false;
        };
        let idle = matches!(run.shown().public.phase.as_str(), "waiting" | "closed");
        let open = self.rooms.config.get(room).is_some_and(|room| room.slots.is_none());
        idle && open && self.players(room).iter().any(|slot| run.roster.seat(slot).is_none())
    }

    /// Gives a device that votes by the old contract a free seat, if it has none and one is free.
    pub(in crate::engine) fn seat_voter(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
    ) -> Result<(), JournalError> {
        if !self.compat || !self.slots.known.contains_key(slot) || self.rooms.names(slot) {
            return Ok(());
        }
        self.slots.voters.insert(slot.clone(), ());
        if self.rooms.playing(slot).is_some() {
            return Ok(());
        }
        let plays =
            |room: &&RoomId| self.rooms.config.get(*room).is_some_and(|room| room.slots.is_none());
        let Some(room) = self.rooms.compat.as_ref().filter(plays).cloned() else { return Ok(()) };
        let night =
            self.rooms.sessions.get(&room).filter(|run| run.is_running() && run.kind == NIGHT);
        let Some(run) = night else { return Ok(()) };
        let session = run.id;
        let heard = self.journal.heard_in(session)?;
        let free = run.roster.seats.iter().map(|seat| &seat.slot);
        let mut free = free.filter(|seat| !self.is_online(seat) && !heard.contains(*seat));
        let Some(free) = free.next() else {
            return Ok(());
        };
        let args = text::args([("from", json(free)), ("to", json(slot))]);
        let (name, by) = ("reseat".to_owned(), Actor("compat".to_owned()));
        let request = ActRequest { name, args, reason: None, by };
        self.write_act(tx, Some((&room, session)), request).map(drop)
    }

    /// Returns `true` if a device of the old contract is no player's place, such as the cashier `change-01`.
    fn is_table(&self, slot: &SlotId) -> bool {
        let banks = self.rooms.config.values().filter(|room| room.game == BANK);
        let mut cashiers =
            banks.map(|room| room.config.get("cashier").and_then(Value::as_str).unwrap_or(CASHIER));
        self.slots.tables.contains_key(slot)
            || slot.as_str() == CASHIER
            || cashiers.any(|it| it == slot.as_str())
    }
}
