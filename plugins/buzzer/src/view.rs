//! Picture for each audience: everything; a quiz has no secrets.

use crate::{Buzzer, Earlier, Stage};
use eg_game::millis;
use eg_game::prelude::*;

impl Buzzer {
    fn phase(&self) -> (&'static str, Text) {
        if self.over {
            return ("over", Text::new("Le quiz est fini", "The quiz is over"));
        }
        match &self.stage {
            Stage::RollCall => {
                ("roll-call", Text::new("Chacun appuie une fois", "Everybody presses once"))
            }
            Stage::Reading => {
                ("reading", Text::new("Écoutez la question", "Listen to the question"))
            }
            Stage::Armed { .. } => ("armed", Text::new("À vos buzzers", "Buzz now")),
            Stage::Window { .. } => ("window", Text::new("Buzz !", "Buzz!")),
            Stage::Locked { first, .. } => {
                let names: Vec<_> = first.iter().map(|slot| self.name(slot)).collect();
                ("locked", Text::new(names.join(" et "), names.join(" and ")))
            }
            Stage::Dead => ("dead", Text::new("Question finie", "The question is over")),
        }
    }

    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let (phase, mut headline) = self.phase();
        if let (Stage::Locked { first, .. }, Audience::Slot(slot)) = (&self.stage, for_whom)
            && first.contains(slot)
        {
            headline = Text::new("À vous de répondre", "Your turn to answer");
        }
        let number = self.number;
        let question = Text::new(format!("Question {number}"), format!("Question {number}"));
        let mut parts = vec![Widget::text(question, Level::Plain)];
        if let Stage::RollCall = self.stage {
            let players = self.roster.alive(None).map(|seat| &seat.slot);
            let missing: Vec<SlotId> =
                players.filter(|slot| !self.present.contains(*slot)).cloned().collect();
            let expected = self.roster.alive(None).count();
            let heard = expected - missing.len();
            let count = |number| u32::try_from(number).unwrap_or(u32::MAX);
            parts.push(Widget::Turnout { votes: count(heard), expected: count(expected), missing });
        }
        if let Stage::Locked { race, earlier, why, first, .. } = &self.stage {
            parts.push(Widget::text(why.clone(), Level::Good));
            let title = Text::new("Ordre des appuis", "Order of presses");
            parts.push(Widget::List { title, rows: order(race, first) });
            parts.extend(earlier.iter().map(too_late));
        }
        if let Audience::Slot(slot) = for_whom
            && self.tried.contains(slot)
            && !matches!(self.stage, Stage::Dead | Stage::RollCall)
        {
            let words = Text::new("Plus pour cette question", "Not in this question any more");
            parts.push(Widget::text(words, Level::Warn));
        }
        if let Stage::Dead = self.stage {
            parts.push(Widget::text(self.last.clone(), Level::Plain));
        }
        parts.push(self.score());
        View::new(phase, headline, parts)
    }

    fn score(&self) -> Widget {
        let points = |slot: &SlotId| self.points.get(slot).copied().unwrap_or(0);
        let bars: Vec<Bar> = self
            .roster
            .seats
            .iter()
            .map(|seat| Bar {
                label: Text::same(&seat.name),
                votes: points(&seat.slot),
                won: false,
            })
            .collect();
        let of = bars.iter().map(|bar| bar.votes).max().unwrap_or(0).max(1);
        Widget::Tally { title: Text::new("Points", "Points"), bars, of }
    }

    pub(crate) fn explained(&self) -> Text {
        match &self.stage {
            Stage::RollCall if !self.silent().is_empty() => {
                let silent = self.silent().join(", ");
                Text::new(
                    format!("rien entendu de {silent}"),
                    format!("nothing was heard of {silent}"),
                )
            }
            Stage::RollCall => Text::new("tous les buzzers répondent", "every buzzer answers"),
            Stage::Reading => Text::new(
                "la question est lue, les buzzers ne sont pas armés",
                "the question is being read, the buzzers are not armed",
            ),
            Stage::Armed { .. } => {
                let left = self.left().count();
                Text::new(
                    format!("armé pour {left} joueurs, personne n'a appuyé"),
                    format!("armed for {left} players, nobody has pressed"),
                )
            }
            Stage::Window { race, .. } => {
                let number = race.order().len();
                Text::new(
                    format!("{number} appuis, un plus rapide peut encore arriver"),
                    format!("{number} presses, an earlier one may still arrive"),
                )
            }
            Stage::Locked { why, .. } => why.clone(),
            Stage::Dead => self.last.clone(),
        }
    }
}

fn order(race: &Race, first: &[SlotId]) -> Vec<Row> {
    let start = race.order().first().map(|press| press.at).unwrap_or_default();
    let row = |press: &eg_game::TimedPress| {
        let after = millis(crate::pressing::micros(press.at.since(start)));
        let unc = millis(press.unc_us);
        let text = |after: &str, unc: &str| format!("+{after} ± {unc}");
        Row {
            slot: Some(press.slot.clone()),
            text: Text::new(text(&after.fr, &unc.fr), text(&after.en, &unc.en)),
            level: if first.contains(&press.slot) { Level::Good } else { Level::Plain },
        }
    };
    race.order().iter().map(row).collect()
}

fn too_late(earlier: &Earlier) -> Widget {
    let (slot, by) = (&earlier.press.slot, millis(earlier.by_us));
    let words = Text::new(
        format!("{slot} : {} plus tôt, trop tard selon la règle", by.fr),
        format!("{slot}: {} earlier, too late by rule", by.en),
    );
    Widget::text(words, Level::Warn)
}
