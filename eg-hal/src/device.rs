//! The traits a driver author implements.

use crate::sim::{Bench, Model, Unmodelled};
use crate::{
    Board, BoardError, BusError, KeyError, LineError, Readings, SerialError, Set, SpiError,
};
use eg_config::{KeyPath, SettingProblems};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// A kind of device: how it is named, configured and opened.
///
/// ```
/// use eg_hal::prelude::*;
///
/// /// `config:` of a `bell-push`.
/// #[derive(Debug, Deserialize, JsonSchema)]
/// #[serde(deny_unknown_fields)]
/// struct Config {
///     /// The line it is wired to; pressed is low.
///     line: LineName,
/// }
///
/// struct BellPush(InputLine);
///
/// impl Driver for BellPush {
///     const KIND: &'static str = "bell-push";
///     type Config = Config;
///
///     fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
///         Ok(Self(board.input(&config.line, Pull::Up)?))
///     }
/// }
///
/// impl Device for BellPush {
///     fn wake(&self) -> Wake {
///         Wake::OnEdge
///     }
///     fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
///         Ok(readings.line(0, &mut self.0)?)
///     }
/// }
///
/// eg_hal::register!(BellPush);
/// ```
pub trait Driver: Device + Sized + 'static {
    /// The name in YAML (`driver: button-row`): lower-case, hyphenated, unique among the drivers of an agent.
    const KIND: &'static str;

    /// `true` for a tag reader: rooms of the old contract then count its inputs as `rfid` and not as buttons.
    const READS_TAGS: bool = false;

    /// The `config:` block. Derive `Deserialize` with `deny_unknown_fields`, and `JsonSchema`.
    type Config: DeserializeOwned + JsonSchema;

    /// Claims lines and buses and brings the device to its idle state. A claim that was made is given back when this
    /// fails half-way.
    ///
    /// # Errors
    /// What the board refused, or what the device failed to answer.
    fn open(config: Self::Config, board: &mut Board<'_>) -> Result<Self, OpenError>;

    /// Says what the agent must know of an input beside its readings: what it is debounced by where the slot's file says
    /// nothing. Contacts that bounce keep this default; so does every input that has no two states.
    fn input(config: &Self::Config, channel: Channel) -> InputTraits {
        let _ = (config, channel);
        InputTraits::CONTACT
    }

    /// Puts a model of the device at the other end of the wires of a simulated bench, before [`open`](Self::open) is
    /// called on it. Drivers without a model keep this default: they open on a bench, and nobody can press them.
    fn model(config: &Self::Config, bench: &Bench) -> Box<dyn Model> {
        let _ = (config, bench);
        Box::new(Unmodelled)
    }
}

/// An opened device. It is called from one thread and never re-entrantly; dropping it releases its lines.
pub trait Device: Send {
    /// Tells the host when to call [`read`](Self::read) next. Asked again after every read.
    fn wake(&self) -> Wake;

    /// Reports what changed since the last call; the first call after opening reports every level there is. Report raw
    /// levels: the host owns polarity and debounce.
    ///
    /// # Errors
    /// A line, bus or port that failed: the host drops the device, waits, and opens it again.
    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError>;

    /// Drives an output. Devices without outputs keep this default.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] when there is no such output or it cannot do this, which leaves the device as it is;
    /// any other error as for [`read`](Self::read).
    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        Err(DeviceError::Unsupported { output, can: "this device has no outputs" })
    }

    /// Gives the number of inputs and outputs, so that a channel beyond them is refused when the YAML is read.
    fn channels(&self) -> Channels {
        Channels::UNKNOWN
    }
}

/// Traits of an input that its readings do not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputTraits {
    /// Time after a press in which bounce is ignored, unless the slot's file says otherwise.
    pub lockout: Duration,
    /// Time of rest before the input counts as released, unless the slot's file says otherwise.
    pub release: Duration,
    /// For a reader that cannot tell when a tag leaves: how long a tag that it reads again is still the same one. Zero
    /// tells each time. `None` for a reader that tells [`Reading::TagRemoved`](crate::Reading::TagRemoved).
    pub repeats: Option<Duration>,
}

impl InputTraits {
    /// A contact that bounces: a press counts at once, what follows within 20 ms does not, and a release rests for 10 ms.
    pub const CONTACT: Self = Self::debounced(Duration::from_millis(20), Duration::from_millis(10));

    /// An input that a chip or a keyboard's controller has debounced: every change counts.
    pub const CLEAN: Self = Self::debounced(Duration::ZERO, Duration::ZERO);

    /// A contact with debounce of its own.
    pub const fn debounced(lockout: Duration, release: Duration) -> Self {
        Self { lockout, release, repeats: None }
    }

    /// A reader that cannot tell when a tag leaves, and may read one again and again while it lies there.
    pub const fn scanner(repeats: Duration) -> Self {
        Self { repeats: Some(repeats), ..Self::CLEAN }
    }
}

/// Condition that wakes the host of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wake {
    /// Readiness of any line or port that the device holds.
    OnEdge,
    /// The passage of time, from the last read on.
    Every(Duration),
    /// An edge or the passage of time, whichever comes first.
    EdgeOrEvery(Duration),
}

/// Number of an input or an output on a device, in datasheet order from 0. Inputs and outputs count apart.
pub type Channel = u16;

/// Number of channels of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Channels {
    /// Inputs are numbered 0 up to and without this.
    pub inputs: Channel,
    /// Outputs likewise.
    pub outputs: Channel,
}

impl Channels {
    /// Channels of a device that does not say: any may exist.
    pub const UNKNOWN: Self = Self { inputs: Channel::MAX, outputs: Channel::MAX };

    /// Makes this many inputs and outputs.
    pub fn of(inputs: usize, outputs: usize) -> Self {
        let count = |channels| Channel::try_from(channels).unwrap_or(Channel::MAX);
        Self { inputs: count(inputs), outputs: count(outputs) }
    }
}

/// One thing a device is told to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// Number of the output.
    pub channel: Channel,
    /// State that it shall take. For a two-state line [`Set::On`] is high: polarity has been applied.
    pub set: Set,
}

impl Output {
    /// Picks what this output's channel stands for: channel n is the n-th of `outputs`.
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`] when there are fewer.
    pub fn select<T>(&self, outputs: impl IntoIterator<Item = T>) -> Result<T, DeviceError> {
        let output = outputs.into_iter().nth(self.channel.into());
        output.ok_or_else(|| self.unsupported("there is no such output"))
    }

    /// Reads a request for something with two states: `true` is on.
    ///
    /// ```
    /// # use eg_hal::{Output, Set};
    /// let output = Output { channel: 0, set: Set::On };
    /// assert!(output.on_off("a lamp is on or off").is_ok_and(|on| on));
    /// ```
    ///
    /// # Errors
    /// [`DeviceError::Unsupported`], saying what it `can`, for everything but on and off.
    pub fn on_off(&self, can: &'static str) -> Result<bool, DeviceError> {
        match self.set {
            Set::On => Ok(true),
            Set::Off => Ok(false),
            Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) | _ => {
                Err(self.unsupported(can))
            }
        }
    }

    /// Refuses this request, saying what the output `can` do; the device goes on as it is.
    pub fn unsupported(&self, can: &'static str) -> DeviceError {
        DeviceError::Unsupported { output: self.clone(), can }
    }
}

/// Error of a device that could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Settings that their shape allows but this device cannot have, each with its path in `config:`. Several are best
    /// given to [`Board::refuse`].
    #[error(transparent)]
    Settings(#[from] SettingProblems),
    /// The board refused a line, bus or port.
    #[error(transparent)]
    Board(#[from] BoardError),
    /// The device did not answer as its datasheet says.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

impl OpenError {
    /// One setting: the field of `config:`, or the path to a value in it, and what is wrong and what would work.
    pub fn setting(path: impl Into<KeyPath>, problem: impl Into<String>) -> Self {
        Self::Settings(SettingProblems::of(path, problem))
    }
}

/// Error of an opened device.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceError {
    /// A GPIO line failed.
    #[error(transparent)]
    Line(#[from] LineError),
    /// An I2C transfer failed.
    #[error(transparent)]
    Bus(#[from] BusError),
    /// An SPI transfer failed.
    #[error(transparent)]
    Spi(#[from] SpiError),
    /// A serial port failed or went away.
    #[error(transparent)]
    Serial(#[from] SerialError),
    /// A keyboard failed or went away.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The device answered, but not as its datasheet says.
    #[error("expected {expected}, the device answered {found}")]
    Unexpected {
        /// Answer that the datasheet promises.
        expected: &'static str,
        /// Answer that came back.
        found: String,
    },
    /// The driver panicked, with these words.
    #[error("the driver panicked: {0}")]
    Panicked(String),
    /// The device cannot do this. It goes on as it is.
    #[error("output {} cannot be set to {:?}: {can}", output.channel, output.set)]
    Unsupported {
        /// Request that was refused.
        output: Output,
        /// Requests that would have worked.
        can: &'static str,
    },
}

impl DeviceError {
    /// Reports an answer that the datasheet does not promise: what was `expected`, and what was `found`.
    pub fn unexpected(expected: &'static str, found: impl Into<String>) -> Self {
        Self::Unexpected { expected, found: found.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(channel: Channel, set: Set) -> Output {
        Output { channel, set }
    }

    #[test]
    fn a_channel_stands_for_the_nth_of_its_outputs_or_is_refused() {
        let lamps = ["red", "green"];

        assert_eq!(output(1, Set::On).select(&lamps).unwrap(), &"green");
        let refused = output(2, Set::On).select(&lamps).unwrap_err().to_string();

        assert_eq!(refused, "output 2 cannot be set to On: there is no such output");
    }

    #[test]
    fn what_is_neither_on_nor_off_is_refused_with_what_would_have_worked() {
        let on_off = |set| output(0, set).on_off("a lamp is on or off");

        assert!(on_off(Set::On).unwrap());
        assert!(!on_off(Set::Off).unwrap());
        for odd in [Set::Level(1.0), Set::Rgb([1; 3]), Set::Text(String::new()), Set::Pulse(5)] {
            let refused = on_off(odd.clone()).unwrap_err();
            let as_asked =
                matches!(&refused, DeviceError::Unsupported { output, .. } if output.set == odd);
            assert!(as_asked, "{refused}");
        }
    }
}
