//! Rooms as tabs, each with what it does now, and whether it needs somebody.

use super::text::Localizer;
use crate::engine::read_model::{ReadModel, Room, SessionStatus};
use crate::http::attention::{Attention, Severity};
use crate::show::Stage;
use eg_proto::RoomId;
use maud::{Markup, html};

/// Page from which the tabs are seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Here {
    /// Page of all rooms.
    All,
    /// Page of one room.
    Room(RoomId),
    /// Another page.
    Elsewhere,
}

impl Here {
    /// Returns the room whose page it is.
    pub(super) fn room(&self) -> Option<&RoomId> {
        match self {
            Self::Room(id) => Some(id),
            Self::All | Self::Elsewhere => None,
        }
    }
}

/// Renders a tab for each room, and one for all where there are several.
pub(super) fn places(
    voice: Localizer<'_>,
    state: &ReadModel,
    attention: &Attention,
    here: &Here,
) -> Markup {
    let many = state.rooms.len() > 1;
    let current = |is_here: bool| is_here.then_some("page");
    html! {
        @if many {
            a.place href="/" aria-current=[current(*here == Here::All)] {
                strong { (voice.say("places-all")) }
            }
        }
        @for (id, room) in &state.rooms {
            @let (path, is_here) = match many {
                true => (format!("/rooms/{id}"), here.room() == Some(id)),
                false => ("/".to_owned(), *here == Here::All),
            };
            a.place id=(format!("place-{id}")) href=(path) aria-current=[current(is_here)] {
                strong { (voice.names.room(id)) }
                (needs(voice, id, room, attention))
                span.doing.small { (doing(voice, room)) }
            }
        }
    }
}

/// Describes what a room does now.
fn doing(voice: Localizer<'_>, room: &Room) -> String {
    let session = room.session.as_ref();
    match session.map(|session| (&session.status, session)) {
        Some((SessionStatus::Running, session)) => {
            let paused = session.clock.stopped.map(|_| voice.say("clock-stopped"));
            let now = paused.unwrap_or_else(|| voice.read(&session.operator.headline).into_owned());
            format!("{} · {now}", session.game)
        }
        Some((SessionStatus::Failed(_), session)) => {
            format!("{} · {}", session.game, voice.say("status-failed"))
        }
        Some((SessionStatus::Done | SessionStatus::Aborted, _)) | None => voice.say("place-idle"),
    }
}

/// Renders how many things in a room need somebody, or that its show waits.
fn needs(voice: Localizer<'_>, id: &RoomId, room: &Room, attention: &Attention) -> Markup {
    let alarms = || {
        let of_room = |slot| room.slots.contains(slot);
        attention.items.iter().filter(move |item| {
            let concerns =
                item.room.as_ref() == Some(id) || item.slot.as_ref().is_some_and(of_room);
            item.is_alarm() && concerns
        })
    };
    let count = alarms().count();
    let worst = alarms().map(|item| item.severity).max();
    let waits = room
        .show
        .as_ref()
        .is_some_and(|show| matches!(show.stage, Stage::Ready { .. } | Stage::Asking { .. }));
    let tone = if worst == Some(Severity::Failure) { "bad" } else { "warn" };
    html! {
        @if count > 0 {
            span.pill.(tone) title=(voice.words.tell(voice.lang, "attention-count", [("n", count.into())])) { (count) }
        } @else if waits {
            span.pill.warn { (voice.say("place-waits")) }
        }
    }
}
