//! 8-line port expanders on I2C: PCF8574 and PCF8574A.

mod chip;
mod model;
mod pin;

pub use pin::Pin;

use chip::Chip;
use eg_hal::prelude::*;
use eg_hal::{Expander, PinRoles, PortChip, PortLevels};
use model::Hand;
use pcf857x::Error;

/// `config:` of a `pcf8574`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the chip by its pins A0 to A2: 0x20 to 0x27 for a PCF8574, 0x38 to 0x3f for a PCF8574A.
    #[serde(default = "first_address")]
    address: u8,
    /// The pins of the contacts, each to ground: input channel n is the n-th.
    #[serde(default)]
    inputs: Vec<Pin>,
    /// The pins of the lamps, each from the supply: output channel n is the n-th.
    #[serde(default)]
    outputs: Vec<Pin>,
    /// The line that INT is wired to. Without it the chip is asked every 5 ms.
    int: Option<LineName>,
}

/// A PCF8574 with A0 to A2 to ground.
fn first_address() -> u8 {
    0x20
}

/// An opened expander.
pub struct Pcf8574(Expander<Chip<I2cBus>>);

impl Driver for Pcf8574 {
    const KIND: &'static str = "pcf8574";
    const ATTACHMENTS: &'static [Attachment] = &[
        Attachment::i2c("PCF8574", 0x20..=0x27).with("inputs: [P0, P1]"),
        Attachment::i2c("PCF8574A", 0x38..=0x3f).with("inputs: [P0, P1]"),
    ];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, inputs, outputs, int } = config;
        let pins = PinRoles::new(inputs, outputs);
        let mut wrong = pins.check();
        if !matches!(address, 0x20..=0x27 | 0x38..=0x3f) {
            let problem = format!("0x20 to 0x27, or 0x38 to 0x3f for the A, not {address:#04x}");
            wrong.push("address", problem);
        }
        board.refuse(wrong)?;
        let int = board.interrupt(int.as_ref())?;
        let high = pins.safe_high(board);
        let i2c = board.i2c(&bus, address)?;
        let chip = Chip::set_up(i2c, address, low_byte(pins.outputs()), low_byte(high));
        Ok(Self(Expander::new(chip.map_err(failed)?, int, &pins, high)))
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, inputs, outputs, int } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)));
        bench.attach_i2c(bus, *address, hand.chip());
        Box::new(hand)
    }
}

impl PortChip for Chip<I2cBus> {
    fn look(&mut self) -> Result<PortLevels, DeviceError> {
        let now = self.levels().map_err(failed)?;
        Ok(PortLevels { at_change: None, now: now.into() })
    }

    fn drive(&mut self, levels: u16) -> Result<(), DeviceError> {
        Chip::drive(self, low_byte(levels)).map_err(failed)
    }
}

fn low_byte(pins: u16) -> u8 {
    let [low, _] = pins.to_le_bytes();
    low
}

fn failed(error: Error<BusError>) -> DeviceError {
    match error {
        Error::I2C(error) => error.into(),
        Error::InvalidInputData | Error::CouldNotAcquireDevice => {
            DeviceError::unexpected("a port of eight pins", "a refusal of its driver")
        }
    }
}

impl Device for Pcf8574 {
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

eg_hal::register!(Pcf8574);
