//! The simulator: virtual wires, ports, buses and a clock. It is a backend like the others, always built in.
//!
//! A [`Bench`] holds the wires. A driver opens on it as on any board; its [`Model`] stands at the other end and is
//! poked by a test, a scenario or a person on the slot page. Waiting works as on real hardware: every port has a file
//! descriptor that becomes readable.

mod bench;
mod key;
mod model;
mod serial;
mod wire;

pub use bench::Bench;
pub use key::Keyboard;
pub use model::{Model, Poke, PokeError, Switches, Unmodelled};
pub use serial::Pipe;
pub use wire::Wire;
