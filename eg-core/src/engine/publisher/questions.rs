//! What slots are told of their room's question and its result: a state at the broker for each slot, because agents do
//! not know of rooms. Under `compat` one room is told on the topics of older installations too.

use crate::engine::Engine;
use crate::engine::effects::message;
use crate::engine::effects::message::OutgoingMessage;
use crate::engine::effects::record::Message;
use crate::engine::session::live::LiveSession;
use crate::journal::{EffectKind, StoredEffect};
use eg_game::{Question, StepResult};
use eg_proto::{
    NightResult, NightStatus, RoomId, SlotId, SlotQuestion, SlotResult, Timestamp, Topic, encode,
};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What happened in a round, as far as it decides what is told after it.
#[derive(Debug)]
pub(in crate::engine) struct News {
    pub(in crate::engine) now: Timestamp,
    /// The connection to the broker is new: everything is told again.
    pub(in crate::engine) all: bool,
    /// Slots that said hello: each is told what stands there, so that it knows that this core tells it.
    pub(in crate::engine) greeted: BTreeSet<SlotId>,
    /// Steps of which older installations are told the result.
    pub(in crate::engine) closed: BTreeSet<u32>,
}

/// What stands in a room.
#[derive(Debug)]
pub(in crate::engine) struct AskedInRoom {
    slots: Vec<SlotId>,
    open: Vec<Question>,
    answer: Option<(String, StepResult)>,
}

/// What a slot was told.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::engine) struct ShownAtSlot {
    question: Option<SlotQuestion>,
    result: Option<SlotResult>,
}

/// What stands in the room of a session, and where it is told.
struct OpenQuestions<'a> {
    room: &'a RoomId,
    slots: Vec<&'a SlotId>,
    open: &'a [Question],
    answer: Option<(&'a str, &'a StepResult)>,
}

impl News {
    pub(in crate::engine) fn closed_in(effects: &[StoredEffect]) -> BTreeSet<u32> {
        let results = effects.iter().filter(|effect| effect.kind == EffectKind::Result);
        let step = |effect: &StoredEffect| {
            serde_json::from_str::<NightResult>(&effect.body).map(|result| result.step)
        };
        results.filter_map(|effect| step(effect).ok()).collect()
    }
}

impl Engine {
    /// Whether something that is told once is told at all: on the topics of older installations, what happens in their
    /// room under `compat`.
    pub(in crate::engine) fn is_told(&self, session: i64, message: &Message) -> bool {
        let room = self.rooms.compat.as_ref().and_then(|room| self.rooms.sessions.get(room));
        !message.kind.is_old() || (self.compat && room.is_some_and(|run| run.id == session))
    }

    /// Tells each slot the question and the result of the room in which it plays, where they have changed.
    pub(in crate::engine) fn publish_questions(
        &mut self,
        news: &News,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        let standing = standing(&self.rooms.sessions);
        let known = |it: &OpenQuestions<'_>| {
            self.publisher.asked.get(it.room).is_some_and(|asked| asked.is(it))
        };
        let same = standing.len() == self.publisher.asked.len() && standing.iter().all(known);
        if same && !news.all && news.greeted.is_empty() {
            return;
        }
        let mut now: BTreeMap<SlotId, ShownAtSlot> = BTreeMap::new();
        for it in &standing {
            for slot in &it.slots {
                let question = of_slot(slot, it.open);
                let result = it.answer.map(|(question, result)| slot_result(question, result));
                now.insert((*slot).clone(), ShownAtSlot { question, result });
            }
        }
        let asked =
            standing.into_iter().map(|it| (it.room.clone(), AskedInRoom::of(&it))).collect();
        let before = std::mem::replace(&mut self.publisher.asked, asked);
        self.publish_clear_outs(&before, news, messages);

        let mut slots: BTreeSet<SlotId> =
            now.keys().chain(self.publisher.questions.keys()).cloned().collect();
        slots.extend(news.greeted.iter().cloned());
        if news.all {
            slots.extend(self.slots.known.keys().cloned());
        }
        for slot in slots {
            let stands = now.remove(&slot).unwrap_or_default();
            let told = self.publisher.questions.get(&slot);
            let again = news.all || news.greeted.contains(&slot);
            let nothing = ShownAtSlot::default();
            let told = told.unwrap_or(&nothing);
            if again || told.question != stands.question {
                messages.push(state(Topic::Question(slot.clone()), stands.question.as_ref()));
            }
            if again || told.result != stands.result {
                messages.push(state(Topic::Result(slot.clone()), stands.result.as_ref()));
            }
            if stands == nothing {
                self.publisher.questions.remove(&slot);
            } else {
                self.publisher.questions.insert(slot, stands);
            }
        }
    }

    /// Older installations learn of a question by `eg/night/step` and take it away with its result. One that is gone
    /// without a result, because its session ended or an act was undone, is called off there.
    fn publish_clear_outs(
        &self,
        before: &BTreeMap<RoomId, AskedInRoom>,
        news: &News,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        let Some(room) = self.rooms.compat.as_ref().filter(|_| self.compat) else { return };
        let open = |asked: &BTreeMap<RoomId, AskedInRoom>| -> BTreeSet<u32> {
            let open = asked.get(room).map(|it| it.open.as_slice()).unwrap_or_default();
            open.iter().map(|question| question.step).collect()
        };
        let now = open(&self.publisher.asked);
        for step in open(before) {
            if now.contains(&step) || news.closed.contains(&step) {
                continue;
            }
            let result = NightResult {
                step,
                status: NightStatus::Aborted,
                next_step: step.saturating_add(1),
                outcome: None,
                tally: serde_json::Map::new(),
                votes: 0,
                expected: 0,
            };
            messages.push(OutgoingMessage {
                topic: Topic::NightResult,
                payload: encode(&result),
                retained: false,
                effect: None,
                expires: None,
            });
        }
    }
}

impl AskedInRoom {
    fn of(standing: &OpenQuestions<'_>) -> Self {
        let answer =
            standing.answer.map(|(question, result)| (question.to_owned(), result.clone()));
        let slots = standing.slots.iter().map(|slot| (*slot).clone()).collect();
        Self { slots, open: standing.open.to_vec(), answer }
    }

    fn is(&self, standing: &OpenQuestions<'_>) -> bool {
        let answer = self.answer.as_ref().map(|(question, result)| (question.as_str(), result));
        self.slots.iter().eq(standing.slots.iter().copied())
            && self.open == standing.open
            && answer == standing.answer
    }
}

/// What stands in each room where something does. A slot that sits in two sessions hears the one that takes its presses.
fn standing(runs: &BTreeMap<RoomId, LiveSession>) -> Vec<OpenQuestions<'_>> {
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

/// The questions that are open, as one slot is told them: the latest first.
fn of_slot(slot: &SlotId, open: &[Question]) -> Option<SlotQuestion> {
    let (latest, others) = open.split_last()?;
    let also = others.iter().map(|question| slot_question(slot, question)).collect();
    Some(SlotQuestion { also, ..slot_question(slot, latest) })
}

fn slot_question(slot: &SlotId, question: &Question) -> SlotQuestion {
    let Question { step, question, options, keys } = question.clone();
    let layout = keys.into_iter().find(|layout| layout.slots.contains(slot));
    let (inputs, abstain) = layout.map_or_else(Default::default, |it| (it.inputs, it.abstain));
    let keys = options
        .iter()
        .zip(inputs)
        .flat_map(|(option, inputs)| inputs.into_iter().map(move |input| (input, option.clone())));
    let keys = keys.collect();
    SlotQuestion { step, question, options, keys, abstain, also: Vec::new() }
}

fn slot_result(question: &str, result: &StepResult) -> SlotResult {
    let (question, why) = (question.to_owned(), result.why.clone());
    SlotResult { result: message::night_result(result), question, why }
}

/// A state that the broker keeps, or no longer.
fn state(topic: Topic, stands: Option<&impl Serialize>) -> OutgoingMessage {
    OutgoingMessage::retained(topic, stands.map(|it| encode(it)).unwrap_or_default())
}
