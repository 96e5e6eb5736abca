//! What is yet to happen in a rehearsal, in the order of time.

use super::expect::Expect;
use eg_agent::virtual_slot::What;
use eg_game::Offer;
use eg_proto::{RoomId, SlotId, Timestamp};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// What a step does.
#[derive(Clone, Debug)]
pub(super) enum Action {
    /// A player does something, or something goes wrong at a board.
    Slot(Held),
    /// Every player of a room presses one of these inputs, device and name.
    Everybody { room: RoomId, press: Vec<(String, String)>, within: Duration },
    /// A slot is cut off or its agent killed, and is back after so long; it stays away when nothing is said.
    Mishap { slot: SlotId, trouble: Mishap, lasts: Option<Duration> },
    /// The core is killed, and starts again after so long, perhaps with another clock.
    Core { lasts: Duration, set: Reset },
    /// The operator acts.
    Operator {
        room: RoomId,
        name: String,
        args: ActArgs,
        because: Option<String>,
        /// The words of the refusal that must come.
        refused: Option<String>,
    },
    /// The operator does any one of the things that are offered.
    Anything(RoomId),
    /// This must be so.
    Expect { room: RoomId, expect: Box<Expect> },
}

/// The fields of an act as a file says them: which of them are texts, only the act knows.
#[derive(Clone, Debug, Default)]
pub(super) struct ActArgs {
    /// As YAML reads them.
    pub(super) read: Map<String, Value>,
    /// Their numbers and booleans as the text that stands in the file.
    pub(super) texts: Map<String, Value>,
}

impl ActArgs {
    /// The fields as this act takes them.
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

/// Something at a slot that begins, and perhaps ends.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub(super) slot: SlotId,
    pub(super) what: What,
    pub(super) lasts: Option<Duration>,
}

/// What becomes of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Mishap {
    /// Its link is cut: it goes on by itself.
    CutOff,
    /// Its agent is killed.
    Killed,
}

/// What becomes of the clock of a machine that starts again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Reset {
    /// It goes on.
    #[default]
    None,
    /// It stands so far ahead.
    Ahead(Duration),
    /// It stands so far behind.
    Behind(Duration),
}

/// What is on the agenda.
#[derive(Clone, Debug)]
pub(super) enum Due {
    /// A step of the script, by its place.
    Step(usize),
    /// Something at a slot begins.
    Begin(Held),
    /// What was begun ends.
    End(Held),
    /// A slot is back.
    Back(SlotId),
    /// The core is started again.
    Start(Reset),
    /// A slot asks for the core's time.
    Ping(usize),
}

/// Everything that is yet to happen; what is due at the same moment comes in the order in which it was put there.
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

    /// When the next thing is due.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// Takes the next thing that is due by `now`.
    pub(super) fn take(&mut self, now: Timestamp) -> Option<T> {
        self.due.first_entry().filter(|first| first.key().0 <= now).map(|first| first.remove())
    }

    /// Forgets what is not kept.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        self.due.retain(|_, what| keep(what));
    }
}
