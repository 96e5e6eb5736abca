//! A device that went away and came back: no ghost press, no press without its release.

use super::{Bench, button, ms, snapshot, stands};
use crate::config::{Gestures, InputConfig, InputKind};
use eg_proto::EventKind::{HoldEnd, Press, Release, Switch};
use eg_proto::State;

#[test]
fn unchanged_levels_are_a_snapshot_and_no_news() {
    let mut bench = Bench::at_rest(vec![button("red", 0), button("blue", 1)]);

    bench.silence();
    bench.up(5_000, 0);
    bench.up(5_000, 1);
    bench.pass(5_001);

    let states = [("red", State::On(false)), ("blue", State::On(false))];
    assert_eq!(bench.kinds(), [(snapshot(&[false, false], states), 5_000)]);
}

#[test]
fn a_button_found_pressed_is_no_press() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.silence();
    bench.down(5_000, 0);
    bench.pass(5_001);

    assert_eq!(bench.kinds(), [(stands("red", true), 5_000)]);
}

#[test]
fn a_button_found_released_was_released() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.down(100, 0);
    bench.told();

    bench.silence();
    bench.up(5_000, 0);
    bench.pass(5_001);

    assert_eq!(bench.kinds(), [(Release, 5_000), (stands("red", false), 5_000)]);
}

#[test]
fn a_button_that_stayed_pressed_is_pressed_once() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.down(100, 0);

    bench.silence();
    bench.down(5_000, 0);
    bench.pass(5_001);
    bench.up(6_000, 0);
    bench.pass(6_100);

    let back = (stands("red", true), 5_000);
    assert_eq!(bench.kinds(), [(Press, 100), back, (Release, 6_000)]);
}

#[test]
fn a_release_that_was_seen_before_it_went_is_kept() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.press(100, 200);
    bench.told();

    bench.silence();

    assert_eq!(bench.kinds(), [(Release, 200)]);
    assert_eq!(bench.normalizer.deadline(), None);
}

#[test]
fn nothing_becomes_due_while_it_is_away() {
    let gestures = Gestures { click: Some(ms(300)), hold: Some(ms(800)), hold_end: true };
    let mut bench = Bench::at_rest(vec![InputConfig { gestures, ..button("red", 0) }]);
    bench.down(100, 0);
    bench.told();

    bench.silence();
    bench.pass(60_000);

    assert_eq!(bench.told(), []);
    assert_eq!(bench.normalizer.deadline(), None);
}

#[test]
fn a_hold_that_was_told_ends_with_the_release() {
    let gestures = Gestures { click: None, hold: Some(ms(800)), hold_end: true };
    let mut bench = Bench::at_rest(vec![InputConfig { gestures, ..button("red", 0) }]);
    bench.down(100, 0);
    bench.pass(1_000);
    bench.told();

    bench.silence();
    bench.up(5_100, 0);

    assert_eq!(bench.kinds(), [(Release, 5_100), (HoldEnd { ms: 5_000 }, 5_100)]);
}

#[test]
fn a_switch_that_was_moved_meanwhile_tells_its_position() {
    let switch = InputConfig { kind: InputKind::Switch, ..button("door", 0) };
    let mut bench = Bench::at_rest(vec![switch]);

    bench.silence();
    bench.down(5_000, 0);
    bench.pass(5_001);

    assert_eq!(bench.kinds(), [(Switch { on: true }, 5_000), (stands("door", true), 5_000)]);
}
