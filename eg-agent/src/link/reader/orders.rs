//! Orders to the agent itself: each is answered, and then carried out.

use super::Reader;
use crate::link::parts::Parts;
use eg_hal::{Moment, clock};
use eg_proto::{AgentCommand, AgentOrder, CommandAck, CommandResult, PROTOCOL, Topic};

/// Longest id of an order, in bytes.
const LONGEST: usize = 64;
const UNKNOWN: &str = "this agent does not know this order: update it";
const FORBIDDEN: &str =
    "the slot's file forbids it (restart: false), or nothing would start this agent again";

impl Reader {
    /// Answers an order, and carries it out. One without a name of the usual length is dropped.
    pub(super) async fn obey(&self, command: AgentCommand) {
        if !(1..=LONGEST).contains(&command.id.len()) {
            return;
        }
        let (result, reason) = judge(&self.parts, &command, clock::now());
        let reason = reason.map(str::to_owned);
        let answer = CommandAck { id: command.id, result, reason };
        self.say(Topic::CommandAck, &answer, false).await;
        if let (CommandResult::Done, Some(restarter)) = (result, self.parts.restarter()) {
            tracing::warn!("the core restarts this agent");
            // One order is enough.
            let _ = restarter.try_send(());
        }
    }
}

fn judge(
    parts: &Parts,
    command: &AgentCommand,
    now: Moment,
) -> (CommandResult, Option<&'static str>) {
    if command.order == AgentOrder::Unknown || command.v != PROTOCOL {
        return (CommandResult::Refused, Some(UNKNOWN));
    }
    if parts.restarter().is_none() {
        return (CommandResult::Refused, Some(FORBIDDEN));
    }
    match parts.clock.slot_time(command.expires_us, now) {
        Some(expires) if now <= expires => (CommandResult::Done, None),
        Some(_) | None => (CommandResult::Expired, None),
    }
}
