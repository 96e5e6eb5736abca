//! Polarity lives in the normalizer and nowhere else: devices tell, and are told, physical levels.

use super::{button, device, input, stands};
use crate::config::{Active, InputConfig, OutputConfig};
use crate::normalize::Normalizer;
use eg_config::Source;
use eg_hal::prelude::*;
use eg_hal::{Claims, Readings, SafeLevels};
use eg_proto::{EventKind, OutputName};
use std::time::Duration;

/// Lists what happens when a simulated line is driven `high`, under this polarity.
fn presses(config: InputConfig, pull: &str, high: bool) -> Vec<EventKind> {
    let bench = Bench::virtual_time();
    let source = Source::text("row.yaml", format!("{{ inputs: [GPIO5], pull: {pull} }}"));
    let row = eg_hal::drivers().into_iter().find(|driver| driver.kind == "button-row").unwrap();
    let path = eg_config::KeyPath::root();
    let mut model = (row.model)(&source, &path, &bench).unwrap();
    let (claims, safe) = (Claims::default(), SafeLevels::new());
    let mut board = Board::new("slot-01/panel", &bench, &claims, &safe);
    let mut opened = (row.open)(&source, &path, &mut board).unwrap();
    let mut normalizer = Normalizer::new(&device(vec![config]));
    let mut actions = Vec::new();
    let mut readings = Readings::new(bench.now(), eg_proto::Source::Synthetic, 0);

    opened.read(&mut readings).unwrap();
    readings.drain().for_each(|sample| normalizer.feed(sample, &mut actions));
    normalizer.tick(bench.now(), &mut actions);
    bench.advance(Duration::from_millis(100));
    model.poke(0, &Poke::Level(high)).unwrap();
    readings.begin(bench.now(), eg_proto::Source::Synthetic, 0);
    opened.read(&mut readings).unwrap();
    readings.drain().for_each(|sample| normalizer.feed(sample, &mut actions));

    actions.into_iter().map(|action| action.kind).collect()
}

#[test]
fn the_same_edge_is_a_press_or_not_by_the_inputs_polarity_alone() {
    let (rest, held) = (stands("red", false), stands("red", true));

    assert_eq!(presses(button("red", 0), "up", false), [rest.clone(), EventKind::Press]);
    assert_eq!(presses(input("red", 0), "down", true), [rest, EventKind::Press]);
    assert_eq!(presses(input("red", 0), "up", false), vec![held.clone()]);
    assert_eq!(presses(button("red", 0), "down", true), vec![held]);
}

fn lamp(active: Active, safe: Set) -> OutputConfig {
    OutputConfig {
        name: OutputName::new("lamp").unwrap(),
        channel: 0,
        active,
        safe,
        safe_after: Duration::from_secs(10),
        max_on: None,
    }
}

#[test]
fn an_output_that_is_active_low_is_told_the_opposite() {
    let told = |active, set| lamp(active, Set::Off).electrical(set);

    assert_eq!(told(Active::High, Set::On), Set::On);
    assert_eq!(told(Active::Low, Set::On), Set::Off);
    assert_eq!(told(Active::Low, Set::Off), Set::On);
    assert_eq!(told(Active::Low, Set::Level(0.25)), Set::Level(0.75));
    assert_eq!(told(Active::Low, Set::Rgb([1, 2, 3])), Set::Rgb([1, 2, 3]));
}

#[test]
fn an_output_starts_at_the_level_of_its_safe_state() {
    let high = |active, safe| lamp(active, safe).safe_level();

    assert!(high(Active::High, Set::On));
    assert!(high(Active::Low, Set::Off));
    assert!(!high(Active::High, Set::Off));
    assert!(!high(Active::Low, Set::On));
}
