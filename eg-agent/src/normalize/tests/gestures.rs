//! Gestures: opt-in, and one verdict a sequence at most.

use super::{Bench, button, ms};
use crate::config::{Gestures, InputConfig};
use eg_proto::EventKind::{Click, Hold, HoldEnd, Press, Release};

fn with(gestures: Gestures) -> Bench {
    Bench::at_rest(vec![InputConfig { gestures, ..button("red", 0) }])
}

fn all() -> Gestures {
    Gestures { click: Some(ms(300)), hold: Some(ms(800)), hold_end: true }
}

#[test]
fn none_is_told_unless_asked_for() {
    let mut bench = with(Gestures::default());

    bench.press(100, 150);
    bench.press(1_000, 5_000);
    bench.pass(9_000);

    let told = bench.kinds();
    assert_eq!(told, [(Press, 100), (Release, 150), (Press, 1_000), (Release, 5_000)]);
}

#[test]
fn a_press_never_waits_for_the_clicks() {
    let mut bench = with(all());

    bench.down(100, 0);

    assert_eq!(bench.kinds(), [(Press, 100)]);
}

#[test]
fn presses_within_the_window_are_one_click_with_their_count() {
    let mut bench = with(all());

    bench.press(100, 150);
    bench.press(300, 350);
    bench.press(500, 550);
    bench.pass(849);
    assert!(!bench.kinds().iter().any(|(kind, _)| matches!(kind, Click { .. })));
    bench.pass(850);

    assert_eq!(bench.kinds(), [(Click { count: 3 }, 550)]);
}

#[test]
fn a_pause_ends_a_click_and_begins_the_next() {
    let mut bench = with(Gestures { click: Some(ms(300)), ..Gestures::default() });

    bench.press(100, 150);
    bench.press(450, 500);
    bench.pass(2_000);

    let clicks: Vec<_> = bench.kinds().into_iter().filter(|(k, _)| k.name() == "click").collect();
    assert_eq!(clicks, [(Click { count: 1 }, 150), (Click { count: 1 }, 500)]);
}

#[test]
fn a_hold_is_told_while_held_and_its_end_with_its_length() {
    let mut bench = with(all());
    bench.down(100, 0);
    bench.told();

    bench.pass(899);
    assert_eq!(bench.kinds(), []);
    bench.pass(900);
    assert_eq!(bench.kinds(), [(Hold { ms: 800 }, 900)]);
    bench.up(2_100, 0);
    bench.pass(9_000);

    assert_eq!(bench.kinds(), [(Release, 2_100), (HoldEnd { ms: 2_000 }, 2_100)]);
}

#[test]
fn a_hold_after_clicks_is_the_only_verdict() {
    let mut bench = with(all());

    bench.press(100, 150);
    bench.press(300, 1_500);
    bench.pass(9_000);

    let verdicts: Vec<_> =
        bench.kinds().into_iter().map(|(kind, _)| kind).filter(|k| *k != Press).collect();
    assert_eq!(verdicts, [Release, Hold { ms: 800 }, Release, HoldEnd { ms: 1_200 }]);
}

#[test]
fn a_release_just_before_the_hold_is_no_hold() {
    let mut bench = with(all());

    bench.press(100, 895);
    bench.pass(9_000);

    let told = bench.kinds();
    assert_eq!(told, [(Press, 100), (Release, 895), (Click { count: 1 }, 895)]);
}

#[test]
fn a_gap_of_bounce_does_not_end_a_hold() {
    let mut bench = with(all());

    bench.down(100, 0);
    bench.up(898, 0);
    bench.down(904, 0);
    bench.pass(904);

    assert_eq!(bench.kinds(), [(Press, 100), (Hold { ms: 800 }, 900)]);
}
