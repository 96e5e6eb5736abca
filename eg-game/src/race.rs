//! Races: the order of presses, as far as the clocks can tell.
//!
//! A press happened within `at ± unc_us`. Where two of these intervals overlap nobody can know which press came first:
//! that is a tie, and a rule that the game names decides it, never the order of arrival. Overlaps can form a chain in
//! which A touches B and B touches C while A was surely before C. Then the tie is between those whom nobody was surely
//! before, here A and B: C is out, although B and C cannot be told apart.

use crate::ballot::draw;
use crate::{Input, SlotId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// One player's press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimedPress {
    /// Slot of the player.
    pub slot: SlotId,
    /// Time of the press, in the core's clock.
    pub at: Timestamp,
    /// `at` is true within ± this many microseconds.
    pub unc_us: u64,
}

impl TimedPress {
    /// Press that this input is.
    pub fn of(input: &Input) -> Self {
        Self { slot: input.slot.clone(), at: input.at, unc_us: input.unc_us }
    }

    /// The earliest moment at which it can have been.
    pub fn earliest(&self) -> Timestamp {
        self.at - Duration::from_micros(self.unc_us)
    }

    /// The latest.
    pub fn latest(&self) -> Timestamp {
        self.at + Duration::from_micros(self.unc_us)
    }

    /// `true` if this was first, whatever the clocks may be wrong by.
    pub fn surely_before(&self, other: &Self) -> bool {
        self.latest() < other.earliest()
    }
}

/// The first press of each player. Empty at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Race(Vec<TimedPress>);

/// Rule that decides between those who may all have been first.
pub enum Tie<'a> {
    /// All of them are first.
    All,
    /// A draw from this seed and this round: the same ones always give the same winner.
    Random {
        /// The seed, from the game's settings.
        seed: u64,
        /// Sets the draws of one session apart.
        round: u32,
    },
    /// Player who has the least of something, such as points; all of those when several have.
    Least(&'a dyn Fn(&SlotId) -> u32),
    /// The operator picks one.
    Operator,
}

/// Outcome of a race, with everything that it was decided by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    /// Presses of everybody, in the order of their times.
    pub order: Vec<TimedPress>,
    /// Players who may have been first: one, unless the clocks cannot tell.
    pub tied: Vec<SlotId>,
    /// Players who are first by the rule. Several under [`Tie::All`] and [`Tie::Operator`].
    pub first: Vec<SlotId>,
    /// Time from the first to the next, or, in a tie, from the first to the last of the tied; none for a single runner.
    pub gap_us: Option<u64>,
    /// The gap is true within ± this many microseconds.
    pub gap_unc_us: u64,
    /// Rule that decided a tie: `all`, `random`, `least` or `operator`; none without a tie.
    pub rule: Option<String>,
    /// Seed of the draw, where there was one.
    pub seed: Option<u64>,
}

impl Race {
    /// Takes part. The earliest press of a player counts, whichever arrives first; true when this one does.
    pub fn enter(&mut self, runner: TimedPress) -> bool {
        let known = self.0.iter().position(|known| known.slot == runner.slot);
        if let Some(place) = known {
            if self.0[place].at <= runner.at {
                return false;
            }
            self.0.remove(place);
        }
        self.0.push(runner);
        self.0.sort_by(|one, two| (one.at, &one.slot).cmp(&(two.at, &two.slot)));
        true
    }

    /// Presses of everybody, in the order of their times. Two at the very same one stand in the order of their names.
    pub fn order(&self) -> &[TimedPress] {
        &self.0
    }

    /// `true` if nobody takes part.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `true` if this player takes part.
    pub fn has(&self, slot: &SlotId) -> bool {
        self.0.iter().any(|runner| runner.slot == *slot)
    }

    /// Keeps those for whom this holds.
    pub fn retain(&mut self, keep: impl Fn(&SlotId) -> bool) {
        self.0.retain(|runner| keep(&runner.slot));
    }

    /// Players change seats.
    pub fn reseat(&mut self, seat: impl Fn(&SlotId) -> SlotId) {
        self.0.iter_mut().for_each(|runner| runner.slot = seat(&runner.slot));
    }

    /// Those who may have been first: nobody was surely before them. In the order of their times.
    pub fn first(&self) -> impl Iterator<Item = &TimedPress> {
        let beaten = |runner: &TimedPress| self.0.iter().any(|other| other.surely_before(runner));
        self.0.iter().filter(move |runner| !beaten(runner))
    }

    /// Decides it.
    pub fn rule(&self, tie: &Tie<'_>) -> Ruling {
        let tied: Vec<&TimedPress> = self.first().collect();
        let names = |runners: &[&TimedPress]| runners.iter().map(|it| it.slot.clone()).collect();
        let (one, other) = if tied.len() > 1 {
            (tied.first().copied(), tied.last().copied())
        } else {
            (self.0.first(), self.0.get(1))
        };
        let pair = one.zip(other);
        let (first, rule) = match tie {
            _ if tied.len() < 2 => (tied.clone(), None),
            Tie::All => (tied.clone(), Some("all")),
            Tie::Operator => (tied.clone(), Some("operator")),
            Tie::Random { seed, round } => {
                let lot = |runner: &&&TimedPress| draw(*seed, *round, runner.slot.as_str());
                (tied.iter().max_by_key(lot).copied().into_iter().collect(), Some("random"))
            }
            Tie::Least(of) => {
                let least = tied.iter().map(|runner| of(&runner.slot)).min();
                let has_least = |runner: &&&TimedPress| Some(of(&runner.slot)) == least;
                (tied.iter().filter(has_least).copied().collect(), Some("least"))
            }
        };
        let seed = match tie {
            Tie::Random { seed, .. } if rule.is_some() => Some(*seed),
            Tie::Random { .. } | Tie::All | Tie::Least(_) | Tie::Operator => None,
        };
        Ruling {
            order: self.0.clone(),
            tied: names(&tied),
            first: names(&first),
            gap_us: pair.map(|(one, other)| micros(other.at.since(one.at))),
            gap_unc_us: pair.map_or(0, |(one, other)| one.unc_us.saturating_add(other.unc_us)),
            rule: rule.map(str::to_owned),
            seed,
        }
    }
}

impl Ruling {
    /// The ruling in one sentence, such as `slot-01 before slot-02 by 12.3 ms ± 0.4 ms`.
    pub fn said(&self) -> Text {
        let unc = millis(self.gap_unc_us);
        let Some(gap) = self.gap_us.map(millis) else {
            return match self.order.first() {
                Some(one) => Text::new(format!("{} seul", one.slot), format!("{} alone", one.slot)),
                None => Text::new("personne", "nobody"),
            };
        };
        if let ([one], Some(two)) = (self.tied.as_slice(), self.order.get(1)) {
            let two = &two.slot;
            return Text::new(
                format!("{one} avant {two} de {} ± {}", gap.fr, unc.fr),
                format!("{one} before {two} by {} ± {}", gap.en, unc.en),
            );
        }
        let names = |and: &str| joined(&self.tied, and);
        let by = self.by_which();
        Text::new(
            format!("{} ensemble : {} d'écart, ± {}{}", names(" et "), gap.fr, unc.fr, by.fr),
            format!("{} together: {} apart, ± {}{}", names(" and "), gap.en, unc.en, by.en),
        )
    }

    /// Words for how the rule decided a tie.
    fn by_which(&self) -> Text {
        let (fr, en) = (joined(&self.first, " et "), joined(&self.first, " and "));
        match (self.rule.as_deref(), self.seed) {
            (Some("random"), Some(seed)) => Text::new(
                format!(" ; le tirage {seed} donne {fr}"),
                format!("; the draw {seed} gives {en}"),
            ),
            (Some("least"), _) => {
                Text::new(format!(" ; le moins de points : {fr}"), format!("; fewest points: {en}"))
            }
            (Some("operator"), _) => Text::new(" ; à la régie de choisir", "; the operator picks"),
            (Some(_) | None, _) => Text::default(),
        }
    }
}

fn joined(slots: &[SlotId], and: &str) -> String {
    slots.iter().map(SlotId::as_str).collect::<Vec<_>>().join(and)
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

/// Formats microseconds as milliseconds with one decimal, rounded up, e.g. `12.3 ms`.
pub fn millis(us: u64) -> Text {
    let tenths = us.div_ceil(100);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    Text::new(format!("{whole},{tenth} ms"), format!("{whole}.{tenth} ms"))
}

#[cfg(test)]
mod tests;
