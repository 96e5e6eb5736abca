//! Slots with their health, the time since they were last heard, and their secrets.

mod adoption;
mod detail;

pub(super) use adoption::Adoption;
pub(super) use detail::table;

use super::names::rename_slot;
use super::text::Localizer;
use crate::engine::read_model::{Device, ReadModel, Slot};
use eg_proto::{DeviceState, Noise, Overall, Presence, SlotId, Timestamp};
use maud::{Markup, html};
use std::time::Duration;

/// Renders all slots as tiles, and then each tile as a part of its own; in each, the faults come first.
pub(super) fn slots(
    voice: Localizer<'_>,
    state: &ReadModel,
    adoption: &Adoption,
    now: Timestamp,
) -> Vec<(String, Markup)> {
    let online = state.slots.values().filter(|slot| slot.presence == Presence::Online).count();
    let told = voice.words.tell(
        voice.lang,
        "slots-online",
        [("online", online.into()), ("all", state.slots.len().into())],
    );
    let card = html! {
        h2 { (voice.say("slots")) span.soft.small { (told) } }
        (adoption.above(voice, state))
        @if state.slots.is_empty() && adoption.waiting.is_empty() {
            p.soft { (voice.say("slots-none")) }
        }
        div.tiles {
            @for id in state.slots.keys() { section.tile id=(place(id)) aria-label=(id) data-part {} }
        }
        (adoption.below(voice, state))
    };
    let tiles =
        state.slots.iter().map(|(id, slot)| (place(id), tile(voice, id, slot, adoption, now)));
    [("slots".to_owned(), card)].into_iter().chain(tiles).collect()
}

/// Returns the id of the element of a slot's tile.
fn place(slot: &SlotId) -> String {
    format!("slot-tile-{slot}")
}

fn tile(
    voice: Localizer<'_>,
    id: &SlotId,
    slot: &Slot,
    adoption: &Adoption,
    now: Timestamp,
) -> Markup {
    let (tone, word) = health(slot);
    html! {
        div.row {
            (voice.place(id))
            @if adoption.manages { (rename_slot(voice, id)) }
            span.grow {}
            span.pill.(tone) { (voice.say(word)) }
        }
        p.soft.small {
            (seen(voice, slot.last_seen, now))
            @if slot.sim { " · " (voice.say("sim")) }
            @if !slot.version.is_empty() { " · " (slot.version) }
        }
        (clock(voice, slot))
        @if slot.counts.missing > 0 {
            p.note.warn.small {
                (voice.words.tell(voice.lang, "missing-events", [("n", slot.counts.missing.into())]))
            }
        }
        ul.tight.small { @for device in &slot.devices { (board(voice, device)) } }
        (adoption.of(voice, id, slot))
    }
}

/// Renders the difference of the slot's own date from the core's, and the uncertainty of its clock. A large one is
/// emphasised: presses that are closer than that are ties.
fn clock(voice: Localizer<'_>, slot: &Slot) -> Markup {
    const VAGUE_US: u64 = 20_000;
    if slot.presence == Presence::Offline {
        return html! {};
    }
    let Some(clock) = &slot.clock else {
        return html! { p.soft.small { (voice.say("clock-unknown")) } };
    };
    let bound = voice.lang.of(&eg_game::millis(clock.bound_us)).to_owned();
    let ahead = clock.ahead_us.map_or_else(String::new, |ahead| voice.signed(ahead));
    let drift = clock.drift_ppb.map_or_else(|| "–".to_owned(), |ppb| voice.tenths(ppb / 100));
    let trip = voice.lang.of(&eg_game::millis(clock.trip_us)).to_owned();
    let told =
        voice.words.tell(voice.lang, "clock", [("ahead", ahead.into()), ("bound", bound.into())]);
    let more = voice.words.tell(
        voice.lang,
        "clock-more",
        [("drift", drift.into()), ("trip", trip.into())],
    );
    let tone = if clock.bound_us > VAGUE_US { "warn" } else { "soft" };
    let ppm = |ppb: i64| voice.tenths(ppb / 100);
    let bent = clock.bent_ppb.map(|ppb| voice.with("clock-bent", "ppm", ppm(ppb)));
    let beyond = clock
        .beyond_ppb
        .map(|ppb| voice.with("clock-beyond", "ppm", ppm(i64::try_from(ppb).unwrap_or(i64::MAX))));
    html! {
        p.small.(tone) title=(more) { (told) }
        @if let Some(bent) = bent { p.small.soft { (bent) } }
        @if let Some(beyond) = beyond { p.small.warn { (beyond) } }
    }
}

fn board(voice: Localizer<'_>, device: &Device) -> Markup {
    let (tone, word) = match device.state {
        DeviceState::Ready => ("good", "device-ready"),
        DeviceState::Lost => ("bad", "device-lost"),
        DeviceState::Fault => ("warn", "device-fault"),
    };
    html! {
        li {
            span.(tone) { (device.name) " " (voice.say(word)) }
            span.soft { " · " (device.driver) }
            @if let Some(error) = &device.error { p.bad.mono { (voice.cause(error)) } }
            @if let Some(Noise { count, last }) = &device.noise {
                p.soft { (voice.words.tell(voice.lang, "dropped", [("n", (*count).into())])) " " span.mono { (last) } }
            }
        }
    }
}

/// Returns the health of a slot: a tone of the style sheet and a key of the words.
fn health(slot: &Slot) -> (&'static str, &'static str) {
    match (slot.presence, slot.overall) {
        (Presence::Offline, _) => ("bad", "presence-offline"),
        (Presence::Online, Some(Overall::Degraded | Overall::Offline)) => {
            ("warn", "presence-degraded")
        }
        (Presence::Online, Some(Overall::Online) | None) => ("good", "presence-online"),
    }
}

/// Describes the time since a slot was last heard, coarse enough not to change every second.
fn seen(voice: Localizer<'_>, last: Option<Timestamp>, now: Timestamp) -> String {
    const JUST_NOW: Duration = Duration::from_secs(10);
    match last.map(|last| now.since(last)) {
        None => voice.say("seen-never"),
        Some(ago) if ago < JUST_NOW => voice.say("seen-now"),
        Some(ago) => {
            let ten = Duration::from_secs(ago.as_secs() / 10 * 10);
            voice.with("seen-ago", "span", voice.span(if ago.as_secs() < 60 { ten } else { ago }))
        }
    }
}
