//! Records of effects: an entry beside the cause, and a message to slots or everybody. A replay expects the same.

use super::message;
use crate::engine::text;
use crate::journal::{EffectKind, Ending, Kind, json};
use eg_game::{Effect, Finish};
use eg_proto::{SlotId, Subject};
use serde_json::{Value, json};

/// Journal entry that an effect leaves.
#[derive(Debug, PartialEq)]
pub(in crate::engine) struct EffectRecord {
    pub(in crate::engine) kind: Kind,
    /// `true` if the entry belongs to the slot that caused the effect, `false` if to the session.
    pub(in crate::engine) of_slot: bool,
    pub(in crate::engine) body: Value,
}

/// Returns the journal entry that an effect of the entry `cause` leaves. Outputs and timers leave none.
pub(in crate::engine) fn line(effect: &Effect, cause: i64) -> Option<EffectRecord> {
    let (kind, of_slot, body) = match effect {
        Effect::Open(question) => (Kind::Note, false, text::opened(question)),
        Effect::Retell(question) => (Kind::Note, false, text::retold(question)),
        Effect::Result(result) => (Kind::Result, false, json(result)),
        Effect::Refuse { why, .. } | Effect::RefuseAct { why } => {
            (Kind::Refused, true, json!({ "why": why, "entry": cause }))
        }
        Effect::Note { line, ruling: None } => (Kind::Note, false, json!({ "line": line })),
        Effect::Note { line, ruling: Some(ruling) } => {
            (Kind::Note, false, json!({ "line": line, "ruling": ruling }))
        }
        Effect::Finish(finish) => (Kind::Status, false, text::ended(&ending(finish))),
        Effect::Send { slot, subject, .. } | Effect::Retain { slot, subject, .. } => {
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

/// Message that an effect sends to everybody, or to one slot.
#[derive(Debug, PartialEq)]
pub(in crate::engine) struct Message {
    pub(in crate::engine) kind: EffectKind,
    pub(in crate::engine) slot: Option<SlotId>,
    pub(in crate::engine) subject: Option<Subject>,
    pub(in crate::engine) body: Value,
}

/// Returns the message that an effect sends once: the question and the result to older installations, an answer to a
/// device. Slots learn question and result of their room, and what a game shows there, as states after the commit
/// instead.
pub(in crate::engine) fn message(effect: &Effect) -> Option<Message> {
    let to_all = |kind, body| Some(Message { kind, slot: None, subject: None, body });
    match effect {
        Effect::Open(question) => to_all(EffectKind::Step, json(&message::night_step(question))),
        Effect::Result(result) => to_all(EffectKind::Result, json(&message::night_result(result))),
        Effect::Send { slot, subject, body } => {
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
        | Effect::Retain { .. }
        | Effect::Out { .. }
        | Effect::Back { .. } => None,
    }
}

/// Converts the ending that a game asks for to that of its session.
pub(in crate::engine) fn ending(finish: &Finish) -> Ending {
    match finish {
        Finish::Done => Ending::Done,
        Finish::Aborted => Ending::Aborted,
    }
}
