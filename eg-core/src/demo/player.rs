//! Simulated player: draws a choice, the time to think, and whether the player changes their mind.

use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};
use std::time::Duration;

/// Presses of one player for one question. The same seed gives the same plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Presses in order; the last one is the player's choice.
    pub(super) presses: Vec<Press>,
}

/// Press of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Press {
    /// Pause before the press.
    pub(super) pause: Duration,
    /// Index of the option whose button is pressed, from 0.
    pub(super) option: usize,
    /// Time for which the button is held.
    pub(super) held: Duration,
}

/// Speed of the players.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pace {
    /// Human speed: seconds to think.
    Human,
    /// Highest speed of a hand, while nobody is watching.
    Brisk,
}

/// Share of players who press another option first: one in five.
const CHANGES_THEIR_MIND: f64 = 0.2;

impl Plan {
    /// Draws the plan of the player at this place (from 0) for this step (from 1) with this many options.
    pub(super) fn of(seed: u64, place: usize, step: u32, options: usize, pace: Pace) -> Self {
        let stream = (place as u64) << 32 | u64::from(step);
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        chance.set_stream(stream);
        let presses = if chance.random_bool(CHANGES_THEIR_MIND) { 2 } else { 1 };
        let presses = (0..presses).map(|_| Press::draw(&mut chance, options, pace)).collect();
        Self { presses }
    }
}

impl Press {
    fn draw(chance: &mut impl Rng, options: usize, pace: Pace) -> Self {
        let (least, most) = match pace {
            Pace::Human => (800, 6_000),
            Pace::Brisk => (20, 400),
        };
        let pause = Duration::from_millis(chance.random_range(least..most));
        let held = Duration::from_millis(chance.random_range(60..180));
        Self { pause, option: chance.random_range(0..options.max(1)), held }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn night(seed: u64) -> Vec<Plan> {
        (0..9).map(|place| Plan::of(seed, place, 1, 3, Pace::Human)).collect()
    }

    #[test]
    fn the_same_seed_is_the_same_night() {
        assert_eq!(night(7), night(7));
        assert_ne!(night(7), night(8));
    }

    #[test]
    fn players_do_not_all_think_alike() {
        let first: Vec<usize> = night(7).iter().map(|plan| plan.presses[0].option).collect();

        assert!(first.iter().any(|option| *option != first[0]), "{first:?}");
    }

    #[test]
    fn nobody_presses_a_button_that_is_not_there() {
        let plans = (0..500).map(|place| Plan::of(1, place, 2, 2, Pace::Brisk));

        assert!(plans.flat_map(|plan| plan.presses).all(|press| press.option < 2));
    }
}
