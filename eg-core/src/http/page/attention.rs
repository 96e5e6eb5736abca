//! Card of what needs attention, first on the page.

use super::text::{Localizer, digest};
use crate::http::attention::{Attention, AttentionItem, Severity};
use eg_proto::Timestamp;
use maud::{Markup, html};
use std::time::Duration;

/// Number of items that are shown before the rest is folded.
const SHOWN: usize = 6;
/// Age from which on the day is told too.
const TODAY: Duration = Duration::from_secs(12 * 3_600);

/// Renders the list of everything that needs attention, worst first.
pub(super) fn attention(voice: Localizer<'_>, all: &Attention, now: Timestamp) -> Markup {
    let (items, alarms) = (all.items.as_slice(), all.health.alarms);
    let (shown, folded) = items.split_at(items.len().min(SHOWN));
    let list = |items: &[AttentionItem]| {
        html! { ul.needs { @for item in items { (line(voice, item, now)) } } }
    };
    html! {
        div.row {
            h2 {
                (voice.say("attention"))
                @if alarms > 0 {
                    span.soft.small {
                        (voice.words.tell(voice.lang, "attention-count", [("n", alarms.into())]))
                    }
                }
            }
            span.grow {}
            (switches(voice))
        }
        @if items.is_empty() { p.good { "✓ " (voice.say("attention-none")) } }
        @else { (list(shown)) }
        @if !folded.is_empty() {
            details #attention-more {
                summary.small {
                    (voice.words.tell(voice.lang, "attention-more", [("n", folded.len().into())]))
                }
                (list(folded))
            }
        }
    }
}

/// Renders the switches for sound and notification, which the reader's browser remembers.
fn switches(voice: Localizer<'_>) -> Markup {
    html! {
        div #switches .row.small data-keep {
            span.soft { (voice.say("alarm-by")) }
            label.tick { input #alarm-sound type="checkbox" autocomplete="off"; (voice.say("alarm-sound")) }
            label.tick { input #alarm-notice type="checkbox" autocomplete="off"; (voice.say("alarm-notice")) }
            span #alarm-cannot .soft hidden { (voice.say("alarm-cannot")) }
        }
    }
}

fn line(voice: Localizer<'_>, item: &AttentionItem, now: Timestamp) -> Markup {
    let (tone, word) = match item.severity {
        Severity::Failure => ("bad", "attention-failure"),
        Severity::Warning => ("warn", "attention-warning"),
        Severity::Note => ("", "attention-note"),
    };
    let next = voice.beside(&item.next);
    html! {
        li.need.(tone) id=(format!("need-{:x}", digest(&item.key))) {
            span.pill.(tone) { (voice.say(word)) }
            p {
                span.what { (voice.beside(&item.what)) }
                @if let Some(since) = item.since {
                    " " span.soft.small {
                        (voice.say("attention-since")) " "
                        (moment(since, now))
                    }
                }
            }
            @match &item.link {
                Some(link) => a.next href=(link) { (next) },
                None => p.next.soft { (next) },
            }
        }
    }
}

/// Renders a moment, with its day if that is not today's.
fn moment(at: Timestamp, now: Timestamp) -> Markup {
    let millis = at.0 / 1_000;
    html! {
        @if now.since(at) < TODAY { time data-at=(millis) data-keep {} }
        @else { time data-at=(millis) data-day data-keep {} }
    }
}
