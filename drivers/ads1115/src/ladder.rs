//! Keys on one pin: each key of a resistor ladder makes a voltage of its own.

use crate::pin::Pin;
use crate::setting::Range;
use eg_hal::prelude::*;

/// Two keys need this much between them, in volts: a twentieth of the supply, what 5 % resistors keep apart.
const APART: f64 = 0.15;
/// The part of the way to the next voltage that still counts as this one; between two such windows nothing changes.
const WINDOW: f64 = 0.4;

/// A ladder of keys, in a slot's file.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LadderConfig {
    /// Pin of the ladder: `A0` to `A3`.
    pub(crate) pin: Pin,
    /// Volts while each key is down. Each key has an input channel.
    pub(crate) keys: Vec<f64>,
    /// Volts while none is.
    #[serde(default = "supply")]
    pub(crate) idle: f64,
}

fn supply() -> f64 {
    3.3
}

/// Volts with no key down, then with each.
fn levels(config: &LadderConfig) -> impl Iterator<Item = f64> + '_ {
    [config.idle].into_iter().chain(config.keys.iter().copied())
}

/// A ladder at work. One key is down at most: two make the voltage of one, or of none.
pub(crate) struct Ladder {
    /// Volts with no key down, then with each.
    levels: Vec<f64>,
    /// The level that was told; none before the first.
    told: Option<usize>,
    /// The level of the last look. A look may fall into the moment in which the voltage moves past other keys'.
    seen: Option<usize>,
}

impl Ladder {
    pub(crate) fn new(config: &LadderConfig) -> Self {
        Self { levels: levels(config).collect(), told: None, seen: None }
    }

    /// Checks that its voltages can be measured and told apart.
    pub(crate) fn check(config: &LadderConfig, range: Range) -> Result<(), SettingProblems> {
        let mut wrong = SettingProblems::default();
        let full = range.volts();
        let paths = [KeyPath::from("idle")].into_iter();
        let paths = paths.chain((0..config.keys.len()).map(|n| KeyPath::from("keys").index(n)));
        for (path, level) in paths.zip(levels(config)) {
            if !(0.0..=full).contains(&level) {
                wrong.push(path, format!("{level} V: 0 to {full} V can be measured"));
            }
        }
        let mut sorted: Vec<f64> = levels(config).collect();
        sorted.sort_by(f64::total_cmp);
        for pair in sorted.windows(2).filter(|pair| pair[1] - pair[0] < APART) {
            let problem =
                format!("{} V and {} V: at least {APART} V between two", pair[0], pair[1]);
            wrong.push("keys", problem);
        }
        if config.keys.is_empty() {
            wrong.push("keys", "name at least one");
        }
        wrong.or(())
    }

    /// Number of keys.
    pub(crate) fn keys(&self) -> usize {
        self.levels.len() - 1
    }

    /// Gives the keys, from 0, that a look found to have gone up or down. A level counts when two looks agree.
    pub(crate) fn look(&mut self, volts: f64) -> Vec<(usize, bool)> {
        let level = self.level(volts);
        let before = std::mem::replace(&mut self.seen, level);
        let Some(level) = self.seen.filter(|_| self.seen == before) else { return Vec::new() };
        match self.told.replace(level) {
            Some(told) if told == level => Vec::new(),
            Some(told) => {
                let changes = [(told, false), (level, true)];
                let key = |(level, down): (usize, bool)| Some((level.checked_sub(1)?, down));
                changes.into_iter().filter_map(key).collect()
            }
            None => (0..self.keys()).map(|key| (key, key + 1 == level)).collect(),
        }
    }

    /// The level whose window this is in; none between two.
    fn level(&self, volts: f64) -> Option<usize> {
        let off = |level: usize| (self.levels[level] - volts).abs();
        let nearest =
            (0..self.levels.len()).min_by(|one, other| off(*one).total_cmp(&off(*other)))?;
        let mut others = (0..self.levels.len()).filter(|other| *other != nearest);
        let clear = |other: usize| {
            let way = self.levels[other] - self.levels[nearest];
            (volts - self.levels[nearest]) / way <= WINDOW
        };
        others.all(clear).then_some(nearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ladder() -> Ladder {
        let config = LadderConfig { pin: Pin::A0, keys: vec![0.0, 0.8, 1.6, 2.4], idle: 3.3 };
        Ladder::new(&config)
    }

    proptest! {
        #[test]
        fn never_are_two_keys_down_whatever_the_pin_does(
            volts in proptest::collection::vec(-0.5..4.0_f64, 1..400),
        ) {
            let mut ladder = ladder();
            let mut down = Vec::new();
            for volts in volts.iter().flat_map(|volts| [*volts; 2]) {
                for (key, presses) in ladder.look(volts) {
                    if presses {
                        down.push(key);
                    } else {
                        down.retain(|other| *other != key);
                    }
                    prop_assert!(down.len() <= 1, "{down:?}");
                }
            }
        }

        #[test]
        fn noise_on_a_border_changes_nothing(
            border in prop_oneof![Just(0.4_f64), Just(1.2), Just(2.0), Just(2.85)],
            noise in proptest::collection::vec(-0.07..0.07_f64, 1..100),
        ) {
            let mut ladder = ladder();
            (0..2).for_each(|_| drop(ladder.look(3.3)));

            prop_assert!(noise.iter().all(|noise| ladder.look(border + noise).is_empty()));
        }
    }
}
