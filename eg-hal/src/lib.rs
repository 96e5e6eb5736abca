//! The driver SDK: what an author writes, and the boards it runs on.
//!
//! A driver implements [`Driver`] and [`Device`] and says `eg_hal::register!(MyDriver);`. Its lines and buses come from
//! a [`Board`], implement embedded-hal 1.0, and are real or simulated without the driver knowing which. It reports raw
//! levels in datasheet order; polarity, debounce, gestures and names belong to the agent.

pub mod backend;
mod board;
pub mod clock;
pub mod conformance;
mod device;
pub mod display;
mod expander;
mod guarded;
mod level_tracker;
pub mod library;
mod matrix;
mod panic_guard;
mod reading;
mod register;
mod registry;
pub mod scan;
mod tag_presence;
mod wait;

pub use backend::sim;
pub use board::{
    BitOrder, Board, BoardError, BusError, BusName, Claim, Claims, Delay, Drive, Edge, I2cBus,
    InputConfig, InputLine, Interrupt, KeyEdge, KeyError, KeyReader, LineError, LineName,
    OutputConfig, OutputLine, PollBudget, PortName, Pull, Resource, SafeLevels, SerialError,
    SerialPort, SpiBus, SpiConfig, SpiDevice, SpiError, SpiName, Trigger,
};
pub use clock::Moment;
pub use device::{
    Attachment, Channel, Channels, Device, DeviceError, Driver, InputTraits, OpenError, Output,
    Port, Wake,
};
pub use eg_config::{KeyPath, SettingProblems, Span, nearest};
pub use eg_proto::{Noise, Set, Source};
pub use embedded_hal;
pub use expander::{Expander, PinRoles, PortChip, PortLevels};
pub use inventory;
pub use level_tracker::{LevelTracker, bits};
pub use matrix::MatrixState;
pub use panic_guard::catch_panic;
pub use reading::{Reading, Readings, Sample};
pub use registry::{
    DriverEntry, DuplicateKind, EntryError, InputFn, ModelFn, OpenFn, TrialFn, Tried, drivers,
    duplicate_kind,
};
pub use schemars;
pub use serde;
pub use tag_presence::TagPresence;
pub use wait::{Waits, Woken};

/// Imports that every driver needs: `use eg_hal::prelude::*;`. The traits of embedded-hal come without their names, so
/// that their methods can be called.
pub mod prelude {
    pub use crate::sim::{Bench, Model, Poke, PokeError, SharedChip};
    pub use crate::{
        Attachment, BitOrder, Board, BusError, BusName, Channel, Channels, Delay, Device,
        DeviceError, Drive, Driver, Edge, I2cBus, InputConfig, InputLine, InputTraits, Interrupt,
        KeyEdge, KeyPath, KeyReader, LevelTracker, LineError, LineName, MatrixState, Moment,
        OpenError, Output, OutputLine, PollBudget, PortName, Pull, Reading, Readings, SerialPort,
        Set, SettingProblems, Span, SpiBus, SpiConfig, SpiDevice, SpiError, SpiName, TagPresence,
        Trigger, Wake, bits,
    };
    pub use embedded_hal::delay::DelayNs as _;
    pub use embedded_hal::digital::{InputPin as _, OutputPin as _, StatefulOutputPin as _};
    pub use embedded_hal::i2c::I2c as _;
    pub use embedded_hal::pwm::SetDutyCycle as _;
    pub use embedded_hal::spi::{SpiBus as _, SpiDevice as _};
    pub use schemars::JsonSchema;
    pub use serde::Deserialize;
}
