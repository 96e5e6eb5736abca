//! Show of a room: its items, its position, the next item, and the operator's orders to it.

use super::ask::{Ask, dialog};
use super::keys::key_of;
use super::text::Localizer;
use crate::engine::read_model::{Room, ShowItem, ShowStatus};
use crate::show::{ASK, END, Outcome, Stage};
use eg_page::Tone;
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the show of a room; nothing when it has none and none was played.
pub(super) fn show(
    voice: Localizer<'_>,
    id: &RoomId,
    room: &Room,
    running: bool,
    may_act: bool,
) -> Markup {
    let on = room.show.as_ref().is_some_and(|show| show.is_on());
    html! {
        @if room.show.is_some() || room.own_show.is_some() {
            div.stack.show id=(format!("show-{id}")) role="group" aria-label=(voice.say("show")) {
                @if let Some(show) = &room.show { (progress(voice, show)) }
                @if on && may_act { (acts(voice, id, room)) }
                @if let (false, true, Some(own)) = (on || running, may_act, &room.own_show) {
                    form.inline id=(format!("show-start-{id}")) data-post=(address(id)) {
                        input type="hidden" name="act" value="start";
                        button.main type="submit" { (voice.with("show-start", "show", own)) }
                        output {}
                    }
                }
            }
        }
    }
}

fn address(id: &RoomId) -> String {
    format!("/api/rooms/{id}/show")
}

fn progress(voice: Localizer<'_>, show: &ShowStatus) -> Markup {
    let said = match &show.stage {
        Stage::Playing { .. } => ("good", voice.say("show-playing")),
        Stage::Ready { .. } => ("accent", voice.say("show-ready")),
        Stage::Asking { why, .. } => ("warn", voice.lang.of(why).to_owned()),
        Stage::Ended => ("plain", voice.say("show-ended")),
        Stage::Stopped => ("warn", voice.say("show-stopped")),
    };
    html! {
        h3 { (voice.say("show")) " · " (show.name) }
        ol.items.small {
            @for (place, item) in show.items.iter().enumerate() {
                (line(voice, item, show.at == Some(place), show.next == Some(place)))
            }
        }
        p.note.(said.0) { (said.1) }
    }
}

fn line(voice: Localizer<'_>, item: &ShowItem, here: bool, next: bool) -> Markup {
    html! {
        li aria-current=[here.then_some("step")] {
            strong { (item.name) } " " span.soft { (item.game) }
            @if item.wait { span.soft { " · " (voice.say("show-waits")) } }
            @if let Some(outcome) = &item.outcome { " " span.pill.(tone(outcome)) { (outcome_word(voice, outcome)) } }
            @if here { " " span.pill.accent { (voice.say("show-here")) } }
            @if next { " " span.pill { (voice.say("show-next-item")) } }
            @if here { p.soft { (ways(voice, item)) } }
        }
    }
}

/// Describes the items that may follow: `A → lock · B → end · otherwise → second`.
fn ways(voice: Localizer<'_>, item: &ShowItem) -> String {
    let goal = |goal: &str| match goal {
        END => voice.say("show-goal-end"),
        ASK => voice.say("show-goal-ask"),
        name => name.to_owned(),
    };
    let branches = item.then.iter().map(|(word, to)| format!("{word} → {}", goal(to)));
    let word = if item.then.is_empty() { "show-then" } else { "show-otherwise" };
    let rest = format!("{} → {}", voice.say(word), goal(&item.next));
    branches.chain([rest]).collect::<Vec<_>>().join(" · ")
}

fn tone(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Done(_) => "good",
        Outcome::Aborted => "warn",
        Outcome::Failed => "bad",
    }
}

fn outcome_word(voice: Localizer<'_>, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(word) => word.clone(),
        Outcome::Aborted => voice.say("status-aborted"),
        Outcome::Failed => voice.say("status-failed"),
    }
}

/// Renders the button for the show's next item: at once when nothing runs, confirmed first when it ends the session
/// that runs.
fn next(voice: Localizer<'_>, id: &RoomId, room: &Room) -> Markup {
    let plays = |show: &ShowStatus| matches!(show.stage, Stage::Playing { .. });
    let (form, post) = (format!("show-next-{id}"), address(id));
    let fields = html! { input type="hidden" name="act" value="next"; };
    let (label, key) = (voice.say("show-next"), key_of("show-next"));
    if room.show.as_ref().is_some_and(plays) {
        return Ask { id: form, label, means: "show-next-means", post: &post, fields, key }
            .show(voice);
    }
    html! {
        form.inline id=(form) data-post=(post) {
            (fields)
            button.main type="submit" data-key=[key] { (label) }
            output {}
        }
    }
}

fn acts(voice: Localizer<'_>, id: &RoomId, room: &Room) -> Markup {
    let items: Vec<&str> =
        room.show.iter().flat_map(|show| &show.items).map(|item| item.name.as_str()).collect();
    let overruling = [
        ("skip", "show-skip"),
        ("repeat", "show-repeat"),
        ("jump", "show-jump"),
        ("stop", "show-stop"),
    ];
    html! {
        div.acts {
            (next(voice, id, room))
            @for (act, word) in overruling { (overrule(voice, id, &items, act, word)) }
        }
    }
}

/// Renders an order that departs from the show's file, and so asks for a reason.
fn overrule(voice: Localizer<'_>, id: &RoomId, items: &[&str], act: &str, word: &str) -> Markup {
    let grave = act == "stop";
    let form = html! {
        form id=(format!("show-{act}-{id}")) data-post=(address(id)) {
            input type="hidden" name="act" value=(act);
            @if act == "jump" {
                label {
                    (voice.say("show-item"))
                    select name="item" id=(format!("show-item-{id}")) {
                        @for item in items { option value=(item) { (item) } }
                    }
                }
            }
            label {
                (voice.say("reason"))
                input id=(format!("show-{act}-reason-{id}")) name="reason" required maxlength="200" autocomplete="off";
            }
            div { button.(if grave { "grave" } else { "main" }) type="submit" { (voice.say(word)) } }
            output {}
        }
    };
    let tone = if grave { Tone::Grave } else { Tone::Plain };
    dialog(voice, &format!("show-{act}-ask-{id}"), &voice.say(word), tone, None, &form)
}
