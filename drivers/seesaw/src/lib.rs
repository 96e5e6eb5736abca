//! Player consoles with Adafruit's seesaw on I2C: keys and their lights over one cable. NeoKey 1x4, NeoTrellis and Arcade
//! QT 1x4.

mod bus_chip;
mod chip;
mod console;
mod keypad;
#[cfg(test)]
mod late;
mod lights;
mod model;
mod pins;

use bus_chip::BusChip;
use chip::Error;
pub use console::Console;
use eg_hal::prelude::*;
use keypad::Keypad;
use lights::Lights;
use model::{Hand, Pace};
use pins::Pins;
use std::time::Duration;

/// Time between two reads of a console that cannot call.
const POLL: Duration = Duration::from_millis(10);
/// Between two reads of one that can: some of its firmware forgets to call.
const CHECK: Duration = Duration::from_millis(50);

/// At every so many looks at a pad, whether the chip restarted. Keys on pins tell it with every look.
const LOOKS_A_CHECK: u32 = 32;

/// `config:` of a `seesaw`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Kind of console: `neokey`, `neotrellis` or `arcade`.
    console: Console,
    /// Bus of the console, e.g. `i2c-1`.
    bus: BusName,
    /// Address of the console, when pads on its back are bridged.
    address: Option<u8>,
    /// The line that INT is wired to. Without it the console is asked every 10 ms.
    int: Option<LineName>,
    /// Brightness of white: above 0 and up to 1. It bounds what the lights take from the supply.
    #[serde(default = "mild")]
    brightness: f64,
}

/// Bright enough for a room, and easy on the supply: 16 white lights take 0.3 A.
fn mild() -> f64 {
    0.3
}

impl Config {
    fn address(&self) -> u8 {
        self.address.unwrap_or(self.console.first_address())
    }
}

/// Way in which the keys are read.
enum Keys {
    /// Each key has a pin.
    Pins(Pins),
    /// The keys are a matrix that the firmware scans and queues.
    Keypad(Keypad),
}

/// An opened console.
pub struct Seesaw {
    chip: BusChip,
    int: Interrupt,
    console: Console,
    keys: Keys,
    lights: Lights,
    looks: u32,
}

impl Driver for Seesaw {
    const KIND: &'static str = "seesaw";
    const ATTACHMENTS: &'static [Attachment] = &[
        Attachment::i2c("NeoKey 1x4", 0x30..=0x3f).with("console: neokey"),
        Attachment::i2c("NeoTrellis", 0x2e..=0x4d).with("console: neotrellis"),
        Attachment::i2c("Arcade QT 1x4", 0x3a..=0x49).with("console: arcade"),
    ];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let address = config.address();
        let Config { console, bus, int, brightness, .. } = config;
        let mut wrong = SettingProblems::default();
        if !console.addresses().contains(&address) {
            let (first, last) = console.addresses().into_inner();
            let problem = format!("{first:#04x} to {last:#04x} by its pads, not {address:#04x}");
            wrong.push("address", problem);
        }
        wrong.add(eg_hal::display::brightness(brightness));
        board.refuse(wrong)?;
        let int = board.interrupt(int.as_ref())?;
        let delay = board.delay();
        let chip = BusChip::reset(board.i2c(&bus, address)?, address, delay, console);
        let mut chip = chip.map_err(DeviceError::from)?;
        let safe: Vec<bool> =
            (0..console.keys()).map(|channel| board.safe_level(channel)).collect();
        let lights = Lights::set_up(&mut chip, console, brightness, &safe)?;
        let keys = if console == Console::Neotrellis {
            Keys::Keypad(Keypad::set_up(&mut chip, int.is_wired())?)
        } else {
            Keys::Pins(Pins::set_up(&mut chip, console, int.is_wired())?)
        };
        Ok(Self { chip, int, console, keys, lights, looks: 0 })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let int = config.int.as_ref().map(|line| bench.wire(line));
        Box::new(Hand::on(bench, &config.bus, config.address(), config.console, int, Pace::USUAL))
    }
}

impl Seesaw {
    fn look(&mut self, trigger: Trigger, readings: &mut Readings) -> Result<(), DeviceError> {
        self.looks = self.looks.wrapping_add(1);
        match &mut self.keys {
            Keys::Pins(pins) => pins.tell(&mut self.chip, trigger, readings),
            Keys::Keypad(keypad) => {
                if self.looks.is_multiple_of(LOOKS_A_CHECK) {
                    self.chip.levels()?;
                }
                keypad.tell(&mut self.chip, trigger, readings)
            }
        }
    }
}

impl Device for Seesaw {
    fn wake(&self) -> Wake {
        if self.int.is_wired() { Wake::EdgeOrEvery(CHECK) } else { Wake::Every(POLL) }
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut budget = PollBudget::default();
        while let Some(trigger) = self.int.next_look(&mut budget)? {
            self.look(trigger, readings)?;
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        if output.channel >= self.console.keys() {
            return Err(output.unsupported("there is no such light"));
        }
        self.lights.set(&mut self.chip, output)
    }

    fn channels(&self) -> Channels {
        Channels { inputs: self.console.keys(), outputs: self.console.keys() }
    }
}

impl<E: Into<DeviceError>> From<Error<E>> for DeviceError {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Bus(error) => error.into(),
            Error::Hardware(id) => Self::unexpected(
                "a seesaw, hardware id 0x55 or 0x84 to 0x89",
                format!("hardware id {id:#04x}"),
            ),
            Error::Console { expected, found } => Self::unexpected(
                expected.name(),
                format!("that it is {}, product {}", found.name(), found.product()),
            ),
            Error::Restarted(pins) => Self::unexpected(
                "the settings it was given",
                format!("pins {pins:#010x}: it restarted, perhaps without supply"),
            ),
            Error::NoAnswer(tries) => {
                Self::unexpected("an answer", format!("0xff {tries} times: it is busy, or stuck"))
            }
        }
    }
}

eg_hal::register!(Seesaw);
