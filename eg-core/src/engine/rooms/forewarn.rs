//! Warnings that a start would give because of the inputs that slots have: shown by `eg-core check`, from the hello of
//! each slot that the journal keeps.

use crate::config::{CoreConfig, RoomConfig};
use crate::engine::read_model::Slot;
use crate::engine::session::game;
use crate::engine::slots::{controls, registry};
use crate::journal::{JournalError, Reader};
use eg_game::{Act, Audience, Effects, Level, Roster, Widget, games};
use eg_proto::{Hello, RoomId, SlotId, Text, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Warning about one game of one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forewarning {
    /// Room of the game.
    pub room: RoomId,
    /// Item of the room's show; `None` for the room's own game.
    pub item: Option<String>,
    /// Text that the operator would read.
    pub why: Text,
}

/// Returns the warnings about inputs of slots that do not fit the games and shows of every room. Rooms whose slots were
/// never heard give none.
///
/// # Errors
/// The journal cannot be read.
pub fn forewarn(config: &CoreConfig, journal: &Reader) -> Result<Vec<Forewarning>, JournalError> {
    let mut known = BTreeMap::new();
    for (slot, hello) in journal.hellos()? {
        let hello = serde_json::from_str::<Hello>(&hello).ok();
        if let (Ok(slot), Some(hello)) = (SlotId::new(slot), hello) {
            let mut seen = Slot::unheard();
            registry::has(&mut seen, &hello);
            known.extend(controls::of(&seen).map(|controls| (slot, controls)));
        }
    }
    let mut warnings = Vec::new();
    for (name, room) in &config.rooms {
        let named = |slot: &SlotId| {
            config
                .rooms
                .values()
                .any(|room| room.slots.as_ref().is_some_and(|it| it.contains(slot)))
        };
        let slots: Vec<SlotId> = match &room.slots {
            Some(slots) => slots.clone(),
            None => known.keys().filter(|slot| !named(slot)).cloned().collect(),
        };
        let plain = Roster::of(slots);
        let mut told = plain.clone();
        for seat in &plain.seats {
            if let Some(controls) = known.get(&seat.slot) {
                told.set_controls(seat.slot.clone(), controls.clone());
            }
        }
        for (item, game, settings) in sessions(room) {
            let before = seen(game, settings, &plain);
            let new = seen(game, settings, &told).into_iter().filter(|why| !before.contains(why));
            let warning =
                |why| Forewarning { room: name.clone(), item: item.map(str::to_owned), why };
            warnings.extend(new.map(warning));
        }
    }
    Ok(warnings)
}

/// Returns item, kind and settings of the room's own game, for which the item is `None`, and of the games of its show.
fn sessions(room: &RoomConfig) -> impl Iterator<Item = (Option<&str>, &str, &Value)> {
    let items = room.show.iter().flat_map(|show| &show.items);
    let items = items.map(|item| (Some(item.name.as_str()), item.game.as_str(), &item.config));
    std::iter::once((None, room.game.as_str(), &room.config)).chain(items)
}

/// Returns the warnings in the operator's view of a session that has just started; none if the session does not start.
fn seen(game: &str, settings: &Value, roster: &Roster) -> Vec<Text> {
    let Some(entry) = games().into_iter().find(|entry| entry.kind == game) else {
        return Vec::new();
    };
    let Ok(mut session) = game::start(entry, settings, roster) else { return Vec::new() };
    let (by, name) = ("check".to_owned(), "start".to_owned());
    let act = Act { id: 1, at: Timestamp(0), by, reason: None, name, args: Map::new() };
    let view = catch_unwind(AssertUnwindSafe(|| {
        session.on_operator(&act, &mut Effects::default());
        session.view(&Audience::Operator { revealed: false })
    }));
    let warns = |part: Widget| match part {
        Widget::Text { text, level: Level::Warn } => Some(text),
        Widget::Text { .. }
        | Widget::Question { .. }
        | Widget::Tally { .. }
        | Widget::Turnout { .. }
        | Widget::Timer { .. }
        | Widget::List { .. }
        | Widget::Matrix { .. } => None,
    };
    view.map(|view| view.parts.into_iter().filter_map(warns).collect()).unwrap_or_default()
}
