//! Agenda of a rehearsal: everything that is yet to happen, in the order of time.

use super::expect::Expect;
use eg_agent::virtual_slot::What;
use eg_game::Offer;
use eg_proto::{RoomId, SlotId, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// Action of a script's step.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// A player does something at a slot, or something goes wrong at a board.
    Slot(Held),
    /// Presses by every player of a room: each presses one of these inputs (device, name), within a span.
    Everybody { room: RoomId, press: Vec<(String, String)>, within: Duration },
    /// A slot is cut off or its agent killed, and is back after `lasts`; it stays away without one.
    Mishap { slot: SlotId, trouble: Mishap, lasts: Option<Duration> },
    /// The core is killed, and starts again after `lasts`, perhaps with another clock.
    Core { lasts: Duration, set: Reset },
    /// The operator does an act.
    Operator {
        room: RoomId,
        name: String,
        args: ActArgs,
        because: Option<String>,
        /// Words that the reason of the refusal must contain; `None` if the act must succeed.
        refused: Option<String>,
    },
    /// The operator does a random one of the acts that are offered.
    Anything(RoomId),
    /// The room must be as expected.
    Expect { room: RoomId, expect: Box<Expect> },
}

/// Fields of an act as a file says them: only the act knows which of them are texts.
#[derive(Clone, Debug, Default)]
pub(super) struct ActArgs {
    /// Fields as YAML reads them.
    pub(super) read: Map<String, Value>,
    /// Numbers and booleans among the fields, as the text that stands in the file.
    pub(super) texts: Map<String, Value>,
}

impl ActArgs {
    /// Returns the fields with the types that this act takes.
    pub(super) fn of(&self, name: &str, offers: &[Offer]) -> Map<String, Value> {
        let offer = offers.iter().find(|offer| offer.name == name);
        let is_text = |field: &str| match offer {
            Some(offer) => offer.fields.iter().any(|known| known.name == field && known.is_text()),
            None => name == "hint",
        };
        let take = |(field, value): (&String, &Value)| {
            let text = self.texts.get(field).filter(|_| is_text(field));
            (field.clone(), text.unwrap_or(value).clone())
        };
        self.read.iter().map(take).collect()
    }
}

impl From<Map<String, Value>> for ActArgs {
    fn from(read: Map<String, Value>) -> Self {
        Self { read, texts: Map::new() }
    }
}

/// Touch or fault at a slot that begins, and perhaps ends after a while.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) slot: SlotId,
    pub(super) what: What,
    pub(super) lasts: Option<Duration>,
}

/// Trouble of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mishap {
    /// The slot's link is cut; the agent goes on by itself.
    CutOff,
    /// The slot's agent is killed.
    Killed,
}

/// Change of the clock of the core's machine while the core is dead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reset {
    /// The clock goes on as before.
    #[default]
    None,
    /// The clock stands ahead by this span.
    Ahead(Duration),
    /// The clock stands behind by this span.
    Behind(Duration),
}

/// Item on the agenda.
#[derive(Clone, Debug)]
pub(super) enum Due {
    /// Step of the script, by its index.
    Step(usize),
    /// Beginning of a touch or fault at a slot.
    Begin(Held),
    /// End of a touch or fault at a slot.
    End(Held),
    /// Return of a slot.
    Back(SlotId),
    /// Start of the core after it was killed.
    Start(Reset),
    /// Request of a slot, by its index, for the core's time.
    Ping(usize),
}

/// Queue of everything that is yet to happen; items due at the same moment come in the order of insertion.
#[derive(Debug)]
pub(super) struct Agenda<T> {
    due: BTreeMap<(Timestamp, u64), T>,
    put: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Self {
        Self { due: BTreeMap::new(), put: 0 }
    }
}

impl<T> Agenda<T> {
    pub(super) fn put(&mut self, at: Timestamp, what: T) {
        self.put += 1;
        self.due.insert((at, self.put), what);
    }

    /// Returns the time at which the next item is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next item that is due by `now`.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<T> {
        self.due.first_entry().filter(|first| first.key().0 <= now).map(|first| first.remove())
    }

    /// Drops the items for which `keep` returns `false`.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.due.retain(|_, what| keep(what));
    }
}
