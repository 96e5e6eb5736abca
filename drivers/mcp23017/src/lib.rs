//! 16-line port expanders: the MCP23017 on I2C and the MCP23S17 on SPI, which share their registers.

mod chip;
mod expander;
mod model;
mod pin;
mod registers;

pub use expander::Expander;
pub use pin::Pin;
pub use registers::{I2cRegisters, Registers, SpiRegisters};

use eg_hal::prelude::*;
use expander::Wiring;
use model::Hand;

/// `config:` of an `mcp23017`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct I2cConfig {
    /// The bus it is on, e.g. `i2c-1`.
    bus: BusName,
    /// Its address, 0x20 to 0x27 by its pins A0 to A2.
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
    /// Its chip select, e.g. `spi0.0`, on which it is alone.
    select: SpiName,
    /// Its hardware address, 0 to 7 by its pins A0 to A2.
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

/// An opened MCP23017.
pub type Mcp23017 = Expander<I2cRegisters>;

impl Driver for Mcp23017 {
    const KIND: &'static str = "mcp23017";
    type Config = I2cConfig;

    fn open(config: I2cConfig, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let I2cConfig { bus, address, inputs, outputs, pull, int } = config;
        let wiring = Wiring::new(inputs, outputs, pull, int);
        let mut wrong = wiring.check();
        if !(0x20..=0x27).contains(&address) {
            let problem = format!("0x20 to 0x27 by the pins A0 to A2, not {address:#04x}");
            wrong.push("address", problem);
        }
        board.refuse(wrong)?;
        Self::start(I2cRegisters::new(board.i2c(&bus, address)?, address), wiring, board)
    }

    fn model(config: &I2cConfig, bench: &Bench) -> Box<dyn Model> {
        let I2cConfig { bus, address, inputs, outputs, int, .. } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)), 0);
        bench.attach_i2c(bus, *address, hand.chip());
        Box::new(hand)
    }
}

/// An opened MCP23S17.
pub type Mcp23s17 = Expander<SpiRegisters>;

impl Driver for Mcp23s17 {
    const KIND: &'static str = "mcp23s17";
    type Config = SpiConfig;

    fn open(config: SpiConfig, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let SpiConfig { select, address, inputs, outputs, pull, int } = config;
        let wiring = Wiring::new(inputs, outputs, pull, int);
        let mut wrong = wiring.check();
        if address > 7 {
            wrong.push("address", format!("0 to 7 by the pins A0 to A2, not {address}"));
        }
        board.refuse(wrong)?;
        let slot = board.spi(&select, SpiRegisters::WANT)?;
        Self::start(SpiRegisters::new(slot, address), wiring, board)
    }

    fn model(config: &SpiConfig, bench: &Bench) -> Box<dyn Model> {
        let SpiConfig { select, address, inputs, outputs, int, .. } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)), *address);
        bench.attach_spi(select, hand.chip());
        Box::new(hand)
    }
}

eg_hal::register!(Mcp23017, Mcp23s17);
