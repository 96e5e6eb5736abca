//! Act log of a session: the operator's acts, and the last messages to slots.

use super::clock::TIME;
use super::forced::{FORCE, RELEASE};
use super::hints::HINT;
use crate::engine::read_model::ActRecord;
use eg_game::{Effect, Question, StepResult, Text};
use eg_proto::{OutputName, Set, SlotId};
use std::collections::{BTreeMap, VecDeque};

/// Name of the act that undoes another.
pub(in crate::engine) const UNDO: &str = "undo";

/// Number of acts that are remembered, and so can be undone.
const REMEMBERED: usize = 200;
/// Number of acts that pages list.
const SHOWN: usize = 30;

/// Names of acts that every session handles without its game.
pub(in crate::engine) const OF_CORE: [&str; 3] = ["reveal", HINT, TIME];

/// Acts, questions and outputs that one session remembers.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct ActLog {
    deeds: VecDeque<ActRecord>,
    /// Last question or result that was sent.
    told: Option<Effect>,
    /// Open questions, in the order in which they were opened.
    open: Vec<OpenQuestion>,
    /// Number of times that each step's question was opened.
    rounds: BTreeMap<u32, u32>,
    /// Text of the question that the last result answers.
    answered: String,
    /// Last command to each output.
    sets: BTreeMap<(SlotId, OutputName), Set>,
}

/// A question that is open.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::engine) struct OpenQuestion {
    pub(in crate::engine) question: Question,
    /// Number of times that the step's question was opened in the session so far: a vote after a tie, or one that begins
    /// anew, may ask word for word what was asked before, and what was chosen then no longer counts.
    pub(in crate::engine) round: u32,
}

impl ActLog {
    pub(in crate::engine) fn write(&mut self, deed: ActRecord) {
        if self.deeds.len() == REMEMBERED {
            self.deeds.pop_front();
        }
        self.deeds.push_back(deed);
    }

    /// Returns the numbers of acts that were undone.
    pub(in crate::engine) fn undone(&self) -> impl Iterator<Item = i64> {
        self.deeds.iter().filter(|deed| deed.undone.is_some()).map(|deed| deed.entry)
    }

    /// Checks that the act with this number can be undone.
    ///
    /// # Errors
    /// Returns the reason if it cannot: unknown, undone already, or of a kind that is never undone.
    pub(in crate::engine) fn may_undo(&self, entry: i64) -> Result<(), Text> {
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

    /// Takes over the acts of the session that this one replaces, and marks `target` as undone by `by`.
    pub(in crate::engine) fn take_over(&mut self, old: &Self, target: i64, by: i64) {
        self.deeds.clone_from(&old.deeds);
        for deed in self.deeds.iter_mut().filter(|deed| deed.entry == target) {
            deed.undone = Some(by);
            deed.can_undo = false;
        }
    }

    /// Returns the last result, if no question has been opened since.
    pub(in crate::engine) fn result(&self) -> Option<&StepResult> {
        match &self.told {
            Some(Effect::Result(result)) => Some(result),
            Some(_) | None => None,
        }
    }

    /// Returns the last result and the text of its question, if no question has been opened since.
    pub(in crate::engine) fn answer(&self) -> Option<(&str, &StepResult)> {
        self.result().map(|result| (self.answered.as_str(), result))
    }

    /// Returns the open questions, in the order in which they were opened.
    pub(in crate::engine) fn open(&self) -> &[OpenQuestion] {
        &self.open
    }

    /// Returns the latest acts, oldest first, as many as pages list.
    pub(in crate::engine) fn shown(&self) -> Vec<ActRecord> {
        let skipped = self.deeds.len().saturating_sub(SHOWN);
        self.deeds.iter().skip(skipped).cloned().collect()
    }

    /// Remembers a question, result or output that an effect sends.
    pub(in crate::engine) fn tells(&mut self, effect: &Effect) {
        match effect {
            Effect::Open(question) => {
                self.open.retain(|open| open.question.step != question.step);
                let round = self.rounds.entry(question.step).or_default();
                *round = round.saturating_add(1);
                self.open.push(OpenQuestion { question: question.clone(), round: *round });
                self.told = Some(effect.clone());
            }
            Effect::Result(result) => {
                let same = |open: &mut OpenQuestion| open.question.step == result.step;
                let answered = self.open.extract_if(.., same).last();
                self.answered = answered.map(|open| open.question.question).unwrap_or_default();
                self.told = Some(effect.clone());
            }
            Effect::Retell(question) => {
                let same = |known: &&mut OpenQuestion| known.question.step == question.step;
                if let Some(known) = self.open.iter_mut().find(same) {
                    known.question.clone_from(question);
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

    /// Returns the outputs that were last set to anything other than off and a pulse, which ends by itself.
    pub(in crate::engine) fn left_on(&self) -> impl Iterator<Item = (&SlotId, &OutputName)> {
        let on = |set: &Set| !matches!(set, Set::Off | Set::Pulse(_));
        self.sets.iter().filter(move |(_, set)| on(set)).map(|((slot, output), _)| (slot, output))
    }

    /// Returns the effects to send when this log replaces `old`: the question or result, and outputs that differ. An
    /// output that was never set here is left alone, because its earlier state is unknown.
    pub(in crate::engine) fn told_otherwise(&self, old: &Self) -> Vec<Effect> {
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

/// Returns `true` for acts that can be undone: all but `start`, `reveal` and `undo` itself.
pub(in crate::engine) fn can_undo(name: &str) -> bool {
    !matches!(name, "start" | "reveal" | UNDO)
}

/// Returns the label of an act that no game offers.
pub(in crate::engine) fn label(name: &str) -> Text {
    match name {
        "start" => Text::new("Commencer", "Start"),
        "reveal" => Text::new("Révéler", "Reveal"),
        FORCE => Text::new("Forcer une entrée", "Force an input"),
        RELEASE => Text::new("Libérer une entrée", "Release an input"),
        HINT => Text::new("Donner un indice", "Give a hint"),
        TIME => Text::new("Donner ou ôter du temps", "Give or take time"),
        "abort" => Text::new("Abandonner la partie", "Abort the session"),
        UNDO => Text::new("Annuler une action", "Undo an act"),
        name => Text::same(name),
    }
}
