//! List of the operator's acts in a session, with the changes that each made and a way to undo it.

use super::ask::dialog;
use super::keys::key_of;
use super::text::Localizer;
use crate::engine::read_model::{ActRecord, Session};
use eg_page::Tone;
use eg_proto::{RoomId, Text};
use maud::{Markup, html};

/// Number of acts that are listed before one asks for more.
const FIRST: usize = 1;

/// Renders the acts of a session, the latest first.
pub(super) fn deeds(
    voice: Localizer<'_>,
    room: &RoomId,
    session: &Session,
    may_act: bool,
) -> Markup {
    let mut latest: Vec<&ActRecord> = session.acts.iter().rev().collect();
    let last = latest.iter().find(|act| act.can_undo).map(|act| act.entry);
    let more = latest.split_off(latest.len().min(FIRST));
    html! {
        @if !latest.is_empty() {
            div.tight id=(format!("deeds-{room}")) {
                h3 { (voice.say("deeds")) }
                ol.deeds { @for act in &latest { (deed(voice, room, act, may_act, last)) } }
                @if !more.is_empty() {
                    details id=(format!("deeds-more-{room}")) {
                        summary.small { (voice.with("deeds-more", "n", more.len())) }
                        ol.deeds { @for act in &more { (deed(voice, room, act, may_act, last)) } }
                    }
                }
            }
        }
    }
}

/// Returns the name of whoever did something: a user's as it is, a token's and a shell's with that word before it.
pub(super) fn actor(voice: Localizer<'_>, by: &str) -> String {
    if let Some(name) = by.strip_prefix("token ") {
        return voice.with("by-token", "name", name);
    }
    match by.strip_prefix("command (").and_then(|rest| rest.strip_suffix(')')) {
        Some("somebody") => voice.say("by-command"),
        Some(name) => voice.with("by-command-of", "name", name),
        None => by.to_owned(),
    }
}

/// Returns the words for an act. One that its game no longer offered is known by its name alone.
fn label(voice: Localizer<'_>, deed: &ActRecord) -> String {
    let label = voice.read(&deed.label);
    let key = format!("act-{}", deed.name);
    let known = Some(voice.say(&key)).filter(|words| *words != key && label == deed.name);
    known.unwrap_or_else(|| label.into_owned())
}

fn deed(
    voice: Localizer<'_>,
    room: &RoomId,
    deed: &ActRecord,
    may_act: bool,
    last: Option<i64>,
) -> Markup {
    html! {
        li.undone[deed.undone.is_some()] id=(format!("deed-{room}-{}", deed.entry)) {
            p.row {
                time.soft.small data-at=(deed.at.0 / 1_000) data-keep {}
                strong { (label(voice, deed)) @if let Some(slot) = &deed.slot { " · " (voice.names.seat(slot)) } }
                span.soft.small { (actor(voice, &deed.by)) }
                @if deed.undone.is_some() { span.pill.warn { (voice.say("undone-by")) } }
                @if deed.refused.is_some() { span.pill.bad { (voice.say("kind-refused")) } }
            }
            @if let Some(reason) = &deed.reason { p.small { q { (voice.names.within(reason)) } } }
            @if let Some(why) = &deed.refused { p.small.bad { (voice.read(why)) } }
            (change(voice, &deed.before, &deed.after))
            @if may_act && deed.can_undo { (undo(voice, room, deed, last == Some(deed.entry))) }
        }
    }
}

fn change(voice: Localizer<'_>, before: &[Text], after: &[Text]) -> Markup {
    html! {
        @if !before.is_empty() || !after.is_empty() {
            ul.change.small {
                @for line in before { li.gone { del { (voice.read(line)) } } }
                @for line in after { li.come { ins { (voice.read(line)) } } }
            }
        }
    }
}

fn undo(voice: Localizer<'_>, room: &RoomId, deed: &ActRecord, latest: bool) -> Markup {
    let id = format!("undo-{room}-{}", deed.entry);
    let form = html! {
        form id=(format!("{id}-form")) data-post=(format!("/api/rooms/{room}/acts")) {
            input type="hidden" name="name" value="undo";
            input type="hidden" name="args.entry" value=(deed.entry) data-as="number";
            p { strong { (voice.read(&deed.label)) } }
            p.soft { (voice.say("undo-means")) }
            label {
                (voice.say("reason"))
                input id=(format!("{id}-reason")) name="reason" required maxlength="200" autocomplete="off";
            }
            div { button.main type="submit" { (voice.say("undo")) } }
            output {}
        }
    };
    let key = latest.then(|| key_of("undo")).flatten();
    dialog(voice, &id, &voice.say("undo"), Tone::Plain, key, &form)
}
