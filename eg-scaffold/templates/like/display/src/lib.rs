//! {{Type}} on I2C: a display of four places with seven segments. Replace this chip with yours.

mod model;

use eg_hal::display::{Wish, brightness, row, seven, step};
use eg_hal::prelude::*;
use model::Panel;
use std::time::Duration;

/// Segments of the first of four places: `a` is bit 0, `g` is bit 6, the point is bit 7.
const PLACES: u8 = 0x00;
/// Brightness in the low four bits, 1/16 to 16/16; bit 7 switches the display on. It is off after power-on.
const CONTROL: u8 = 0x04;
const SHOWS: u8 = 0x80;
/// Number of places.
const COUNT: usize = 4;
/// Number of steps of the brightness.
const BRIGHTEST: u8 = 16;
/// Time between two refreshes: a display that lost its supply shows its text again after it.
const REFRESH: Duration = Duration::from_secs(1);

/// `config:` of a `{{name}}`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Bus of the chip, e.g. `i2c-1`, or `i2c-1/0x70/3` behind a bus switch.
    bus: BusName,
    /// Seven-bit address of the chip.
    #[serde(default = "usual_address")]
    address: u8,
    /// Brightness until another one is told: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn usual_address() -> u8 {
    0x60
}

fn brightest() -> f64 {
    1.0
}

/// Picture that the chip is told to show.
#[derive(Clone, Copy, Debug)]
struct Picture {
    places: [u8; COUNT],
    /// 1 to 16.
    brightness: u8,
}

/// An opened {{name}}.
pub struct {{Type}} {
    bus: I2cBus,
    address: u8,
    picture: Picture,
}

impl Driver for {{Type}} {
    const KIND: &'static str = "{{name}}";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address, brightness: level } = config;
        if let Err(wrong) = brightness(level) {
            board.refuse(wrong)?;
        }
        let places = [if board.safe_level(0) { 0xff } else { 0 }; COUNT];
        let picture = Picture { places, brightness: step(level, BRIGHTEST) };
        let mut display = Self { bus: board.i2c(&bus, address)?, address, picture };
        display.send(picture)?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Panel::attach(bench, &config.bus, config.address))
    }
}

impl {{Type}} {
    /// Sends everything that the chip has to know, the places first: also what it may have forgotten.
    fn send(&mut self, picture: Picture) -> Result<(), DeviceError> {
        let [a, b, c, d] = picture.places;
        self.bus.write(self.address, &[PLACES, a, b, c, d])?;
        Ok(self.bus.write(self.address, &[CONTROL, SHOWS | (picture.brightness - 1)])?)
    }

    fn picture(&self, wish: Wish<'_>) -> Result<Picture, &'static str> {
        Ok(match wish {
            Wish::Dark => Picture { places: [0; COUNT], ..self.picture },
            Wish::Lit => Picture { places: [0xff; COUNT], ..self.picture },
            Wish::Brightness(level) => {
                Picture { brightness: step(level, BRIGHTEST), ..self.picture }
            }
            Wish::Text(text) => Picture { places: places(text)?, ..self.picture },
        })
    }
}

/// Segments of a text that stands at the right.
fn places(text: &str) -> Result<[u8; COUNT], &'static str> {
    let mut places = [0; COUNT];
    let cells = row(text, COUNT, seven)?;
    for (place, cell) in places.iter_mut().rev().zip(cells.into_iter().rev()) {
        let [segments, _] = cell.segments.to_le_bytes();
        *place = segments | u8::from(cell.point || cell.colon) << 7;
    }
    Ok(places)
}

impl Device for {{Type}} {
    fn wake(&self) -> Wake {
        Wake::Every(REFRESH)
    }

    fn read(&mut self, _: &mut Readings) -> Result<(), DeviceError> {
        self.send(self.picture)
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        match Wish::of(&output).and_then(|wish| self.picture(wish)) {
            Ok(picture) => {
                self.send(picture)?;
                self.picture = picture;
                Ok(())
            }
            Err(can) => Err(DeviceError::Unsupported { output, can }),
        }
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 0, outputs: 1 }
    }
}

eg_hal::register!({{Type}});
