//! Tests on a firmware that is busy, slow, or has no answer yet.

use crate::model::{Hand, Pace};
use crate::{Config, Console, Seesaw};
use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, I2cChip, Nack};
use eg_hal::{Claims, DeviceError, Moment, SafeLevels, Source};
use std::time::Duration;

const US: fn(u64) -> Duration = Duration::from_micros;

/// A console, opened, with fingers on it.
struct Desk {
    bench: Bench,
    hand: Hand,
    device: Seesaw,
}

fn config(console: Console) -> Config {
    Config { console, bus: "i2c-1".into(), address: None, int: None, brightness: 1.0 }
}

impl Desk {
    fn new(console: Console, pace: Pace) -> Result<Self, OpenError> {
        let bench = Bench::virtual_time();
        let hand = Hand::on(&bench, &"i2c-1".into(), console.first_address(), console, None, pace);
        let (claims, safe) = (Claims::default(), SafeLevels::new());
        let mut board = Board::new("slot-01/console", &bench, &claims, &safe);
        let device = Seesaw::open(config(console), &mut board)?;
        let mut desk = Self { bench, hand, device };
        desk.read()?;
        Ok(desk)
    }

    fn read(&mut self) -> Result<Vec<(Channel, Reading)>, DeviceError> {
        self.bench.advance(Duration::from_millis(10));
        let mut readings = Readings::new(Moment(0), Source::Synthetic, 0);
        self.device.read(&mut readings)?;
        Ok(readings.drain().map(|sample| (sample.channel, sample.reading)).collect())
    }

    fn finger(&mut self, key: Channel, down: bool) {
        self.hand.poke(key, &Poke::Level(down)).unwrap();
    }

    fn inflict(&self, fault: BusFault) {
        let address = self.device.console.first_address();
        self.bench.inflict(&Fault::Chip("i2c-1".into(), address, fault)).unwrap();
    }
}

fn told(key: Channel, down: bool) -> (Channel, Reading) {
    (key, Reading::Level(down))
}

/// Firmware whose answers take so long, after it read as 0xff for so long.
fn slow(starts: u64, answers: u64) -> Pace {
    let answers = US(answers);
    Pace { starts: US(starts), answers, counts: answers, hands_out: answers, ..Pace::USUAL }
}

#[test]
fn a_key_that_is_held_is_told_once_and_its_light_stays_however_slow_the_firmware_is() {
    for console in Console::ALL {
        for (starts, answers) in [(0, 100), (120, 240), (100, 2_000), (700, 2_500), (1_400, 1_500)]
        {
            let mut desk = Desk::new(console, slow(starts, answers)).unwrap();
            let case =
                format!("{} answers after {answers} µs, {starts} of it 0xff", console.name());
            let write = Output { channel: 2, set: Set::On };
            desk.device.write(write).unwrap();

            desk.finger(2, true);
            assert_eq!(desk.read().unwrap(), [told(2, true)], "{case}");
            for _ in 0..100 {
                assert_eq!(desk.read().unwrap(), [], "{case}");
            }
            desk.finger(2, false);

            assert_eq!(desk.read().unwrap(), [told(2, false)], "{case}");
            assert_eq!(desk.hand.shown(2), Some(Set::On), "{case}");
        }
    }
}

#[test]
fn a_chip_that_does_not_acknowledge_a_few_times_loses_neither_key_nor_light() {
    for console in Console::ALL {
        let mut desk = Desk::new(console, Pace::USUAL).unwrap();
        desk.device.write(Output { channel: 1, set: Set::On }).unwrap();
        desk.finger(1, true);
        assert_eq!(desk.read().unwrap(), [told(1, true)]);

        for times in 1..=4 {
            desk.inflict(BusFault::Nacks(times));
            assert_eq!(desk.read().unwrap(), [], "{times} times");
        }

        assert_eq!(desk.hand.shown(1), Some(Set::On));
    }
}

#[test]
fn a_chip_that_never_answers_is_an_error_and_no_key() {
    for console in Console::ALL {
        let mut desk = Desk::new(console, Pace::USUAL).unwrap();

        desk.inflict(BusFault::ShortReads(0));
        let mut told = (0..40).map(|_| desk.read());
        let error = told.find_map(|told| told.map(|keys| assert_eq!(keys, [])).err()).unwrap();

        assert!(error.to_string().contains("0xff 5 times"), "{error}");
    }
}

/// A chip whose every n-th answer is 0xff.
struct Forgetful<C> {
    chip: C,
    reads: u32,
}

impl<C: I2cChip> I2cChip for Forgetful<C> {
    fn address(&mut self) -> Result<(), Nack> {
        self.chip.address()
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.chip.write(bytes)
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        self.reads += 1;
        if self.reads.is_multiple_of(9) {
            bytes.fill(0xff);
            return Ok(());
        }
        self.chip.read(bytes)
    }
}

#[test]
fn one_answer_in_nine_that_is_0xff_changes_nothing() {
    for console in Console::ALL {
        let mut desk = Desk::new(console, Pace::USUAL).unwrap();
        let forgetful = Forgetful { chip: desk.hand.firmware_on_bus(), reads: 0 };
        desk.bench.attach_i2c(&"i2c-1".into(), console.first_address(), forgetful);

        for press in 0..60 {
            let key = press % console.keys();
            desk.finger(key, true);
            assert_eq!(desk.read().unwrap(), [told(key, true)], "{}", console.name());
            assert_eq!(desk.read().unwrap(), [], "{}", console.name());
            desk.finger(key, false);
            assert_eq!(desk.read().unwrap(), [told(key, false)], "{}", console.name());
        }
    }
}
