//! 8-line port expanders on I2C: PCF8574 and PCF8574A.

mod chip;
mod model;
mod pin;

pub use pin::Pin;

use chip::Chip;
use eg_hal::prelude::*;
use eg_hal::{Edge, Interrupt, PollBudget};
use model::Hand;
use std::time::Duration;

/// Between two reads of a chip that cannot call.
const POLL: Duration = Duration::from_millis(5);

/// `config:` of a `pcf8574`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`.
    bus: BusName,
    /// Its address by its pins A0 to A2: 0x20 to 0x27 for a PCF8574, 0x38 to 0x3f for a PCF8574A.
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
pub struct Pcf8574 {
    chip: Chip,
    int: Interrupt,
    inputs: Vec<Pin>,
    outputs: Vec<Pin>,
    /// The levels that were reported; none before the first read.
    told: Option<u8>,
}

impl Driver for Pcf8574 {
    const KIND: &'static str = "pcf8574";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, inputs, outputs, int } = config;
        let mut wrong = pin::check(&inputs, &outputs);
        if !matches!(address, 0x20..=0x27 | 0x38..=0x3f) {
            let problem = format!("0x20 to 0x27, or 0x38 to 0x3f for the A, not {address:#04x}");
            wrong.push("address", problem);
        }
        board.refuse(wrong)?;
        let int = board.interrupt(int.as_ref())?;
        let safe = (0..).zip(&outputs).filter(|(channel, _)| board.safe_level(*channel));
        let high = safe.fold(0, |high, (_, pin)| high | pin.bit());
        let drives = outputs.iter().fold(0, |drives, pin| drives | pin.bit());
        let chip = Chip::set_up(board.i2c(&bus, address)?, address, drives, high)?;
        Ok(Self { chip, int, inputs, outputs, told: None })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, inputs, outputs, int } = config;
        let hand = Hand::new(inputs, outputs, int.as_ref().map(|line| bench.wire(line)));
        bench.attach_i2c(bus, *address, hand.chip());
        Box::new(hand)
    }
}

impl Pcf8574 {
    fn tell(&mut self, levels: u8, call: Option<Edge>, readings: &mut Readings) {
        let changed = self.told.map_or(u8::MAX, |told| told ^ levels);
        for (channel, pin) in (0..).zip(&self.inputs) {
            let high = levels & pin.bit() != 0;
            match call {
                _ if changed & pin.bit() == 0 => {}
                Some(edge) => readings.edge(channel, Edge { high, ..edge }),
                None => readings.level(channel, high),
            }
        }
        self.told = Some(levels);
    }
}

impl Device for Pcf8574 {
    fn wake(&self) -> Wake {
        self.int.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut looks = PollBudget::default();
        while let Some(call) = self.int.next_look(&mut looks)? {
            let levels = self.chip.levels()?;
            self.tell(levels, call, readings);
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let Some(pin) = self.outputs.get(usize::from(output.channel)) else {
            return Err(DeviceError::Unsupported { output, can: "there is no such output" });
        };
        match output.set {
            Set::On => self.chip.drive(pin.bit(), true),
            Set::Off => self.chip.drive(pin.bit(), false),
            Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) => {
                Err(DeviceError::Unsupported { output, can: "a pin is on or off" })
            }
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len(), self.outputs.len())
    }
}

eg_hal::register!(Pcf8574);
