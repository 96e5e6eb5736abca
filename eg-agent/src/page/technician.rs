//! Findings for a technician, beside the boards: what is wrong and what to do, the lines before and after the normalizer,
//! the last events, and the slot's file.

use super::view::View;
use crate::pairing::Admission;
use crate::recent::RecentEvent;
use crate::slot::DeviceView;
use eg_proto::DeviceState;
use maud::{Markup, html};

/// Faults of this moment, each with what to try.
pub(super) fn findings(view: &View<'_>) -> Markup {
    let state = view.state;
    let mut found: Vec<(String, &str)> = Vec::new();
    let unlinked = state.disconnected.as_ref();
    let unlinked =
        unlinked.filter(|_| matches!(state.admission, Admission::Connecting | Admission::Admitted));
    found.extend(unlinked.map(|why| (view.cause(why), "try-core")));
    for device in state.devices.iter().filter(|device| device.state != DeviceState::Ready) {
        let why = device.error.as_deref().map(|why| view.cause(why)).unwrap_or_default();
        let next = if device.state == DeviceState::Lost { "try-board" } else { "try-input" };
        found.push((format!("{}: {why}", device.name), next));
    }
    found.extend(state.outbox.error().map(|why| (view.cause(&why.to_string()), "try-disk")));
    html! {
        @for (why, next) in found {
            div.note.bad { p { (why) } p.small { "→ " (view.say(next)) } }
        }
        @if unlinked.is_some() { p.small.soft { (view.say("try-doctor")) } }
    }
}

/// The lines of a board as they are, and what the normalizer has made of them.
pub(super) fn levels(view: &View<'_>, device: &DeviceView) -> Markup {
    let known: Vec<_> = device.inputs.iter().filter(|input| input.line.is_some()).collect();
    let state = |on: bool, yes: &str, no: &str| view.say(if on { yes } else { no });
    html! {
        @if !known.is_empty() {
            details id=(format!("levels-{}", device.name)) {
                summary { (view.say("levels")) }
                div.scroll {
                    table {
                        thead {
                            tr {
                                th scope="col" { (view.say("inputs")) }
                                th scope="col" { (view.say("level-before")) }
                                th scope="col" { (view.say("level-after")) }
                            }
                        }
                        tbody {
                            @for input in known {
                                tr {
                                    th scope="row" { (input.name) }
                                    td { (state(input.line == Some(true), "level-high", "level-low")) }
                                    td { (state(input.pressed, "level-active", "level-rest")) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The last events, the newest first.
pub(super) fn events(view: &View<'_>) -> Markup {
    let recent: Vec<_> = view.state.recent.iter().collect();
    html! {
        h2 { (view.say("events")) }
        @if recent.is_empty() { p.soft { (view.say("events-none")) } }
        @else { ul.log { @for event in recent { (event_row(view, event)) } } }
    }
}

fn event_row(view: &View<'_>, event: &RecentEvent) -> Markup {
    let input = event.input.as_ref().map_or_else(|| view.say("event-secret"), ToString::to_string);
    html! {
        li {
            span.mono { (time(view, event)) }
            span.kind { (view.say(event.word)) }
            span { (event.device) "/" (input) " " span.mono { (event.detail) } }
        }
    }
}

/// The moment in the core's clock, once that is known.
fn time(view: &View<'_>, event: &RecentEvent) -> Markup {
    let at = super::live::core_now(view.state, event.at);
    html! { @if let Some(at) = at { time data-at=(at) {} } @else { "–" } }
}

/// The doctor's findings about this machine, looked for when they are opened.
pub(super) fn doctor(view: &View<'_>) -> Markup {
    html! {
        details #doctor data-src="/board/doctor" {
            summary { (view.say("doctor")) }
            div #doctor-findings data-part {}
        }
    }
}

/// The slot's file, fetched when it is opened.
pub(super) fn file(view: &View<'_>) -> Markup {
    html! {
        details #file data-src="/board/file" {
            summary { (view.say("file")) }
            div #file-text data-part {}
        }
    }
}

/// A file with the numbers of its lines, by which mistakes are named.
pub(super) fn numbered(name: &str, text: &str) -> Markup {
    html! {
        p.soft.small.mono { (name) }
        pre.small { @for (place, line) in text.lines().enumerate() { (format!("{:>4}  {line}\n", place + 1)) } }
    }
}
