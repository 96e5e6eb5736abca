//! Displays with a TM1637 on two lines: four places with a colon, or six.

mod chip;
mod model;

use chip::{BRIGHTEST, Chip};
use eg_hal::display::{DisplayRequest, Panel, SegmentPicture, brightness, row, seven};
use eg_hal::prelude::*;
use model::Digits;

/// `config:` of a `tm1637`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The line of CLK.
    clk: LineName,
    /// The line of DIO.
    dio: LineName,
    /// Number of places: 4, with a colon in the middle, or 6.
    #[serde(default = "four")]
    places: u8,
    /// Brightness until the display is told another one: above 0 and up to 1.
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

/// The segments of each grid, whose bit 7 is the point, or the colon of four places; and a pulse width of 1 to 8.
type Picture = SegmentPicture<6>;

/// An opened display.
pub struct Tm1637 {
    chip: Chip<OutputLine, Delay>,
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
        let picture = Picture::filled(board.safe_level(0), level, BRIGHTEST);
        let (clk, dio) = (board.output_at(&clk, true)?, board.output_at(&dio, true)?);
        let chip = Chip::new(clk, dio, board.delay());
        let mut display = Self { chip, places, picture };
        display.refresh()?;
        Ok(display)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let six = config.places == 6;
        Box::new(Digits::on(bench, bench.wire(&config.clk), bench.wire(&config.dio), six))
    }
}

impl Tm1637 {
    fn grids(&self, text: &str) -> Result<[u8; 6], &'static str> {
        let mut grids = [0; 6];
        for (grid, cell) in self.places.iter().zip(row(text, self.places.len(), seven)?) {
            let point = u8::from(cell.point || cell.colon) << 7;
            grids[*grid] = cell.segments.to_le_bytes()[0] | point;
        }
        Ok(grids)
    }
}

impl Panel for Tm1637 {
    type Picture = Picture;

    fn picture(&self, request: DisplayRequest<'_>) -> Result<Picture, &'static str> {
        self.picture.after(request, BRIGHTEST, |text| self.grids(text))
    }

    fn show(&mut self, picture: Picture) -> Result<(), DeviceError> {
        self.chip.show(&picture.memory, picture.brightness)?;
        self.picture = picture;
        Ok(())
    }

    fn refresh(&mut self) -> Result<(), DeviceError> {
        self.show(self.picture)
    }
}

eg_hal::register!(Tm1637);
