//! Eight buttons on a PCF8574, through a chip crate of the registry, in a crate outside EG. It panics where it is told to.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack};
use pcf857x::{Error, Pcf8574, PinFlag, SlaveAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The chip's address with all its straps to ground.
const ADDRESS: u8 = 0x20;
const PINS: [PinFlag; 8] = [
    PinFlag::P0,
    PinFlag::P1,
    PinFlag::P2,
    PinFlag::P3,
    PinFlag::P4,
    PinFlag::P5,
    PinFlag::P6,
    PinFlag::P7,
];

/// `config:` of a `guest-chip`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Config {
    /// The bus it is on.
    bus: BusName,
    /// When it panics.
    #[serde(default)]
    trouble: Trouble,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Trouble {
    /// Never.
    #[default]
    None,
    /// When it is opened.
    Open,
    /// When it is opened for a second time.
    Reopen,
    /// When it reads a pressed button.
    Read,
}

struct Guest {
    chip: Pcf8574<I2cBus>,
    trouble: Trouble,
    told: Option<u8>,
}

/// `true` once one was opened in this process.
static OPENED: AtomicBool = AtomicBool::new(false);

impl Driver for Guest {
    const KIND: &'static str = "guest-chip";
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, trouble } = config;
        assert!(trouble != Trouble::Open, "no chip in the bag");
        let again = OPENED.swap(true, Ordering::SeqCst);
        assert!(trouble != Trouble::Reopen || !again, "the bag is empty now");
        let chip = Pcf8574::new(board.i2c(&bus, ADDRESS)?, SlaveAddr::default());
        Ok(Self { chip, trouble, told: None })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let levels = Arc::new(Mutex::new(0xff));
        bench.attach_i2c(&config.bus, ADDRESS, Chip(levels.clone()));
        Box::new(Hand(levels))
    }
}

impl Device for Guest {
    fn wake(&self) -> Wake {
        Wake::Every(Duration::from_millis(5))
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let all = PINS.into_iter().reduce(|mask, pin| mask | pin).unwrap_or(PinFlag::P0);
        let levels = self.chip.get(all).map_err(|error| match error {
            Error::I2C(error) => DeviceError::from(error),
            Error::CouldNotAcquireDevice | Error::InvalidInputData => {
                DeviceError::Unexpected { expected: "levels", found: "none".to_owned() }
            }
        })?;
        assert!(self.trouble != Trouble::Read || levels == 0xff, "a button fell off");
        let changed = self.told.map_or(0xff, |told| told ^ levels);
        for channel in (0..8).filter(|channel| changed >> channel & 1 == 1) {
            readings.level(channel, levels >> channel & 1 == 1);
        }
        self.told = Some(levels);
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels { inputs: 8, outputs: 0 }
    }
}

/// The levels of the pins of the chip.
struct Chip(Arc<Mutex<u8>>);

impl I2cChip for Chip {
    fn write(&mut self, _: &[u8]) -> Result<(), Nack> {
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(*self.0.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(())
    }
}

/// A hand at its buttons.
struct Hand(Arc<Mutex<u8>>);

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let mut levels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match poke {
            Poke::Level(true) if channel < 8 => *levels |= 1 << channel,
            Poke::Level(false) if channel < 8 => *levels &= !(1 << channel),
            _ => {
                let takes = "it has eight buttons".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }
}

eg_hal::register!(Guest);
