//! One device of a slot, its inputs and its outputs, checked.

use eg_config::KeyPath;
use eg_hal::sim::{Fault, Touch};
use eg_hal::{Channel, DriverEntry, InputTraits, SafeLevels};
use eg_proto::{DeviceName, InputName, OutputName, Set};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// One board on the slot.
#[derive(Clone)]
pub struct DeviceConfig {
    /// Name in the file.
    pub name: DeviceName,
    /// Entry of the driver.
    pub entry: &'static DriverEntry,
    /// Path of its `config:` in [`SlotConfig::source`](super::SlotConfig::source).
    pub config_path: KeyPath,
    /// Named inputs in the order of the file. Names and channels are unique. A channel that is not named is not
    /// listened to; a device without `inputs:` that has a single input gets that one under the device's own name.
    pub inputs: Vec<InputConfig>,
    /// Named outputs in the order of the file. Names and channels are unique.
    pub outputs: Vec<OutputConfig>,
    /// Touch that a hand has at each channel of a named input, by the board's model: so the core learns which of them
    /// are buttons.
    pub touches: BTreeMap<Channel, Touch>,
    /// Faults that the device's lines, chips and ports can have where they are simulated.
    pub faults: Vec<Fault>,
}

impl DeviceConfig {
    /// The levels its output lines are requested at: each output's safe state with polarity applied.
    pub fn safe_levels(&self) -> SafeLevels {
        self.outputs.iter().map(|output| (output.channel, output.safe_level())).collect()
    }

    /// The input of this name.
    pub fn input(&self, name: &str) -> Option<&InputConfig> {
        self.inputs.iter().find(|input| input.name.as_str() == name)
    }

    /// The output of this name.
    pub fn output(&self, name: &str) -> Option<&OutputConfig> {
        self.outputs.iter().find(|output| output.name.as_str() == name)
    }
}

impl fmt::Debug for DeviceConfig {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("DeviceConfig")
            .field("name", &self.name)
            .field("driver", &self.entry.kind)
            .field("config_path", &self.config_path)
            .field("inputs", &self.inputs)
            .field("outputs", &self.outputs)
            .finish()
    }
}

/// The electrical level at which a channel counts as active.
// What follows from it is in `normalize` alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Active {
    /// Active while the line is high: a key of a keyboard, a button to the supply.
    #[default]
    High,
    /// Active while the line is low: a button to ground under a pull-up.
    Low,
}

/// Kind of a contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    /// Springs back: it reports `press` and `release`.
    #[default]
    Momentary,
    /// Stays where it was put: it reports `switch`.
    Switch,
    /// A key of a keypad: its press is reported as `key` with its symbol, and its release not at all.
    Key,
}

/// One named input.
#[derive(Clone, Debug, PartialEq)]
pub struct InputConfig {
    /// Role of the input.
    pub name: InputName,
    /// Number of the input on the device.
    pub channel: Channel,
    /// The level at which it is pressed; high unless the file says otherwise.
    pub active: Active,
    /// Momentary or maintained.
    pub kind: InputKind,
    /// Symbol that a press is reported as where the input is a key; the input's name by default.
    pub symbol: Option<String>,
    /// Time after a press in which its bounce is ignored; the driver's default unless the file says otherwise.
    pub lockout: Duration,
    /// Rest after which the input counts as released; the driver's default unless the file says otherwise.
    pub release: Duration,
    /// Time for which a tag that is read again is still the same one, for a reader that cannot tell when a tag leaves.
    pub repeats: Option<Duration>,
    /// Time after which a held input is reported as stuck; 10 s by default, `None` for never and for a switch.
    pub stuck_after: Option<Duration>,
    /// The gestures that are reported beside press and release; none by default.
    pub gestures: Gestures,
}

impl InputConfig {
    /// A momentary input with the defaults of the file and of its driver.
    pub fn new(name: InputName, channel: Channel, traits: InputTraits) -> Self {
        Self {
            name,
            channel,
            active: Active::High,
            kind: InputKind::Momentary,
            symbol: None,
            lockout: traits.lockout,
            release: traits.release,
            repeats: traits.repeats,
            stuck_after: Some(Duration::from_secs(10)),
            gestures: Gestures::default(),
        }
    }
}

/// The gestures of a momentary input, each only where the file asks for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gestures {
    /// Presses that follow a release within this are counted together and reported as one `click`.
    pub click: Option<Duration>,
    /// Time that the input is held before it reports `hold`.
    pub hold: Option<Duration>,
    /// The release after a `hold` reports `hold_end` too.
    pub hold_end: bool,
}

/// One named output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputConfig {
    /// Role of the output.
    pub name: OutputName,
    /// Number of the output on the device.
    pub channel: Channel,
    /// The level at which it is on; high unless the file says otherwise.
    pub active: Active,
    /// State at start, at stop and when the link is lost; off by default.
    pub safe: Set,
    /// Time for which the link may be lost before the output takes that state; 10 s by default.
    pub safe_after: Duration,
    /// Longest time that the output is ever on: a solenoid's protection.
    pub max_on: Option<Duration>,
}
