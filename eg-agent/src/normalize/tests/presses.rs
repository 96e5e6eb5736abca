//! Presses, releases and switches, without trouble.

use super::{Bench, button, device, input, ms, snapshot};
use crate::config::{InputConfig, InputKind};
use crate::normalize::Normalizer;
use eg_hal::{Moment, Reading};
use eg_proto::EventKind::{self, Press, Release, Switch};
use eg_proto::{Source, State};

#[test]
fn a_press_is_told_at_its_first_edge() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.down(100, 0);

    let action = bench.actions.remove(0);
    assert_eq!((action.input.as_str(), action.kind), ("red", Press));
    assert_eq!((action.at, action.unc_us, action.src), (Moment(100_000), 7, Source::Kernel));
    assert!(bench.actions.is_empty());
}

#[test]
fn a_release_is_told_once_it_has_rested_and_with_its_own_time() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.press(100, 200);
    bench.told();

    bench.pass(209);
    assert_eq!(bench.kinds(), []);
    bench.pass(210);

    assert_eq!(bench.kinds(), [(Release, 200)]);
}

#[test]
fn a_press_of_one_millisecond_is_a_press_and_a_release() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.press(100, 101);
    bench.pass(120);

    assert_eq!(bench.kinds(), [(Press, 100), (Release, 101)]);
    assert_eq!(bench.normalizer.deadline(), None);
}

#[test]
fn bounce_within_the_lockout_is_one_press() {
    let mut bench = Bench::at_rest(vec![InputConfig { lockout: ms(50), ..button("red", 0) }]);

    [100, 103, 111, 127].into_iter().for_each(|at| bench.press(at, at + 2));
    bench.down(140, 0);
    bench.pass(400);

    assert_eq!(bench.kinds(), [(Press, 100)]);
}

#[test]
fn the_level_it_ends_at_is_told_after_the_lockout() {
    let mut bench = Bench::at_rest(vec![InputConfig { lockout: ms(50), ..button("red", 0) }]);
    bench.press(100, 105);

    assert_eq!(bench.normalizer.deadline(), Some(Moment(150_000)));
    bench.pass(150);

    assert_eq!(bench.kinds(), [(Press, 100), (Release, 105)]);
}

#[test]
fn a_short_gap_while_held_is_no_release() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.down(100, 0);

    bench.up(500, 0);
    bench.down(509, 0);
    bench.pass(900);

    assert_eq!(bench.kinds(), [(Press, 100)]);
}

#[test]
fn held_at_the_start_is_a_snapshot_and_no_press() {
    let mut bench = Bench::at_rest(vec![]);
    bench.normalizer = Normalizer::new(&device(vec![button("red", 0), button("blue", 2)]));

    bench.down(5, 0);
    bench.up(5, 2);
    bench.pass(6);

    let states = [("red", State::On(true)), ("blue", State::On(false))];
    let snapshot = snapshot(&[true, false, false], states);
    assert_eq!(bench.told(), [("red".to_owned(), snapshot, 5)]);
    bench.up(700, 0);
    bench.pass(800);
    assert_eq!(bench.kinds(), [(Release, 700)]);
}

#[test]
fn two_inputs_keep_the_order_of_their_presses() {
    let mut bench = Bench::at_rest(vec![button("red", 0), button("blue", 1)]);

    bench.down(100, 1);
    bench.down(101, 0);

    let told: Vec<_> = bench.told().into_iter().map(|(input, ..)| input).collect();
    assert_eq!(told, ["blue", "red"]);
}

#[test]
fn a_switch_tells_each_position_once() {
    let switch = InputConfig { kind: InputKind::Switch, ..button("door", 0) };
    let mut bench = Bench::at_rest(vec![switch]);

    bench.press(100, 103);
    bench.down(105, 0);
    bench.up(900, 0);
    bench.down(901, 0);
    bench.up(902, 0);
    bench.pass(2_000);

    assert_eq!(bench.kinds(), [(Switch { on: true }, 100), (Switch { on: false }, 900)]);
}

#[test]
fn a_switch_that_flips_back_within_the_lockout_ends_where_it_is() {
    let switch = InputConfig { kind: InputKind::Switch, ..button("door", 0) };
    let mut bench = Bench::at_rest(vec![switch]);

    bench.press(100, 110);
    bench.pass(120);

    assert_eq!(bench.kinds(), [(Switch { on: true }, 100), (Switch { on: false }, 110)]);
}

#[test]
fn what_has_no_level_passes_with_the_name_of_its_input() {
    let mut bench = Bench::at_rest(vec![]);
    bench.normalizer = Normalizer::new(&device(vec![input("reader", 0), input("dial", 1)]));

    bench.feed(10, 0, Reading::Tag("04A37C91".to_owned()));
    bench.feed(11, 1, Reading::Turn(-2));
    bench.feed(12, 0, Reading::TagRemoved("04A37C91".to_owned()));
    bench.pass(13);

    let uid = "04A37C91".to_owned();
    let reader = "reader".to_owned();
    assert_eq!(
        bench.told(),
        [
            (reader.clone(), EventKind::Tag { uid: uid.clone() }, 10),
            ("dial".to_owned(), EventKind::Turn { delta: -2 }, 11),
            (reader.clone(), EventKind::TagRemoved { uid }, 12),
            (reader, snapshot(&[], [("reader", State::Tags(Vec::new()))]), 10),
        ]
    );
}

#[test]
fn a_device_that_told_nothing_has_no_snapshot() {
    let normalizer = Normalizer::new(&device(vec![input("reader", 0), input("dial", 1)]));

    assert_eq!(normalizer.snapshot(Moment(0)), None);
}

#[test]
fn a_key_is_told_by_its_symbol_and_only_when_it_goes_down() {
    let symbol = Some("#".to_owned());
    let hash = InputConfig { kind: InputKind::Key, symbol, ..button("hash", 0) };
    let mut bench = Bench::at_rest(vec![hash]);

    bench.press(100, 200);
    bench.pass(300);
    bench.press(400, 500);
    bench.pass(600);

    let hash = EventKind::Key { symbol: "#".to_owned() };
    assert_eq!(bench.kinds(), [(hash.clone(), 100), (hash, 400)]);
}

#[test]
fn a_channel_without_a_name_is_silent() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.down(100, 3);
    bench.pass(200);

    assert_eq!(bench.told(), []);
}
