//! Settings of rooms that operators save: they count from the next session on, in place of those of the file.

use super::acts::{ActRequest, Attempt, no_room};
use crate::engine::command::{Actor, Refused, RefusedKind};
use crate::engine::read_model::{RoomSettings, SavedSettings};
use crate::engine::session::game;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, json};
use eg_game::games;
use eg_proto::{RoomId, Text};
use serde_json::Value;
use std::sync::Arc;

/// Name of the act that saves settings.
const SAVE: &str = "settings";
/// Name of the act that goes back to the settings of the file.
const FORGET: &str = "settings-of-file";

impl Engine {
    /// Saves settings of a room's own game, or goes back to those of the file. The act names the keys that differ from
    /// the file, and not their values: everybody may read the journal, and a code is no news for players.
    pub(in crate::engine) fn save_settings(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        settings: Option<Value>,
        by: Actor,
    ) -> Attempt<()> {
        let Some(config) = self.rooms.config.get(room) else { return Ok(Err(no_room(room))) };
        let game = config.game.clone();
        if let Some(settings) = &settings
            && let Some(entry) = games().into_iter().find(|entry| entry.kind == game)
            && let Err(problem) = game::check(entry, settings)
        {
            return Ok(Err(Refused::new(RefusedKind::Invalid, Text::same(problem))));
        }
        let keys = settings.as_ref().map(|settings| changed(&config.config, settings));
        let (name, mut args) = match keys {
            Some(keys) => (SAVE, text::args([("keys", keys.into())])),
            None => (FORGET, text::args([])),
        };
        args.insert("room".to_owned(), json(room));
        let request = ActRequest { name: name.to_owned(), args, reason: None, by: by.clone() };
        self.write_act(tx, None, request)?;
        let at = self.time.last;
        let saved = settings.map(|config| SavedSettings { game, config, by: by.0, at });
        self.journal.keep_settings(room, saved.as_ref().map(json).as_ref())?;
        self.take_settings(room, saved);
        Ok(Ok(()))
    }

    /// Returns the settings with which the own game of a room starts.
    pub(in crate::engine) fn settings_of(&self, room: &RoomId) -> Option<Value> {
        let settings = self.rooms.settings.get(room)?;
        Some(settings.now().clone())
    }

    /// Restores saved settings from the journal. Those of another game than the file's are left out.
    pub(in crate::engine) fn recall_settings(&mut self) -> Result<(), JournalError> {
        let rooms: Vec<RoomId> = self.rooms.config.keys().cloned().collect();
        for room in rooms {
            let saved = self.journal.settings(&room)?;
            let saved = saved.and_then(|saved| serde_json::from_value(saved).ok());
            self.take_settings(&room, saved);
        }
        Ok(())
    }

    fn take_settings(&mut self, room: &RoomId, saved: Option<SavedSettings>) {
        let Some(config) = self.rooms.config.get(room) else { return };
        let saved = saved.filter(|saved| saved.game == config.game);
        let (file, players) = (config.config.clone(), config.slots.clone());
        let settings = RoomSettings { file, saved, players };
        self.rooms.settings.insert(room.clone(), Arc::new(settings));
    }
}

/// Returns the names of the keys whose values differ.
fn changed(file: &Value, settings: &Value) -> Vec<String> {
    let keys = [file, settings].into_iter().filter_map(Value::as_object).flatten();
    let mut names: Vec<String> = keys.map(|(name, _)| name.clone()).collect();
    names.sort();
    names.dedup();
    names.retain(|name| file.get(name) != settings.get(name));
    names
}
