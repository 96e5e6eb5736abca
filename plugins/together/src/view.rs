//! Picture for each audience: all the same.

use crate::{Stage, Together};
use eg_game::prelude::*;

impl Together {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let (phase, headline) = match &self.stage {
            Stage::Waiting => ("waiting", Text::new("Appuyez tous ensemble", "Press together")),
            Stage::Holding { .. } => ("holding", Text::new("Tenez bon", "Hold on")),
            Stage::Solved(_) => ("solved", Text::new("Réussi", "Done")),
            Stage::Over => ("over", Text::new("Abandonné", "Called off")),
        };
        let mut parts = Vec::new();
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        match &self.stage {
            Stage::Waiting | Stage::Over => {
                parts.push(Widget::turnout(0, count(self.needed())));
            }
            Stage::Holding { until, .. } => {
                let needed = self.needed();
                parts.push(Widget::turnout(count(self.down().min(needed)), count(needed)));
                let label = Text::new("Encore", "Still");
                parts.push(Widget::Timer { label, ends: *until });
            }
            Stage::Solved(why) => parts.push(Widget::text(why.clone(), Level::Good)),
        }
        if !self.lost.is_empty() {
            let lost = self.lost.iter().map(SlotId::as_str).collect::<Vec<_>>().join(", ");
            let words = Text::new(format!("Perdu : {lost}"), format!("Lost: {lost}"));
            parts.push(Widget::text(words, Level::Warn));
        }
        if let (Some(unc), Audience::Operator { .. }) = (self.too_vague, for_whom) {
            let window = u64::try_from(self.config.window.as_micros()).unwrap_or(u64::MAX);
            parts.push(Widget::text(crate::vague(unc, window), Level::Bad));
        }
        View::new(phase, headline, parts)
    }

    pub(crate) fn explained(&self) -> Text {
        let needed = self.needed();
        match &self.stage {
            Stage::Waiting => Text::new(
                format!("il en faut {needed} ensemble, ce n'est pas encore arrivé"),
                format!("{needed} must press together, and have not yet"),
            ),
            Stage::Holding { slipping: false, .. } => {
                Text::new(format!("{needed} tiennent"), format!("{needed} are holding"))
            }
            Stage::Holding { slipping: true, .. } => Text::new(
                "quelqu'un a lâché, un instant reste pour reprendre",
                "somebody let go, a moment is left to hold again",
            ),
            Stage::Solved(why) => why.clone(),
            Stage::Over => Text::new("abandonné", "it was called off"),
        }
    }
}
