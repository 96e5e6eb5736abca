//! Names for people on every page: whoever is meant stands in the place of an id.

use super::text::Localizer;
use eg_proto::{SlotId, Text};
use std::borrow::Cow;

impl Localizer<'_> {
    /// Returns a text of a game or of the core in the reader's language, with people in the place of their slots.
    pub(super) fn read<'t>(&self, text: &'t Text) -> Cow<'t, str> {
        self.names.within(self.lang.of(text))
    }

    /// Returns what a room is called that may have gone from the settings.
    pub(super) fn room_of<'t>(&self, room: &'t str) -> Cow<'t, str> {
        self.names.rooms.get(room).map_or(Cow::Borrowed(room), |name| Cow::Owned(name.clone()))
    }

    /// Returns a choice of a form: a slot by whoever sits there, with its id behind, and any other as it is.
    pub(super) fn both<'t>(&self, choice: &'t str) -> Cow<'t, str> {
        let slot = SlotId::new(choice).ok();
        match slot.as_ref().map(|slot| self.names.seat(slot)).filter(|name| *name != choice) {
            Some(name) => Cow::Owned(format!("{name} · {choice}")),
            None => Cow::Borrowed(choice),
        }
    }
}
