//! Publication of questions and results: a retained state for each slot, because agents do not know rooms. Under
//! `compat` one room is also published on the topics of older installations.

use super::News;
use super::questions::{
    AskedInRoom, OpenQuestions, ShownAtSlot, of_slot, slot_result, standing, state,
};
use crate::engine::Engine;
use crate::engine::effects::message::OutgoingMessage;
use crate::engine::effects::record::Message;
use eg_proto::{NightResult, NightStatus, RoomId, SlotId, Topic, encode};
use std::collections::{BTreeMap, BTreeSet};

impl Engine {
    /// Returns `true` if a message is to be sent: one for older installations only under `compat` and from their room,
    /// any other always.
    pub(in crate::engine) fn is_told(&self, session: i64, message: &Message) -> bool {
        let room = self.rooms.compat.as_ref().and_then(|room| self.rooms.sessions.get(room));
        !message.kind.is_old() || (self.compat && room.is_some_and(|run| run.id == session))
    }

    /// Publishes to each slot the question and the result of the room in which it plays, where they have changed.
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

    /// Publishes an aborted result to older installations for every question that is gone without a result, because its
    /// session ended or an act was undone. They learn of a question by `eg/night/step` and remove it with its result.
    fn publish_clear_outs(
        &self,
        before: &BTreeMap<RoomId, AskedInRoom>,
        news: &News,
        messages: &mut Vec<OutgoingMessage>,
    ) {
        let Some(room) = self.rooms.compat.as_ref().filter(|_| self.compat) else { return };
        let open = |asked: &BTreeMap<RoomId, AskedInRoom>| -> BTreeSet<u32> {
            let open = asked.get(room).map(|it| it.open.as_slice()).unwrap_or_default();
            open.iter().map(|open| open.question.step).collect()
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
