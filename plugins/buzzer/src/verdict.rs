//! Who was first, as far as the clocks can tell.

use crate::config::Tie;
use crate::pressing::millis;
use crate::{Buzzer, Press, Stage};
use eg_game::Seat;
use eg_game::ballot::{Ballot, Change, Settlement, TieRule};
use eg_game::prelude::*;

impl Buzzer {
    /// The window is over: locks whoever was first.
    pub(crate) fn lock(&mut self, effects: &mut Effects) {
        let Stage::Window { since, presses } = &mut self.stage else { return };
        let (since, mut presses) = (*since, std::mem::take(presses));
        presses.retain(|press| self.roster.seat(&press.slot).is_some_and(Seat::plays));
        presses.sort_by(|one, two| (one.at, &one.slot).cmp(&(two.at, &two.slot)));
        let first = possibly_first(&presses);
        let why = said(&presses, &first);
        let first = if first.len() > 1 { self.break_tie(first) } else { first };
        if first.is_empty() {
            return self.arm(since, effects);
        }
        effects.note(why.clone());
        self.stage = Stage::Locked { since, first, presses, earlier: Vec::new(), why };
    }

    fn break_tie(&self, tied: Vec<Press>) -> Vec<Press> {
        match self.config.tie {
            Tie::Both | Tie::Judge => tied,
            Tie::FewestWins => {
                let points = |press: &Press| self.points.get(&press.slot).copied().unwrap_or(0);
                let fewest = tied.iter().map(points).min();
                tied.into_iter().filter(|press| Some(points(press)) == fewest).collect()
            }
            Tie::Random(seed) => {
                let names: Vec<String> = tied.iter().map(|it| it.slot.to_string()).collect();
                let ballot = Ballot::open(&names, &Vec::<Seat>::new(), Change::Last);
                let all = (0..tied.len()).collect();
                match TieRule::Random(seed).settle(all, &ballot, 0, self.number) {
                    Settlement::One(place) => tied.into_iter().nth(place).into_iter().collect(),
                    Settlement::Nobody
                    | Settlement::All(_)
                    | Settlement::Revote(_)
                    | Settlement::Ask(_) => tied,
                }
            }
        }
    }
}

/// Those who may have been first: nobody else was surely before them.
fn possibly_first(sorted: &[Press]) -> Vec<Press> {
    let bound = sorted.iter().map(|press| press.when.latest).min();
    let may = |press: &&Press| bound.is_some_and(|bound| press.when.earliest <= bound);
    sorted.iter().filter(may).cloned().collect()
}

fn said(sorted: &[Press], first: &[Press]) -> Say {
    let names =
        |and: &str| first.iter().map(|press| press.slot.as_str()).collect::<Vec<_>>().join(and);
    if first.len() > 1 {
        let unc = millis(first.iter().map(|press| press.unc_us).max().unwrap_or(0));
        return Say::new(
            format!("{} ensemble, à ± {unc} près", names(" et ")),
            format!("{} together, within ± {unc}", names(" and ")),
        );
    }
    match (sorted.first(), sorted.get(1)) {
        (Some(one), Some(two)) => {
            let by = millis(crate::pressing::micros(two.at.since(one.at)));
            let unc = millis(one.unc_us.saturating_add(two.unc_us));
            Say::new(
                format!("{} avant {} de {by} ± {unc}", one.slot, two.slot),
                format!("{} before {} by {by} ± {unc}", one.slot, two.slot),
            )
        }
        (Some(one), None) => Say::new(format!("{} seul", one.slot), format!("{} alone", one.slot)),
        (None, _) => Say::new("personne", "nobody"),
    }
}
