//! What a machine has at its wires: buses and what answers on them, GPIO chips, keyboards, serial ports.
//!
//! Files of the kernel are read below a [`Machine`]'s root, and what only a system call tells comes from [`Wires`], so
//! that a test can stand for both. Nothing here changes what a chip does.

mod gpio;
mod i2c;
mod likely;
mod lines;
mod machine;
mod ports;
mod question;
mod snippet;
#[cfg(test)]
mod tests;
mod wires;

pub use i2c::{Asked, FoundBus, FoundChip};
pub use likely::{Likely, likely_at};
pub use lines::{ChipUse, LineUse};
pub use machine::{Machine, NoAccess};
pub use ports::{FoundKeyboard, FoundPort, FoundSelect};
pub use question::{Question, question_to};
pub use snippet::snippet;
pub use wires::{KernelWires, Wires};

use crate::library::Catalog;
use serde::Serialize;

/// Everything that was found at the wires of a machine.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Survey {
    /// I2C buses, with what answers.
    pub i2c: Vec<FoundBus>,
    /// Chip selects of SPI buses.
    pub spi: Vec<FoundSelect>,
    /// GPIO chips, with the lines that somebody holds.
    pub gpio: Vec<ChipUse>,
    /// Keyboards, and what calls itself one.
    pub keyboards: Vec<FoundKeyboard>,
    /// Serial ports.
    pub serial: Vec<FoundPort>,
}

impl Survey {
    /// Looks at a machine. Likely drivers are those of the catalog.
    pub fn of(
        machine: &Machine,
        wires: &mut dyn Wires,
        catalog: &Catalog,
        asked: Asked<'_>,
    ) -> Self {
        Self {
            i2c: i2c::buses(machine, wires, catalog, asked),
            spi: ports::selects(machine, catalog),
            gpio: gpio::chips(machine, wires),
            keyboards: ports::keyboards(machine, catalog),
            serial: ports::serial(machine, catalog),
        }
    }
}
