//! OLED displays with an SSD1306 on I2C: 128 by 64 or 128 by 32 points, for hints of several lines.

mod chip;
mod frame;
mod model;
mod page;

use chip::{Chip, Mounting};
use eg_hal::display::{DisplayRequest, brightness, step};
use eg_hal::prelude::*;
use frame::Frame;
use model::Glass;
use std::time::Duration;

/// Steps of the contrast.
const BRIGHTEST: u8 = 255;
/// Between two looks at a chip: whether it is there, and still on.
const CHECK: Duration = Duration::from_secs(1);

/// `config:` of an `ssd1306`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`.
    bus: BusName,
    /// Its address: 0x3c or 0x3d.
    #[serde(default = "first_address")]
    address: u8,
    /// How many points it is high: 64 or 32.
    #[serde(default = "tall")]
    height: u8,
    /// It hangs upside down.
    #[serde(default)]
    flipped: bool,
    /// How bright it is until it is told: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn first_address() -> u8 {
    0x3c
}

fn tall() -> u8 {
    64
}

fn brightest() -> f64 {
    1.0
}

/// An opened display.
pub struct Ssd1306 {
    chip: Chip,
    height: u8,
}

impl Driver for Ssd1306 {
    const KIND: &'static str = "ssd1306";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, height, flipped, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !matches!(address, 0x3c | 0x3d) {
            wrong.push("address", format!("0x3c or 0x3d, not {address:#04x}"));
        }
        if !matches!(height, 32 | 64) {
            wrong.push("height", format!("64 or 32, not {height}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let contrast = step(level, BRIGHTEST);
        let frame = Frame::filled(height, board.safe_level(0));
        let mounting = Mounting { height, flipped };
        let chip = Chip::set_up(board.i2c(&bus, address)?, address, mounting, contrast, frame)?;
        Ok(Self { chip, height })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let Config { bus, address, height, flipped, .. } = config;
        Box::new(Glass::on(bench, bus, *address, usize::from(*height), *flipped))
    }
}

impl Device for Ssd1306 {
    fn wake(&self) -> Wake {
        Wake::Every(CHECK)
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        self.chip.check()
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let frame = match DisplayRequest::of(&output) {
            Ok(DisplayRequest::Dark) => Ok(Frame::filled(self.height, false)),
            Ok(DisplayRequest::Lit) => Ok(Frame::filled(self.height, true)),
            Ok(DisplayRequest::Brightness(level)) => {
                return self.chip.contrast(step(level, BRIGHTEST));
            }
            Ok(DisplayRequest::Text(text)) => page::of(text, self.height),
            Err(can) => Err(can),
        };
        match frame {
            Ok(frame) => self.chip.show(frame),
            Err(can) => Err(DeviceError::Unsupported { output, can }),
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(0, 1)
    }
}

eg_hal::register!(Ssd1306);
