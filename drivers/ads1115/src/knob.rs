//! A value that moves: a potentiometer, a pressure or light sensor.

use crate::pin::Pin;
use crate::setting::Range;
use eg_hal::prelude::*;

/// A knob or sensor, in a slot's file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnobConfig {
    /// Pin of the knob: `A0` to `A3`, or one pin against another, `A0-A1`, `A0-A3`, `A1-A3`, `A2-A3`.
    pub(crate) pin: Pin,
    /// Volts at its one end. What is less counts as that.
    #[serde(default)]
    pub(crate) min: f64,
    /// Volts at its other end. What is more counts as that.
    #[serde(default = "supply")]
    pub(crate) max: f64,
    /// Volts that it must move before it is told again: more than its noise.
    #[serde(default = "usual_band")]
    pub(crate) dead_band: f64,
}

fn supply() -> f64 {
    3.3
}

fn usual_band() -> f64 {
    0.02
}

/// A knob or sensor at work.
pub(crate) struct Knob {
    min: f64,
    max: f64,
    dead_band: f64,
    told: Option<f64>,
}

impl Knob {
    pub(crate) fn new(config: &KnobConfig) -> Self {
        let KnobConfig { min, max, dead_band, .. } = *config;
        Self { min, max, dead_band, told: None }
    }

    /// Checks that its range can be measured.
    pub(crate) fn check(config: &KnobConfig, range: Range) -> Result<(), SettingProblems> {
        let KnobConfig { min, max, dead_band, .. } = *config;
        let full = range.volts();
        if !(-full <= min && min < max && max <= full) {
            let problem = format!("min {min} and max {max}: min below max, both within ±{full} V");
            return Err(SettingProblems::of(KeyPath::root(), problem));
        }
        if !(0.0..max - min).contains(&dead_band) {
            let problem = format!("0 to less than max - min, not {dead_band}");
            return Err(SettingProblems::of("dead_band", problem));
        }
        Ok(())
    }

    /// Gives the reading of a look: a value that left the dead band around the last one, or came to an end of the
    /// range.
    pub(crate) fn look(&mut self, volts: f64) -> Option<Reading> {
        let v = volts.clamp(self.min, self.max);
        let ends = v == self.min || v == self.max;
        let moved = |told: f64| (v - told).abs() > self.dead_band || ends && v != told;
        if !self.told.is_none_or(moved) {
            return None;
        }
        self.told = Some(v);
        Some(Reading::Value { v, min: self.min, max: self.max, unit: "V" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn knob() -> Knob {
        let config = KnobConfig { pin: Pin::A0, min: 0.0, max: 3.3, dead_band: 0.02 };
        Knob::new(&config)
    }

    proptest! {
        #[test]
        fn noise_within_the_dead_band_tells_nothing_more(
            rest in 0.02..3.28_f64,
            noise in proptest::collection::vec(-0.01..0.01_f64, 1..200),
        ) {
            let mut knob = knob();

            let told = noise.iter().filter_map(|noise| knob.look(rest + noise)).count();

            prop_assert_eq!(told, 1);
        }

        #[test]
        fn what_was_told_is_never_further_off_than_the_dead_band(
            volts in proptest::collection::vec(-1.0..5.0_f64, 1..200),
        ) {
            let mut knob = knob();
            let mut last = f64::NAN;
            for volts in volts {
                if let Some(Reading::Value { v, .. }) = knob.look(volts) {
                    last = v;
                }
                let truth = volts.clamp(0.0, 3.3);
                prop_assert!((last - truth).abs() <= 0.02, "{truth} was told as {last}");
                prop_assert!(truth % 3.3 != 0.0 || last == truth, "an end was not told");
            }
        }
    }
}
