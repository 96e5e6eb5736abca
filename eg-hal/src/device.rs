//! The traits a driver author implements.

mod attachment;
mod channel;
mod error;
mod output;
mod request;
mod wake;

pub use attachment::{Attachment, Port};
pub use channel::{Channel, Channels};
pub use error::{DeviceError, OpenError};
pub use output::Output;
pub use wake::Wake;

use crate::sim::{Bench, Model, Unmodelled};
use crate::{Board, Readings};
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

    /// Places at which its boards can be found, by their datasheets: `eg-agent scan` names the driver where something
    /// answers there. Boards on lines of their own cannot be found, and keep this default.
    const ATTACHMENTS: &'static [Attachment] = &[];

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
