//! One device's outputs: what they do now, how long they may, and what is safe. Pure: time is an argument.

use crate::config::OutputConfig;
use eg_hal::{Moment, Output};
use eg_proto::{OutputName, Set};
use std::time::Duration;

/// All outputs of one device.
#[derive(Debug)]
pub(super) struct Outputs(Vec<Line>);

#[derive(Debug)]
struct Line {
    config: OutputConfig,
    set: Set,
    /// Moment since which it is on without a break.
    on_since: Option<Moment>,
    /// Moment at which a pulse ends.
    pulse_until: Option<Moment>,
}

/// One write that is to be done, and what follows from it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    line: usize,
    set: Set,
    pulse_until: Option<Moment>,
    /// Output as the device is told it, with polarity applied.
    pub(super) output: Output,
}

/// Tells whether somebody would see the output shine.
pub(crate) fn is_lit(set: &Set) -> bool {
    match set {
        Set::Off => false,
        Set::On => true,
        Set::Level(level) => *level > 0.0,
        Set::Rgb(rgb) => rgb.iter().any(|part| *part > 0),
        Set::Text(text) => !text.is_empty(),
        Set::Pulse(millis) => *millis > 0,
        _ => true,
    }
}

impl Outputs {
    /// Outputs that nobody has told anything yet: they are at their safe state.
    pub(super) fn new(configs: &[OutputConfig]) -> Self {
        let line = |config: &OutputConfig| Line {
            config: config.clone(),
            set: config.safe.clone(),
            on_since: None,
            pulse_until: None,
        };
        Self(configs.iter().map(line).collect())
    }

    /// Lists the state of each output, in the order of the file.
    pub(super) fn states(&self) -> Vec<Set> {
        self.0.iter().map(|line| line.set.clone()).collect()
    }

    /// Plans what brings each output to its safe state.
    pub(super) fn make_safe(&self) -> Vec<Plan> {
        (0..self.0.len())
            .map(|line| self.plan(line, self.0[line].config.safe.clone(), None))
            .collect()
    }

    /// Plans what carries out a command.
    ///
    /// # Errors
    /// Why it is refused, in one line.
    pub(super) fn command(&self, name: &str, set: &Set, now: Moment) -> Result<Plan, String> {
        let line = self.0.iter().position(|line| line.config.name.as_str() == name);
        let Some(line) = line else {
            let names: Vec<&str> = self.0.iter().map(|line| line.config.name.as_str()).collect();
            let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(format!("no output called {name:?}; this device has {known}"));
        };
        Ok(match set {
            Set::Pulse(millis) => {
                let until = now + Duration::from_millis(*millis);
                self.plan(line, Set::On, Some(until))
            }
            Set::Off | Set::On | Set::Level(_) | Set::Rgb(_) | Set::Text(_) | _ => {
                self.plan(line, set.clone(), None)
            }
        })
    }

    /// The device has done it.
    pub(super) fn done(&mut self, plan: Plan, now: Moment) {
        let line = &mut self.0[plan.line];
        line.on_since = is_lit(&plan.set).then(|| line.on_since.unwrap_or(now));
        line.pulse_until = plan.pulse_until;
        // A text that is dimmed still stands there.
        let dimmed =
            matches!((&line.set, &plan.set), (Set::Text(_), Set::Level(level)) if *level > 0.0);
        if !dimmed {
            line.set = plan.set;
        }
    }

    /// Lists what stands on displays and shines in colours, and is to come back with a device that was away. An output
    /// that could move something, such as a lock, is left out: it waits for a new command.
    pub(super) fn standing(&self) -> Vec<(OutputName, Set)> {
        let only_shines = |line: &&Line| {
            matches!(line.set, Set::Text(_) | Set::Rgb(_))
                && line.set != line.config.safe
                && line.config.max_on.is_none()
        };
        let standing = self.0.iter().filter(only_shines);
        standing.map(|line| (line.config.name.clone(), line.set.clone())).collect()
    }

    /// Plans what brings that back, but for what may not go on without a link, which is lost since `link_lost`.
    pub(super) fn restore(
        &self,
        stood: &[(OutputName, Set)],
        now: Moment,
        link_lost: Option<Moment>,
    ) -> Vec<Plan> {
        let plan = |(name, set): &(OutputName, Set)| {
            let line = self.0.iter().position(|line| line.config.name == *name)?;
            let safe_at = link_lost.map(|lost| lost + self.0[line].config.safe_after);
            safe_at.is_none_or(|at| now < at).then(|| self.plan(line, set.clone(), None))
        };
        stood.iter().filter_map(plan).collect()
    }

    /// Plans the end of what is over by now: pulses, outputs that were on for long enough, and those that may not go on
    /// without a link, which is lost since `link_lost`.
    pub(super) fn due(&self, now: Moment, link_lost: Option<Moment>) -> Vec<Plan> {
        let lines = self.0.iter().enumerate();
        let due = lines.filter_map(|(place, line)| {
            let over = |at: Option<Moment>| at.is_some_and(|at| at <= now);
            if over(line.unsafe_until(link_lost)) {
                Some(self.plan(place, line.config.safe.clone(), None))
            } else if over(line.pulse_until) || over(line.must_end()) {
                Some(self.plan(place, Set::Off, None))
            } else {
                None
            }
        });
        due.collect()
    }

    /// Returns the moment at which [`due`](Self::due) has something to do next.
    pub(super) fn deadline(&self, link_lost: Option<Moment>) -> Option<Moment> {
        let ends = |line: &Line| {
            [line.unsafe_until(link_lost), line.pulse_until, line.must_end()]
                .into_iter()
                .flatten()
                .min()
        };
        self.0.iter().filter_map(ends).min()
    }

    fn plan(&self, line: usize, set: Set, pulse_until: Option<Moment>) -> Plan {
        let config = &self.0[line].config;
        let output = Output { channel: config.channel, set: config.electrical(set.clone()) };
        Plan { line, set, pulse_until, output }
    }
}

impl Line {
    fn must_end(&self) -> Option<Moment> {
        Some(self.on_since? + self.config.max_on?)
    }

    fn unsafe_until(&self, link_lost: Option<Moment>) -> Option<Moment> {
        (self.set != self.config.safe).then_some(link_lost? + self.config.safe_after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Active;
    use eg_proto::OutputName;

    const START: Moment = Moment(1_000_000);

    fn lock() -> OutputConfig {
        OutputConfig {
            name: OutputName::new("lock").unwrap(),
            channel: 3,
            active: Active::Low,
            safe: Set::Off,
            safe_after: Duration::from_secs(10),
            max_on: Some(Duration::from_secs(2)),
        }
    }

    fn after(millis: u64) -> Moment {
        START + Duration::from_millis(millis)
    }

    fn tell(outputs: &mut Outputs, set: Set, now: Moment) -> Output {
        let plan = outputs.command("lock", &set, now).unwrap();
        let output = plan.output.clone();
        outputs.done(plan, now);
        output
    }

    #[test]
    fn turns_meaning_into_levels_in_one_place() {
        let mut outputs = Outputs::new(&[lock()]);

        let output = tell(&mut outputs, Set::On, START);

        assert_eq!(output, Output { channel: 3, set: Set::Off });
        assert_eq!(outputs.states(), [Set::On]);
    }

    #[test]
    fn ends_a_pulse_when_it_is_over_and_not_before() {
        let mut outputs = Outputs::new(&[lock()]);

        tell(&mut outputs, Set::Pulse(500), START);

        assert_eq!(outputs.deadline(None), Some(after(500)));
        assert_eq!(outputs.due(after(499), None), []);
        assert_eq!(outputs.due(after(500), None)[0].set, Set::Off);
    }

    #[test]
    fn cuts_what_is_on_for_too_long_however_often_it_is_told() {
        let mut outputs = Outputs::new(&[lock()]);

        tell(&mut outputs, Set::On, START);
        tell(&mut outputs, Set::Pulse(1_900), after(1_500));
        let before = outputs.due(after(1_999), None);
        let after = outputs.due(after(2_000), None);

        assert_eq!((before.len(), after.len()), (0, 1));
    }

    #[test]
    fn takes_the_safe_state_when_the_link_stays_away() {
        let mut outputs = Outputs::new(&[OutputConfig { max_on: None, ..lock() }]);
        tell(&mut outputs, Set::On, START);

        let early = outputs.due(after(10_999), Some(after(1_000)));
        let late = outputs.due(after(11_000), Some(after(1_000)));
        let linked = outputs.due(after(99_000), None);

        assert_eq!((early.len(), late.len(), linked.len()), (0, 1, 0));
        assert_eq!(outputs.deadline(Some(after(1_000))), Some(after(11_000)));
    }

    #[test]
    fn refuses_an_output_it_does_not_have_and_names_those_it_has() {
        let outputs = Outputs::new(&[lock()]);

        let refused = outputs.command("lamp", &Set::On, START).unwrap_err();

        assert_eq!(refused, r#"no output called "lamp"; this device has lock"#);
    }
}
