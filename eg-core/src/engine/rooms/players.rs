//! Players of a room: the slots that it names, otherwise those that are there.

use crate::engine::Engine;
use eg_proto::{Presence, RoomId, SlotId};

impl Engine {
    /// Returns the slots of a room, as pages show it: those that it names, otherwise every slot that no room names.
    pub(in crate::engine) fn seats(&self, room: &RoomId) -> Vec<SlotId> {
        match self.rooms.config.get(room).and_then(|room| room.slots.clone()) {
            Some(named) => named,
            None => {
                self.slots.known.keys().filter(|slot| !self.rooms.names(slot)).cloned().collect()
            }
        }
    }

    /// Returns the players of a session that starts now.
    pub(in crate::engine) fn players(&self, room: &RoomId) -> Vec<SlotId> {
        let Some(config) = self.rooms.config.get(room) else { return Vec::new() };
        if let Some(named) = &config.slots {
            return named.clone();
        }
        let here = self.seats(room);
        if self.compat {
            self.compat_players(here, config)
        } else {
            here.into_iter().filter(|slot| self.is_online(slot)).collect()
        }
    }

    /// Returns `true` while the agent of this slot is connected.
    pub(in crate::engine) fn is_online(&self, slot: &SlotId) -> bool {
        self.slots.known.get(slot).is_some_and(|slot| slot.presence == Presence::Online)
    }
}
