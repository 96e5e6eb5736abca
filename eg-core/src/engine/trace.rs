//! What an effect leaves behind: a line beside its cause, and a message to everybody. A replay expects the same.

use super::report;
use crate::effects;
use crate::journal::{EffectKind, Ending, Kind, json};
use eg_game::{Effect, Finish};
use eg_proto::{SlotId, Subject};
use serde_json::{Value, json};

/// A line of the journal that an effect leaves.
#[derive(Debug, PartialEq)]
pub(super) struct Trace {
    pub(super) kind: Kind,
    /// Whether it is about the slot that caused it; else it is about the session.
    pub(super) of_slot: bool,
    pub(super) body: Value,
}

/// The line that an effect of the entry `cause` leaves. Outputs and timers leave none.
pub(super) fn line(effect: &Effect, cause: i64) -> Option<Trace> {
    let (kind, of_slot, body) = match effect {
        Effect::Open(question) => (Kind::Note, false, report::opened(question)),
        Effect::Retell(question) => (Kind::Note, false, report::retold(question)),
        Effect::Result(result) => (Kind::Result, false, json(result)),
        Effect::Refuse { why } | Effect::RefuseAct { why } => {
            (Kind::Refused, true, json!({ "why": why, "entry": cause }))
        }
        Effect::Note { line, ruling: None } => (Kind::Note, false, json!({ "line": line })),
        Effect::Note { line, ruling: Some(ruling) } => {
            (Kind::Note, false, json!({ "line": line, "ruling": ruling }))
        }
        Effect::Finish(finish) => (Kind::Status, false, report::ended(&ending(finish))),
        Effect::Send { slot, subject, .. } | Effect::Retain { slot, subject, .. } => {
            if effects::subject(slot, subject).is_some() {
                return None;
            }
            (Kind::Refused, true, report::cannot_tell(slot, subject))
        }
        Effect::Set { .. }
        | Effect::Cue { .. }
        | Effect::After { .. }
        | Effect::Cancel { .. }
        | Effect::Deadline { .. }
        | Effect::Out { .. }
        | Effect::Back { .. } => return None,
    };
    Some(Trace { kind, of_slot, body })
}

/// What an effect tells everybody, or one slot.
#[derive(Debug, PartialEq)]
pub(super) struct Message {
    pub(super) kind: EffectKind,
    pub(super) slot: Option<SlotId>,
    pub(super) subject: Option<Subject>,
    pub(super) body: Value,
}

/// What an effect tells once: older installations, the question and the result; a device, its answer. The question and
/// the result of its room each slot is told as they stand after the commit, and so what a game shows there.
pub(super) fn message(effect: &Effect) -> Option<Message> {
    let to_all = |kind, body| Some(Message { kind, slot: None, subject: None, body });
    match effect {
        Effect::Open(question) => to_all(EffectKind::Step, json(&effects::night_step(question))),
        Effect::Result(result) => to_all(EffectKind::Result, json(&effects::night_result(result))),
        Effect::Send { slot, subject, body } => {
            let subject = Some(effects::subject(slot, subject)?);
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

/// How a session ends that its game ends.
pub(super) fn ending(finish: &Finish) -> Ending {
    match finish {
        Finish::Done => Ending::Done,
        Finish::Aborted => Ending::Aborted,
    }
}
