//! The simulator: virtual wires, ports, buses and a clock. It is a backend like the others, always built in.
//!
//! A [`Bench`] holds the wires. A driver opens on it as on any board; its [`Model`] stands at the other end and is
//! poked by a test, a scenario or a person on the slot page. Waiting works as on real hardware: every port has a file
//! descriptor that becomes readable.

mod bench;
mod bus;
mod key;
mod model;
mod rig;
mod serial;
mod signal;
mod time;
mod wire;

pub use bench::Bench;
pub use bus::{I2cChip, Nack, SpiChip};
pub use key::Keyboard;
pub use model::{Model, Poke, PokeError, Switches, Touch, Unmodelled};
pub use rig::Rig;
pub use serial::Pipe;
pub use wire::Wire;
