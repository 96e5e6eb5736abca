//! {{Type}} on I2C: a display of four places with seven segments. Replace this chip with yours.

mod model;

use eg_hal::display::{DisplayRequest, Panel, SegmentPicture, brightness, row, seven};
use eg_hal::prelude::*;
use model::Places;

/// Segments of the first of four places: `a` is bit 0, `g` is bit 6, the point is bit 7.
const PLACES: u8 = 0x00;
/// Brightness in the low four bits, 1/16 to 16/16; bit 7 switches the display on. It is off after power-on.
const CONTROL: u8 = 0x04;
const SHOWS: u8 = 0x80;
/// Number of places.
const COUNT: usize = 4;
/// Number of steps of the brightness.
const BRIGHTEST: u8 = 16;

/// Picture that the chip is told to show.
type Picture = SegmentPicture<COUNT>;

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
        let picture = Picture::filled(board.safe_level(0), level, BRIGHTEST);
        let mut display = Self { bus: board.i2c(&bus, address)?, address, picture };
        display.refresh()?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        Box::new(Places::attach(bench, &config.bus, config.address))
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

impl Panel for {{Type}} {
    type Picture = Picture;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        self.picture.after(request, BRIGHTEST, places)
    }

    /// Sends everything that the chip has to know, the places first: also what it may have forgotten.
    fn show(&mut self, picture: Picture) -> Result<(), DeviceError> {
        let [a, b, c, d] = picture.memory;
        self.bus.write(self.address, &[PLACES, a, b, c, d])?;
        self.bus.write(self.address, &[CONTROL, SHOWS | (picture.brightness - 1)])?;
        self.picture = picture;
        Ok(())
    }

    fn refresh(&mut self) -> Result<(), DeviceError> {
        self.show(self.picture)
    }
}

eg_hal::register!({{Type}});
