//! Items about slots: lost, doubled, waiting, out of date, with boards, events or clocks that fail.

use super::facts::{Facts, PUT_AWAY, slot_link, slot_name};
use super::item::{AttentionItem, AttentionKind as Kind, Severity};
use crate::access::Waiting;
use crate::engine::read_model::{Device, Slot};
use eg_proto::{DeviceState, Overall, Presence, SlotClock, SlotId, Text, Timestamp};
use std::time::Duration;

/// Number of events in an outbox that is a backlog: over a link that works, a handful wait at a time.
const BACKLOG: u64 = 100;
/// Uncertainty of a slot's clock from which on presses within a blink are ties.
const VAGUE_US: u64 = 20_000;
/// Difference of a slot's date from the core's with which certificates and files go wrong.
const WRONG_DATE_US: u64 = 60_000_000;

pub(super) fn items(facts: &Facts<'_>) -> Vec<AttentionItem> {
    let slots = facts.state.slots.iter();
    let known = slots.flat_map(|(id, slot)| match slot.presence {
        Presence::Offline => vec![lost(facts, id, slot)],
        Presence::Online => online(facts, id, slot),
    });
    let twins = facts.state.slots.iter().filter_map(|(id, slot)| twin(facts, id, slot));
    let waiting = facts.waiting.iter().map(|(id, waiting)| waits(facts, id, waiting));
    known.chain(twins).chain(waiting).collect()
}

/// AttentionItem about a slot that leads to the slot's page.
fn about(
    facts: &Facts<'_>,
    severity: Severity,
    kind: Kind,
    id: &SlotId,
    what: Text,
) -> AttentionItem {
    let item =
        AttentionItem::new(severity, kind, id.as_str(), what, facts.of_slot("next-slot", id));
    AttentionItem { slot: Some(id.clone()), ..item.link(slot_link(id)) }
}

fn lost(facts: &Facts<'_>, id: &SlotId, slot: &Slot) -> AttentionItem {
    let silent = slot.last_seen.map(|seen| facts.now.since(seen));
    let (severity, key) = match silent {
        None => (Severity::Failure, "attention-slot-unheard"),
        Some(span) if span >= PUT_AWAY => (Severity::Note, "attention-slot-away"),
        Some(_) => (Severity::Failure, "attention-slot-lost"),
    };
    about(facts, severity, Kind::SlotLost, id, facts.of_slot(key, id)).since(slot.last_seen)
}

fn online(facts: &Facts<'_>, id: &SlotId, slot: &Slot) -> Vec<AttentionItem> {
    let mut items: Vec<AttentionItem> =
        slot.devices.iter().filter_map(|board| of_board(facts, id, board)).collect();
    if items.is_empty() && matches!(slot.overall, Some(Overall::Degraded | Overall::Offline)) {
        let what = facts.of_slot("attention-slot-degraded", id);
        items.push(about(facts, Severity::Warning, Kind::BoardFault, id, what));
    }
    items.extend(counts(facts, id, slot));
    items.extend(slot.clock.iter().flat_map(|clock| clocks(facts, id, clock)));
    if is_older(&slot.version, env!("CARGO_PKG_VERSION")) {
        let version = Text::same(&slot.version);
        let what = facts.tell("attention-agent", [("slot", &slot_name(id)), ("version", &version)]);
        let next = facts.say("next-agent");
        items.push(AttentionItem {
            next,
            ..about(facts, Severity::Note, Kind::AgentOutdated, id, what)
        });
    }
    items
}

fn of_board(facts: &Facts<'_>, id: &SlotId, board: &Device) -> Option<AttentionItem> {
    let (severity, kind, bare) = match board.state {
        DeviceState::Ready => return None,
        DeviceState::Lost => (Severity::Failure, Kind::BoardLost, "attention-board-lost"),
        DeviceState::Fault => (Severity::Warning, Kind::BoardFault, "attention-board-fault"),
    };
    let why = board.error.as_deref().map_or_else(|| facts.say(bare), eg_page::say);
    let name = Text::same(board.name.as_str());
    let blanks = [("board", &name), ("slot", &slot_name(id)), ("why", &why)];
    let item = about(facts, severity, kind, id, facts.tell("attention-board", blanks));
    let key = format!("{kind:?} {id}/{}", board.name);
    Some(AttentionItem { key, ..item }.since(board.since))
}

fn counts(facts: &Facts<'_>, id: &SlotId, slot: &Slot) -> Vec<AttentionItem> {
    let mut items = Vec::new();
    let mut add = |kind, key, number: u64| {
        let number = Text::same(number.to_string());
        let what = facts.tell(key, [("slot", &slot_name(id)), ("n", &number)]);
        items.push(about(facts, Severity::Warning, kind, id, what));
    };
    if slot.counts.missing > 0 {
        add(Kind::EventsMissing, "attention-events", slot.counts.missing);
    }
    let outbox = facts.state.panels.get(id).and_then(|panel| panel.waiting);
    if let Some(waiting) = outbox.filter(|waiting| *waiting >= BACKLOG) {
        add(Kind::OutboxBacklog, "attention-outbox", waiting);
    }
    items
}

fn clocks(facts: &Facts<'_>, id: &SlotId, clock: &SlotClock) -> Vec<AttentionItem> {
    let mut items = Vec::new();
    let name = slot_name(id);
    if clock.bound_us > VAGUE_US || clock.beyond_ppb.is_some() {
        let bound = eg_game::millis(clock.bound_us);
        let what = facts.tell("attention-clock", [("slot", &name), ("bound", &bound)]);
        items.push(about(facts, Severity::Warning, Kind::ClockVague, id, what));
    }
    let ahead = clock.ahead_us.map_or(0, i64::unsigned_abs);
    if ahead > WRONG_DATE_US {
        let minutes = Duration::from_micros(ahead).as_secs() / 60;
        let minutes = Text::same(minutes.to_string());
        let what = facts.tell("attention-date", [("slot", &name), ("minutes", &minutes)]);
        let next = facts.say("next-date");
        items.push(AttentionItem {
            next,
            ..about(facts, Severity::Note, Kind::ClockDate, id, what)
        });
    }
    items
}

fn twin(facts: &Facts<'_>, id: &SlotId, slot: &Slot) -> Option<AttentionItem> {
    let twin = slot.twin.as_ref()?;
    let addresses = twin.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let key = if addresses.is_empty() { "attention-twin" } else { "attention-twin-at" };
    let blanks = [("slot", &slot_name(id)), ("addresses", &Text::same(addresses))];
    let item = about(facts, Severity::Failure, Kind::SlotTwin, id, facts.tell(key, blanks));
    Some(AttentionItem { next: facts.say("next-twin"), ..item }.since(Some(twin.since)))
}

fn waits(facts: &Facts<'_>, id: &SlotId, waiting: &Waiting) -> AttentionItem {
    let blanks = [("slot", &slot_name(id)), ("code", &Text::same(&waiting.code))];
    let what = facts.tell("attention-waiting", blanks);
    let next = facts.of_slot("next-waiting", id);
    let item = AttentionItem::new(Severity::Warning, Kind::SlotWaiting, id.as_str(), what, next);
    let since: Option<Timestamp> = Some(waiting.since);
    // It names no slot: the one that is known by this id may be another machine, and well.
    item.link(format!("/#waiting-{id}")).since(since)
}

/// Returns `true` if a version such as `0.1.0` comes before another. What is no version is not older.
fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Option<Vec<u32>> {
        let core = text.split(['-', '+']).next()?;
        core.split('.').map(|number| number.parse().ok()).collect()
    };
    numbers(version).zip(numbers(than)).is_some_and(|(one, other)| one < other)
}

#[cfg(test)]
mod tests {
    use super::is_older;

    #[test]
    fn a_version_is_older_by_its_numbers_and_what_is_none_is_not() {
        assert!(is_older("0.1.0", "0.1.1") && is_older("0.9.0", "0.10.0"));
        assert!(!is_older("0.1.0", "0.1.0") && !is_older("0.2.0-dev", "0.1.9"));
        assert!(!is_older("", "0.1.0") && !is_older("python", "0.1.0"));
    }
}
