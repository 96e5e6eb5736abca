//! What an effect leaves behind: a line beside its cause, and a message to everybody. A replay expects the same.

use super::message;
use crate::engine::text;
use crate::journal::{EffectKind, Ending, Kind, json};
use eg_game::{Effect, Finish};
use eg_proto::{SlotId, Subject};
use serde_json::{Value, json};

/// A line of the journal that an effect leaves.
#[derive(Debug, PartialEq)]
pub(in crate::engine) struct EffectRecord {
    pub(in crate::engine) kind: Kind,
    /// Whether it is about the slot that caused it; else it is about the session.
    pub(in crate::engine) of_slot: bool,
    pub(in crate::engine) body: Value,
}

/// The line that an effect of the entry `cause` leaves. Outputs and timers leave none.
pub(in crate::engine) fn line(effect: &Effect, cause: i64) -> Option<EffectRecord> {
    let (kind, of_slot, body) = match effect {
        Effect::Open(question) => (Kind::Note, false, text::opened(question)),
        Effect::Retell(question) => (Kind::Note, false, text::retold(question)),
        Effect::Result(result) => (Kind::Result, false, json(result)),
        Effect::Refuse { why } | Effect::RefuseAct { why } => {
            (Kind::Refused, true, json!({ "why": why, "entry": cause }))
        }
        Effect::Note { line, ruling: None } => (Kind::Note, false, json!({ "line": line })),
        Effect::Note { line, ruling: Some(ruling) } => {
            (Kind::Note, false, json!({ "line": line, "ruling": ruling }))
        }
        Effect::Finish(finish) => (Kind::Status, false, text::ended(&ending(finish))),
        Effect::Tell { slot, subject, .. } | Effect::Show { slot, subject, .. } => {
            if message::subject(slot, subject).is_some() {
                return None;
            }
            (Kind::Refused, true, text::cannot_tell(slot, subject))
        }
        Effect::Set { .. }
        | Effect::Cue { .. }
        | Effect::After { .. }
        | Effect::Cancel { .. }
        | Effect::Deadline { .. }
        | Effect::Out { .. }
        | Effect::Back { .. } => return None,
    };
    Some(EffectRecord { kind, of_slot, body })
}

/// What an effect tells everybody, or one slot.
#[derive(Debug, PartialEq)]
pub(in crate::engine) struct Message {
    pub(in crate::engine) kind: EffectKind,
    pub(in crate::engine) slot: Option<SlotId>,
    pub(in crate::engine) subject: Option<Subject>,
    pub(in crate::engine) body: Value,
}

/// What an effect tells once: older installations, the question and the result; a device, its answer. The question and
/// the result of its room each slot is told as they stand after the commit, and so what a game shows there.
pub(in crate::engine) fn message(effect: &Effect) -> Option<Message> {
    let to_all = |kind, body| Some(Message { kind, slot: None, subject: None, body });
    match effect {
        Effect::Open(question) => to_all(EffectKind::Step, json(&message::night_step(question))),
        Effect::Result(result) => to_all(EffectKind::Result, json(&message::night_result(result))),
        Effect::Tell { slot, subject, body } => {
            let subject = Some(message::subject(slot, subject)?);
            let (kind, slot, body) = (EffectKind::Tell, Some(slot.clone()), body.clone());
            Some(Message { kind, slot, subject, body })
        }
        Effect::Retell(_)
        | Effect::Refuse { .. }
        | Effect::RefuseAct { .. }
        | Effect::Note { .. }
        | Effect::Finish(_)
        | Effect::Set { .. }
        | Effect::Cue { .. }
        | Effect::After { .. }
        | Effect::Cancel { .. }
        | Effect::Deadline { .. }
        | Effect::Show { .. }
        | Effect::Out { .. }
        | Effect::Back { .. } => None,
    }
}

/// How a session ends that its game ends.
pub(in crate::engine) fn ending(finish: &Finish) -> Ending {
    match finish {
        Finish::Done => Ending::Done,
        Finish::Aborted => Ending::Aborted,
    }
}
