//! A chip with one input and one output on I2C, polled, by a driver with one flaw: the number of the promise that it
//! breaks, 0 for none.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack};
use std::time::Duration;

/// A config that every flaw can be seen with.
pub(crate) const POLLED: &str = "{ bus: i2c-1, address: 33 }";

/// The changes that the chip keeps until it is read.
pub(crate) const QUEUE: usize = 8;

const KINDS: [&str; 24] = [
    "polled-0",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "polled-11",
    "",
    "polled-13",
    "",
    "polled-15",
    "polled-16",
    "",
    "",
    "",
    "polled-20",
    "",
    "polled-22",
    "polled-23",
];

// The chip's registers.
const STATE: u8 = 0;
const COUNT: u8 = 1;
const NEXT: u8 = 2;
const LATCH: u8 = 3;
const DRIVES: u8 = 4;
/// In `COUNT`: changes were lost.
const OVERFLOW: u8 = 0x80;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Bus of the chip.
    bus: BusName,
    /// And at which address.
    address: u8,
}

pub(crate) struct Polled<const FLAW: usize> {
    bus: I2cBus,
    address: u8,
    told: Option<bool>,
    doubted: bool,
}

impl<const FLAW: usize> Driver for Polled<FLAW> {
    const KIND: &'static str = KINDS[FLAW];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let Config { bus, address } = config;
        let mut bus = board.i2c(&bus, address)?;
        let mut setup = [[LATCH, u8::from(board.safe_level(0))], [DRIVES, 1]];
        if FLAW == 20 {
            setup.reverse();
        }
        for step in setup {
            bus.write(address, &step).map_err(DeviceError::from)?;
        }
        Ok(Self { bus, address, told: None, doubted: false })
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let chip = SharedChip::new(Chip::default());
        bench.attach_i2c(&config.bus, config.address, chip.clone());
        Box::new(Hand(chip))
    }
}

impl<const FLAW: usize> Polled<FLAW> {
    fn register(&mut self, register: u8) -> Result<u8, DeviceError> {
        let mut byte = [0];
        loop {
            match self.bus.write_read(self.address, &[register], &mut byte) {
                Ok(()) => return Ok(byte[0]),
                Err(_) if FLAW == 16 => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl<const FLAW: usize> Device for Polled<FLAW> {
    fn wake(&self) -> Wake {
        Wake::Every(Duration::from_millis(10))
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        if FLAW == 15 {
            for _ in 0..100 {
                self.register(STATE)?;
            }
        }
        // Flaw 23: its pin drives no more, and nobody notices.
        if FLAW != 23 && self.register(DRIVES)? != 1 {
            let found = "a pin that does not".to_owned();
            return Err(DeviceError::Unexpected { expected: "a pin that drives", found });
        }
        let count = self.register(COUNT)?;
        for _ in 0..usize::from(count & !OVERFLOW).min(QUEUE) {
            let high = self.register(NEXT)? == 1;
            // Flaw 11: a change counts when the next read agrees.
            if FLAW == 11 && !std::mem::replace(&mut self.doubted, true) {
                continue;
            }
            self.doubted = false;
            readings.level(0, high);
            self.told = Some(high);
        }
        if count & OVERFLOW != 0 && FLAW != 13 {
            readings.push(0, Reading::Lost(1));
            self.told = None;
        }
        if self.told.is_none() || (FLAW == 13 && count & OVERFLOW != 0) {
            let high = self.register(STATE)? == 1;
            readings.level(0, high);
            self.told = Some(high);
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let high = match (output.channel, &output.set) {
            (0, Set::On) => FLAW != 22,
            (0, Set::Off) => FLAW == 22,
            (_, _) => return Err(DeviceError::Unsupported { output, can: "one pin, on or off" }),
        };
        Ok(self.bus.write(self.address, &[LATCH, u8::from(high)])?)
    }

    fn channels(&self) -> Channels {
        Channels::of(1, 1)
    }
}

#[derive(Default)]
struct Chip {
    pointer: u8,
    high: bool,
    queue: Vec<bool>,
    overflow: bool,
    latch: bool,
    drives: bool,
}

impl I2cChip for Chip {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        match bytes {
            [LATCH, byte] => self.latch = *byte == 1,
            [DRIVES, byte] => self.drives = *byte == 1,
            [register] => self.pointer = *register,
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        let byte = match self.pointer {
            STATE => u8::from(self.high),
            COUNT => {
                let count = u8::try_from(self.queue.len()).unwrap();
                count | if std::mem::take(&mut self.overflow) { OVERFLOW } else { 0 }
            }
            NEXT if self.queue.is_empty() => 0xff,
            NEXT => u8::from(self.queue.remove(0)),
            DRIVES => u8::from(self.drives),
            _ => 0xff,
        };
        bytes.fill(byte);
        Ok(())
    }

    fn power_on(&mut self) {
        self.queue.clear();
        (self.pointer, self.overflow, self.latch, self.drives) = (0, false, false, false);
    }
}

struct Hand(SharedChip<Chip>);

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let (0, Poke::Level(high)) = (channel, poke) else {
            let takes = "it has one contact, channel 0".to_owned();
            return Err(PokeError { channel, poke: poke.clone(), takes });
        };
        let mut chip = self.0.lock();
        if std::mem::replace(&mut chip.high, *high) != *high {
            let full = chip.queue.len() == QUEUE;
            chip.overflow |= full;
            if !full {
                chip.queue.push(*high);
            }
        }
        Ok(())
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.0.lock();
        let shown = if chip.latch { Set::On } else { Set::Off };
        (channel == 0 && chip.drives).then_some(shown)
    }
}

eg_hal::register!(Polled<0>);
eg_hal::register!(Polled<11>);
eg_hal::register!(Polled<13>);
eg_hal::register!(Polled<15>);
eg_hal::register!(Polled<16>);
eg_hal::register!(Polled<20>);
eg_hal::register!(Polled<22>);
eg_hal::register!(Polled<23>);
