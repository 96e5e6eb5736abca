//! Faults: told, counted, bounded, and over when they are over.

use super::{Bench, button, ms, stands};
use crate::config::InputConfig;
use crate::normalize::faults::STORM;
use eg_hal::Reading;
use eg_proto::EventKind::{self, Fault, Press, Recovered, Release};
use eg_proto::Fault::{BounceStorm, Ghost, LostEdges, Stuck};

#[test]
fn held_for_too_long_is_stuck_once_and_recovers_with_its_release() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.down(100, 0);
    bench.pass(60_000);
    bench.up(70_000, 0);
    bench.pass(70_010);

    let stuck = Fault { what: Stuck, count: 1 };
    let told = bench.kinds();
    assert_eq!(told, [(Press, 100), (stuck, 10_100), (Release, 70_000), (Recovered, 70_000)]);
}

#[test]
fn stuck_from_the_start_is_told_too() {
    let mut bench = Bench::at_rest(vec![]);
    bench.normalizer = super::Normalizer::new(&super::device(vec![button("red", 0)]));
    bench.down(0, 0);
    bench.pass(0);
    bench.told();

    bench.pass(10_000);

    assert_eq!(bench.kinds(), [(Fault { what: Stuck, count: 1 }, 10_000)]);
}

#[test]
fn an_input_that_may_be_held_is_never_stuck() {
    let mut bench = Bench::at_rest(vec![InputConfig { stuck_after: None, ..button("red", 0) }]);

    bench.down(100, 0);
    bench.pass(3_600_000);

    assert_eq!(bench.kinds(), [(Press, 100)]);
}

#[test]
fn lost_edges_are_counted_and_the_levels_told() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    bench.down(100, 0);
    bench.feed(101, 0, Reading::Lost(137));
    bench.pass(102);

    let lost = Fault { what: LostEdges, count: 137 };
    assert_eq!(bench.kinds(), [(Press, 100), (lost, 101), (stands("red", true), 101)]);
    bench.pass(1_101);
    assert_eq!(bench.kinds(), [(Recovered, 1_101)]);
}

#[test]
fn edges_that_go_on_being_lost_are_told_once_a_second() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    (0..3_000).for_each(|at| bench.feed(at, 0, Reading::Lost(2)));
    bench.pass(10_000);

    let counts: Vec<u64> = bench.kinds().iter().filter_map(lost).collect();
    assert_eq!(counts.len(), 4);
    assert_eq!(counts.iter().sum::<u64>(), 6_000);
}

fn lost((kind, _): &(EventKind, u64)) -> Option<u64> {
    if let Fault { what: LostEdges, count } = kind { Some(*count) } else { None }
}

/// An edge every half millisecond, from `from` to `to` seconds.
fn storm(bench: &mut Bench, from: u64, to: u64) {
    for at in from * 1_000..to * 1_000 {
        bench.press(at, at);
    }
}

#[test]
fn a_storm_is_told_once_and_muted_until_it_is_calm() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    storm(&mut bench, 1, 60);
    bench.pass(70_000);

    let told: Vec<_> = bench.kinds().into_iter().map(|(kind, _)| kind).collect();
    let storm = Fault { what: BounceStorm, count: STORM + 1 };
    assert_eq!(told, [Press, storm, Recovered, Release, stands("red", false)]);
}

#[test]
fn a_press_after_a_storm_counts_again() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    storm(&mut bench, 1, 5);
    bench.pass(10_000);
    bench.told();

    bench.press(10_100, 10_200);
    bench.pass(10_300);

    assert_eq!(bench.kinds(), [(Press, 10_100), (Release, 10_200)]);
}

#[test]
fn a_button_held_through_the_end_of_a_storm_is_no_press() {
    let mut bench = Bench::at_rest(vec![InputConfig { lockout: ms(0), ..button("red", 0) }]);
    storm(&mut bench, 1, 4);
    bench.down(4_000, 0);

    bench.pass(9_000);

    let presses = bench.kinds().iter().filter(|(kind, _)| *kind == Press).count();
    assert_eq!(presses, 1, "the one before the storm");
    assert_eq!(
        bench.normalizer.snapshot(eg_hal::Moment(0)).map(|a| a.kind),
        Some(stands("red", true))
    );
}

#[test]
fn the_fastest_thumb_is_no_storm() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    for press in 0..150 {
        let at = 1_000 + press * 66;
        (0..10).for_each(|bounce| bench.press(at + bounce, at + bounce));
        bench.press(at + 10, at + 35);
    }
    bench.pass(60_000);

    let presses = bench.kinds().iter().filter(|(kind, _)| *kind == Press).count();
    assert_eq!(presses, 150);
}

#[test]
fn a_ghost_is_told_once_and_over_when_it_stays_away() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);

    for at in [100, 200, 900] {
        bench.feed(at, 0, Reading::Ghost(true));
        bench.feed(at + 50, 0, Reading::Ghost(false));
    }
    let asked = bench.normalizer.snapshot(eg_hal::Moment(0));
    bench.pass(1_949);
    let early = bench.kinds();
    bench.pass(1_950);

    assert_eq!(early, [(Fault { what: Ghost, count: 1 }, 100)]);
    assert_eq!(asked, None, "nobody knows");
    assert_eq!(bench.kinds(), [(Recovered, 1_950), (stands("red", false), 1_950)]);
}

#[test]
fn a_ghost_ends_with_the_device_that_told_it() {
    let mut bench = Bench::at_rest(vec![button("red", 0)]);
    bench.feed(100, 0, Reading::Ghost(true));
    bench.told();

    bench.away(200);
    bench.back(5_000);
    bench.up(5_000, 0);
    bench.pass(5_001);

    assert_eq!(bench.kinds(), [(Recovered, 1_200), (stands("red", false), 5_000)]);
}
