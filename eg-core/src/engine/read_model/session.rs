//! Sessions as pages and the API see them.

use eg_game::{Offer, Text, View};
use eg_proto::{DeviceName, InputName, SlotId, State, Timestamp};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// State of one session.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Session {
    /// Number of the session.
    pub id: i64,
    /// Kind of the game.
    pub game: String,
    /// Status of the session.
    pub status: SessionStatus,
    /// Time at which the session started.
    pub started: Timestamp,
    /// View of the operator; shows secret ballots only if `revealed`.
    pub operator: View,
    /// View of everybody.
    pub public: View,
    /// Acts that the operator may do now.
    pub offers: Vec<Offer>,
    /// Explanation of the current state, for the operator.
    pub explain: Text,
    /// States that the game shows at slots, by subject, e.g. `payouts`.
    pub told: BTreeMap<String, Value>,
    /// `true` once the operator has revealed what is secret.
    pub revealed: bool,
    /// `true` if the session was rebuilt from the journal after a restart of the core.
    pub resumed: bool,
    /// Latest acts of the operator in the session, oldest first.
    pub acts: Vec<ActRecord>,
    /// Hints that the room or one slot can read now.
    pub hints: Vec<Hint>,
    /// Number of hints that were given so far.
    pub hints_given: u32,
    /// Inputs that the game reads for how they stand, each as its slot and its name; the operator may force these.
    pub reads: Vec<(SlotId, InputName)>,
    /// Inputs that are forced.
    pub forced: Vec<ForcedInput>,
    /// Clock of the session.
    pub clock: SessionClock,
}

/// Input that the game takes for what the operator said, until it truly changes or is released.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ForcedInput {
    /// Number of the act in the journal.
    pub entry: i64,
    /// Time of the act.
    pub at: Timestamp,
    /// Name of whoever forced it.
    pub by: String,
    /// Slot of the input.
    pub slot: SlotId,
    /// Board of the input.
    pub device: DeviceName,
    /// Name of the input.
    pub input: InputName,
    /// State that the game takes it for: `true` or `false`, a number, or a list of tags.
    #[schemars(with = "Value")]
    pub state: State,
}

/// Clock of a session. What does not count, a pause or an outage of the core, has moved its times already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SessionClock {
    /// Time from which the session has run without a break.
    pub since: Timestamp,
    /// Planned end; null if the room has no `duration`.
    pub ends: Option<Timestamp>,
    /// Time at which the clock stands: in a pause, or once the session is over; null while it runs.
    pub stopped: Option<Timestamp>,
    /// Time at which a player or the operator last did something.
    pub moved: Timestamp,
}

impl SessionClock {
    /// Returns the planned end; `None` without one, and while the clock stands.
    pub(crate) fn planned_end(&self) -> Option<Timestamp> {
        self.ends.filter(|_| self.stopped.is_none())
    }
}

/// Text that the operator shows to players until its end, until another replaces it or the session ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Hint {
    /// Number of the act that gave it, in the journal: whoever plays a sound for it does so once.
    pub id: i64,
    /// Slot at which the hint is read; null for the room's display.
    pub slot: Option<SlotId>,
    /// Text of the hint.
    pub text: String,
    /// The same in English, if `text` is in French and both were given.
    pub en: Option<String>,
    /// Time at which the hint is taken away; null until somebody does that.
    pub ends: Option<Timestamp>,
}

/// Act of the operator, with what it changed in the operator's view, and whether it was undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Deed")]
pub struct ActRecord {
    /// Number of the act in the journal.
    pub entry: i64,
    /// Time of the act.
    pub at: Timestamp,
    /// Name of whoever acted.
    pub by: String,
    /// Name of the act, e.g. `reveal`.
    pub name: String,
    /// Label of the act, for people.
    pub label: Text,
    /// Slot that the act is about, such as the player who is excused; null where it is about none.
    pub slot: Option<SlotId>,
    /// Reason that the operator gave.
    pub reason: Option<String>,
    /// Reason for which the game refused the act; null if it was carried out.
    pub refused: Option<Text>,
    /// Lines of the operator's view that the act removed.
    pub before: Vec<Text>,
    /// Lines of the operator's view that the act added.
    pub after: Vec<Text>,
    /// Number of the act that undid this one; null while it stands.
    pub undone: Option<i64>,
    /// `true` if the act can be undone now.
    pub can_undo: bool,
}

/// Status of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SessionStatus {
    /// Running: takes inputs.
    Running,
    /// Ended by the game itself.
    Done,
    /// Called off by the operator.
    Aborted,
    /// Failed because the game panicked, with the panic's message. Other sessions go on.
    Failed(String),
}
