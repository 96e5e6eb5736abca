//! 16-line port expanders: the MCP23017 on I2C and the MCP23S17 on SPI, which share their registers.

mod chip;
mod model;
mod pin;
mod registers;

pub use pin::Pin;
pub use registers::{I2cRegisters, Registers, SpiRegisters};

use chip::{Chip, Error, Look, Roles};
use eg_hal::prelude::*;
use eg_hal::{Expander, PinRoles, PortChip, PortLevels};
use model::Hand;

/// The MCP23S17 stands 10 MHz; wires of a room stand 1 MHz.
const SPI: eg_hal::SpiConfig = eg_hal::SpiConfig::mode_0(1_000_000);

/// `config:` of an `mcp23017`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct I2cConfig {
    /// Bus of the chip, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the chip, 0x20 to 0x27 by its pins A0 to A2.
    #[serde(default = "first_address")]
    address: u8,
    /// The pins of the contacts: input channel n is the n-th. A7 and B7 are outputs only on chips of a data sheet from
    /// revision D on; older ones take them as inputs.
    #[serde(default)]
    inputs: Vec<Pin>,
    /// The pins of lamps and relays: output channel n is the n-th.
    #[serde(default)]
    outputs: Vec<Pin>,
    /// The resistor that holds every input while its contact is open. The chip can pull up only.
    #[serde(default)]
    pull: Pull,
    /// The line that INTA or INTB is wired to. Without it the chip is asked every 5 ms.
    int: Option<LineName>,
}

/// `config:` of an `mcp23s17`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpiConfig {
    /// Chip select, e.g. `spi0.0`, on which the chip is alone.
    select: SpiName,
    /// Hardware address, 0 to 7 by the pins A0 to A2.
    #[serde(default)]
    address: u8,
    /// The pins of the contacts: input channel n is the n-th.
    #[serde(default)]
    inputs: Vec<Pin>,
    /// The pins of lamps and relays: output channel n is the n-th.
    #[serde(default)]
    outputs: Vec<Pin>,
    /// The resistor that holds every input while its contact is open. The chip can pull up only.
    #[serde(default)]
    pull: Pull,
    /// The line that INTA or INTB is wired to. Without it the chip is asked every 5 ms.
    int: Option<LineName>,
}

/// With A0 to A2 to ground.
fn first_address() -> u8 {
    0x20
}

/// An opened expander.
pub struct Mcp23x17<R>(Expander<Chip<R>>);

/// An opened MCP23017.
pub type Mcp23017 = Mcp23x17<I2cRegisters<I2cBus>>;

/// An opened MCP23S17.
pub type Mcp23s17 = Mcp23x17<SpiRegisters<SpiDevice>>;

impl Driver for Mcp23017 {
    const KIND: &'static str = "mcp23017";
    const ATTACHMENTS: &'static [Attachment] =
        &[Attachment::i2c("MCP23017", 0x20..=0x27).with("inputs: [A0, A1]")];
    type Config = I2cConfig;

    fn open(config: I2cConfig, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let I2cConfig { bus, address, inputs, outputs, pull, int } = config;
        let pins = PinRoles::new(inputs, outputs);
        let mut wrong = check(&pins, pull);
        if !(0x20..=0x27).contains(&address) {
            let problem = format!("0x20 to 0x27 by the pins A0 to A2, not {address:#04x}");
            wrong.push("address", problem);
        }
        board.refuse(wrong)?;
        let registers = I2cRegisters::new(board.i2c(&bus, address)?, address);
        Self::start(registers, &pins, pull, int.as_ref(), board)
    }

    fn model(config: &I2cConfig, bench: &Bench) -> Box<dyn Model> {
        let I2cConfig { bus, address, inputs, outputs, int, .. } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)), 0);
        bench.attach_i2c(bus, *address, hand.chip());
        Box::new(hand)
    }
}

impl Driver for Mcp23s17 {
    const KIND: &'static str = "mcp23s17";
    const ATTACHMENTS: &'static [Attachment] =
        &[Attachment::spi("MCP23S17").with("inputs: [A0, A1]")];
    type Config = SpiConfig;

    fn open(config: SpiConfig, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let SpiConfig { select, address, inputs, outputs, pull, int } = config;
        let pins = PinRoles::new(inputs, outputs);
        let mut wrong = check(&pins, pull);
        if address > 7 {
            wrong.push("address", format!("0 to 7 by the pins A0 to A2, not {address}"));
        }
        board.refuse(wrong)?;
        let registers = SpiRegisters::new(board.spi(&select, SPI)?, address);
        Self::start(registers, &pins, pull, int.as_ref(), board)
    }

    fn model(config: &SpiConfig, bench: &Bench) -> Box<dyn Model> {
        let SpiConfig { select, address, inputs, outputs, int, .. } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)), *address);
        bench.attach_spi(select, hand.chip());
        Box::new(hand)
    }
}

/// Checks that each pin has one role, and that the chip has such a pull.
fn check(pins: &PinRoles<Pin>, pull: Pull) -> SettingProblems {
    let mut wrong = pins.check();
    if pull == Pull::Down {
        wrong.push("pull", "the chip can pull up only: up or none");
    }
    wrong
}

impl<R: Registers<Error: Into<DeviceError>>> Mcp23x17<R> {
    fn start(
        registers: R,
        pins: &PinRoles<Pin>,
        pull: Pull,
        int: Option<&LineName>,
        board: &mut Board<'_>,
    ) -> Result<Self, OpenError> {
        let int = board.interrupt(int)?;
        let inputs = pins.inputs();
        let pulled_up = if pull == Pull::Up { inputs } else { 0 };
        let roles = Roles { inputs, outputs: pins.outputs(), pulled_up };
        let high = pins.safe_high(board);
        let chip = Chip::set_up(registers, roles, high).map_err(Into::into)?;
        Ok(Self(Expander::new(chip, int, pins, high)))
    }
}

impl<R: Registers<Error: Into<DeviceError>>> PortChip for Chip<R> {
    fn look(&mut self) -> Result<PortLevels, DeviceError> {
        let Look { at_change, now } = Chip::look(self)?;
        Ok(PortLevels { at_change: Some(at_change), now })
    }

    fn drive(&mut self, levels: u16) -> Result<(), DeviceError> {
        Chip::drive(self, levels).map_err(Into::into)
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Settings(io) => Self::unexpected(
                "the settings it was given",
                format!("IOCON {io:#04x}: it lost its supply, or is not there"),
            ),
        }
    }
}

impl<R: Registers<Error: Into<DeviceError>>> Device for Mcp23x17<R> {
    fn wake(&self) -> Wake {
        self.0.wake()
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        self.0.read(readings)
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        self.0.write(output)
    }

    fn channels(&self) -> Channels {
        self.0.channels()
    }
}

eg_hal::register!(Mcp23017, Mcp23s17);
