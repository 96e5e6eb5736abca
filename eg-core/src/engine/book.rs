//! What a session remembers: what the operator did in it, the hints that stand, and what it has told the world last.

use super::history::UNDO;
use crate::state::{Deed, Hint};
use eg_game::{Act, Effect, Question, Roster, StepResult, Text};
use eg_proto::{OutputName, Set, SlotId};
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};

/// Acts that are remembered, and so can be undone.
const REMEMBERED: usize = 200;
/// Acts that pages list.
const SHOWN: usize = 30;
/// The longest hint, in characters: it has to be read from across a room.
const LONGEST: usize = 400;

/// Acts that every session knows and no game hears of.
pub(super) const OF_CORE: [&str; 2] = ["reveal", "hint"];

/// The memory of one session.
#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    deeds: VecDeque<Deed>,
    hints: BTreeMap<Option<SlotId>, String>,
    /// The last question or result.
    told: Option<Effect>,
    /// The questions that are open, in the order in which they were opened.
    open: Vec<Question>,
    /// The words of the question that the last result answers.
    answered: String,
    /// What each output was told last.
    sets: BTreeMap<(SlotId, OutputName), Set>,
}

#[derive(Deserialize)]
struct HintArgs {
    #[serde(default)]
    slot: String,
    #[serde(default)]
    text: String,
}

impl Book {
    pub(super) fn write(&mut self, deed: Deed) {
        if self.deeds.len() == REMEMBERED {
            self.deeds.pop_front();
        }
        self.deeds.push_back(deed);
    }

    /// The acts that were undone.
    pub(super) fn undone(&self) -> impl Iterator<Item = i64> {
        self.deeds.iter().filter(|deed| deed.undone.is_some()).map(|deed| deed.entry)
    }

    /// Whether the act with this number can be undone.
    ///
    /// # Errors
    /// Why not.
    pub(super) fn may_undo(&self, entry: i64) -> Result<(), Text> {
        let Some(deed) = self.deeds.iter().find(|deed| deed.entry == entry) else {
            return Err(Text::new(
                format!("l'action {entry} n'est pas des {REMEMBERED} dernières de cette partie"),
                format!("act {entry} is none of the latest {REMEMBERED} of this session"),
            ));
        };
        if deed.undone.is_some() {
            return Err(Text::new(
                format!("l'action {entry} est déjà annulée"),
                format!("act {entry} is undone already"),
            ));
        }
        if deed.can_undo {
            return Ok(());
        }
        let name = &deed.name;
        Err(Text::new(
            format!("l'action {entry} ({name}) ne s'annule pas"),
            format!("act {entry} ({name}) cannot be undone"),
        ))
    }

    /// Takes over the acts of the past that this one replaces, in which `target` is now undone by `by`.
    pub(super) fn take_over(&mut self, old: &Self, target: i64, by: i64) {
        self.deeds.clone_from(&old.deeds);
        for deed in self.deeds.iter_mut().filter(|deed| deed.entry == target) {
            deed.undone = Some(by);
            deed.can_undo = false;
        }
    }

    /// The last result, when no question has been opened since.
    pub(super) fn result(&self) -> Option<&StepResult> {
        match &self.told {
            Some(Effect::Result(result)) => Some(result),
            Some(_) | None => None,
        }
    }

    /// The last result and the question that it answers, when no question has been opened since.
    pub(super) fn answer(&self) -> Option<(&str, &StepResult)> {
        self.result().map(|result| (self.answered.as_str(), result))
    }

    /// The questions that are open, in the order in which they were opened.
    pub(super) fn open(&self) -> &[Question] {
        &self.open
    }

    /// The latest acts, oldest first.
    pub(super) fn shown(&self) -> Vec<Deed> {
        let skipped = self.deeds.len().saturating_sub(SHOWN);
        self.deeds.iter().skip(skipped).cloned().collect()
    }

    /// Lets a hint be read; an empty one takes it away.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn hint(&mut self, act: &Act, roster: &Roster) -> Result<(), Text> {
        let HintArgs { slot, text } =
            act.args().map_err(|error| eg_page::say(error.to_string()))?;
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(Text::new(
                format!("un indice compte {LONGEST} caractères au plus"),
                format!("a hint has {LONGEST} characters at most"),
            ));
        }
        let place = match slot.trim() {
            "" => None,
            slot => {
                let seat = roster.seats.iter().find(|seat| seat.slot.as_str() == slot);
                let stranger = || {
                    let here: Vec<_> = roster.seats.iter().map(|seat| seat.slot.as_str()).collect();
                    let here = here.join(", ");
                    Text::new(
                        format!("{slot} ne joue pas ; ici : {here}, ou vide pour la salle"),
                        format!("{slot} does not play; here: {here}, or empty for the room"),
                    )
                };
                Some(seat.ok_or_else(stranger)?.slot.clone())
            }
        };
        if text.is_empty() {
            self.hints.remove(&place);
        } else {
            self.hints.insert(place, text.to_owned());
        }
        Ok(())
    }

    /// No hint stands any more: the session is over.
    pub(super) fn clear_hints(&mut self) {
        self.hints.clear();
    }

    pub(super) fn hints(&self) -> Vec<Hint> {
        let hint = |(slot, text): (&Option<SlotId>, &String)| Hint {
            slot: slot.clone(),
            text: text.clone(),
        };
        self.hints.iter().map(hint).collect()
    }

    /// The hints as lines of what the operator sees.
    pub(super) fn hint_lines(&self) -> impl Iterator<Item = Text> {
        self.hints.iter().map(|(slot, text)| match slot {
            Some(slot) => {
                Text::new(format!("indice à {slot} : {text}"), format!("hint at {slot}: {text}"))
            }
            None => Text::new(format!("indice : {text}"), format!("hint: {text}")),
        })
    }

    /// Takes note of what the world is told.
    pub(super) fn tells(&mut self, effect: &Effect) {
        match effect {
            Effect::Open(question) => {
                self.open.retain(|open| open.step != question.step);
                self.open.push(question.clone());
                self.told = Some(effect.clone());
            }
            Effect::Result(result) => {
                let same = |open: &mut Question| open.step == result.step;
                let answered = self.open.extract_if(.., same).last();
                self.answered = answered.map(|open| open.question).unwrap_or_default();
                self.told = Some(effect.clone());
            }
            Effect::Retell(question) => {
                let same = |known: &&mut Question| known.step == question.step;
                if let Some(known) = self.open.iter_mut().find(same) {
                    known.clone_from(question);
                }
            }
            Effect::Set { slot, output, set } => {
                self.sets.insert((slot.clone(), output.clone()), set.clone());
            }
            Effect::Cue { .. }
            | Effect::After { .. }
            | Effect::Cancel { .. }
            | Effect::Deadline { .. }
            | Effect::Refuse { .. }
            | Effect::RefuseAct { .. }
            | Effect::Note { .. }
            | Effect::Send { .. }
            | Effect::Retain { .. }
            | Effect::Out { .. }
            | Effect::Back { .. }
            | Effect::Finish(_) => {}
        }
    }

    /// What the world must be told once this takes the place of `old`: the question or the result, and outputs that
    /// stand otherwise. What an output was before it was first told anything nobody knows: it stays as it is.
    pub(super) fn told_otherwise(&self, old: &Self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.told != old.told {
            effects.extend(self.told.clone());
        }
        for (place, set) in &self.sets {
            if old.sets.get(place) != Some(set) {
                let (slot, output) = place.clone();
                effects.push(Effect::Set { slot, output, set: set.clone() });
            }
        }
        effects
    }
}

/// Whether an act of this name can be undone: not what nobody can forget, nor the undoing itself.
pub(super) fn can_undo(name: &str) -> bool {
    !matches!(name, "start" | "reveal" | UNDO)
}

/// The words of an act that no game offers.
pub(super) fn label(name: &str) -> Text {
    match name {
        "start" => Text::new("Commencer", "Start"),
        "reveal" => Text::new("Révéler", "Reveal"),
        "hint" => Text::new("Donner un indice", "Give a hint"),
        "abort" => Text::new("Abandonner la partie", "Abort the session"),
        UNDO => Text::new("Annuler une action", "Undo an act"),
        name => Text::same(name),
    }
}
