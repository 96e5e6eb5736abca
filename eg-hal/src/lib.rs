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
mod guard;
mod guarded;
pub mod library;
mod matrix;
mod presence;
mod reading;
mod registry;
pub mod scan;
mod wait;

pub use backend::sim;
pub use board::{
    BitOrder, Board, BoardError, BusError, BusName, Claim, Claims, Delay, Drive, Edge, I2cBus,
    InputLine, InputWant, Interrupt, KeyEdge, KeyError, KeyReader, LineError, LineName, Looks,
    OutputLine, OutputWant, PortName, Pull, Resource, SafeLevels, SerialError, SerialPort,
    SpiError, SpiName, SpiSlot, SpiWant,
};
pub use clock::Moment;
pub use device::{
    Channel, Channels, Device, DeviceError, Driver, InputTraits, OpenError, Output, Wake,
};
pub use eg_config::{KeyPath, SettingProblems, Span, nearest};
pub use eg_proto::{Noise, Set, Source};
pub use embedded_hal;
pub use guard::guarded;
pub use inventory;
pub use matrix::Sure;
pub use presence::Presence;
pub use reading::{Reading, Readings, Sample};
pub use registry::{
    DriverEntry, EntryError, InputFn, ModelFn, OpenFn, TrialFn, Tried, Twins, drivers, twins,
};
pub use schemars;
pub use wait::{Waits, Woken};

/// What nearly every driver imports.
pub mod prelude {
    pub use crate::sim::{Bench, Model, Poke, PokeError};
    pub use crate::{
        Board, BusName, Channel, Channels, Device, DeviceError, Drive, Driver, I2cBus, InputLine,
        InputTraits, InputWant, KeyPath, KeyReader, LineName, OpenError, Output, OutputLine,
        PortName, Pull, Reading, Readings, SerialPort, Set, SettingProblems, Span, SpiName,
        SpiSlot, Wake,
    };
    pub use embedded_hal::digital::{InputPin as _, OutputPin as _};
    pub use embedded_hal::i2c::I2c as _;
    pub use embedded_hal::pwm::SetDutyCycle as _;
    pub use embedded_hal::spi::SpiDevice as _;
    pub use schemars::JsonSchema;
    pub use serde::Deserialize;
}
