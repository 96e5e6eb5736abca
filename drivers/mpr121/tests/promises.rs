//! Promises of an MPR121.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{BusFault, Fault, Nack, RegisterChip, Registers, TestDevice};
use eg_hal::{Claims, SafeLevels, Source};
use mpr121::{Config, Mpr121};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const CALLING: &str = "{ bus: i2c-1, electrodes: 4, irq: GPIO4 }";

fn pads(bench: &Bench, config: &str) -> TestDevice<Mpr121> {
    let mut pads = bench.open::<Mpr121>(config).unwrap();
    pads.read().unwrap();
    pads
}

fn level(channel: Channel, touched: bool) -> (Channel, Reading) {
    (channel, Reading::Level(touched))
}

fn config() -> Config {
    serde_json::from_str(r#"{ "bus": "i2c-1", "electrodes": 4 }"#).unwrap()
}

fn open(bench: &Bench, claims: &Claims, safe: &SafeLevels) -> Mpr121 {
    Mpr121::open(config(), &mut Board::new("test", bench, claims, safe)).unwrap()
}

fn read(bench: &Bench, pads: &mut Mpr121) -> Vec<(Channel, Reading)> {
    let mut readings = Readings::new(bench.now(), Source::Synthetic, 0);
    pads.read(&mut readings).unwrap();
    readings.drain().map(|sample| (sample.channel, sample.reading)).collect()
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<Mpr121>(config).err().unwrap().to_string()
}

/// Registers that hold what was written to them, and a status that a test sets.
struct Scripted(Arc<Mutex<[u8; 256]>>);

impl Registers for Scripted {
    fn read(&mut self, register: u8) -> u8 {
        self.0.lock().unwrap()[usize::from(register)]
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        self.0.lock().unwrap()[usize::from(register)] = value;
        Ok(())
    }
}

/// Pads whose chip went on as one whose registers the test holds.
fn scripted(bench: &Bench) -> (TestDevice<Mpr121>, Arc<Mutex<[u8; 256]>>) {
    let pads = pads(bench, CALLING);
    let registers = Arc::new(Mutex::new([0; 256]));
    registers.lock().unwrap()[0x5e] = 0x84;
    let chip = RegisterChip::new(Scripted(registers.clone()));
    bench.attach_i2c(&"i2c-1".into(), 0x5a, chip);
    (pads, registers)
}

#[test]
fn every_pad_has_its_channel() {
    let bench = Bench::virtual_time();
    let mut pads = pads(&bench, "bus: i2c-1");

    for pad in 0..12 {
        for touched in [true, false] {
            pads.poke(pad, Poke::Level(touched)).unwrap();

            assert_eq!(pads.read().unwrap(), [level(pad, touched)]);
        }
    }
}

#[test]
fn several_pads_are_touched_at_once() {
    let bench = Bench::virtual_time();
    let mut pads = pads(&bench, CALLING);

    for pad in [0, 3] {
        pads.poke(pad, Poke::Level(true)).unwrap();
    }
    assert_eq!(pads.read().unwrap(), [level(0, true), level(3, true)]);
    pads.poke(0, Poke::Level(false)).unwrap();

    assert_eq!(pads.read().unwrap(), [level(0, false)]);
}

#[test]
fn a_touch_is_stamped_when_the_chip_called() {
    let bench = Bench::virtual_time();
    let mut pads = pads(&bench, CALLING);

    let touched = bench.now();
    pads.poke(2, Poke::Level(true)).unwrap();
    assert!(pads.woken());
    bench.advance(Duration::from_millis(7));
    let samples = pads.samples().unwrap();

    let moments: Vec<_> = samples.iter().map(|sample| (sample.channel, sample.at)).collect();
    assert_eq!(moments, [(2, touched)]);
    assert!(!pads.woken());
}

#[test]
fn a_chip_that_does_not_call_is_asked() {
    let bench = Bench::virtual_time();
    let mut asked = pads(&bench, "{ bus: i2c-1, address: 0x5b }");
    let mut calling = pads(&bench, CALLING);

    assert_eq!(asked.device().wake(), Wake::Every(Duration::from_millis(10)));
    assert_eq!(calling.device().wake(), Wake::EdgeOrEvery(Duration::from_millis(500)));
}

#[test]
fn what_lies_on_a_pad_at_the_start_is_its_rest_and_a_later_touch_is_told() {
    let bench = Bench::virtual_time();
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut hand = Mpr121::model(&config(), &bench);
    hand.poke(1, &Poke::Level(true)).unwrap();

    let mut pads = open(&bench, &claims, &safe);
    assert_eq!(read(&bench, &mut pads), (0..4).map(|pad| level(pad, false)).collect::<Vec<_>>());
    hand.poke(1, &Poke::Level(false)).unwrap();
    assert_eq!(read(&bench, &mut pads), []);
    hand.poke(1, &Poke::Level(true)).unwrap();

    assert_eq!(read(&bench, &mut pads), [level(1, true)]);
}

#[test]
fn a_touch_while_the_chip_does_not_acknowledge_is_told_when_it_does() {
    let bench = Bench::virtual_time();
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut hand = Mpr121::model(&config(), &bench);
    let mut pads = open(&bench, &claims, &safe);
    read(&bench, &mut pads);

    bench.inflict(&Fault::Chip("i2c-1".into(), 0x5a, BusFault::Nacks(1))).unwrap();
    hand.poke(2, &Poke::Level(true)).unwrap();
    let mut readings = Readings::new(bench.now(), Source::Synthetic, 0);
    let silent = pads.read(&mut readings).unwrap_err().to_string();
    // As the host does.
    drop(pads);
    let mut pads = open(&bench, &claims, &safe);

    assert!(silent.starts_with("i2c-1 address 0x5a: "), "{silent}");
    assert!(read(&bench, &mut pads).contains(&level(2, true)));
    hand.poke(2, &Poke::Level(false)).unwrap();
    assert_eq!(read(&bench, &mut pads), [level(2, false)]);
}

#[test]
fn the_chip_configures_each_electrode_by_itself() {
    let bench = Bench::virtual_time();
    let mut registers = [0; 5];
    let _pads = pads(&bench, "{ bus: i2c-1, touch: 30, release: 20 }");

    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut stranger = Board::new("stranger", &bench, &claims, &safe);
    let mut bus = stranger.i2c(&"i2c-1".into(), 0x5a).unwrap();
    bus.write_read(0x5a, &[0x7b], &mut registers).unwrap();
    let [mut thresholds, mut run] = [[0; 2], [0; 2]];
    bus.write_read(0x5a, &[0x41 + 22], &mut thresholds).unwrap();
    bus.write_read(0x5a, &[0x5d], &mut run).unwrap();

    // Auto-configuration and auto-reconfiguration, BVA as CL; the limits of 3.3 V.
    assert_eq!(registers, [0x0b, 0x00, 201, 130, 180]);
    assert_eq!(thresholds, [30, 20]);
    assert_eq!(run, [0x20, 0x8c]);
}

#[test]
fn an_electrode_that_cannot_be_measured_says_so_and_counts_as_let_go() {
    let bench = Bench::virtual_time();
    let (mut pads, registers) = scripted(&bench);
    registers.lock().unwrap()[0x00] = 0b0110;
    assert_eq!(pads.read().unwrap(), [level(1, true), level(2, true)]);

    registers.lock().unwrap()[0x02] = 0b0010;
    assert_eq!(pads.read().unwrap(), [(1, Reading::Lost(1)), level(1, false)]);
    assert_eq!(pads.read().unwrap(), []);
    registers.lock().unwrap()[0x02] = 0;

    assert_eq!(pads.read().unwrap(), [level(1, true)]);
}

#[test]
fn an_over_current_is_an_error() {
    let bench = Bench::virtual_time();
    let (mut pads, registers) = scripted(&bench);

    registers.lock().unwrap()[0x01] = 0x80;

    let stopped = pads.read().unwrap_err().to_string();
    assert!(stopped.contains("an over-current at REXT"), "{stopped}");
}

#[test]
fn a_chip_that_lost_its_supply_is_an_error_and_not_a_silence() {
    let bench = Bench::virtual_time();
    let mut pads = pads(&bench, CALLING);

    bench.inflict(&Fault::BrownOut("i2c-1".into(), 0x5a)).unwrap();

    let lost = pads.read().unwrap_err().to_string();
    assert!(lost.ends_with("ECR 0x00: it lost its supply"), "{lost}");
}

#[test]
fn what_the_chip_cannot_do_is_refused() {
    assert_eq!(
        refusal("{ bus: i2c-1, address: 0x5e }"),
        "address: 0x5a to 0x5d by the pin ADDR, not 0x5e"
    );
    assert_eq!(refusal("{ bus: i2c-1, electrodes: 13 }"), "electrodes: 1 to 12, not 13");
    assert_eq!(
        refusal("{ bus: i2c-1, touch: 6, release: 6 }"),
        "release: less than touch, which is 6, not 6"
    );
}

#[test]
fn every_wrong_setting_is_told_at_once() {
    let bench = Bench::virtual_time();
    let config = "{ bus: i2c-1, address: 0x20, electrodes: 13, touch: 5, release: 6 }";

    let refused = bench.open::<Mpr121>(config).err().unwrap().to_string();

    assert_eq!(
        refused,
        "address: 0x5a to 0x5d by the pin ADDR, not 0x20; electrodes: 1 to 12, not 13; \
         release: less than touch, which is 5, not 6"
    );
}
