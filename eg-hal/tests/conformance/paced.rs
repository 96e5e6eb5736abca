//! Touch keys on a chip that wants its pauses, by a driver with one flaw.
//!
//! After a reset the chip acknowledges nothing for 2 ms; a register is ready 200 µs after it was named, and reads as 0xff
//! before. INT falls at each change and is released by reading the keys. In a group the first key that is held suppresses
//! the others.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, OpenDrain, Timer};
use std::time::Duration;

/// A config that every flaw can be seen with.
pub(crate) const PACED: &str = "{ bus: i2c-1, int: GPIO4 }";
/// The same with keys that suppress each other.
pub(crate) const GROUPED: &str = "{ bus: i2c-1, int: GPIO4, group: true }";

/// None.
pub(crate) const SOUND: usize = 0;
/// Does not wait for the end of a reset.
pub(crate) const HASTY_AFTER_RESET: usize = 1;
/// Does not wait until the keys are ready.
pub(crate) const HASTY_WITH_KEYS: usize = 2;
/// Never does what releases INT; a poll hides it.
pub(crate) const NEVER_RELEASES: usize = 3;
/// Does not look whether the chip still has its settings.
pub(crate) const FORGETS_BROWN_OUTS: usize = 4;
/// Claims one address and speaks to the one below.
pub(crate) const ELSEWHERE: usize = 5;
/// Waits ten minutes in `open`.
pub(crate) const WAITS_IN_OPEN: usize = 6;
/// Waits 200 ms in each read.
pub(crate) const WAITS_IN_READ: usize = 7;
/// Puts the thread to sleep in `open`, past the board's clock.
pub(crate) const SLEEPS_IN_OPEN: usize = 8;
/// The same in each read.
pub(crate) const SLEEPS_IN_READ: usize = 9;
/// Waits a minute for a chip that does not answer.
pub(crate) const PATIENT: usize = 10;
/// Sends its settings again when they are gone, but tells a touch that nobody made.
pub(crate) const TOUCHED_BY_BROWN_OUTS: usize = 11;

const KINDS: [&str; 12] = [
    "paced-0", "paced-1", "paced-2", "paced-3", "paced-4", "paced-5", "paced-6", "paced-7",
    "paced-8", "paced-9", "paced-10", "paced-11",
];

const ADDRESS: u8 = 0x2a;
const KEYS: Channel = 2;

// The chip's registers.
const KEYS_DOWN: u8 = 0;
const KEYS_AGAIN: u8 = 1;
const SETTING: u8 = 2;
const RESET: u8 = 3;

const OWN_SETTING: u8 = 0x5a;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Bus of the chip.
    bus: BusName,
    /// The line of INT.
    int: LineName,
    /// `true` if the keys suppress each other.
    #[serde(default)]
    group: bool,
}

pub(crate) struct Paced<const FLAW: usize> {
    bus: I2cBus,
    int: Interrupt,
    delay: Delay,
    told: Option<u8>,
}

impl<const FLAW: usize> Driver for Paced<FLAW> {
    const KIND: &'static str = KINDS[FLAW];
    type Config = Config;

    fn open(config: Config, board: &mut Board<'_>) -> Result<Self, OpenError> {
        let int = board.interrupt(Some(&config.int))?;
        let (bus, delay) = (board.i2c(&config.bus, ADDRESS)?, board.delay());
        let mut device = Self { bus, int, delay, told: None };
        device.start()?;
        Ok(device)
    }

    fn model(config: &Config, bench: &Bench) -> Box<dyn Model> {
        let int = bench.wire(&config.int).open_drain();
        let chip = SharedChip::new(Chip::new(bench, int, config.group));
        bench.attach_i2c(&config.bus, ADDRESS, chip.clone());
        Box::new(Hand(chip))
    }
}

impl<const FLAW: usize> Paced<FLAW> {
    const AT: u8 = if FLAW == ELSEWHERE { ADDRESS - 1 } else { ADDRESS };

    fn start(&mut self) -> Result<(), DeviceError> {
        match FLAW {
            WAITS_IN_OPEN => self.delay.delay_ms(600_000),
            SLEEPS_IN_OPEN => std::thread::park_timeout(Duration::from_millis(1)),
            _ => {}
        }
        let mut reset = self.bus.write(Self::AT, &[RESET, 1]);
        if reset.is_err() && FLAW == PATIENT {
            self.delay.delay_ms(60_000);
            reset = self.bus.write(Self::AT, &[RESET, 1]);
        }
        reset?;
        if FLAW != HASTY_AFTER_RESET {
            self.delay.delay_ms(2);
        }
        Ok(self.bus.write(Self::AT, &[SETTING, OWN_SETTING])?)
    }

    fn register(&mut self, register: u8) -> Result<u8, DeviceError> {
        let mut byte = [0];
        self.bus.write(Self::AT, &[register])?;
        if FLAW != HASTY_WITH_KEYS || register == SETTING {
            self.delay.delay_us(200);
        }
        self.bus.read(Self::AT, &mut byte)?;
        Ok(byte[0])
    }

    fn look(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let kept = FLAW == FORGETS_BROWN_OUTS || self.register(SETTING)? == OWN_SETTING;
        if !kept && FLAW != TOUCHED_BY_BROWN_OUTS {
            let found = "others".to_owned();
            return Err(DeviceError::Unexpected { expected: "the settings it was given", found });
        }
        if !kept {
            self.start()?;
            readings.level(0, true);
            readings.level(0, false);
        }
        let keys = if FLAW == NEVER_RELEASES { KEYS_AGAIN } else { KEYS_DOWN };
        let down = self.register(keys)?;
        let changed = self.told.map_or(u8::MAX, |told| told ^ down);
        for key in (0..KEYS).filter(|key| changed >> key & 1 == 1) {
            readings.level(key, down >> key & 1 == 1);
        }
        self.told = Some(down);
        Ok(())
    }
}

impl<const FLAW: usize> Device for Paced<FLAW> {
    fn wake(&self) -> Wake {
        self.int.wake(Duration::from_millis(10))
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        match FLAW {
            WAITS_IN_READ => self.delay.delay_ms(200),
            SLEEPS_IN_READ => std::thread::park_timeout(Duration::from_micros(50)),
            _ => {}
        }
        let mut looks = PollBudget::default();
        while self.int.next_look(&mut looks)?.is_some() {
            self.look(readings)?;
        }
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(KEYS.into(), 0)
    }
}

struct Chip {
    /// Running while the chip resets.
    deaf: Timer,
    /// Running while the chip makes an answer ready.
    busy: Timer,
    int: OpenDrain,
    group: bool,
    fingers: Vec<Channel>,
    pointer: u8,
    setting: u8,
}

impl Chip {
    fn new(bench: &Bench, int: OpenDrain, group: bool) -> Self {
        let (deaf, busy) = (Timer::new(bench), Timer::new(bench));
        let (fingers, pointer, setting) = (Vec::new(), KEYS_DOWN, 0);
        Self { deaf, busy, int, group, fingers, pointer, setting }
    }

    fn down(&self) -> u8 {
        let most = if self.group { 1 } else { usize::from(KEYS) };
        self.fingers.iter().take(most).fold(0, |down, key| down | 1 << key)
    }
}

impl I2cChip for Chip {
    fn address(&mut self) -> Result<(), Nack> {
        if self.deaf.is_running() { Err(Nack) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        match bytes {
            [RESET, _] => {
                self.setting = 0;
                self.deaf.start(Duration::from_millis(2));
            }
            [SETTING, setting] => self.setting = *setting,
            [register] => {
                self.pointer = *register;
                self.busy.start(Duration::from_micros(200));
            }
            _ => return Err(Nack),
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        let value = match self.pointer {
            _ if self.busy.is_running() => 0xff,
            KEYS_DOWN => {
                self.int.release();
                self.down()
            }
            KEYS_AGAIN => self.down(),
            SETTING => self.setting,
            _ => 0xff,
        };
        bytes.fill(value);
        Ok(())
    }

    fn power_on(&mut self) {
        (self.pointer, self.setting) = (KEYS_DOWN, 0);
    }
}

struct Hand(SharedChip<Chip>);

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let (0..KEYS, Poke::Level(down)) = (channel, poke) else {
            let takes = "it has two keys, down or up".to_owned();
            return Err(PokeError { channel, poke: poke.clone(), takes });
        };
        let mut chip = self.0.lock();
        let before = chip.down();
        chip.fingers.retain(|finger| *finger != channel);
        if *down {
            chip.fingers.push(channel);
        }
        if chip.down() != before {
            chip.int.sink();
        }
        Ok(())
    }
}

eg_hal::register!(Paced<0>);
eg_hal::register!(Paced<1>);
eg_hal::register!(Paced<2>);
eg_hal::register!(Paced<3>);
eg_hal::register!(Paced<4>);
eg_hal::register!(Paced<5>);
eg_hal::register!(Paced<6>);
eg_hal::register!(Paced<7>);
eg_hal::register!(Paced<8>);
eg_hal::register!(Paced<9>);
eg_hal::register!(Paced<10>);
eg_hal::register!(Paced<11>);
