//! LED backpacks with an HT16K33 on I2C: four places of 7 or of 14 segments.

mod face;
mod model;

use eg_hal::display::{DisplayRequest, brightness, step};
use eg_hal::prelude::*;
use face::Face;
use model::Backpack;
use std::time::Duration;

/// System setup: the oscillator runs.
const RUN: u8 = 0x21;
/// Display setup: on, without blinking.
const SHOW: u8 = 0x81;
/// Dimming set: the low four bits are the duty, 1/16 to 16/16.
const DIM: u8 = 0xe0;
/// The brightest duty.
const BRIGHTEST: u8 = 16;
/// Display data address pointer: the memory follows, from its first byte on.
const MEMORY: u8 = 0x00;
/// Between two refreshes: a display that lost its supply shows its text again after so long.
const REFRESH: Duration = Duration::from_secs(1);

/// `config:` of an `ht16k33`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The bus it is on, e.g. `i2c-1`.
    bus: BusName,
    /// Its address by its pads A0 to A2: 0x70 to 0x77.
    #[serde(default = "first_address")]
    address: u8,
    /// The segments of each place: 7 or 14.
    #[serde(default)]
    #[schemars(with = "u8", extend("enum" = [7, 14]))]
    segments: Face,
    /// How bright it is until it is told: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

/// A backpack without a pad bridged.
fn first_address() -> u8 {
    0x70
}

fn brightest() -> f64 {
    1.0
}

/// What the chip is told to show.
#[derive(Clone, Copy, Debug)]
struct Picture {
    /// Two bytes for each of its eight columns.
    memory: [u8; 16],
    /// Sixteenths.
    duty: u8,
}

/// An opened display.
pub struct Ht16k33 {
    bus: I2cBus,
    address: u8,
    face: Face,
    picture: Picture,
}

impl Driver for Ht16k33 {
    const KIND: &'static str = "ht16k33";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, segments: face, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !matches!(address, 0x70..=0x77) {
            wrong.push("address", format!("0x70 to 0x77 by its pads, not {address:#04x}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let duty = step(level, BRIGHTEST);
        let memory = [if board.safe_level(0) { 0xff } else { 0 }; 16];
        let bus = board.i2c(&bus, address)?;
        let mut display = Self { bus, address, face, picture: Picture { memory, duty } };
        display.send(display.picture)?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Backpack::on(bench, &config.bus, config.address, config.segments == Face::Seven))
    }
}

impl Ht16k33 {
    /// Everything that the chip has to know, the memory before the display is on: also what it may have forgotten.
    fn send(&mut self, picture: Picture) -> Result<(), DeviceError> {
        let mut memory = [MEMORY; 17];
        memory[1..].copy_from_slice(&picture.memory);
        self.bus.write(self.address, &[RUN])?;
        self.bus.write(self.address, &memory)?;
        self.bus.write(self.address, &[DIM | (picture.duty - 1)])?;
        self.bus.write(self.address, &[SHOW])?;
        Ok(())
    }

    fn picture(&self, wish: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        Ok(match wish {
            DisplayRequest::Dark => Picture { memory: [0; 16], ..self.picture },
            DisplayRequest::Lit => Picture { memory: [0xff; 16], ..self.picture },
            DisplayRequest::Brightness(level) => {
                Picture { duty: step(level, BRIGHTEST), ..self.picture }
            }
            DisplayRequest::Text(text) => {
                Picture { memory: self.face.memory(text)?, ..self.picture }
            }
        })
    }
}

impl Device for Ht16k33 {
    fn wake(&self) -> Wake {
        Wake::Every(REFRESH)
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        self.send(self.picture)
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        match DisplayRequest::of(&output).and_then(|wish| self.picture(wish)) {
            Ok(picture) => {
                self.send(picture)?;
                self.picture = picture;
                Ok(())
            }
            Err(can) => Err(DeviceError::Unsupported { output, can }),
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(0, 1)
    }
}

eg_hal::register!(Ht16k33);
