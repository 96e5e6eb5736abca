//! Promises of a console with a seesaw.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::SafeLevels;
use eg_hal::prelude::*;
use eg_hal::sim::{Fault, I2cChip, Nack, TestDevice};
use seesaw::{Config, Seesaw};
use std::time::Duration;

const NEOKEY: &str = "{ console: neokey, bus: i2c-1, brightness: 1 }";
const CALLING: &str = "{ console: neokey, bus: i2c-1, int: GPIO4 }";
const TRELLIS: &str = "{ console: neotrellis, bus: i2c-1, brightness: 1 }";
const TRELLIS_CALLING: &str = "{ console: neotrellis, bus: i2c-1, int: GPIO4 }";
const ARCADE: &str = "{ console: arcade, bus: i2c-1 }";

fn console(bench: &Bench, config: &str) -> TestDevice<Seesaw> {
    let mut console = bench.open::<Seesaw>(config).unwrap();
    console.read().unwrap();
    console
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

fn press(console: &mut TestDevice<Seesaw>, key: Channel) {
    console.poke(key, Poke::Level(true)).unwrap();
    console.poke(key, Poke::Level(false)).unwrap();
}

fn refusal(bench: &Bench, config: &str) -> String {
    bench.open::<Seesaw>(config).err().unwrap().to_string()
}

#[test]
fn every_key_of_every_console_has_its_channel_and_down_is_high() {
    for (config, keys) in [(NEOKEY, 4), (ARCADE, 4), (TRELLIS, 16)] {
        let bench = Bench::virtual_time();
        let mut console = console(&bench, config);

        for key in 0..keys {
            console.poke(key, Poke::Level(true)).unwrap();
            assert_eq!(console.read().unwrap(), [level(key, true)], "{config}");
            console.poke(key, Poke::Level(false)).unwrap();
            assert_eq!(console.read().unwrap(), [level(key, false)], "{config}");
        }
    }
}

#[test]
fn the_pad_loses_no_press_between_two_reads_and_keeps_their_order() {
    let bench = Bench::virtual_time();
    let mut pad = console(&bench, TRELLIS);

    let order: Vec<Channel> = (0..60).map(|n| n * 7 % 16).collect();
    order.iter().for_each(|key| press(&mut pad, *key));

    let presses: Vec<_> =
        order.iter().flat_map(|key| [level(*key, true), level(*key, false)]).collect();
    assert_eq!(pad.read().unwrap(), presses);
    assert_eq!(pad.read().unwrap(), []);
}

#[test]
fn a_full_queue_is_told_and_then_every_key_as_it_is() {
    let bench = Bench::virtual_time();
    let mut pad = console(&bench, TRELLIS);

    (0..70).for_each(|_| press(&mut pad, 3));
    pad.poke(9, Poke::Level(true)).unwrap();
    let told = pad.read().unwrap();

    let lost = told.iter().filter(|(_, reading)| *reading == Reading::Lost(1)).count();
    assert_eq!(lost, 16, "any key may have lost something");
    assert_eq!(told.iter().rfind(|(key, _)| *key == 3), Some(&level(3, false)));
    assert_eq!(told.iter().rfind(|(key, _)| *key == 9), Some(&level(9, true)));
    assert_eq!(pad.read().unwrap(), []);
}

#[test]
fn a_press_is_stamped_when_the_console_called() {
    for config in [CALLING, TRELLIS_CALLING] {
        let bench = Bench::virtual_time();
        let mut console = console(&bench, config);

        let pressed = bench.now();
        console.poke(1, Poke::Level(true)).unwrap();
        bench.advance(Duration::from_millis(3));

        assert!(console.woken(), "{config}");
        let samples = console.samples().unwrap();
        assert_eq!(samples.iter().map(|sample| sample.at).collect::<Vec<_>>(), [pressed]);
        assert!(!console.woken(), "{config}");
    }
}

#[test]
fn each_key_has_its_colour_and_white_is_bounded() {
    let bench = Bench::virtual_time();
    let mut pad = console(&bench, TRELLIS);
    let mut mild = console(&bench, "{ console: neokey, bus: i2c-2, brightness: 0.25 }");

    for key in 0..16 {
        let colour = [10 + key as u8, 20, 200];
        pad.write(key, Set::Rgb(colour)).unwrap();
        assert_eq!(pad.shown(key), Some(Set::Rgb(colour)));
    }
    assert_eq!(pad.shown(0), Some(Set::Rgb([10, 20, 200])), "the others keep theirs");
    mild.write(1, Set::Rgb([255, 100, 1])).unwrap();

    assert_eq!(mild.shown(1), Some(Set::Rgb([64, 25, 1])), "what shines a little is not dark");
}

#[test]
fn a_lamp_of_the_arcade_console_is_on_off_or_between() {
    let bench = Bench::virtual_time();
    let mut arcade = console(&bench, ARCADE);

    let start = arcade.shown(3);
    arcade.write(3, Set::Level(0.5)).unwrap();
    let lit = arcade.shown(3);
    let colour = arcade.write(3, Set::Rgb([255, 0, 0])).unwrap_err().to_string();
    arcade.write(3, Set::Off).unwrap();

    assert_eq!([start, lit, arcade.shown(3)], [Set::Off, Set::On, Set::Off].map(Some));
    assert!(colour.ends_with("a lamp takes on, off or a level"), "{colour}");
}

#[test]
fn lights_have_their_safe_state_from_the_first_moment() {
    let bench = Bench::virtual_time();
    let safe = SafeLevels::from([(1, true)]);

    let console = bench.open_as::<Seesaw>("slot-01/console", &safe, NEOKEY).unwrap();

    let shown: Vec<_> = (0..4).map(|key| console.shown(key).unwrap()).collect();
    assert_eq!(shown, [Set::Off, Set::On, Set::Off, Set::Off]);
}

#[test]
fn a_console_that_restarted_is_an_error_and_no_press() {
    for (config, address, reads) in [(NEOKEY, 0x30, 1), (ARCADE, 0x3a, 1), (TRELLIS, 0x2e, 32)] {
        let bench = Bench::virtual_time();
        let mut console = console(&bench, config);

        bench.inflict(&Fault::BrownOut("i2c-1".into(), address)).unwrap();
        let told: Vec<_> = (0..reads).map(|_| console.read()).collect();

        let (lost, before): (Vec<_>, Vec<_>) = told.into_iter().partition(Result::is_err);
        let lost = lost.into_iter().next().unwrap().unwrap_err().to_string();
        assert!(lost.contains("it restarted"), "{config}: {lost}");
        assert!(before.into_iter().all(|told| told.unwrap().is_empty()), "{config}");
        drop(console);
        let mut console = self::console(&bench, config);
        press(&mut console, 1);
        console.poke(1, Poke::Level(true)).unwrap();
        assert_eq!(console.read().unwrap().last(), Some(&level(1, true)));
    }
}

/// Some other chip: it answers this hardware id to everything.
struct Stranger(u8);

impl I2cChip for Stranger {
    fn write(&mut self, _: &[u8]) -> Result<(), Nack> {
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(self.0);
        Ok(())
    }
}

fn settings(console: &str, address: u8) -> Config {
    let settings = serde_json::json!({ "console": console, "bus": "i2c-1", "address": address });
    serde_json::from_value(settings).unwrap()
}

/// Opens a console on whatever is on the bench already.
fn refused_by(bench: &Bench, config: Config) -> String {
    let (claims, safe) = Default::default();
    let mut board = Board::new("slot-01/console", bench, &claims, &safe);
    Seesaw::open(config, &mut board).err().unwrap().to_string()
}

#[test]
fn another_chip_at_its_address_is_named_by_its_hardware_id() {
    let bench = Bench::virtual_time();
    bench.attach_i2c(&"i2c-1".into(), 0x30, Stranger(0x1f));

    let refused = refused_by(&bench, settings("neokey", 0x30));

    assert!(refused.contains("hardware id 0x55 or 0x84 to 0x89"), "{refused}");
    assert!(refused.ends_with("hardware id 0x1f"), "{refused}");
}

#[test]
fn another_console_at_its_address_is_named() {
    let bench = Bench::virtual_time();
    let _model = Seesaw::model(&settings("neokey", 0x3a), &bench);

    let refused = refused_by(&bench, settings("arcade", 0x3a));

    assert!(refused.contains("an Arcade QT 1x4"), "{refused}");
    assert!(refused.ends_with("it is a NeoKey 1x4, product 4980"), "{refused}");
}

#[test]
fn a_config_that_no_console_has_is_refused() {
    let bench = Bench::virtual_time();

    let address = refusal(&bench, "{ console: neokey, bus: i2c-1, address: 0x40 }");
    assert_eq!(address, "address: 0x30 to 0x3f by its pads, not 0x40");
    assert!(refusal(&bench, "{ console: neokey, bus: i2c-1, brightness: 3 }").contains("up to 1"));
    assert!(refusal(&bench, "{ console: piano, bus: i2c-1 }").contains("piano"));
}
