//! Link of a slot: its clock, its outbox, its address, its versions, and how fast presses are.

use super::context::Detail;
use crate::http::page::ask::Ask;
use crate::http::page::slots::health::clock;
use eg_page::{histogram, press_times};
use eg_proto::Presence;
use maud::{Markup, html};
use std::net::SocketAddr;

/// Renders the link as pairs of words and values.
pub(super) fn link(detail: &Detail<'_>) -> Markup {
    let Detail { voice, slot, panel, address, .. } = *detail;
    let say = |key| voice.say(key);
    html! {
        (clock(voice, slot))
        dl.pairs {
            @if slot.presence == Presence::Online && let Some(waiting) = panel.waiting {
                dt { (say("slot-waiting")) }
                dd.warn[waiting > 0] { (voice.words.tell(voice.lang, "slot-waiting-n", [("n", waiting.into())])) }
            }
            @if let Some(address) = address {
                dt { (say("slot-address")) } dd.mono { (address) }
            }
            @if let Some(address) = address && let Some(port) = slot.agent.and_then(|agent| agent.page) {
                @let page = format!("http://{}", SocketAddr::new(address, port));
                dt { (say("slot-own-page")) } dd { a href=(page) rel="noreferrer" { (page) } }
            }
            @if !slot.version.is_empty() {
                dt { (say("slot-agent")) }
                dd {
                    "eg-agent " (slot.version)
                    @if let Some(agent) = slot.agent { " · " (voice.with("slot-protocol", "n", agent.protocol)) }
                }
            }
            @for device in slot.devices.iter().filter(|device| device.version.is_some()) {
                dt { (device.driver) } dd { (device.version.as_deref().unwrap_or_default()) }
            }
            @if let Some(boot) = slot.boot {
                dt { (say("slot-boot")) } dd.mono { (boot) }
            }
            @if slot.counts.stored > 0 {
                dt { (say("slot-stored")) } dd { (slot.counts.stored) }
            }
            @if slot.counts.quarantined > 0 {
                dt { (say("slot-unreadable")) } dd.warn { (slot.counts.quarantined) }
            }
        }
        @if detail.adoption.manages && slot.presence == Presence::Online {
            @if slot.agent.is_some_and(|agent| agent.restarts) { (restart(detail)) }
            @else { p.soft.small { (say("slot-no-restart")) } }
        }
    }
}

/// Renders the button that restarts the agent.
fn restart(detail: &Detail<'_>) -> Markup {
    let Detail { voice, id, .. } = *detail;
    Ask {
        id: "restart".to_owned(),
        label: voice.say("slot-restart"),
        means: "slot-restart-means",
        post: &format!("/api/slots/{id}/restart"),
        fields: html! {},
        key: None,
    }
    .show(voice)
}

/// Renders how long presses took: until they had arrived here, and by stage as the slot measured it.
pub(super) fn times(detail: &Detail<'_>) -> Markup {
    let Detail { voice, slot, panel, .. } = *detail;
    let arrived = panel.arrived.told();
    html! {
        h3 { (voice.say("press-arrived")) }
        @if arrived.n == 0 { p.soft.small { (voice.say("press-arrived-none")) } }
        @else {
            p.small {
                (voice.words.tell(voice.lang, "press-arrived-n", [
                    ("n", arrived.n.into()),
                    ("half", voice.micros(arrived.p50_us).into()),
                    ("most", voice.micros(arrived.p99_us).into()),
                    ("worst", voice.micros(arrived.max_us).into()),
                ]))
            }
            (histogram(voice.lang, &voice.say("press-arrived"), &arrived))
        }
        h3 { (voice.say("press-times-title")) }
        p.soft.small { (voice.say("press-times-help")) }
        @match &slot.latency {
            Some(latency) => (press_times(voice.lang, latency)),
            None => p.soft.small { (voice.say("press-times-none")) },
        }
    }
}
