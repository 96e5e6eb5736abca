//! Entries and messages that must stand in a record because of a game's effects.

use crate::engine::effects::message;
use crate::engine::effects::record;
use crate::engine::text;
use crate::journal::{EffectKind, Kind, Line, Sent};
use eg_game::{Effect, Set};
use eg_proto::{Command, OutputName, SlotId};
use serde_json::{Value, json};
use std::collections::VecDeque;

/// Entry that must follow in the record.
#[derive(Debug)]
pub(super) struct Expected {
    /// Number of the entry that it follows from.
    pub(super) cause: i64,
    pub(super) kind: Kind,
    pub(super) slot: Option<SlotId>,
    pub(super) body: Value,
}

/// Recorded value and expected value, which differ.
type Unlike = (Value, Value);

/// Compares the messages sent because of a cause with those of its effects. Returns the entries that must follow it.
///
/// The lamps that a cue lights depend on the boards that the slot had then, so a cue may have sent any number of pulses
/// of its length.
pub(super) fn expected(cause: &Line, effects: Vec<Effect>) -> Result<VecDeque<Expected>, Unlike> {
    let mut sent: VecDeque<&Sent> = cause.sent.iter().collect();
    let mut lines = VecDeque::new();
    for effect in effects {
        match &effect {
            Effect::Set { slot, output, set } => {
                if sent.front().is_some_and(|sent| commands(sent, slot, Some(output), set)) {
                    sent.pop_front();
                } else {
                    let (slot, body) = (slot.clone(), text::no_output(slot, output));
                    let (cause, kind) = (cause.id, Kind::Refused);
                    lines.push_back(Expected { cause, kind, slot: Some(slot), body });
                }
            }
            Effect::Cue { slot, cue } => {
                let set = message::pulse(*cue);
                while sent.front().is_some_and(|sent| commands(sent, slot, None, &set)) {
                    sent.pop_front();
                }
            }
            Effect::After { .. }
            | Effect::Cancel { .. }
            | Effect::Deadline { .. }
            | Effect::Open(_)
            | Effect::Retell(_)
            | Effect::Result(_)
            | Effect::Refuse { .. }
            | Effect::RefuseAct { .. }
            | Effect::Note { .. }
            | Effect::Send { .. }
            | Effect::Retain { .. }
            | Effect::Out { .. }
            | Effect::Back { .. }
            | Effect::Finish(_) => {}
        }
        if let Some(record::EffectRecord { kind, of_slot, body }) = record::line(&effect, cause.id)
        {
            let slot = cause.slot.clone().filter(|_| of_slot);
            lines.push_back(Expected { cause: cause.id, kind, slot, body });
        }
        if let Some(record::Message { kind, slot, body, .. }) = record::message(&effect) {
            // Only a core under `compat` tells it, of one room.
            if kind.is_old() && sent.front().is_none_or(|sent| sent.kind != kind) {
                continue;
            }
            let next = sent.pop_front();
            let same = |sent: &Sent| sent.kind == kind && sent.slot == slot && sent.body == body;
            if !next.is_some_and(same) {
                return Err((json!(next), json!({ "kind": kind, "slot": slot, "body": body })));
            }
        }
    }
    match sent.pop_front() {
        Some(sent) => Err((json!(sent), Value::Null)),
        None => Ok(lines),
    }
}

/// Returns `true` for a command that sets this output so, or any lamp of the slot if no output is named.
fn commands(sent: &Sent, slot: &SlotId, output: Option<&OutputName>, set: &Set) -> bool {
    if sent.kind != EffectKind::Command || sent.slot.as_ref() != Some(slot) {
        return false;
    }
    let command = serde_json::from_value::<Command>(sent.body.clone());
    command.is_ok_and(|command| {
        let there = output
            .map_or_else(|| message::is_lamp(&command.output), |output| command.output == *output);
        there && command.set == *set
    })
}
