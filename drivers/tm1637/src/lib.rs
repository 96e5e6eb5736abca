//! Displays with a TM1637 on two lines: four places with a colon, or six.

mod model;
mod wire;

use eg_hal::display::{DisplayRequest, brightness, row, seven, step};
use eg_hal::prelude::*;
use model::Panel;
use std::time::Duration;
use wire::Wire;

/// Data command: write, and go on to the next address by itself.
const WRITE: u8 = 0x40;
/// Address command: from the first place on.
const FIRST: u8 = 0xc0;
/// Display control: on; the low three bits are the pulse width, 1/16 to 14/16 in eight steps.
const SHOW: u8 = 0x88;
/// Steps of the pulse width.
const BRIGHTEST: u8 = 8;
/// Between two refreshes: a display that lost its supply shows its text again after so long.
const REFRESH: Duration = Duration::from_secs(1);

/// `config:` of a `tm1637`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The line of CLK.
    clk: LineName,
    /// The line of DIO.
    dio: LineName,
    /// How many places it has: 4, with a colon in the middle, or 6.
    #[serde(default = "four")]
    places: u8,
    /// How bright it is until it is told: above 0 and up to 1.
    #[serde(default = "brightest")]
    brightness: f64,
}

fn four() -> u8 {
    4
}

fn brightest() -> f64 {
    1.0
}

/// The grid of each place from the left. Modules with six are wired in two groups of three, each from its right.
const GRIDS_OF_FOUR: &[usize] = &[0, 1, 2, 3];
const GRIDS_OF_SIX: &[usize] = &[2, 1, 0, 5, 4, 3];

/// What the chip is told to show.
#[derive(Clone, Copy, Debug)]
struct Picture {
    /// The segments of each grid; bit 7 is the point, or the colon of four places.
    grids: [u8; 6],
    /// Pulse width, 1 to 8.
    width: u8,
}

/// An opened display.
pub struct Tm1637 {
    wire: Wire,
    places: &'static [usize],
    picture: Picture,
}

impl Driver for Tm1637 {
    const KIND: &'static str = "tm1637";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { clk, dio, places, brightness: level } = config;
        let mut wrong = SettingProblems::default();
        let places = match places {
            4 => GRIDS_OF_FOUR,
            6 => GRIDS_OF_SIX,
            other => {
                wrong.push("places", format!("4 or 6, not {other}"));
                GRIDS_OF_SIX
            }
        };
        wrong.add(brightness(level));
        board.refuse(wrong)?;
        let width = step(level, BRIGHTEST);
        let grids = [if board.safe_level(0) { 0xff } else { 0 }; 6];
        let wire = Wire::open(board, &clk, &dio)?;
        let mut display = Self { wire, places, picture: Picture { grids, width } };
        display.send(display.picture)?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let six = config.places == 6;
        Box::new(Panel::on(bench, bench.wire(&config.clk), bench.wire(&config.dio), six))
    }
}

impl Tm1637 {
    /// Everything that the chip has to know, the places before the display is on.
    fn send(&mut self, picture: Picture) -> Result<(), DeviceError> {
        let mut places = [FIRST; 7];
        places[1..].copy_from_slice(&picture.grids);
        self.wire.send(&[WRITE])?;
        self.wire.send(&places)?;
        self.wire.send(&[SHOW | (picture.width - 1)])
    }

    fn grids(&self, text: &str) -> Result<[u8; 6], &'static str> {
        let mut grids = [0; 6];
        for (grid, cell) in self.places.iter().zip(row(text, self.places.len(), seven)?) {
            let point = u8::from(cell.point || cell.colon) << 7;
            grids[*grid] = cell.segments.to_le_bytes()[0] | point;
        }
        Ok(grids)
    }

    fn picture(&self, wish: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        Ok(match wish {
            DisplayRequest::Dark => Picture { grids: [0; 6], ..self.picture },
            DisplayRequest::Lit => Picture { grids: [0xff; 6], ..self.picture },
            DisplayRequest::Brightness(level) => {
                Picture { width: step(level, BRIGHTEST), ..self.picture }
            }
            DisplayRequest::Text(text) => Picture { grids: self.grids(text)?, ..self.picture },
        })
    }
}

impl Device for Tm1637 {
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

eg_hal::register!(Tm1637);
