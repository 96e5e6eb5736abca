//! {{Type}} on I2C: eight inputs and eight outputs, each a bit of a register. Replace this chip with yours.

mod model;

use eg_hal::prelude::*;
use model::{Chip, Hand};
use std::time::Duration;

/// The levels of the inputs: bit n is input n.
const INPUTS: u8 = 0x00;
/// The levels of the outputs: bit n is output n.
const OUTPUTS: u8 = 0x01;
/// Which outputs are driven: bit n set drives output n.
const ENABLE: u8 = 0x02;
/// Number of inputs, and of outputs.
const CHANNELS: u16 = 8;
/// Time between two reads.
const POLL: Duration = Duration::from_millis(5);

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`, or `i2c-1/0x70/3` behind a bus switch.
    bus: BusName,
    /// The seven-bit address of the chip.
    #[serde(default = "usual_address")]
    address: u8,
}

fn usual_address() -> u8 {
    0x40
}

/// An opened {{name}}.
pub struct {{Type}} {
    bus: I2cBus,
    address: u8,
    levels: LevelTracker,
    outputs: u8,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address } = config;
        let mut bus = board.i2c(&bus, address)?;
        let high = (0..CHANNELS).filter(|channel| board.safe_level(*channel));
        let outputs = high.fold(0, |all, channel| all | 1 << channel);
        // The levels first: an output that is driven shows its safe level from the first moment.
        bus.write(address, &[OUTPUTS, outputs]).map_err(DeviceError::from)?;
        bus.write(address, &[ENABLE, 0xff]).map_err(DeviceError::from)?;
        Ok(Self { bus, address, levels: LevelTracker::default(), outputs })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Hand::on(Chip::attach(bench, &config.bus, config.address)))
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::Every(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut registers = [0; 3];
        self.bus.write_read(self.address, &[INPUTS], &mut registers)?;
        let [levels, _, enabled] = registers;
        // After a dip of its supply nothing is driven any more. The host opens the device again, which sets the chip up.
        if enabled != 0xff {
            let found = format!("{enabled:#04x}: it lost its supply");
            return Err(DeviceError::unexpected("outputs that are driven", found));
        }
        self.levels.report(bits(levels), Trigger::Poll, readings);
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let bit = 1 << output.select(0..CHANNELS)?;
        let on = output.on_off("an output is on or off")?;
        let outputs = if on { self.outputs | bit } else { self.outputs & !bit };
        self.bus.write(self.address, &[OUTPUTS, outputs])?;
        self.outputs = outputs;
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: CHANNELS, outputs: CHANNELS }
    }
}

eg_hal::register!({{Type}});
