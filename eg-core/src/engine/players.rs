//! Who plays in a room: the slots that it names, else those that are there.
//!
//! The old contract has no roster: a device plays by voting, and nobody says beforehand which ones will. Under `compat`
//! a room that names no `slots:` is played by
//! - every device that is online, whatever its id, but no cashier, no device that says it is something else than a slot,
//!   and none that another room names;
//! - every device that has voted since the core started, such as a page without an agent;
//! - `slot-01`, `slot-02` … on the seats that are left: as many as votes are expected, or nine when nobody is there.
//!
//! A device that votes and has no seat takes one that nobody sits on; when there is none it plays from the next step on.

use super::operator::{Deed, NIGHT};
use super::turn::Turn;
use super::{Engine, report};
use crate::handle::Actor;
use crate::journal::{JournalError, json};
use eg_proto::{Presence, RoomId, SlotId};
use serde_json::Value;

/// Players of the old contract that are expected when nobody is online and nobody said how many there are.
const OLD_PLAYERS: u64 = 9;
/// The game of the cashier, and its cashier when the room's settings name none.
const BANK: (&str, &str) = ("casino", "change-01");

impl Engine {
    /// Whether a night waits between steps while other players have come than it was started with.
    pub(super) fn is_outgrown(&self, room: &RoomId) -> bool {
        let Some(run) = self.runs.get(room).filter(|run| run.is_running()) else { return false };
        let idle = matches!(run.shown().public.phase.as_str(), "waiting" | "closed");
        let open = self.rooms.get(room).is_some_and(|room| room.slots.is_none());
        idle && open && self.players(room).iter().any(|slot| run.roster.seat(slot).is_none())
    }

    /// The slots of a room, as pages show it.
    pub(super) fn seats(&self, room: &RoomId) -> Vec<SlotId> {
        match self.rooms.get(room).and_then(|room| room.slots.clone()) {
            Some(named) => named,
            None => self.slots.keys().filter(|slot| !self.is_named(slot)).cloned().collect(),
        }
    }

    /// The players of a session that starts now.
    pub(super) fn players(&self, room: &RoomId) -> Vec<SlotId> {
        let Some(config) = self.rooms.get(room) else { return Vec::new() };
        if let Some(named) = &config.slots {
            return named.clone();
        }
        let here = self.seats(room).into_iter();
        if !self.compat {
            return here.filter(|slot| self.is_online(slot)).collect();
        }
        let plays = |slot: &SlotId| {
            self.voters.contains_key(slot) || (self.is_online(slot) && !self.is_table(slot))
        };
        let mut players: Vec<_> = here.filter(plays).collect();
        let expected = config.config.get("expected").and_then(Value::as_u64);
        let nobody = if players.is_empty() { OLD_PLAYERS } else { 0 };
        let wanted = usize::try_from(expected.unwrap_or(nobody)).unwrap_or(0).min(99);
        let names = (1..=99).filter_map(|n| SlotId::new(format!("slot-{n:02}")).ok());
        let free: Vec<_> =
            names.filter(|slot| !players.contains(slot) && !self.is_named(slot)).collect();
        players.extend(free.into_iter().take(wanted.saturating_sub(players.len())));
        players.sort_unstable();
        players
    }

    /// A device votes by the old contract: it gets a seat when it has none, as far as one is free.
    pub(super) fn seat_voter(
        &mut self,
        turn: &mut Turn,
        slot: &SlotId,
    ) -> Result<(), JournalError> {
        if !self.compat || !self.slots.contains_key(slot) || self.is_named(slot) {
            return Ok(());
        }
        self.voters.insert(slot.clone(), ());
        if self.playing(slot).is_some() {
            return Ok(());
        }
        let is_open = |room: &RoomId| self.rooms.get(room).is_some_and(|room| room.slots.is_none());
        let night = self
            .runs
            .iter()
            .find(|(room, run)| run.is_running() && run.kind == NIGHT && is_open(room));
        let Some((room, run)) = night else { return Ok(()) };
        let (room, session) = (room.clone(), run.id);
        let heard = self.journal.heard_in(session)?;
        let free = run.roster.seats.iter().map(|seat| &seat.slot);
        let mut free = free.filter(|seat| !self.is_online(seat) && !heard.contains(*seat));
        let Some(free) = free.next() else {
            return Ok(());
        };
        let args = report::args([("from", json(free)), ("to", json(slot))]);
        let (name, by) = ("reseat".to_owned(), Actor("compat".to_owned()));
        let deed = Deed { name, args, reason: None, by };
        self.write_act(turn, Some((&room, session)), deed).map(drop)
    }

    fn is_online(&self, slot: &SlotId) -> bool {
        self.slots.get(slot).is_some_and(|slot| slot.presence == Presence::Online)
    }

    /// Whether a device of the old contract is something else than a player's place, such as `change-01`.
    fn is_table(&self, slot: &SlotId) -> bool {
        let (bank, usual) = BANK;
        let banks = self.rooms.values().filter(|room| room.game == bank);
        let mut cashiers =
            banks.map(|room| room.config.get("cashier").and_then(Value::as_str).unwrap_or(usual));
        self.tables.contains_key(slot)
            || slot.as_str() == usual
            || cashiers.any(|it| it == slot.as_str())
    }

    fn is_named(&self, slot: &SlotId) -> bool {
        self.rooms.values().any(|room| room.slots.as_ref().is_some_and(|all| all.contains(slot)))
    }
}
