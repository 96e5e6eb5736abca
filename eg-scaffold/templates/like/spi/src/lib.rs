//! {{Type}} on SPI: eight inputs and eight outputs. Replace this chip with yours.

mod model;

use eg_hal::prelude::*;
use eg_hal::embedded_hal::spi::MODE_0;
use model::{Chip, Hand};
use std::time::Duration;

/// Command whose answer is the levels of the inputs, then the outputs that are driven.
const READ: u8 = 0x01;
/// Command that takes the levels of the outputs.
const WRITE: u8 = 0x02;
/// Command that takes the outputs that are driven: none after power-on.
const ENABLE: u8 = 0x03;
/// Number of inputs, and of outputs.
const CHANNELS: u16 = 8;
/// Rate of the clock: the chip stands more, a cable does not.
const RATE_HZ: u32 = 1_000_000;
/// Time between two reads.
const POLL: Duration = Duration::from_millis(5);

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Chip select that CS is wired to, e.g. `spi0.0`.
    select: SpiName,
}

/// An opened {{name}}.
pub struct {{Type}} {
    spi: SpiDevice,
    levels: LevelTracker,
    outputs: u8,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let want = SpiConfig { mode: MODE_0, max_hz: RATE_HZ, order: BitOrder::MsbFirst };
        let mut spi = board.spi(&config.select, want)?;
        let high = (0..CHANNELS).filter(|channel| board.safe_level(*channel));
        let outputs = high.fold(0, |all, channel| all | 1 << channel);
        // The levels first: an output that is driven shows its safe level from the first moment.
        spi.write(&[WRITE, outputs]).map_err(DeviceError::from)?;
        spi.write(&[ENABLE, 0xff]).map_err(DeviceError::from)?;
        Ok(Self { spi, levels: LevelTracker::default(), outputs })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Hand::on(Chip::attach(bench, &config.select)))
    }
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::Every(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut answer = [0; 3];
        self.spi.transfer(&mut answer, &[READ, 0, 0])?;
        let [_, levels, enabled] = answer;
        // After a dip of its supply nothing is driven. The host opens it again, which sets the chip up.
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
        self.spi.write(&[WRITE, outputs])?;
        self.outputs = outputs;
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: CHANNELS, outputs: CHANNELS }
    }
}

eg_hal::register!({{Type}});
