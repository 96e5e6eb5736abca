//! The contract that existing rooms speak: modes, night steps, votes, LEDs and tags.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A time as older agents give it: RFC 3339 text, or seconds since the epoch. For people, never for ordering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Loose {
    /// RFC 3339.
    Text(String),
    /// Seconds since the Unix epoch.
    Seconds(f64),
}

/// Day or night.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The day game.
    #[default]
    Day,
    /// The night vote.
    Night,
}

/// The core's mode, on `eg/state/mode`, QoS 1, retained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ModeState {
    /// The mode.
    pub mode: Mode,
}

/// A question is open, on `eg/night/step`, QoS 1; also the body of `POST /api/night/step`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct NightStep {
    /// Step of the night.
    pub step: u32,
    /// The question, as the operator wrote it.
    pub question: String,
    /// The choices, at least two, in the order shown.
    pub options: Vec<String>,
}

/// One vote, on `eg/night/vote`, QoS 1, from an agent or page of the old contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NightVote {
    /// Id of the slot that votes.
    pub device_id: String,
    /// Must be the open step.
    pub step: u32,
    /// One of the step's options.
    pub choice: String,
    /// Time at which the player voted, on the voter's own clock.
    #[serde(default)]
    pub ts: Option<Loose>,
}

/// A step is over, on `eg/night/result`, QoS 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NightResult {
    /// The step that was voted on.
    pub step: u32,
    /// End of the step.
    pub status: NightStatus,
    /// The step that follows.
    pub next_step: u32,
    /// Decision: one of the options, or null.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Votes by option; an older reader ignores this.
    #[serde(default)]
    pub tally: Map<String, Value>,
    /// Players who voted, abstentions included.
    #[serde(default)]
    pub votes: u32,
    /// Players who were asked.
    #[serde(default)]
    pub expected: u32,
}

/// End of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NightStatus {
    /// The expected votes came in and the step is decided, by whatever its rule says.
    Success,
    /// The step was closed before everybody had voted.
    Incomplete,
    /// The operator called it off.
    Aborted,
}

/// The state of a slot's LEDs, on `eg/dev/<slot>/input/leds`, in the order of the YAML's outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Leds {
    /// Lit or dark.
    pub states: Vec<bool>,
    /// Date at which it was said.
    #[serde(default)]
    pub timestamp: Option<Loose>,
}

/// A tag was presented, on `eg/dev/<slot>/input/rfid`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rfid {
    /// Upper-case hexadecimal, e.g. `04A37C91`.
    pub tag_uid: String,
    /// Date at which it was said.
    #[serde(default)]
    pub timestamp: Option<Loose>,
}

/// Sets one LED or all of them, on `eg/dev/<slot>/input/cmd/led`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, expecting = "{index, state} or {states}")]
pub enum LedCommand {
    /// One, by its place among the YAML's outputs, from 0.
    One {
        /// Place of the LED among the YAML's outputs, from 0.
        index: usize,
        /// Lit or dark.
        state: bool,
    },
    /// All, in the same order; those beyond the list keep their state.
    All {
        /// Lit or dark.
        states: Vec<bool>,
    },
}

/// A test on `eg/dev/<slot>/input/cmd/test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum TestCommand {
    /// Lights every LED in turn.
    LedSequence,
    /// Presents a tag; honoured by simulated devices only.
    SimulateRfid {
        /// Upper-case hexadecimal.
        tag_uid: String,
    },
}
