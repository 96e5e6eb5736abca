//! Log of a slot: the latest lines that tell of the slot itself.

use super::context::Detail;
use maud::{Markup, html};

/// Renders the latest lines, the latest first.
pub(super) fn log(detail: &Detail<'_>) -> Markup {
    let Detail { voice, panel, .. } = *detail;
    html! {
        @if panel.log.is_empty() { p.soft.small { (voice.say("slot-log-none")) } }
        ul.items.small {
            @for line in panel.log.iter().rev() {
                li {
                    time.soft data-at=(line.at.0 / 1_000) data-keep {} " "
                    span.bad[line.bad] { (voice.lang.of(&line.line)) }
                }
            }
        }
    }
}
