//! Ruling on who was first, as far as the clocks can tell.

use crate::config::Tie;
use crate::{Buzzer, Stage};
use eg_game::prelude::*;

impl Buzzer {
    /// The window is over: locks whoever was first.
    pub(crate) fn lock(&mut self, effects: &mut Effects) {
        let Stage::Window { since, race } = &mut self.stage else { return };
        let (since, mut race) = (*since, std::mem::take(race));
        race.retain(|slot| self.roster.seat(slot).is_some_and(Seat::plays));
        if race.is_empty() {
            return self.arm(since, effects);
        }
        let points = |slot: &SlotId| self.points.get(slot).copied().unwrap_or(0);
        let ruling = race.rule(&match self.config.tie {
            Tie::Both => eg_game::Tie::All,
            Tie::Judge => eg_game::Tie::Operator,
            Tie::FewestWins => eg_game::Tie::Least(&points),
            Tie::Random(named) => {
                eg_game::Tie::Random { seed: named.unwrap_or(self.seed), round: self.number }
            }
        });
        let (first, why) = (ruling.first.clone(), ruling.said());
        effects.ruling(ruling);
        self.stage = Stage::Locked { since, first, race, earlier: Vec::new(), why };
    }
}
