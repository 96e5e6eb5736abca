//! Health of a slot in words: its state, its clock, its boards, and when it was last heard.

use crate::engine::read_model::{Device, InputLight, Slot};
use crate::http::page::text::Localizer;
use eg_proto::{DeviceState, Noise, Overall, Presence, SlotId, Timestamp};
use maud::{Markup, html};
use std::time::Duration;

/// Time for which a light shows that an input was just pressed.
const JUST: Duration = Duration::from_millis(1_500);

/// Returns the id of the element of a slot's tile.
pub(in crate::http::page::slots) fn place(slot: &SlotId) -> String {
    format!("slot-tile-{slot}")
}

/// Renders the difference of the slot's own date from the core's, and the uncertainty of its clock. A large one is
/// emphasised: presses that are closer than that are ties.
pub(in crate::http::page::slots) fn clock(voice: Localizer<'_>, slot: &Slot) -> Markup {
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

pub(in crate::http::page::slots) fn board(voice: Localizer<'_>, device: &Device) -> Markup {
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
pub(in crate::http::page::slots) fn health(slot: &Slot) -> (&'static str, &'static str) {
    match (slot.presence, slot.overall) {
        (Presence::Offline, _) => ("bad", "presence-offline"),
        (Presence::Online, Some(Overall::Degraded | Overall::Offline)) => {
            ("warn", "presence-degraded")
        }
        (Presence::Online, Some(Overall::Online) | None) => ("good", "presence-online"),
    }
}

/// Describes the time since a slot was last heard, coarse enough not to change every second.
pub(in crate::http::page::slots) fn seen(
    voice: Localizer<'_>,
    last: Option<Timestamp>,
    now: Timestamp,
) -> String {
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

/// Ranks a slot by what is wrong with it: lost first, then faulty.
pub(in crate::http::page::slots) fn trouble(slot: &Slot) -> u8 {
    let lost = |state: DeviceState| slot.devices.iter().any(|device| device.state == state);
    match health(slot).0 {
        "bad" => 0,
        _ if slot.twin.is_some() => 0,
        _ if lost(DeviceState::Lost) => 1,
        "warn" => 2,
        _ if lost(DeviceState::Fault) => 2,
        _ => 3,
    }
}

/// Returns `true` if an input had an event a moment ago.
pub(in crate::http::page::slots) fn was_just(light: &InputLight, now: Timestamp) -> bool {
    light.at.is_some_and(|at| is_just(at, now))
}

/// Returns `true` for a time that was a moment ago.
pub(in crate::http::page::slots) fn is_just(at: Timestamp, now: Timestamp) -> bool {
    now.since(at) < JUST
}
