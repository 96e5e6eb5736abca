//! The simulator: virtual wires, ports, buses and a clock. It is a backend like the others, always built in.
//!
//! A [`Bench`] holds the wires. A driver opens on it as on any board; its [`Model`] stands at the other end and is
//! poked by a test, a scenario or a person on the slot page. Waiting works as on real hardware: every port has a file
//! descriptor that becomes readable.

mod agenda;
mod antenna;
mod bench;
mod bench_ports;
mod bounce;
mod bus;
mod chip;
mod chips;
mod display_reader;
mod fault;
mod fault_words;
mod faults;
mod fifo;
mod inflict;
mod key;
mod listener;
mod model;
mod register;
pub mod scenario;
mod serial;
mod shared_chip;
mod signal;
mod switch;
mod test_device;
mod time;
mod timer;
mod wire;
mod wire_ends;
mod wiring;

pub use antenna::{Antenna, TagReader};
pub use bench::Bench;
pub use bounce::Bounce;
pub use chip::{I2cChip, Nack, SpiChip};
pub use chips::BusFault;
pub use display_reader::{read_row, read_segments};
pub use fault::Fault;
pub use fault_words::FaultError;
pub use fifo::{Fifo, Keeps};
pub use key::Keyboard;
pub use model::{Model, Poke, PokeError, Switches, Touch, Unmodelled};
pub use register::{RegisterChip, Registers};
pub use serial::Pipe;
pub use shared_chip::SharedChip;
pub use test_device::TestDevice;
pub(crate) use time::Time;
pub use timer::Timer;
pub use wire::Wire;
pub use wiring::{Lead, OpenDrain};
