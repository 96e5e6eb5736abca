//! Questions and results of a room, and the same as a slot is told them.

use crate::engine::effects::message::{self, OutgoingMessage};
use crate::engine::session::act_log::OpenQuestion;
use crate::engine::session::live::LiveSession;
use eg_game::{Question, StepResult};
use eg_proto::{RoomId, SlotId, SlotQuestion, SlotResult, Topic, encode};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Question and result of a room, as last published.
#[derive(Debug)]
pub(in crate::engine) struct AskedInRoom {
    pub(super) slots: Vec<SlotId>,
    pub(super) open: Vec<OpenQuestion>,
    pub(super) answer: Option<(String, StepResult)>,
}

/// Question and result of a slot, as last published.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::engine) struct ShownAtSlot {
    pub(super) question: Option<SlotQuestion>,
    pub(super) result: Option<SlotResult>,
}

/// Open questions and last result of a room, with the slots to which they are published.
pub(super) struct OpenQuestions<'a> {
    pub(super) room: &'a RoomId,
    pub(super) slots: Vec<&'a SlotId>,
    pub(super) open: &'a [OpenQuestion],
    pub(super) answer: Option<(&'a str, &'a StepResult)>,
}

impl AskedInRoom {
    pub(super) fn of(standing: &OpenQuestions<'_>) -> Self {
        let answer =
            standing.answer.map(|(question, result)| (question.to_owned(), result.clone()));
        let slots = standing.slots.iter().map(|slot| (*slot).clone()).collect();
        Self { slots, open: standing.open.to_vec(), answer }
    }

    pub(super) fn is(&self, standing: &OpenQuestions<'_>) -> bool {
        let answer = self.answer.as_ref().map(|(question, result)| (question.as_str(), result));
        self.slots.iter().eq(standing.slots.iter().copied())
            && self.open == standing.open
            && answer == standing.answer
    }
}

/// Returns questions and results of each room that has any. A slot with seats in two sessions gets those of the session
/// that takes its presses.
pub(super) fn standing(runs: &BTreeMap<RoomId, LiveSession>) -> Vec<OpenQuestions<'_>> {
    let mut taken: BTreeSet<&SlotId> = BTreeSet::new();
    let mut standing = Vec::new();
    for (room, run) in runs.iter().filter(|(_, run)| run.is_running()) {
        let seats = run.roster.seats.iter().map(|seat| &seat.slot);
        let slots: Vec<_> = seats.filter(|slot| taken.insert(slot)).collect();
        let (open, answer) = run.asked();
        if !open.is_empty() || answer.is_some() {
            standing.push(OpenQuestions { room, slots, open, answer });
        }
    }
    standing
}

/// Converts open questions to the message for one slot, the latest first; `None` if none is open.
pub(super) fn of_slot(slot: &SlotId, open: &[OpenQuestion]) -> Option<SlotQuestion> {
    let (latest, others) = open.split_last()?;
    let also = others.iter().map(|question| slot_question(slot, question)).collect();
    Some(SlotQuestion { also, ..slot_question(slot, latest) })
}

fn slot_question(slot: &SlotId, open: &OpenQuestion) -> SlotQuestion {
    let OpenQuestion { question, round } = open.clone();
    let Question { step, question, options, keys } = question;
    let layout = keys.into_iter().find(|layout| layout.slots.contains(slot));
    let (inputs, abstain) = layout.map_or_else(Default::default, |it| (it.inputs, it.abstain));
    let keys = options
        .iter()
        .zip(inputs)
        .flat_map(|(option, inputs)| inputs.into_iter().map(move |input| (input, option.clone())));
    let keys = keys.collect();
    let round = Some(round).filter(|round| *round > 1);
    SlotQuestion { step, round, question, options, keys, abstain, also: Vec::new() }
}

pub(super) fn slot_result(question: &str, result: &StepResult) -> SlotResult {
    let (question, why) = (question.to_owned(), result.why.clone());
    SlotResult { result: message::night_result(result), question, why }
}

/// Builds a retained state, or removes it when `stands` is `None`.
pub(super) fn state(topic: Topic, stands: Option<&impl Serialize>) -> OutgoingMessage {
    OutgoingMessage::retained(topic, stands.map(|it| encode(it)).unwrap_or_default())
}
