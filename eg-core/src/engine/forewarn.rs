//! What the operator would be warned of at the start, because of what the slots have: told by `eg-core check`, from the
//! hello of each slot that the journal keeps.

use super::{controls, run, slots};
use crate::config::{CoreConfig, RoomConfig};
use crate::journal::{JournalError, Reader};
use eg_game::{Act, Audience, Effects, Level, Roster, Widget, games};
use eg_proto::{Hello, RoomId, SlotId, Text, Timestamp};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A warning about one game of one room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forewarning {
    /// In which room.
    pub room: RoomId,
    /// Which item of the room's show; none for the room's own game.
    pub item: Option<String>,
    /// What the operator would read.
    pub why: Text,
}

/// What the inputs that the slots have told do not fit, in the games and shows of every room. Nothing for a room whose
/// slots were never heard of.
///
/// # Errors
/// The journal cannot be read.
pub fn forewarn(config: &CoreConfig, journal: &Reader) -> Result<Vec<Forewarning>, JournalError> {
    let mut known = BTreeMap::new();
    for (slot, hello) in journal.hellos()? {
        let hello = serde_json::from_str::<Hello>(&hello).ok();
        if let (Ok(slot), Some(hello)) = (SlotId::new(slot), hello) {
            let mut seen = slots::unheard();
            slots::has(&mut seen, &hello);
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

/// The room's own game, and those of its show.
fn sessions(room: &RoomConfig) -> impl Iterator<Item = (Option<&str>, &str, &Value)> {
    let items = room.show.iter().flat_map(|show| &show.items);
    let items = items.map(|item| (Some(item.name.as_str()), item.game.as_str(), &item.config));
    std::iter::once((None, room.game.as_str(), &room.config)).chain(items)
}

/// What the operator is warned of when a session has just started; nothing when it does not start.
fn seen(game: &str, settings: &Value, roster: &Roster) -> Vec<Text> {
    let Some(entry) = games().into_iter().find(|entry| entry.kind == game) else {
        return Vec::new();
    };
    let Ok(mut session) = run::start(entry, settings, roster) else { return Vec::new() };
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
