//! Promises of a rotary encoder.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use eg_hal::prelude::*;
use eg_hal::sim::{Bounce, TestDevice, Wire};
use rotary::Rotary;
use std::time::Duration;

const KNOB: &str = "{ a: GPIO17, b: GPIO27, push: GPIO22 }";

fn knob(bench: &Bench) -> TestDevice<Rotary> {
    let mut knob = bench.open::<Rotary>(KNOB).unwrap();
    knob.read().unwrap();
    knob
}

fn contacts(bench: &Bench) -> [Wire; 2] {
    [bench.wire(&"GPIO17".into()), bench.wire(&"GPIO27".into())]
}

/// The levels of A and B on the way of one detent clockwise, each for `quarter`.
fn turn_slowly(bench: &Bench, quarter: Duration, mut meanwhile: impl FnMut()) {
    let [a, b] = contacts(bench);
    for (contact, high) in [(&a, false), (&b, false), (&a, true), (&b, true)] {
        contact.drive(high);
        bench.advance(quarter / 2);
        meanwhile();
        bench.advance(quarter / 2);
    }
}

fn turned(readings: &[(Channel, Reading)]) -> Vec<i32> {
    let turn = |(channel, reading): &(Channel, Reading)| {
        let Reading::Turn(by) = reading else { panic!("{channel}: {reading:?}") };
        *by
    };
    readings.iter().map(turn).collect()
}

#[test]
fn a_turn_has_its_direction() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);

    knob.poke(0, Poke::Turn(2)).unwrap();
    assert!(knob.woken());
    assert_eq!(turned(&knob.read().unwrap()), [1, 1]);

    knob.poke(0, Poke::Turn(-3)).unwrap();
    assert_eq!(turned(&knob.read().unwrap()), [-1, -1, -1]);
}

#[test]
fn clockwise_is_a_before_b() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);

    turn_slowly(&bench, Duration::from_millis(20), || {});

    assert_eq!(turned(&knob.read().unwrap()), [1]);
}

#[test]
fn no_detent_is_lost_at_twenty_a_second_while_the_contacts_bounce() {
    for seed in 1..=20 {
        let bench = Bench::virtual_time();
        let mut knob = knob(&bench);
        for wire in contacts(&bench) {
            let span = Duration::from_millis(5);
            wire.bounce(Some(Bounce { seed, ..Bounce::within(span) }));
        }

        let mut told = Vec::new();
        for _ in 0..60 {
            // 50 ms a detent.
            turn_slowly(&bench, Duration::from_micros(12_500), || {
                told.extend(turned(&knob.read().unwrap()));
            });
        }
        told.extend(turned(&knob.read().unwrap()));

        let ways = (told.iter().filter(|by| **by == 1).count(), told.iter().sum::<i32>());
        assert_eq!(ways, (60, 60), "bounce {seed}: {told:?}");
    }
}

#[test]
fn edges_that_waited_are_taken_in_the_order_of_time() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);

    for _ in 0..10 {
        turn_slowly(&bench, Duration::from_millis(3), || {});
    }

    assert_eq!(turned(&knob.read().unwrap()), [1; 10]);
}

#[test]
fn a_detent_has_the_moment_of_its_edge() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);

    let start = bench.now();
    turn_slowly(&bench, Duration::from_millis(10), || {});
    bench.advance(Duration::from_millis(70));

    let moments: Vec<_> = knob.samples().unwrap().iter().map(|sample| sample.at).collect();
    assert_eq!(moments, [start + Duration::from_millis(20)]);
}

#[test]
fn a_dial_that_rests_between_two_detents_tells_nothing() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);
    let [a, b] = contacts(&bench);

    for (contact, high) in [(&a, false), (&b, false), (&b, true), (&a, true)] {
        contact.drive(high);
        bench.advance(Duration::from_millis(30));
        assert_eq!(knob.read().unwrap(), []);
    }
}

#[test]
fn nothing_is_told_at_the_start_wherever_the_dial_rests() {
    for levels in [(true, true), (false, true), (false, false), (true, false)] {
        let bench = Bench::virtual_time();
        let [a, b] = contacts(&bench);
        let mut knob = bench.open::<Rotary>("{ a: GPIO17, b: GPIO27 }").unwrap();
        // It is still coming to rest there while the driver starts.
        for (a_high, b_high) in [(false, true), (false, false), levels] {
            bench.advance(Duration::from_millis(1));
            a.drive(a_high);
            b.drive(b_high);
        }

        assert_eq!(knob.read().unwrap(), [], "{levels:?}");
        assert_eq!(knob.read().unwrap(), [], "{levels:?}");
    }
}

#[test]
fn edges_that_were_lost_are_told_and_make_no_detent() {
    let bench = Bench::virtual_time();
    let mut knob = knob(&bench);

    for _ in 0..40 {
        turn_slowly(&bench, Duration::from_millis(1), || {});
    }

    assert_eq!(knob.read().unwrap(), [(0, Reading::Lost(32))]);
    turn_slowly(&bench, Duration::from_millis(1), || {});
    assert_eq!(turned(&knob.read().unwrap()), [1]);
}

#[test]
fn pushing_is_a_level_of_its_own_also_while_it_turns() {
    let bench = Bench::virtual_time();
    let mut knob = bench.open::<Rotary>(KNOB).unwrap();
    assert_eq!(knob.read().unwrap(), [(1, Reading::Level(true))]);

    knob.poke(1, Poke::Level(false)).unwrap();
    knob.poke(0, Poke::Turn(1)).unwrap();
    knob.poke(1, Poke::Level(true)).unwrap();

    let told = knob.read().unwrap();
    let (down, up) = ((1, Reading::Level(false)), (1, Reading::Level(true)));
    assert_eq!(told, [down, (0, Reading::Turn(1)), up]);
}

#[test]
fn two_detents_a_cycle_are_two() {
    let bench = Bench::virtual_time();
    let mut knob = bench.open::<Rotary>("{ a: GPIO17, b: GPIO27, edges: 2 }").unwrap();
    knob.read().unwrap();

    turn_slowly(&bench, Duration::from_millis(5), || {});

    assert_eq!(turned(&knob.read().unwrap()), [1, 1]);
}

#[test]
fn what_no_encoder_has_is_refused() {
    let refusal =
        |config: &str| Bench::virtual_time().open::<Rotary>(config).err().unwrap().to_string();

    assert_eq!(refusal("{ a: GPIO17, b: GPIO27, edges: 3 }"), "edges: 1, 2 or 4, not 3");
    assert_eq!(refusal("{ a: GPIO17, b: GPIO17 }"), "line GPIO17 is already held by rotary");
}
