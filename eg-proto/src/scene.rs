//! State of a slot's room beside question, result and hint: for the screen of its player.

use crate::{Mode, SlotId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Content of a slot's screen beside question, result and hint, on `eg/dev/<slot>/scene`, QoS 1, retained. It tells
/// nothing that everybody in the room may not know, but for `seat`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotScene {
    /// State of the session in which the slot plays.
    pub state: SceneState,
    /// Mode of the room.
    pub mode: Mode,
    /// Seat of the slot; left out while it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<SeatState>,
    /// Headline of what goes on for this player, in a few words.
    #[serde(default)]
    pub headline: Text,
    /// Sentences for the player at this slot, the most important first: the game tells them to nobody else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own: Vec<Text>,
    /// Sentences that everybody may read, the most important first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<Text>,
    /// Times that run out, the next one first; none while the session is paused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<SceneClock>,
    /// Time at which the session started, in the core's clock, in µs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_us: Option<Timestamp>,
    /// Names of the room's slots, or of whoever sits there, by id: a screen shows them in the place of ids, in options and
    /// sentences. What has no name is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<SlotId, String>,
}

/// State of the session in which a slot plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SceneState {
    /// No session has begun.
    Waiting,
    /// The roll is called: each player presses once.
    RollCall,
    /// The roll is called, and this slot has pressed.
    Present,
    /// Session that runs.
    Running,
    /// Session that is paused: presses do not count.
    Paused,
    /// Session that is over.
    Over,
    /// A word of a later version.
    #[serde(other)]
    Unknown,
}

/// Seat of a slot in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// The player is in the game.
    Plays,
    /// The player is out of the game.
    Out,
    /// The player sits out for now.
    Excused,
    /// A word of a later version.
    #[serde(other)]
    Unknown,
}

/// Time that runs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SceneClock {
    /// Label of what ends.
    pub label: Text,
    /// Moment of the end, in the core's clock, in µs.
    pub ends_us: Timestamp,
}
