//! The header's right side: day or night, and who is signed in.

use super::words::Voice;
use crate::state::State;
use eg_proto::Mode;
use maud::{Markup, html};

/// Day and night as two buttons of which one is pressed.
pub(super) fn mode(voice: Voice<'_>, state: &State) -> Markup {
    html! {
        span.soft.small { (voice.say("mode")) }
        @for (mode, value, word) in [(Mode::Day, "day", "mode-day"), (Mode::Night, "night", "mode-night")] {
            form.inline data-post="/api/mode" {
                input type="hidden" name="mode" value=(value);
                button type="submit" id=(format!("mode-{value}")) aria-pressed=(state.mode == mode) {
                    (voice.say(word))
                }
            }
        }
    }
}

/// The way out.
pub(super) fn account(voice: Voice<'_>) -> Markup {
    html! {
        a.quiet href="/sessions" { (voice.say("history")) }
        a.quiet href="/docs" { (voice.say("docs")) }
        form.inline data-post="/api/logout" data-then="/login" {
            button.quiet type="submit" { (voice.say("logout")) }
        }
    }
}
