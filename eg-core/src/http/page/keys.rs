//! Keys of the page: one letter for each act of an evening, and the list that `?` shows.

use super::ask::dialog;
use super::text::Localizer;
use eg_page::Tone;
use maud::{Markup, html};

/// Returns the key of an act, by its name; none for an act that is rare or that only one game knows.
pub(super) fn key_of(act: &str) -> Option<char> {
    Some(match act {
        "abort" => 'a',
        "arm" | "next" | "open" => 'n',
        "close" => 'c',
        "decide" => 'g',
        "excuse" => 'x',
        "extend" => 'e',
        "finish" => 'q',
        "force" => 'f',
        "hint" => 'h',
        "kill" => 'k',
        "pause" | "resume" => 'p',
        "players" => 'j',
        "proxy" => 'o',
        "reset-room" => 'i',
        "reopen" => 'w',
        "reveal" => 'v',
        "roll-call" => 'r',
        "show-next" => 'm',
        "start" => 's',
        "time" => 't',
        "undo" => 'u',
        _ => return None,
    })
}

/// Renders the button that lists the keys, with its dialog. The list itself is made when it is opened, of the buttons
/// that stand on the page then.
pub(super) fn list(voice: Localizer<'_>) -> Markup {
    let content = html! {
        ul.keys data-keys data-keep {}
        p.small.soft { (voice.say("keys-rooms")) }
        label.tick { input type="checkbox" id="keys-on" checked data-keep; (voice.say("keys-on")) }
    };
    dialog(voice, "keys", &voice.say("keys"), Tone::Plain, Some('?'), &content)
}
