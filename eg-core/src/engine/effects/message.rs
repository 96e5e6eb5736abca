//! Effects: what a stored effect becomes on the bus.
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

/// A command that could not be delivered by then is not carried out any more.
pub(crate) const COMMAND_LIFE: Duration = Duration::from_secs(5);
/// Outputs whose name begins so show a cue.
const LAMP: &str = "lamp";

/// A message to publish, QoS 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutgoingMessage {
    /// Where.
    pub topic: Topic,
    /// What.
    pub payload: Vec<u8>,
    /// Whether the broker keeps it: then the next one of that topic stands in its place.
    pub retained: bool,
    /// The effect that it carries out.
    pub effect: Option<i64>,
    /// After this it is not sent any more.
    pub expires: Option<Timestamp>,
}

impl OutgoingMessage {
    /// A stored effect on its way.
    pub(crate) fn of(effect: &StoredEffect) -> Option<Self> {
        let topic = match effect.kind {
            EffectKind::Command => Topic::Command(effect.slot.clone()?),
            EffectKind::Step => Topic::NightStep,
            EffectKind::Result => Topic::NightResult,
            EffectKind::Tell => Topic::Told(effect.slot.clone()?, effect.subject.clone()?),
        };
        Some(Self {
            topic,
            payload: effect.body.clone().into_bytes(),
            retained: false,
            effect: Some(effect.id),
            expires: effect.expires,
        })
    }

    /// The question how everything stands at a slot. It is of no use to one that is back later: it is asked anew then.
    pub(crate) fn question(slot: SlotId, now: Timestamp) -> Self {
        let expires = Some(now + COMMAND_LIFE);
        let topic = Topic::InputAsk(slot);
        Self { topic, payload: b"{}".to_vec(), retained: false, effect: None, expires }
    }

    /// A state that the broker keeps.
    pub(crate) fn retained(topic: Topic, payload: Vec<u8>) -> Self {
        Self { topic, payload, retained: true, effect: None, expires: None }
    }
}

/// What a slot is told about; nothing when the topic would not be the module's own.
pub(crate) fn subject(slot: &SlotId, subject: &str) -> Option<Subject> {
    let subject = Subject::new(subject).ok()?;
    let (topic, topics) = (Topic::Told(slot.clone(), subject.clone()), Topics::default());
    (topics.parse(&topics.of(&topic)) == Some(topic)).then_some(subject)
}

/// The command for an output of any board of a slot; nothing when no board has such an output.
pub(crate) fn command(
    slot: &Slot,
    output: &OutputName,
    set: Set,
    now: Timestamp,
) -> Option<Command> {
    let device = slot.devices.iter().find(|device| device.outputs.contains(output))?;
    Some(command_for(device.name.clone(), output.clone(), set, now))
}

/// The commands by which a player feels a cue: every lamp of the slot flashes, long for yes and short for no.
pub(crate) fn cue(slot: &Slot, cue: Cue, now: Timestamp) -> Vec<Command> {
    let lamps = slot.devices.iter().flat_map(|device| {
        let lamps = device.outputs.iter().filter(|output| is_lamp(output));
        lamps.map(|output| (device.name.clone(), output.clone()))
    });
    lamps.map(|(device, output)| command_for(device, output, pulse(cue), now)).collect()
}

/// How a lamp shows a cue.
pub(crate) fn pulse(cue: Cue) -> Set {
    Set::Pulse(match cue {
        Cue::Accepted => 300,
        Cue::Refused => 60,
    })
}

/// Whether an output shows cues.
pub(crate) fn is_lamp(output: &OutputName) -> bool {
    output.as_str().starts_with(LAMP)
}

fn command_for(device: DeviceName, output: OutputName, set: Set, now: Timestamp) -> Command {
    let id = ulid::Ulid::new().to_string();
    Command { id, expires_us: now + COMMAND_LIFE, device, output, set }
}

/// A question as the old contract tells it.
pub(crate) fn night_step(question: &eg_game::Question) -> NightStep {
    NightStep {
        step: question.step,
        question: question.question.clone(),
        options: question.options.clone(),
    }
}

/// A result as the old contract tells it, with what an older reader ignores.
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

/// A slot's outputs, as far as it has said.
pub(crate) fn has_output(slot: &Slot, device: &DeviceName, output: &OutputName) -> bool {
    let board = slot.devices.iter().find(|board| board.name == *device);
    board.is_some_and(|board| board.outputs.contains(output))
}
