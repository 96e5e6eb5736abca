//! Number of presses that come together, and how close they are.

use crate::{Press, Together};
use eg_game::prelude::*;
use std::collections::BTreeSet;

impl Together {
    /// Number of presses that must come together.
    pub(crate) fn needed(&self) -> usize {
        let places = self.config.places.len();
        let all = if places > 0 { places } else { self.roster.alive(None).count() };
        let needed = self.config.needed.map(|it| usize::try_from(it.get()).unwrap_or(usize::MAX));
        needed.unwrap_or(all).max(1)
    }

    /// The most that pressed within one window which holds this moment.
    pub(crate) fn within_window(&self, moment: Timestamp) -> usize {
        let window = self.config.window.get();
        let held = !self.config.hold.is_zero();
        let presses = || self.presses.iter().filter(move |(_, press)| press.down || !held);
        let starts = presses().map(|(_, press)| press.at);
        let counted = starts.filter(|start| *start <= moment && moment <= *start + window);
        let inside = |start: Timestamp| {
            let end = start + window;
            self.units(presses().filter(move |(_, it)| start <= it.at && it.at <= end))
        };
        counted.map(inside).max().unwrap_or(0)
    }

    /// Number of inputs that are held now.
    pub(crate) fn down(&self) -> usize {
        self.units(self.presses.iter().filter(|(_, press)| press.down))
    }

    /// Players, or places.
    pub(crate) fn units<'a>(
        &self,
        presses: impl Iterator<Item = (&'a (SlotId, InputName), &'a Press)>,
    ) -> usize {
        if self.config.distinct {
            presses.map(|((slot, _), _)| slot).collect::<BTreeSet<_>>().len()
        } else {
            presses.count()
        }
    }

    /// Words for how close the presses were.
    pub(crate) fn how(&self) -> Text {
        let newest = self.presses.values().map(|press| press.at).max().unwrap_or_default();
        let from = newest - self.config.window.get();
        let at = || self.presses.values().map(|press| press.at).filter(|at| from <= *at);
        let (first, last) = (at().min().unwrap_or_default(), newest);
        let spread = last.since(first).as_secs_f64() * 1e3;
        let unc = self.presses.values().map(|it| it.when.latest.since(it.at)).max();
        let unc = unc.unwrap_or_default().as_secs_f64() * 1e3;
        let needed = self.needed();
        Text::new(
            format!("{needed} ensemble en {spread:.1} ms ± {unc:.1}"),
            format!("{needed} together within {spread:.1} ms ± {unc:.1}"),
        )
    }
}
