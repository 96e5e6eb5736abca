//! Names for people on every page: whoever is meant stands in the place of an id, and is renamed there.

use super::ask::dialog;
use super::keys::key_of;
use super::text::Localizer;
use crate::engine::read_model::{Room, SessionStatus};
use eg_page::Tone;
use eg_proto::{RoomId, SlotId, Text};
use maud::{Markup, html};
use std::borrow::Cow;

impl Localizer<'_> {
    /// Returns a text of a game or of the core in the reader's language, with people in the place of their slots.
    pub(super) fn read<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        self.names.within(self.lang.of(text))
    }

    /// Returns a text in the reader's language, with names beside the ids of slots.
    pub(super) fn beside<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        self.names.beside(self.lang.of(text))
    }

    /// Returns the title of a room: its name, or the word for a room with its id.
    pub(super) fn room_title(&self, room: &RoomId) -> String {
        self.names.rooms.get(room).cloned().unwrap_or_else(|| self.with("room", "room", room))
    }

    /// Returns what a room is called that may have gone from the settings.
    pub(super) fn room_of<'t>(&self, room: &'t str) -> Cow<'t, str> {
        self.names.rooms.get(room).map_or(Cow::Borrowed(room), |name| Cow::Owned(name.clone()))
    }

    /// Returns a slot by whoever sits there, with its id behind, and any other text as it is.
    pub(super) fn both<'t>(&self, choice: &'t str) -> Cow<'t, str> {
        let slot = SlotId::new(choice).ok();
        match slot.as_ref().map(|slot| self.names.seat(slot)).filter(|name| *name != choice) {
            Some(name) => Cow::Owned(format!("{name} · {choice}")),
            None => Cow::Borrowed(choice),
        }
    }

    /// Renders a slot as a place: its name, its id if it has one, and who sits there.
    pub(super) fn place(&self, slot: &SlotId) -> Markup {
        let name = self.names.slot(slot);
        html! {
            a.name href=(format!("/slots/{slot}")) { (name) }
            @if name != slot.as_str() { span.soft.small { (slot) } }
            @if let Some(player) = self.names.player(slot) { span.small { (player) } }
        }
    }
}

/// Renders who plays in a room, with the dialogs in which players and room are named. `manages` adds what only operators
/// may do.
pub(super) fn of_room(
    voice: Localizer<'_>,
    id: &RoomId,
    room: &Room,
    may_act: bool,
    manages: bool,
) -> Markup {
    let names = voice.names;
    let named: Vec<_> = room.slots.iter().filter_map(|slot| names.player(slot)).collect();
    let shared = names.shared(id).into_iter().collect::<Vec<_>>().join(", ");
    let runs = room.session.as_ref().is_some_and(|it| it.status == SessionStatus::Running);
    html! {
        div.row.seated id=(format!("people-{id}")) {
            @if !named.is_empty() {
                p.small { span.soft { (voice.say("names-players")) } " " (named.join(", ")) }
            }
            @if may_act && !room.slots.is_empty() { (players(voice, id, room)) }
            @if may_act && !runs && !named.is_empty() { (clear(voice, id)) }
            @if manages {
                @let of = (id.as_str(), names.rooms.get(id));
                (rename(voice, "room", of, &voice.say("names-rename-room"), &format!("/api/rooms/{id}/name")))
            }
        }
        @if !shared.is_empty() { p.note.warn.small { (voice.with("names-shared", "names", shared)) } }
    }
}

/// Renders the dialog that says who plays tonight: a field for each seat, in their order.
fn players(voice: Localizer<'_>, id: &RoomId, room: &Room) -> Markup {
    let field = |slot: &SlotId| {
        html! {
            label {
                span { (voice.names.slot(slot)) @if voice.names.slot(slot) != slot.as_str() { " · " (slot) } }
                input id=(format!("player-{id}-{slot}")) name=(format!("players.{slot}")) maxlength="40"
                    value=(voice.names.player(slot).unwrap_or_default()) autocomplete="off" data-list;
            }
        }
    };
    let form = html! {
        form id=(format!("players-form-{id}")) data-post=(format!("/api/rooms/{id}/players")) data-method="PUT" {
            p { strong { (voice.room_title(id)) } }
            p.small.soft { (voice.say("names-paste")) }
            div.fields { @for slot in &room.slots { (field(slot)) } }
            div { button.main type="submit" { (voice.say("names-save")) } }
            output {}
        }
    };
    let label = voice.say("names-who");
    dialog(voice, &format!("players-{id}"), &label, Tone::Plain, key_of("players"), &form)
}

/// Renders the button that takes the names away after a game.
fn clear(voice: Localizer<'_>, id: &RoomId) -> Markup {
    let form = html! {
        form id=(format!("players-clear-{id}")) data-post=(format!("/api/rooms/{id}/players")) data-method="PUT" {
            p.soft { (voice.with("names-clear-means", "room", voice.names.room(id))) }
            input type="hidden" name="players" value="{}" data-as="json";
            div { button.grave type="submit" { (voice.say("names-clear")) } }
            output {}
        }
    };
    let label = voice.say("names-clear");
    dialog(voice, &format!("players-clear-{id}-ask"), &label, Tone::Plain, None, &form)
}

/// Renders the button by a slot that renames it.
pub(super) fn rename_slot(voice: Localizer<'_>, slot: &SlotId) -> Markup {
    let label = voice.with("names-rename-slot", "slot", slot);
    let of = (slot.as_str(), voice.names.slots.get(slot));
    rename(voice, "slot", of, &label, &format!("/api/slots/{slot}/name"))
}

fn rename(
    voice: Localizer<'_>,
    kind: &str,
    (id, name): (&str, Option<&String>),
    label: &str,
    address: &str,
) -> Markup {
    let form = html! {
        form id=(format!("rename-form-{kind}-{id}")) data-post=(address) data-method="PUT" {
            label {
                (voice.with("names-name", "id", id))
                input id=(format!("rename-name-{kind}-{id}")) name="name" maxlength="40"
                    value=[name] autocomplete="off";
            }
            div { button.main type="submit" { (voice.say("names-save")) } }
            output {}
        }
    };
    dialog(voice, &format!("rename-{kind}-{id}"), label, Tone::Pencil, None, &form)
}
