//! Notes beside the form: what is wrong, what differs from the file, and the buttons that use the settings.

use super::shown::Shown;
use crate::engine::read_model::SavedSettings;
use crate::http::page::ask::Ask;
use crate::http::page::room::doubts;
use crate::http::settings::{differences, for_file, one_line, told as words_of};
use maud::{Markup, html};
use serde_json::Value;

/// Renders what is to be known about the settings, and what can be done with them.
pub(super) fn told(shown: &Shown<'_>) -> Markup {
    let Shown { voice, checked, .. } = shown;
    html! {
        @match checked {
            Ok(settings) => {
                p.note.good role="status" { (voice.say("settings-right")) }
                @if shown.is_own() { (differs(shown, settings)) }
            }
            Err(problems) => {
                div.note.bad role="status" {
                    strong { (voice.words.tell(voice.lang, "settings-wrong", [("n", problems.len().into())])) }
                    ul {
                        @for problem in problems {
                            li {
                                @if let (Some(line), Some(column)) = (problem.line, problem.column) {
                                    span.soft { (voice.with("settings-line", "at", format!("{line}:{column}"))) } " "
                                }
                                @if !problem.path.is_empty() { code { (problem.path) } " " }
                                (voice.lang.of(&words_of(problem)))
                            }
                        }
                    }
                }
            }
        }
        (acts(shown))
    }
}

/// Returns the part of `core.yaml` that makes these settings those of the room.
pub(super) fn file(shown: &Shown<'_>) -> String {
    for_file(shown.room, shown.entry.kind, &shown.text)
}

/// Lists what differs from the file, and offers to go back.
fn differs(shown: &Shown<'_>, settings: &Value) -> Markup {
    let Shown { voice, of_room, .. } = shown;
    let differences = differences(&of_room.file, settings);
    let said = |value: Option<&Value>| value.map_or_else(|| voice.say("settings-unsaid"), one_line);
    html! {
        @if let Some(SavedSettings { by, at, .. }) = &of_room.saved {
            p.small {
                (voice.with("settings-saved-by", "by", by)) " "
                time data-at=(at.0 / 1_000) data-day {}
            }
        }
        @if differences.is_empty() {
            p.soft.small { (voice.say("settings-same")) }
        } @else {
            details.differs open {
                summary { (voice.words.tell(voice.lang, "settings-differ", [("n", differences.len().into())])) }
                ul.items.small {
                    @for (key, file, now) in &differences {
                        li { code { (key) } " " (said(*now)) " " span.soft { (voice.with("settings-in-file", "value", said(*file))) } }
                    }
                }
            }
        }
    }
}

fn acts(shown: &Shown<'_>) -> Markup {
    let Shown { voice, room, entry, checked, saves, of_room, state, .. } = shown;
    let carries =
        || html! { input type="hidden" name="settings" data-settings value=(shown.text); };
    let (start, save) =
        (format!("/api/rooms/{room}/sessions"), format!("/api/rooms/{room}/settings"));
    let here = format!("/rooms/{room}/settings");
    html! {
        @if shown.runs() { p.note.small { (voice.say("settings-running")) } }
        div.acts {
            @if !shown.runs() {
                form #settings-start data-post=(start) data-then="/" {
                    input type="hidden" name="game" value=(entry.kind);
                    (carries())
                    (doubts(*voice, room, state, shown.model))
                    button.main type="submit" disabled[checked.is_err()] { (voice.say("settings-start")) }
                    output {}
                }
            }
            @if shown.is_own() && *saves {
                form #settings-keep data-post=(save) data-then=(here) {
                    (carries())
                    button type="submit" disabled[checked.is_err()] { (voice.say("settings-keep")) }
                    output {}
                }
                @if of_room.saved.is_some() {
                    (Ask {
                        id: "settings-forget".to_owned(),
                        label: voice.say("settings-forget"),
                        means: "settings-forget-means",
                        post: &format!("{save}/forget"),
                        fields: html! {},
                        key: None,
                    }.then(*voice, Some(&here)))
                }
            }
        }
        @if shown.is_own() {
            p.soft.small { (voice.say(if *saves { "settings-keep-means" } else { "settings-use-means" })) }
        }
    }
}
