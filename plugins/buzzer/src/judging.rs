//! Consequences of an answer, and of players who leave.

use crate::{Buzzer, Stage, WINDOW};
use eg_game::prelude::*;
use std::collections::BTreeMap;

impl Buzzer {
    /// Arms for those who are left; when nobody is, the question is dead.
    pub(crate) fn arm(&mut self, at: Timestamp, effects: &mut Effects) {
        if self.left().next().is_none() {
            let why = Text::new("plus personne ne peut répondre", "nobody is left to answer");
            return self.decide(None, StepStatus::Success, why, effects);
        }
        self.stage = Stage::Armed { since: at };
    }

    /// Takes a player's try from them: a wrong answer, or none. The others go on.
    pub(crate) fn fail(&mut self, slot: &SlotId, at: Timestamp, effects: &mut Effects) {
        self.tried.insert(slot.clone());
        let Stage::Locked { first, .. } = &mut self.stage else { return };
        first.retain(|known| known != slot);
        if first.is_empty() {
            self.arm(at, effects);
        }
    }

    pub(crate) fn succeed(&mut self, slot: &SlotId, effects: &mut Effects) {
        let points = self.points.entry(slot.clone()).or_default();
        *points = points.saturating_add(1);
        let name = self.name(slot);
        let why = match &self.stage {
            Stage::Locked { why, .. } => Text::new(
                format!("{name} a répondu juste ; {}", why.fr),
                format!("{name} answered right; {}", why.en),
            ),
            Stage::RollCall
            | Stage::Reading
            | Stage::Armed { .. }
            | Stage::Window { .. }
            | Stage::Dead => Text::same(&name),
        };
        self.decide(Some(slot), StepStatus::Success, why, effects);
    }

    pub(crate) fn decide(
        &mut self,
        winner: Option<&SlotId>,
        status: StepStatus,
        why: Text,
        effects: &mut Effects,
    ) {
        effects.cancel(WINDOW);
        let seats = self.roster.seats.iter();
        let points = seats
            .map(|seat| (seat.name.clone(), self.points.get(&seat.slot).copied().unwrap_or(0)));
        let tally: BTreeMap<String, u32> = points.collect();
        let name = winner.map(|slot| self.name(slot));
        let tried = u32::try_from(self.tried.len() + usize::from(name.is_some())).unwrap_or(0);
        let players = u32::try_from(self.roster.seats.len()).unwrap_or(u32::MAX);
        effects.result(StepResult {
            step: self.number,
            status,
            next_step: self.number.saturating_add(1),
            carried: name.iter().cloned().collect(),
            outcome: name,
            tally,
            votes: tried.min(players),
            expected: players,
            why: why.clone(),
        });
        self.last = why;
        self.stage = Stage::Dead;
    }

    pub(crate) fn players_changed(
        &mut self,
        change: &RosterChange,
        at: Timestamp,
        effects: &mut Effects,
    ) {
        if let RosterChange::Reseated { .. } = change {
            return self.reseat(change);
        }
        let Some(slot) = change.gone() else { return };
        match &mut self.stage {
            Stage::Locked { first, earlier, .. } => {
                earlier.retain(|known| known.press.slot != *slot);
                first.retain(|known| known != slot);
                if first.is_empty() {
                    self.arm(at, effects);
                }
            }
            Stage::Window { race, since } => {
                race.retain(|known| known != slot);
                let since = *since;
                if race.is_empty() {
                    effects.cancel(WINDOW);
                    self.arm(since, effects);
                }
            }
            Stage::Armed { since } => {
                let since = *since;
                self.arm(since, effects);
            }
            Stage::RollCall | Stage::Reading | Stage::Dead => {}
        }
    }

    /// Lets everybody take along what is theirs.
    fn reseat(&mut self, change: &RosterChange) {
        let seat = |slot: &SlotId| change.seat_of(slot).clone();
        match &mut self.stage {
            Stage::Window { race, .. } => race.reseat(seat),
            Stage::Locked { first, race, earlier, .. } => {
                first.iter_mut().for_each(|slot| *slot = seat(slot));
                race.reseat(seat);
                earlier.iter_mut().for_each(|known| known.press.slot = seat(&known.press.slot));
            }
            Stage::RollCall | Stage::Reading | Stage::Armed { .. } | Stage::Dead => {}
        }
        self.tried = self.tried.iter().map(seat).collect();
        self.points = self.points.iter().map(|(slot, points)| (seat(slot), *points)).collect();
        // A buzzer that has answered and one that was pressed too early are boards, not players: they stay.
    }
}
