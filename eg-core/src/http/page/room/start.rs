//! Start of a session, which asks when something is broken or somebody is missing.

use super::broken::{Broken, broken};
use crate::engine::read_model::{ReadModel, ResetLine, Room};
use crate::http::page::ask::dialog;
use crate::http::page::keys::key_of;
use crate::http::page::text::Localizer;
use eg_page::Tone;
use eg_proto::RoomId;
use maud::{Markup, html};

/// Renders the buttons that start a session: the room's own game, and any other.
pub(super) fn start(voice: Localizer<'_>, id: &RoomId, room: &Room, state: &ReadModel) -> Markup {
    let address = format!("/api/rooms/{id}/sessions");
    let label = voice.with("start", "game", &room.game);
    let doubts = Doubts::of(room, state);
    let own = html! {
        form id=(format!("start-{id}")) data-post=(address) {
            (doubts.show(voice, id, "own"))
            div { button.main type="submit" { (label) } }
            output {}
        }
    };
    html! {
        div.acts id=(format!("begin-{id}")) {
            @if doubts.any() {
                (dialog(voice, &format!("start-ask-{id}"), &label, Tone::Main, key_of("start"), &own))
            } @else {
                form.inline id=(format!("start-{id}")) data-post=(address) {
                    button.main type="submit" data-key=[key_of("start")] { (label) }
                    output {}
                }
            }
            a.button id=(format!("start-other-{id}")) href=(format!("/rooms/{id}/settings")) { (voice.say("start-other")) }
        }
    }
}

/// Renders what is broken and who is missing before a start, with the field for a reason.
pub(in crate::http::page) fn doubts(
    voice: Localizer<'_>,
    id: &RoomId,
    room: &Room,
    state: &ReadModel,
) -> Markup {
    Doubts::of(room, state).show(voice, id, "settings")
}

/// Reasons to think twice before a session starts.
struct Doubts<'a> {
    broken: Vec<Broken<'a>>,
    /// `true` if somebody has not answered the roll-call.
    missing: bool,
    /// Lines of the reset that are not ticked.
    not_reset: Vec<&'a ResetLine>,
}

impl<'a> Doubts<'a> {
    fn of(room: &'a Room, state: &'a ReadModel) -> Self {
        let missing = room.roll_call.as_ref().is_some_and(|roll| !roll.missing.is_empty());
        let not_reset = room.reset.iter().filter(|line| line.by.is_none()).collect();
        Self { broken: broken(room, state), missing, not_reset }
    }

    fn any(&self) -> bool {
        self.missing || !self.broken.is_empty() || !self.not_reset.is_empty()
    }

    /// Renders what is broken and who is missing, and the field for a reason to start all the same.
    fn show(&self, voice: Localizer<'_>, id: &RoomId, form: &str) -> Markup {
        html! {
            @if !self.broken.is_empty() {
                div.note.warn.tight {
                    p.lead { (voice.say("start-broken")) }
                    ul { @for broken in &self.broken { li { (broken.show(voice)) } } }
                }
            }
            @if !self.not_reset.is_empty() {
                div.note.warn.tight {
                    p.lead { (voice.say("start-not-reset")) }
                    ul { @for line in &self.not_reset { li { (voice.lang.of(&line.what)) } } }
                }
            }
            @if self.any() {
                label {
                    (voice.say(if self.missing { "start-without" } else { "start-anyway" }))
                    input id=(format!("without-{form}-{id}")) name="reason" required maxlength="200" autocomplete="off";
                }
            }
        }
    }
}
