//! Messages on the bus, made from stored effects.
//!
//! An effect is stored with the entry that caused it, published after that commit, and marked once the broker has it.
//! One that was stored and not marked is published again after a restart or a reconnect, until it expires.

use crate::engine::read_model::Slot;
use crate::journal::{EffectKind, StoredEffect};
use eg_game::Cue;
use eg_proto::{
    Command, DeviceName, NightResult, NightStatus, NightStep, OutputName, Set, SlotId, Subject,
    Timestamp, Topic, Topics,
};
use std::time::Duration;

/// Time after which a command that was not delivered is not carried out any more.
pub(crate) const COMMAND_LIFE: Duration = Duration::from_secs(5);
/// Prefix of the names of outputs that show cues.
const LAMP: &str = "lamp";

/// Message to publish with QoS 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// Topic of the message.
    pub topic: Topic,
    /// Payload; empty to remove a retained message.
    pub payload: Vec<u8>,
    /// `true` if the broker retains the message; the next one of the same topic replaces it.
    pub retained: bool,
    /// Number of the stored effect that this message carries out; `None` for a state.
    pub effect: Option<i64>,
    /// Time after which the message is not sent any more; `None` for never.
    pub expires: Option<Timestamp>,
}

impl OutgoingMessage {
    /// Converts a stored effect to a message; `None` if the effect lacks the slot or subject that its kind needs.
    pub(crate) fn of(effect: &StoredEffect) -> Option<Self> {
        let topic = match effect.kind {
            EffectKind::Command => Topic::Command(effect.slot.clone()?),
            EffectKind::Step => Topic::NightStep,
            EffectKind::Result => Topic::NightResult,
            EffectKind::Tell => Topic::Told(effect.slot.clone()?, effect.subject.clone()?),
            EffectKind::Unreadable => return None,
        };
        Some(Self {
            topic,
            payload: effect.body.clone().into_bytes(),
            retained: false,
            effect: Some(effect.id),
            expires: effect.expires,
        })
    }

    /// Builds the request for the state of all inputs of a slot. It expires soon: a slot that comes back later is asked
    /// anew.
    pub(crate) fn question(slot: SlotId, now: Timestamp) -> Self {
        let expires = Some(now + COMMAND_LIFE);
        let topic = Topic::InputAsk(slot);
        Self { topic, payload: b"{}".to_vec(), retained: false, effect: None, expires }
    }

    /// Builds a state message that the broker retains.
    pub(crate) fn retained(topic: Topic, payload: Vec<u8>) -> Self {
        Self { topic, payload, retained: true, effect: None, expires: None }
    }
}

/// Parses the subject of a message to a slot; `None` if the topic would collide with one of the core's own.
pub(crate) fn subject(slot: &SlotId, subject: &str) -> Option<Subject> {
    let subject = Subject::new(subject).ok()?;
    let (topic, topics) = (Topic::Told(slot.clone(), subject.clone()), Topics::default());
    (topics.parse(&topics.of(&topic)) == Some(topic)).then_some(subject)
}

/// Builds a command for an output of any board of a slot; `None` when no board has such an output.
pub(crate) fn command(
    slot: &Slot,
    output: &OutputName,
    set: Set,
    now: Timestamp,
) -> Option<Command> {
    let device = slot.devices.iter().find(|device| device.outputs.contains(output))?;
    Some(command_for(device.name.clone(), output.clone(), set, now))
}

/// Builds the commands that show a cue to a player: every lamp of the slot flashes, long for yes and short for no.
pub(crate) fn cue(slot: &Slot, cue: Cue, now: Timestamp) -> Vec<Command> {
    let lamps = slot.devices.iter().flat_map(|device| {
        let lamps = device.outputs.iter().filter(|output| is_lamp(output));
        lamps.map(|output| (device.name.clone(), output.clone()))
    });
    lamps.map(|(device, output)| command_for(device, output, pulse(cue), now)).collect()
}

/// Returns the pulse by which a lamp shows a cue: 300 ms for accepted, 60 ms for refused.
pub(crate) fn pulse(cue: Cue) -> Set {
    Set::Pulse(match cue {
        Cue::Accepted => 300,
        Cue::Refused => 60,
    })
}

/// Returns `true` for an output that shows cues.
pub(crate) fn is_lamp(output: &OutputName) -> bool {
    output.as_str().starts_with(LAMP)
}

/// Builds a command for an output, with an id of its own.
pub(crate) fn command_for(
    device: DeviceName,
    output: OutputName,
    set: Set,
    now: Timestamp,
) -> Command {
    let id = ulid::Ulid::new().to_string();
    Command { id, expires_us: now + COMMAND_LIFE, device, output, set, pressed_us: None }
}

/// Converts a question to the message of the old contract.
pub(crate) fn night_step(question: &eg_game::Question) -> NightStep {
    NightStep {
        step: question.step,
        question: question.question.clone(),
        options: question.options.clone(),
    }
}

/// Converts a result to the message of the old contract, with fields that older readers ignore.
pub(crate) fn night_result(result: &eg_game::StepResult) -> NightResult {
    let status = match result.status {
        eg_game::StepStatus::Success => NightStatus::Success,
        eg_game::StepStatus::Incomplete => NightStatus::Incomplete,
        eg_game::StepStatus::Aborted => NightStatus::Aborted,
    };
    NightResult {
        step: result.step,
        status,
        next_step: result.next_step,
        outcome: result.outcome.clone(),
        tally: result
            .tally
            .iter()
            .map(|(option, votes)| (option.clone(), (*votes).into()))
            .collect(),
        votes: result.votes,
        expected: result.expected,
    }
}

/// Returns `true` if the slot has reported this output on this device.
pub(crate) fn has_output(slot: &Slot, device: &DeviceName, output: &OutputName) -> bool {
    let board = slot.devices.iter().find(|board| board.name == *device);
    board.is_some_and(|board| board.outputs.contains(output))
}
