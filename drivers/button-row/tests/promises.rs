//! Promises of a button row.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use button_row::ButtonRow;
use eg_hal::prelude::*;
use eg_hal::sim::TestDevice;
use eg_hal::{EntryError, SafeLevels};
use std::time::Duration;

const ROW: &str = "{ inputs: [GPIO5, GPIO6], outputs: [GPIO18, GPIO19], pull: up }";

fn row(bench: &Bench) -> TestDevice<ButtonRow> {
    bench.open::<ButtonRow>(ROW).unwrap()
}

fn level(high: bool) -> Reading {
    Reading::Level(high)
}

#[test]
fn a_press_and_its_release_arrive_with_their_moments() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);
    row.read().unwrap();

    bench.advance(Duration::from_millis(30));
    let pressed = bench.now();
    row.poke(1, Poke::Level(false)).unwrap();
    bench.advance(Duration::from_millis(1));
    row.poke(1, Poke::Level(true)).unwrap();
    bench.advance(Duration::from_millis(500));
    let samples = row.samples().unwrap();

    let seen: Vec<_> = samples.iter().map(|s| (s.channel, s.reading.clone(), s.at)).collect();
    let released = pressed + Duration::from_millis(1);
    assert_eq!(seen, [(1, level(false), pressed), (1, level(true), released)]);
}

#[test]
fn presses_on_two_lines_keep_the_order_of_time() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);
    row.read().unwrap();

    row.poke(1, Poke::Level(false)).unwrap();
    bench.advance(Duration::from_micros(1));
    row.poke(0, Poke::Level(false)).unwrap();

    assert_eq!(row.read().unwrap(), [(1, level(false)), (0, level(false))]);
}

#[test]
fn invents_no_reading_beyond_the_first_levels() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);

    assert_eq!(row.read().unwrap(), [(0, level(true)), (1, level(true))]);
    assert_eq!(row.read().unwrap(), []);
    assert!(!row.woken());
}

#[test]
fn a_button_held_at_the_start_is_a_level() {
    let bench = Bench::virtual_time();
    bench.wire(&"GPIO6".into()).drive(false);

    let mut row = row(&bench);

    assert_eq!(row.read().unwrap(), [(0, level(true)), (1, level(false))]);
}

#[test]
fn bounce_passes_untouched_and_wakes_the_host() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);
    row.read().unwrap();

    for high in [false, true, false, true, false] {
        row.poke(0, Poke::Level(high)).unwrap();
    }

    assert!(row.woken());
    assert_eq!(row.read().unwrap().len(), 5);
    assert!(!row.woken());
}

#[test]
fn a_burst_beyond_the_queue_is_counted_and_ends_at_the_true_level() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);
    row.read().unwrap();

    for press in 0..201 {
        row.poke(0, Poke::Level(press % 2 == 1)).unwrap();
    }
    let readings = row.read().unwrap();

    assert!(readings.contains(&(0, Reading::Lost(137))), "{readings:?}");
    assert_eq!(readings.last(), Some(&(0, level(false))));
}

#[test]
fn levels_stay_physical_whatever_the_pull() {
    for (pull, idle) in [("up", true), ("down", false)] {
        let bench = Bench::virtual_time();
        let config = format!("{{ inputs: [GPIO5], pull: {pull} }}");
        let mut row = bench.open::<ButtonRow>(&config).unwrap();
        assert_eq!(row.read().unwrap(), [(0, level(idle))]);

        row.poke(0, Poke::Level(!idle)).unwrap();

        assert_eq!(row.read().unwrap(), [(0, level(!idle))]);
    }
}

#[test]
fn an_output_starts_at_its_safe_level_and_follows_on_and_off() {
    let bench = Bench::virtual_time();
    let lamps = [bench.wire(&"GPIO18".into()), bench.wire(&"GPIO19".into())];
    let safe = SafeLevels::from([(1, true)]);
    let mut row = bench.open_as::<ButtonRow>("slot-01/panel", &safe, ROW).unwrap();
    assert_eq!(lamps.each_ref().map(|lamp| lamp.level()), [false, true]);

    row.write(0, Set::On).unwrap();
    row.write(1, Set::Off).unwrap();

    assert_eq!(lamps.each_ref().map(|lamp| lamp.level()), [true, false]);
    assert_eq!(lamps[1].history().len(), 2, "never a glitch on the way to the safe level");
}

#[test]
fn a_write_that_it_cannot_do_is_refused_and_changes_nothing() {
    let bench = Bench::virtual_time();
    let mut row = bench.open::<ButtonRow>("outputs: [GPIO20, GPIO21]").unwrap();

    let dimmed = row.write(0, Set::Level(0.5)).unwrap_err();
    let beyond = row.write(2, Set::On).unwrap_err();

    assert!(dimmed.to_string().contains("GPIO12, 13, 18 and 19 have levels"), "{dimmed}");
    assert!(beyond.to_string().ends_with("there is no such output"), "{beyond}");
    assert!(bench.wire(&"GPIO20".into()).history().is_empty());
}

#[test]
fn an_unknown_line_is_refused_with_those_there_are() {
    let refused = Bench::virtual_time().open::<ButtonRow>("inputs: [GPIO5, GPIO99]").err().unwrap();

    let shown = refused.to_string();
    assert_eq!(shown, r#"no line called "GPIO99"; this board has GPIO0…GPIO27"#);
}

#[test]
fn an_open_that_fails_half_way_gives_its_lines_back() {
    let bench = Bench::virtual_time();
    bench.open::<ButtonRow>("inputs: [GPIO5, GPIO99]").err().unwrap();

    let opened = bench.open::<ButtonRow>("inputs: [GPIO5]");

    assert!(opened.is_ok());
}

#[test]
fn a_line_in_use_is_refused_with_its_holder() {
    let bench = Bench::virtual_time();
    let _first = bench.open_as::<ButtonRow>("slot-01/panel", &SafeLevels::new(), ROW).unwrap();

    let refused = bench.open::<ButtonRow>("outputs: [GPIO6]").err().unwrap();

    assert_eq!(refused.to_string(), "line GPIO6 is already held by slot-01/panel");
}

#[test]
fn a_wrong_setting_is_located() {
    let refused = Bench::virtual_time().open::<ButtonRow>("inputs: [GPIO5]\npul: up\n").err();

    let Some(EntryError::Config(problems)) = refused else { panic!("{refused:?}") };
    assert!(
        problems.to_string().contains(r#"2:1: unknown key "pul"; did you mean "pull"?"#),
        "{problems}"
    );
}

#[test]
fn a_row_without_lines_is_refused() {
    let refused = Bench::virtual_time().open::<ButtonRow>("pull: up").err().unwrap();

    assert_eq!(refused.to_string(), "inputs: name at least one line, here or in outputs");
}

#[test]
fn a_line_with_pwm_is_dimmed() {
    let bench = Bench::virtual_time();
    let mut row = row(&bench);

    row.write(0, Set::Level(0.25)).unwrap();
    let dim = bench.wire(&"GPIO18".into()).level();
    row.write(0, Set::Level(0.0)).unwrap();

    assert_eq!((dim, bench.wire(&"GPIO18".into()).level()), (true, false));
}
