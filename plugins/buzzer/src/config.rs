//! The settings of a round.

use eg_game::prelude::*;

/// The settings of a round. All of them have a default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The input that is the buzzer. Without it, every input is.
    pub key: Option<InputName>,
    /// After the first press, others that may have been earlier are awaited for so long, beyond what the core waits by
    /// itself for the clocks and the network. For a network that it cannot foresee.
    pub window: Span,
    /// Player who answers when the clocks cannot tell who was first.
    pub tie: Tie,
    /// Penalty for a press before the arming.
    pub early: Early,
    /// `true` if everybody must have pressed once before the first question is armed.
    pub roll_call: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            key: None,
            window: Span::default(),
            tie: Tie::default(),
            early: Early::default(),
            roll_call: true,
        }
    }
}

/// Player who answers when the clocks cannot tell who was first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(transform = eg_game::random_alone)]
pub enum Tie {
    /// All of them are shown, and each may answer.
    #[default]
    Both,
    /// A draw: `random` from the session's own seed, another in every session; `random: 7` from this one, so that the
    /// same question and the same players always give the same one.
    Random(Option<u64>),
    /// Player who has the fewest points; all of those when several have.
    FewestWins,
    /// The operator picks one.
    Judge,
}

/// Penalty for a press before the arming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Early {
    /// Presses of this player do not count for this long after it.
    Lockout(Span),
    /// This player is out for this question.
    Out,
}

impl Default for Early {
    fn default() -> Self {
        Self::Lockout(Span::from_millis(250))
    }
}
