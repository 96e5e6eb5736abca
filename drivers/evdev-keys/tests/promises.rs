//! Promises of a keyboard.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::Source;
use eg_hal::prelude::*;
use eg_hal::sim::{Keyboard, TestDevice};
use evdev_keys::EvdevKeys;
use std::time::Duration;

const KEYS: &str = r#"{ keyboard: /dev/input/event0, keys: ["1", a, KEY_ENTER] }"#;
const KEY_1: u16 = 2;
const KEY_ENTER: u16 = 28;

fn keys(bench: &Bench) -> TestDevice<EvdevKeys> {
    bench.open::<EvdevKeys>(KEYS).unwrap()
}

fn keyboard(bench: &Bench) -> Keyboard {
    bench.keyboard(&"/dev/input/event0".into())
}

fn level(channel: Channel, down: bool) -> (Channel, Reading) {
    (channel, Reading::Level(down))
}

fn refusal(config: &str) -> String {
    Bench::virtual_time().open::<EvdevKeys>(config).err().unwrap().to_string()
}

#[test]
fn a_key_down_is_high_and_carries_its_moment() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);
    keys.read().unwrap();

    bench.advance(Duration::from_millis(5));
    let pressed = bench.now();
    keys.poke(2, Poke::Level(true)).unwrap();
    bench.advance(Duration::from_millis(80));
    let samples = keys.samples().unwrap();

    assert_eq!(samples.len(), 1);
    assert_eq!((samples[0].channel, &samples[0].reading), (2, &Reading::Level(true)));
    assert_eq!((samples[0].at, samples[0].unc_us), (pressed, 0));
}

#[test]
fn invents_no_reading_beyond_the_first_levels() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);

    assert_eq!(keys.read().unwrap(), [level(0, false), level(1, false), level(2, false)]);
    assert_eq!(keys.read().unwrap(), []);
    assert!(!keys.woken());
}

#[test]
fn a_key_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    keyboard(&bench).set(KEY_1, true);

    let mut keys = keys(&bench);

    assert_eq!(keys.read().unwrap(), [level(0, true), level(1, false), level(2, false)]);
}

#[test]
fn a_key_pressed_before_the_first_read_ends_down() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);

    keys.poke(0, Poke::Level(true)).unwrap();
    let readings = keys.read().unwrap();

    let last = readings.iter().rfind(|(channel, _)| *channel == 0);
    assert_eq!(last, Some(&level(0, true)), "{readings:?}");
}

#[test]
fn keys_that_nobody_named_are_not_reported() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);
    keys.read().unwrap();

    keyboard(&bench).set(57, true);

    assert_eq!(keys.read().unwrap(), []);
}

#[test]
fn dropped_changes_are_told_and_the_true_states_follow() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);
    keys.read().unwrap();

    for press in 0..101 {
        keyboard(&bench).set(KEY_1, press % 2 == 0);
    }
    keyboard(&bench).set(KEY_ENTER, true);
    let samples = keys.samples().unwrap();

    let lost = samples.iter().filter(|s| s.reading == Reading::Lost(1)).count();
    let levels: Vec<_> =
        samples.iter().filter(|s| s.src == Source::Poll).map(|s| s.channel).collect();
    assert_eq!(lost, 3, "every key may have lost some: {samples:?}");
    assert_eq!(levels, [0, 2]);
}

#[test]
fn a_pulled_plug_is_an_error_and_a_replugged_keyboard_types_again() {
    let bench = Bench::virtual_time();
    let mut keys = keys(&bench);

    keyboard(&bench).unplug();
    assert!(keys.woken());
    assert_eq!(keys.read().unwrap_err().to_string(), "keyboard /dev/input/event0: hung up");
    drop(keys);
    keyboard(&bench).plug();
    let mut keys = self::keys(&bench);
    keys.read().unwrap();
    keys.poke(1, Poke::Level(true)).unwrap();

    assert_eq!(keys.read().unwrap(), [level(1, true)]);
}

#[test]
fn a_misspelt_key_is_located_and_the_nearest_is_named() {
    let shown = refusal("keyboard: /dev/input/event0\nkeys: [\"1\", entr]\n");

    assert!(
        shown.contains(
            r#"evdev-keys.yaml:2:13: keys[1]: no key called "entr"; did you mean "ENTER"?"#
        ),
        "{shown}"
    );
}

#[test]
fn a_digit_without_quotes_is_the_key_with_that_digit() {
    let bench = Bench::virtual_time();
    let config = "{ keyboard: /dev/input/event0, keys: [1, 2] }";
    let mut keys = bench.open::<EvdevKeys>(config).unwrap();
    keys.read().unwrap();

    keyboard(&bench).set(KEY_1, true);

    assert_eq!(keys.read().unwrap(), [level(0, true)]);
}

#[test]
fn no_key_and_a_key_named_twice_are_refused() {
    assert_eq!(
        refusal("{ keyboard: k, keys: [] }"),
        "keys: name at least one key, or say code: {}"
    );
    assert_eq!(
        refusal("{ keyboard: k, keys: [a, b, KEY_A] }"),
        "keys[2]: this key is named before"
    );
}

/// Readings of a scanner that is set to one layout and read under another.
fn scanned(config: &str, keys: &[(u16, bool)]) -> (Vec<(Channel, Reading)>, Option<String>) {
    let bench = Bench::virtual_time();
    let mut scanner = bench.open::<EvdevKeys>(config).unwrap();
    scanner.read().unwrap();
    let mut told = Vec::new();
    for (code, down) in keys {
        keyboard(&bench).set(*code, *down);
        bench.advance(Duration::from_millis(8));
        told.extend(scanner.read().unwrap());
    }
    let noise = scanner.noise().map(|noise| noise.last);
    (told, noise)
}

/// Keys one after the other, each let go before the next.
fn strokes(codes: &[u16]) -> Vec<(u16, bool)> {
    codes.iter().flat_map(|code| [(*code, true), (*code, false)]).collect()
}

/// 0006547886 on a keyboard from the USA, and Enter.
const CARD: [u16; 11] = [11, 11, 11, 7, 6, 5, 8, 9, 9, 7, 28];

#[test]
fn a_card_reader_that_types_gives_a_tag_with_all_its_digits() {
    let told = scanned("{ keyboard: /dev/input/event0, code: {} }", &strokes(&CARD));

    assert_eq!(told, (vec![(0, Reading::Tag("0006547886".to_owned()))], None));
}

#[test]
fn a_scanner_gives_lines_beside_the_keys_that_are_named() {
    let config = "{ keyboard: /dev/input/event0, keys: [f1], code: { gives: line }, layout: de }";
    let bench = Bench::virtual_time();
    let mut scanner = bench.open::<EvdevKeys>(config).unwrap();
    scanner.read().unwrap();

    scanner.poke(1, Poke::Line("Tür-7 @ZOO".to_owned())).unwrap();
    bench.advance(Duration::from_millis(100));

    assert_eq!(scanner.read().unwrap(), [(1, Reading::Line("Tür-7 @ZOO".to_owned()))]);
    assert_eq!(scanner.noise(), None);
    scanner.poke(0, Poke::Level(true)).unwrap();
    assert_eq!(scanner.read().unwrap(), [level(0, true)]);
}

#[test]
fn what_was_typed_under_another_layout_is_dropped_and_shown() {
    let (told, noise) =
        scanned("{ keyboard: /dev/input/event0, code: {}, layout: fr }", &strokes(&CARD));

    assert_eq!(told, []);
    let noise = noise.unwrap();
    assert!(noise.starts_with("no hexadecimal digits") && noise.contains("C3 A0 C3 A0"), "{noise}");
}

#[test]
fn a_number_pad_gives_keys_by_their_symbols() {
    let config = "{ keyboard: /dev/input/event0, code: { gives: key } }";
    let key = |symbol: &str| (0, Reading::Key(symbol.to_owned()));

    let (told, _) = scanned(config, &strokes(&[79, 79, 55, 96]));

    assert_eq!(told, [key("1"), key("1"), key("*"), key("enter")]);
}

#[test]
fn a_code_of_which_keys_were_lost_is_no_code() {
    let bench = Bench::virtual_time();
    let mut scanner = bench.open::<EvdevKeys>("{ keyboard: /dev/input/event0, code: {} }").unwrap();
    scanner.read().unwrap();
    keyboard(&bench).set(7, true);
    keyboard(&bench).set(7, false);
    scanner.read().unwrap();

    for press in 0..101 {
        keyboard(&bench).set(7, press % 2 == 0);
    }
    scanner.read().unwrap();

    assert_eq!(scanner.noise().unwrap().last, "a part of it was lost: 36");
}

#[test]
fn a_code_without_an_end_is_whole_after_a_pause() {
    let bench = Bench::virtual_time();
    let config = "{ keyboard: /dev/input/event0, code: { timeout: 80ms } }";
    let mut scanner = bench.open::<EvdevKeys>(config).unwrap();
    scanner.read().unwrap();

    for code in &CARD[..10] {
        keyboard(&bench).set(*code, true);
        keyboard(&bench).set(*code, false);
        assert_eq!(scanner.read().unwrap(), []);
        bench.advance(Duration::from_millis(16));
    }
    let wake = scanner.device().wake();
    bench.advance(Duration::from_millis(80));

    assert_eq!(wake, Wake::EdgeOrEvery(Duration::from_millis(80)));
    assert_eq!(scanner.read().unwrap(), [(0, Reading::Tag("0006547886".to_owned()))]);
    assert_eq!(scanner.device().wake(), Wake::OnEdge);
}

#[test]
fn no_key_waits_for_a_contact_to_rest() {
    let traits = |config| Bench::traits::<EvdevKeys>(config, 0).unwrap();

    assert_eq!(traits("{ keyboard: k, keys: [a] }"), eg_hal::InputTraits::CLEAN);
    assert_eq!(traits("{ keyboard: k, code: {} }").repeats, Some(Duration::ZERO));
}
