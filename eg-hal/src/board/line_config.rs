//! Settings of GPIO lines.

use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// The resistor that holds an input line while nothing drives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Pull {
    /// To the supply: an open button reads high.
    Up,
    /// To ground: an open button reads low.
    Down,
    /// None: the board has its own.
    #[default]
    None,
}

/// Settings of an input line. A [`Pull`] alone asks for every edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InputConfig {
    /// The resistor that holds it.
    pub pull: Pull,
    /// The kernel tells a level only once it has stood for so long (`GPIO_V2_LINE_ATTR_ID_DEBOUNCE`): a press that is
    /// shorter is lost. None, the usual, tells every edge and leaves bounce to the agent. A simulated line tells every
    /// edge whatever is asked.
    pub debounce: Option<Duration>,
}

impl From<Pull> for InputConfig {
    fn from(pull: Pull) -> Self {
        Self { pull, debounce: None }
    }
}

/// Drive of an output line: the levels that it makes by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Drive {
    /// The line drives both levels.
    #[default]
    PushPull,
    /// The line drives low and lets go for high: for a wire that several pull down, or one with a pull-up to another
    /// voltage.
    OpenDrain,
    /// The line drives high and lets go for low.
    OpenSource,
}

/// Settings of an output line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OutputConfig {
    /// The level from the first moment on; `true` is high.
    pub high: bool,
    /// Drive of the line. A simulated line drives both levels.
    pub drive: Drive,
}
