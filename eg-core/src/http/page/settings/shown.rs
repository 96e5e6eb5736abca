//! Settings as the page shows them: their text, their values, and what a check of them said.

use crate::auth::Role;
use crate::engine::read_model::{ReadModel, Room, RoomSettings, SessionStatus};
use crate::http::caller::Caller;
use crate::http::page::text::Localizer;
use crate::http::settings::check;
use eg_config::Problems;
use eg_game::GameEntry;
use eg_proto::RoomId;
use serde_json::Value;

/// Settings as the page shows them.
pub(super) struct Shown<'a> {
    pub(super) voice: Localizer<'a>,
    pub(super) room: &'a RoomId,
    pub(super) state: &'a Room,
    pub(super) model: &'a ReadModel,
    pub(super) of_room: &'a RoomSettings,
    pub(super) entry: &'static GameEntry,
    /// `true` if the reader may save them.
    pub(super) saves: bool,
    /// Text of the settings.
    pub(super) text: String,
    /// Settings for the form; `None` if the text is no YAML.
    pub(super) value: Option<Value>,
    pub(super) checked: Result<Value, Problems>,
}

impl Shown<'_> {
    /// Returns `true` for the room's own game.
    pub(super) fn is_own(&self) -> bool {
        self.entry.kind == self.state.game
    }

    /// Returns `true` while a session runs in the room.
    pub(super) fn runs(&self) -> bool {
        self.state.session.as_ref().is_some_and(|it| it.status == SessionStatus::Running)
    }
}

/// Checks settings as the file would be checked, for the page.
pub(super) fn shown<'a>(
    voice: Localizer<'a>,
    room: &'a RoomId,
    model: &'a ReadModel,
    (state, of_room): (&'a Room, &'a RoomSettings),
    entry: &'static GameEntry,
    caller: &Caller,
    (text, value): (String, Option<Value>),
) -> Shown<'a> {
    let checked = check(entry, &text, of_room.players.as_deref());
    // The game knows which of its texts only look like numbers.
    let value = checked.as_ref().ok().cloned().or(value);
    let saves = caller.role() == Some(Role::Operator);
    Shown { voice, room, state, model, of_room, entry, saves, text, value, checked }
}
