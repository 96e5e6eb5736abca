//! Topics: `eg/dev/<slot>/…` and the few that belong to the core.

use crate::{BankAsk, RoomId, SlotId, Subject};

/// Builds and reads topics under one base, `eg` unless a room's settings say otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    base: String,
}

/// Subject of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// [`Presence`](crate::Presence): retained, and the agent's will.
    Status(SlotId),
    /// [`Hello`](crate::Hello): retained.
    Hello(SlotId),
    /// [`InputStatus`](crate::InputStatus): retained.
    InputStatus(SlotId),
    /// One [`Event`](crate::Event) or an array of them: never retained.
    InputEvent(SlotId),
    /// [`Ack`](crate::Ack), from the core.
    InputAck(SlotId),
    /// The core asks for a [`Snapshot`](crate::EventKind::Snapshot) of every board. The payload says nothing.
    InputAsk(SlotId),
    /// [`Leds`](crate::Leds), of the old contract.
    Leds(SlotId),
    /// [`Rfid`](crate::Rfid), of the old contract.
    Rfid(SlotId),
    /// [`LedCommand`](crate::LedCommand), of the old contract.
    LedCommand(SlotId),
    /// [`TestCommand`](crate::TestCommand), of the old contract.
    TestCommand(SlotId),
    /// [`ClockPing`](crate::ClockPing).
    ClockPing(SlotId),
    /// [`ClockPong`](crate::ClockPong).
    ClockPong(SlotId),
    /// [`Command`](crate::Command).
    Command(SlotId),
    /// [`AgentCommand`](crate::AgentCommand).
    AgentCommand(SlotId),
    /// [`CommandAck`](crate::CommandAck).
    CommandAck(SlotId),
    /// [`Hint`](crate::Hint): retained, empty when none stands.
    Hint(SlotId),
    /// [`SlotQuestion`](crate::SlotQuestion): retained, empty when none is open in the slot's room.
    Question(SlotId),
    /// [`SlotResult`](crate::SlotResult): retained, empty when there is none to show.
    Result(SlotId),
    /// [`PressAnswer`](crate::PressAnswer), from the core: never retained.
    Answer(SlotId),
    /// [`SlotScene`](crate::SlotScene): retained.
    Scene(SlotId),
    /// A slot asks something of a module: a JSON object with `op`.
    Ask(SlotId),
    /// A module tells a slot something on a topic of its own, e.g. `res`: JSON.
    Told(SlotId, Subject),
    /// [`CoreHello`](crate::CoreHello).
    CoreHello,
    /// [`ModeState`](crate::ModeState): retained.
    Mode,
    /// [`NightStep`](crate::NightStep).
    NightStep,
    /// [`NightVote`](crate::NightVote).
    NightVote,
    /// [`NightResult`](crate::NightResult).
    NightResult,
    /// A request of the old contract: a JSON object.
    Bank(BankAsk),
    /// [`RoomState`](crate::RoomState): retained.
    RoomState(RoomId),
    /// [`PairRequest`](crate::PairRequest), from a slot that waits for its adoption.
    Pair(SlotId),
    /// [`PairAnswer`](crate::PairAnswer), from the core.
    PairAnswer(SlotId),
}

/// A base that would make topics some broker does not carry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no base topic: 1 to 64 of A-Z, a-z, 0-9, _, - and / are wanted, with no / at either end"
)]
pub struct BaseError(String);

impl Default for Topics {
    fn default() -> Self {
        Self { base: "eg".to_owned() }
    }
}

impl Topics {
    /// Topics under this base. Dots, spaces, `+`, `#` and `$` are refused: some broker gives each a meaning of its own.
    ///
    /// # Errors
    /// [`BaseError`] with the base that was refused.
    pub fn new(base: impl Into<String>) -> Result<Self, BaseError> {
        let base = base.into();
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let level = |level: &str| !level.is_empty() && level.chars().all(good);
        if base.len() <= 64 && base.split('/').all(level) {
            Ok(Self { base })
        } else {
            Err(BaseError(base))
        }
    }

    /// The base itself.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The topic as text.
    pub fn of(&self, topic: &Topic) -> String {
        let base = &self.base;
        match topic.address() {
            Address::Slot(slot, tail) => format!("{base}/dev/{slot}/{tail}"),
            Address::Room(room) => format!("{base}/room/{room}/state"),
            Address::Pair(slot, tail) => format!("{base}/pair/{slot}{tail}"),
            Address::Core(tail) => format!("{base}/{tail}"),
        }
    }

    /// The filter that matches this topic for every slot, e.g. `eg/dev/+/input/event`.
    pub fn every_slot(&self, topic: fn(SlotId) -> Topic) -> String {
        let base = &self.base;
        let Ok(any) = SlotId::new("any") else { return format!("{base}/#") };
        match topic(any).address() {
            Address::Slot(_, tail) => format!("{base}/dev/+/{tail}"),
            Address::Pair(_, tail) => format!("{base}/pair/+{tail}"),
            Address::Room(_) => format!("{base}/room/+/state"),
            Address::Core(tail) => format!("{base}/{tail}"),
        }
    }

    /// Reads a topic. `None` when it is under another base or is none of ours.
    pub fn parse(&self, text: &str) -> Option<Topic> {
        let tail = text.strip_prefix(&self.base)?.strip_prefix('/')?;
        if let Some(rest) = tail.strip_prefix("dev/") {
            let (slot, tail) = rest.split_once('/')?;
            let slot = SlotId::new(slot).ok()?;
            return Some(match SLOT_TAILS.iter().find(|(known, _)| *known == tail) {
                Some((_, make)) => make(slot),
                None => Topic::Told(slot, Subject::new(tail).ok()?),
            });
        }
        if let Some(rest) = tail.strip_prefix("room/") {
            let room = rest.strip_suffix("/state")?;
            return RoomId::new(room).ok().map(Topic::RoomState);
        }
        if let Some(rest) = tail.strip_prefix("pair/") {
            let (slot, answer) = match rest.strip_suffix("/answer") {
                Some(slot) => (slot, true),
                None => (rest, false),
            };
            let slot = SlotId::new(slot).ok()?;
            return Some(if answer { Topic::PairAnswer(slot) } else { Topic::Pair(slot) });
        }
        let asked = BankAsk::ALL.into_iter().find(|ask| ask.tail() == tail).map(Topic::Bank);
        let known = || CORE_TAILS.iter().find(|(known, _)| *known == tail);
        asked.or_else(|| known().map(|(_, topic)| topic.clone()))
    }
}

enum Address<'a> {
    Slot(&'a SlotId, &'a str),
    Room(&'a RoomId),
    Pair(&'a SlotId, &'static str),
    Core(&'static str),
}

impl Topic {
    fn address(&self) -> Address<'_> {
        match self {
            Self::Status(slot) => Address::Slot(slot, "status"),
            Self::Hello(slot) => Address::Slot(slot, "hello"),
            Self::InputStatus(slot) => Address::Slot(slot, "input/status"),
            Self::InputEvent(slot) => Address::Slot(slot, "input/event"),
            Self::InputAck(slot) => Address::Slot(slot, "input/ack"),
            Self::InputAsk(slot) => Address::Slot(slot, "input/ask"),
            Self::Leds(slot) => Address::Slot(slot, "input/leds"),
            Self::Rfid(slot) => Address::Slot(slot, "input/rfid"),
            Self::LedCommand(slot) => Address::Slot(slot, "input/cmd/led"),
            Self::TestCommand(slot) => Address::Slot(slot, "input/cmd/test"),
            Self::ClockPing(slot) => Address::Slot(slot, "clock/ping"),
            Self::ClockPong(slot) => Address::Slot(slot, "clock/pong"),
            Self::Command(slot) => Address::Slot(slot, "cmd"),
            Self::AgentCommand(slot) => Address::Slot(slot, "agent/cmd"),
            Self::CommandAck(slot) => Address::Slot(slot, "cmd/ack"),
            Self::Hint(slot) => Address::Slot(slot, "hint"),
            Self::Question(slot) => Address::Slot(slot, "question"),
            Self::Result(slot) => Address::Slot(slot, "result"),
            Self::Answer(slot) => Address::Slot(slot, "answer"),
            Self::Scene(slot) => Address::Slot(slot, "scene"),
            Self::Ask(slot) => Address::Slot(slot, "ask"),
            Self::Told(slot, subject) => Address::Slot(slot, subject.as_str()),
            Self::CoreHello => Address::Core("core/hello"),
            Self::Mode => Address::Core("state/mode"),
            Self::NightStep => Address::Core("night/step"),
            Self::NightVote => Address::Core("night/vote"),
            Self::NightResult => Address::Core("night/result"),
            Self::Bank(ask) => Address::Core(ask.tail()),
            Self::RoomState(room) => Address::Room(room),
            Self::Pair(slot) => Address::Pair(slot, ""),
            Self::PairAnswer(slot) => Address::Pair(slot, "/answer"),
        }
    }
}

type OfSlot = fn(SlotId) -> Topic;

const SLOT_TAILS: [(&str, OfSlot); 21] = [
    ("status", Topic::Status),
    ("hello", Topic::Hello),
    ("input/status", Topic::InputStatus),
    ("input/event", Topic::InputEvent),
    ("input/ack", Topic::InputAck),
    ("input/ask", Topic::InputAsk),
    ("input/leds", Topic::Leds),
    ("input/rfid", Topic::Rfid),
    ("input/cmd/led", Topic::LedCommand),
    ("input/cmd/test", Topic::TestCommand),
    ("clock/ping", Topic::ClockPing),
    ("clock/pong", Topic::ClockPong),
    ("cmd", Topic::Command),
    ("agent/cmd", Topic::AgentCommand),
    ("cmd/ack", Topic::CommandAck),
    ("hint", Topic::Hint),
    ("question", Topic::Question),
    ("result", Topic::Result),
    ("answer", Topic::Answer),
    ("scene", Topic::Scene),
    ("ask", Topic::Ask),
];

const CORE_TAILS: [(&str, Topic); 5] = [
    ("core/hello", Topic::CoreHello),
    ("state/mode", Topic::Mode),
    ("night/step", Topic::NightStep),
    ("night/vote", Topic::NightVote),
    ("night/result", Topic::NightResult),
];
