//! Scenarios under virtual time.

use crate::input;
use eg_config::Source;
use eg_hal::sim::scenario::{Act, PlayError, Scenario, Stage, StageError};
use eg_hal::sim::{Bench, Poke};
use eg_hal::{InputLine, LineName};
use std::time::Duration;

/// One panel with one button, active low on GPIO5, and what its line told after each step.
struct Panel {
    bench: Bench,
    line: InputLine,
    told: Vec<(Duration, bool)>,
    pokes: Vec<Poke>,
    start: eg_hal::Moment,
}

impl Panel {
    fn new() -> (Self, eg_hal::Waits) {
        let bench = Bench::virtual_time();
        bench.wire(&LineName::from("GPIO5")).drive(true);
        let (line, waits) = input(&bench, "GPIO5");
        let start = bench.now();
        (Self { bench, line, told: vec![], pokes: vec![], start }, waits)
    }
}

impl Stage for Panel {
    fn act(&mut self, device: &str, input: &str, act: &Act) -> Result<(), StageError> {
        if (device, input) != ("panel", "a") {
            return Err(StageError::new(format!(
                "no input called \"{device}/{input}\"; there is panel/a"
            )));
        }
        let poke = act.poke(false);
        if let Poke::Level(high) = poke {
            self.bench.wire(&"GPIO5".into()).drive(high);
        }
        self.pokes.push(poke);
        Ok(())
    }

    fn done(&mut self, _: &Bench) {
        while let Some(edge) = self.line.next_edge().unwrap() {
            self.told.push((edge.at.since(self.start), edge.high));
        }
    }
}

fn scenario(text: &str) -> Scenario {
    Scenario::read(&Source::text("scenario.yaml", text)).unwrap()
}

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn presses_and_faults_happen_at_their_moments() {
    let (mut panel, _waits) = Panel::new();
    let scenario = scenario(
        "steps:
  - at 120ms press panel/a for 80ms
  - after 500ms fault GPIO5 stuck low for 1s
  - at 700ms press panel/a
  - after 1h release panel/a
  - after 0s tag panel/a 04A37C91 for 1s
until: 2h
",
    );

    let bench = panel.bench.clone();
    scenario.play(&bench, &mut panel).unwrap();

    let hour = 3_600_000;
    assert_eq!(
        panel.told,
        [(ms(120), false), (ms(200), true), (ms(620), false), (ms(hour + 700), true),]
    );
    let tags = &panel.pokes[panel.pokes.len() - 2..];
    assert_eq!(tags, [Poke::Tag("04A37C91".to_owned()), Poke::TagAway]);
    assert_eq!(bench.now().since(panel.start), ms(2 * hour));
}

#[test]
fn every_wrong_step_is_told_with_its_line() {
    let text = "steps:\n  - at 120ms pres panel/a\n  - at 1s fault GPIO5 stuck on\n";

    let problems = Scenario::read(&Source::text("scenario.yaml", text)).unwrap_err().to_string();

    assert!(problems.contains("scenario.yaml:2:5: steps[0]:"), "{problems}");
    assert!(problems.contains(r#"did you mean "press"?"#), "{problems}");
    assert!(
        problems.contains("scenario.yaml:3:5: steps[1]: stuck takes high or low"),
        "{problems}"
    );
}

#[test]
fn a_step_that_cannot_be_done_stops_with_its_number() {
    let (mut panel, _waits) = Panel::new();
    let bench = panel.bench.clone();
    let mut play = |text| scenario(text).play(&bench, &mut panel).unwrap_err();

    let act = play("steps: [at 1s press panel/a, at 2s press door/bell]");
    let fault = play("steps: [at 1s fault i2c-1/0x20 vanishes]");

    assert_eq!(act.to_string(), r#"step 2: no input called "door/bell"; there is panel/a"#);
    assert!(matches!(fault, PlayError::Fault { step: 1, .. }), "{fault}");
}
