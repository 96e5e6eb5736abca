//! Picture for each audience: players see whether it is solved, the operator how each thing stands.

use crate::predicate::Predicate;
use crate::{Combination, Stage};
use eg_game::prelude::*;

impl Combination {
    pub(crate) fn seen_by(&self, for_whom: &Audience) -> View {
        let (phase, headline) = match &self.stage {
            Stage::Unsolved => ("unsolved", Text::new("Pas encore résolu", "Not solved yet")),
            Stage::Settling(_) => ("settling", Text::new("Presque", "Nearly")),
            Stage::Solved(_) => ("solved", Text::new("Résolu", "Solved")),
            Stage::Over => ("over", Text::new("Abandonné", "Called off")),
        };
        let mut parts = Vec::new();
        if let Stage::Solved(why) = &self.stage {
            parts.push(Widget::text(why.clone(), Level::Good));
        }
        if let Audience::Operator { .. } = for_whom {
            if let Stage::Settling(ends) = self.stage {
                let label = Text::new("Doit tenir encore", "Must stand for");
                parts.push(Widget::Timer { label, ends });
            }
            if self.is_found_solved() {
                let why = Text::new(
                    "Tout est déjà en place : rien ne s'ouvre avant que quelque chose ait été déplacé.",
                    "Everything stands right already: nothing opens until something has been moved.",
                );
                parts.push(Widget::text(why, Level::Warn));
            }
            parts.push(self.conditions());
            parts.extend(self.pre_show());
        }
        View::new(phase, headline, parts)
    }

    fn conditions(&self) -> Widget {
        let mut leaves = Vec::new();
        self.config.when.leaves(&mut leaves);
        let row = |leaf: &Predicate| {
            let (fr, en, level) = match leaf.holds(&self.levels) {
                Some(true) => ("en place", "stands right", Level::Good),
                Some(false) => ("pas en place", "does not stand right", Level::Plain),
                None => ("inconnu", "not known", Level::Warn),
            };
            let what = said(leaf);
            let text = Text::new(format!("{} : {fr}", what.fr), format!("{}: {en}", what.en));
            Row { slot: leaf.place().map(|place| place.slot.clone()), text, level }
        };
        let rows = leaves.into_iter().map(row).collect();
        Widget::List { title: Text::new("Conditions", "Conditions"), rows }
    }

    /// List of what is not as it must be before the show begins.
    fn pre_show(&self) -> Option<Widget> {
        if self.was_unsolved && self.config.start.is_empty() || self.stage != Stage::Unsolved {
            return None;
        }
        let mut wrong: Vec<(&Predicate, bool)> = Vec::new();
        if self.config.start.is_empty() {
            let mut leaves = Vec::new();
            self.config.when.leaves(&mut leaves);
            let stands = |leaf: &&Predicate| leaf.holds(&self.levels) != Some(false);
            wrong.extend(leaves.into_iter().filter(stands).map(|leaf| (leaf, false)));
        } else {
            for predicate in &self.config.start {
                let mut leaves = Vec::new();
                predicate.leaves(&mut leaves);
                let holds = predicate.holds(&self.levels) == Some(true);
                wrong.extend(leaves.into_iter().filter(|_| !holds).map(|leaf| (leaf, true)));
            }
        }
        let row = |(leaf, wanted): (&Predicate, bool)| {
            let what = said(leaf);
            let text = if wanted {
                Text::new(format!("il faut {}", what.fr), format!("wanted: {}", what.en))
            } else {
                Text::new(format!("pas encore {}", what.fr), format!("not yet: {}", what.en))
            };
            Row { slot: leaf.place().map(|it| it.slot.clone()), text, level: Level::Warn }
        };
        let rows: Vec<Row> = wrong.into_iter().map(row).collect();
        let title = Text::new("Avant le jeu, à vérifier", "Before the show, check");
        (!rows.is_empty()).then_some(Widget::List { title, rows })
    }

    pub(crate) fn explained(&self) -> Text {
        match &self.stage {
            Stage::Solved(why) => why.clone(),
            Stage::Over => Text::new("abandonné", "it was called off"),
            Stage::Settling(_) => Text::new(
                "tout est en place, il faut que cela tienne",
                "everything stands right, and must stay so for a moment",
            ),
            Stage::Unsolved => match self.config.when.holds(&self.levels) {
                Some(false) => Text::new("tout n'est pas en place", "not everything stands right"),
                None => Text::new(
                    "on ne sait pas comment tout est placé",
                    "it is not known how everything stands",
                ),
                Some(true) => Text::new(
                    "tout était en place avant qu'on joue : cela ne compte pas",
                    "everything stood right before anybody played: that does not count",
                ),
            },
        }
    }
}

/// A single condition in words.
fn said(leaf: &Predicate) -> Text {
    match leaf {
        Predicate::On(at) => Text::new(format!("{at} allumé"), format!("{at} on")),
        Predicate::Off(at) => Text::new(format!("{at} éteint"), format!("{at} off")),
        Predicate::Tag { at, uid } => {
            Text::new(format!("badge {uid} sur {at}"), format!("tag {uid} on {at}"))
        }
        Predicate::Between { at, min, max } => {
            Text::new(format!("{at} entre {min} et {max}"), format!("{at} between {min} and {max}"))
        }
        Predicate::All(_) | Predicate::Any(_) | Predicate::Not(_) => Text::default(),
    }
}
