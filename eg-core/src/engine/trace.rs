//! What an effect leaves behind: a line beside its cause, and a message to everybody. A replay expects the same.

use super::report;
use crate::effects;
use crate::journal::{EffectKind, Ending, Kind, json};
use eg_game::{Effect, Finish};
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
        Effect::Result(result) => (Kind::Result, false, json(result)),
        Effect::Refuse { why } | Effect::RefuseAct { why } => {
            (Kind::Refused, true, json!({ "why": why, "entry": cause }))
        }
        Effect::Note { line } => (Kind::Note, false, json!({ "line": line })),
        Effect::Finish(finish) => (Kind::Status, false, report::ended(&ending(finish))),
        Effect::Set { .. }
        | Effect::Cue { .. }
        | Effect::After { .. }
        | Effect::Cancel { .. }
        | Effect::Tell { .. } => return None,
    };
    Some(Trace { kind, of_slot, body })
}

/// What an effect tells everybody: slot pages show the question, and older pages wait for the result.
pub(super) fn message(effect: &Effect) -> Option<(EffectKind, Value)> {
    match effect {
        Effect::Open(question) => Some((EffectKind::Step, json(&effects::night_step(question)))),
        Effect::Result(result) => Some((EffectKind::Result, json(&effects::night_result(result)))),
        Effect::Refuse { .. }
        | Effect::RefuseAct { .. }
        | Effect::Note { .. }
        | Effect::Finish(_)
        | Effect::Set { .. }
        | Effect::Cue { .. }
        | Effect::After { .. }
        | Effect::Cancel { .. }
        | Effect::Tell { .. } => None,
    }
}

/// How a session ends that its game ends.
pub(super) fn ending(finish: &Finish) -> Ending {
    match finish {
        Finish::Done => Ending::Done,
        Finish::Aborted => Ending::Aborted,
    }
}
