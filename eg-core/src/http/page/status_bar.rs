//! Bar that stays in sight: rooms as tabs, one health figure, and who is signed in. Beside it stand two regions that say
//! what is new to whoever listens.

use super::places::{Here, places};
use super::text::{Localizer, digest};
use crate::engine::read_model::{ReadModel, SessionStatus};
use crate::http::attention::{Attention, Severity};
use crate::http::caller::Caller;
use eg_game::Widget;
use eg_page::address;
use maud::{Markup, html};

/// Number of alarms that are told one by one.
const TOLD: usize = 20;

/// Renders the bar with its parts empty.
pub(super) fn bar(voice: Localizer<'_>, caller: &Caller) -> Markup {
    html! {
        section.bar aria-label=(voice.say("bar")) {
            nav #places .places aria-label=(voice.say("rooms")) data-part {}
            div #health .health data-part {}
            @if let Some(who) = caller.identity() {
                a.quiet #me href="/account" title=(voice.say("account")) { (who.name) }
            }
        }
        div #said-alarms .said role="alert" aria-live="assertive" {}
        div #said-results .said role="status" aria-live="polite" {}
    }
}

/// Renders the parts of the bar, by element id.
pub(super) fn parts(
    voice: Localizer<'_>,
    state: &ReadModel,
    attention: &Attention,
    here: &Here,
) -> Vec<(String, Markup)> {
    vec![
        ("places".to_owned(), places(voice, state, attention, here)),
        health(voice, state, attention),
    ]
}

/// Renders the health figure, the part that pages follow which nobody sees. It carries what the script says aloud.
pub(super) fn health(
    voice: Localizer<'_>,
    state: &ReadModel,
    attention: &Attention,
) -> (String, Markup) {
    let health = attention.health;
    let (tone, icon) = match health.worst {
        Some(Severity::Failure) => ("bad", "eg-bad.svg"),
        Some(Severity::Warning | Severity::Note) => ("warn", "eg-warn.svg"),
        None => ("good", "eg.svg"),
    };
    let slots = [("well", health.well.into()), ("all", health.all.into())];
    let alarms = attention.items.iter().filter(|item| item.is_alarm()).take(TOLD);
    let figure = html! {
        a #health-now .figure href="/#attention" data-alarms=(health.alarms) data-icon=(address(icon)) {
            span.pill.(tone) { (voice.words.tell(voice.lang, "health-slots", slots)) }
            @if health.alarms > 0 {
                span.small {
                    (voice.words.tell(voice.lang, "attention-count", [("n", health.alarms.into())]))
                }
            }
        }
        ul hidden {
            @for item in alarms {
                li data-told=(format!("{:x}", digest(&item.key))) data-alarm { (voice.beside(&item.what)) }
            }
            @for (key, result) in results(voice, state) {
                li data-told=(format!("{key:x}")) { (result) }
            }
        }
    };
    ("health".to_owned(), figure)
}

/// Returns the result of each room that shows one, with a number that tells it from others.
fn results(voice: Localizer<'_>, state: &ReadModel) -> Vec<(u64, String)> {
    let rooms = state.rooms.iter();
    let shown = rooms.filter_map(|(id, room)| {
        let session = room.session.as_ref()?;
        let won = |part: &Widget| {
            matches!(part, Widget::Tally { bars, .. } if bars.iter().any(|bar| bar.won))
        };
        let is_over = session.status == SessionStatus::Done;
        (is_over || session.public.parts.iter().any(won)).then_some(())?;
        let result = voice.read(&session.explain);
        let blanks = [("room", voice.names.room(id).into()), ("result", result.into())];
        let said = voice.words.tell(voice.lang, "said-result", blanks);
        Some((digest((session.id, &said)), said))
    });
    shown.collect()
}
