//! Messages that a slot does not obey: some that a broker kept, which tell of a moment that is over by the time they come,
//! and those of the older stack where the slot's file does not say that it belongs to one.

use eg_proto::Topic;

/// Tells whether a message on this topic tells of a moment: one that the broker kept tells of a moment that is over. A
/// command is answered all the same, and what shows a state may be kept.
pub(super) fn happens(topic: &Topic) -> bool {
    match topic {
        Topic::LedCommand(_)
        | Topic::TestCommand(_)
        | Topic::InputAck(_)
        | Topic::InputAsk(_)
        | Topic::AgentCommand(_)
        | Topic::ClockPong(_)
        | Topic::Answer(_)
        | Topic::CoreHello => true,
        Topic::Command(_)
        | Topic::Status(_)
        | Topic::Hello(_)
        | Topic::InputStatus(_)
        | Topic::InputEvent(_)
        | Topic::Leds(_)
        | Topic::Rfid(_)
        | Topic::ClockPing(_)
        | Topic::CommandAck(_)
        | Topic::Hint(_)
        | Topic::Question(_)
        | Topic::Result(_)
        | Topic::Scene(_)
        | Topic::Ask(_)
        | Topic::Told(..)
        | Topic::Mode
        | Topic::NightStep
        | Topic::NightVote
        | Topic::NightResult
        | Topic::Bank(_)
        | Topic::RoomState(_)
        | Topic::Pair(_)
        | Topic::PairAnswer(_) => false,
    }
}

/// Tells whether a topic is one of the older stack, on which anybody commands any slot.
pub(super) fn is_old(topic: &Topic) -> bool {
    matches!(
        topic,
        Topic::LedCommand(_) | Topic::TestCommand(_) | Topic::NightStep | Topic::NightResult
    )
}
