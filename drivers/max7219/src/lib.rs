//! Displays with a MAX7219 on SPI: up to eight places of 7 segments.

mod model;

use eg_hal::display::{DisplayRequest, brightness, row, seven, step};
use eg_hal::prelude::*;
use eg_hal::{BitOrder, SpiConfig};
use embedded_hal::spi::MODE_0;
use model::Panel;
use std::time::Duration;

/// Registers (data sheet, table 2). The places are 1 to 8, from the right.
const DECODE: u8 = 0x09;
const INTENSITY: u8 = 0x0a;
const SCAN_LIMIT: u8 = 0x0b;
const SHUTDOWN: u8 = 0x0c;
const TEST: u8 = 0x0f;
/// Steps of the intensity: duties of 1/32 to 31/32.
const BRIGHTEST: u8 = 16;
/// Places of one chip.
const PLACES: usize = 8;
/// The chip stands 10 MHz; a cable does not.
const RATE_HZ: u32 = 1_000_000;
/// Between two refreshes: a display that lost its supply shows its text again after so long.
const REFRESH: Duration = Duration::from_secs(1);

/// `config:` of a `max7219`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The chip select that LOAD (CS) is wired to, e.g. `spi0.0`.
    select: SpiName,
    /// How many places it has: 4 to 8.
    #[serde(default = "eight")]
    places: u8,
    /// How bright it is until it is told: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn eight() -> u8 {
    8
}

fn brightest() -> f64 {
    1.0
}

/// What the chip is told to show.
#[derive(Clone, Copy, Debug)]
struct Picture {
    /// The places from the right: the point, then `a` to `g`, from the highest bit.
    places: [u8; PLACES],
    /// 1 to 16.
    intensity: u8,
}

/// An opened display.
pub struct Max7219 {
    spi: SpiDevice,
    places: u8,
    picture: Picture,
}

impl Driver for Max7219 {
    const KIND: &'static str = "max7219";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { select, places, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        if !(4..=8).contains(&places) {
            wrong.push("places", format!("4 to 8, not {places}"));
        }
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let intensity = step(level, BRIGHTEST);
        let lit = [if board.safe_level(0) { 0xff } else { 0 }; PLACES];
        let want = SpiConfig { mode: MODE_0, max_hz: RATE_HZ, order: BitOrder::MsbFirst };
        let spi = board.spi(&select, want)?;
        let mut display = Self { spi, places, picture: Picture { places: lit, intensity } };
        display.send(display.picture)?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Panel::on(bench, &config.select, usize::from(config.places)))
    }
}

impl Max7219 {
    /// Everything that the chip has to know, the places before it wakes up: also what it may have forgotten.
    fn send(&mut self, picture: Picture) -> Result<(), DeviceError> {
        for (register, value) in [
            (TEST, 0),
            (DECODE, 0),
            // With fewer places each would be brighter than its resistor allows for.
            (SCAN_LIMIT, self.places - 1),
            (INTENSITY, picture.intensity - 1),
        ] {
            self.spi.write(&[register, value])?;
        }
        for (register, value) in (1..).zip(picture.places) {
            self.spi.write(&[register, value])?;
        }
        Ok(self.spi.write(&[SHUTDOWN, 1])?)
    }

    fn places(&self, text: &str) -> Result<[u8; PLACES], &'static str> {
        let mut places = [0; PLACES];
        let cells = row(text, self.places.into(), seven)?;
        for (place, cell) in places.iter_mut().zip(cells.into_iter().rev()) {
            let [segments, _] = cell.segments.to_le_bytes();
            // `a` stands in the lowest bit there, and below the point here.
            *place = segments.reverse_bits() >> 1 | u8::from(cell.point || cell.colon) << 7;
        }
        Ok(places)
    }

    fn picture(&self, wish: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        Ok(match wish {
            DisplayRequest::Dark => Picture { places: [0; PLACES], ..self.picture },
            DisplayRequest::Lit => Picture { places: [0xff; PLACES], ..self.picture },
            DisplayRequest::Brightness(level) => {
                Picture { intensity: step(level, BRIGHTEST), ..self.picture }
            }
            DisplayRequest::Text(text) => Picture { places: self.places(text)?, ..self.picture },
        })
    }
}

impl Device for Max7219 {
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

eg_hal::register!(Max7219);
