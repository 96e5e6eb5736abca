//! Checks of the rooms in `core.yaml`.

use super::file::{RoomFile, RoomsFile};
use super::hints::{self, HintSettings};
use super::room_times::RoomTimes;
use super::settings::{DisplayConfig, RoomConfig};
use super::theme;
use super::tls::in_folder_of;
use crate::games::NIGHT;
use crate::names;
use crate::show;
use crate::show::Show;
use eg_config::{KeyPath, Located, Problems, Source};
use eg_game::{EntryError, GameEntry, Roster, games};
use eg_proto::{RoomId, SlotId};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

pub(super) fn rooms(
    source: &Source,
    said: RoomsFile,
    problems: &mut Problems,
) -> BTreeMap<RoomId, RoomConfig> {
    match said {
        Some(rooms) => check_rooms(source, rooms, problems),
        None => BTreeMap::from_iter(default_room()),
    }
}

/// Returns the room of a core that names none: `main`, for every slot.
fn default_room() -> Option<(RoomId, RoomConfig)> {
    let config = Value::Object(Map::new());
    let (game, show, hints) = (NIGHT.to_owned(), None, HintSettings::default());
    let display = DisplayConfig::default();
    let (times, reset) = (RoomTimes::default(), Vec::new());
    let room =
        RoomConfig { name: None, slots: None, game, config, show, display, times, reset, hints };
    RoomId::new("main").ok().map(|name| (name, room))
}

fn check_rooms(
    source: &Source,
    rooms: BTreeMap<Located<RoomId>, RoomFile>,
    problems: &mut Problems,
) -> BTreeMap<RoomId, RoomConfig> {
    let known = games();
    let mut seats: BTreeMap<SlotId, RoomId> = BTreeMap::new();
    let mut open: Option<RoomId> = None;
    let mut checked = BTreeMap::new();
    for (id, room) in rooms {
        let RoomFile { name, slots, game, show, display, duration, idle, reset, hints, .. } = room;
        let (hint_time, hint_aloud) = (room.hint_time, room.hint_aloud);
        let path = KeyPath::from(["rooms", id.as_str()]);
        match &slots {
            Some(slots) => slots.iter().filter(|slot| slot.is_written()).for_each(|slot| {
                if let Some(other) = seats.insert((**slot).clone(), (*id).clone()) {
                    let what = format!("{} already plays in room {other}", **slot);
                    problems.push(source.problem_at(slot, what));
                }
            }),
            None => {
                if let Some(other) = open.replace((*id).clone()) {
                    let what = format!(
                        "room {other} already takes every slot; name the `slots` of one of them"
                    );
                    problems.push(source.problem_at(&id, what));
                }
            }
        }
        let slots: Option<Vec<SlotId>> =
            slots.map(|slots| slots.into_iter().map(Located::into_inner).collect());
        let config = path.key("config");
        let config = match known.iter().find(|entry| entry.kind == *game) {
            Some(entry) => check_game(source, &config, entry, slots.as_deref(), problems),
            None if game.is_written() => {
                let what = format!("no game called {:?}", *game);
                let kinds = known.iter().map(|entry| entry.kind);
                problems.push(source.problem_at(&game, what).known(&game, kinds));
                None
            }
            None => None,
        };
        let config = config.unwrap_or_else(|| Map::new().into());
        let show = show.filter(Located::is_certain);
        let show = show.and_then(|file| problems.keep(read_show(source, &file)));
        let theme = display.theme.filter(Located::is_certain);
        let theme = theme.and_then(|file| problems.keep(theme::read(source, &file)));
        let display = DisplayConfig { theme, sounds: display.sounds };
        let times = RoomTimes::check(source, duration, idle, problems);
        let reset = check_reset(source, reset, problems);
        let name = name.and_then(|name| named_for_people(source, &name, problems));
        let hints = hints::check(source, hint_time, hint_aloud, hints, problems);
        let game = game.into_inner();
        let room = RoomConfig { name, slots, game, config, show, display, times, reset, hints };
        checked.insert(id.into_inner(), room);
    }
    checked
}

/// Returns a name for people, or tells why it is none.
fn named_for_people(
    source: &Source,
    name: &Located<String>,
    problems: &mut Problems,
) -> Option<String> {
    match names::check(name) {
        Ok(name) => Some(name).filter(|name| !name.is_empty()),
        Err(error) => {
            problems.push(source.problem_at(name, error.to_string()));
            None
        }
    }
}

/// Returns the lines of a room's reset, each once: a tick belongs to a line by its words.
fn check_reset(
    source: &Source,
    lines: Vec<Located<String>>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for line in lines {
        if line.trim().is_empty() || seen.contains(&line) {
            let what = "wanted a line that says what to put back, and is not there already";
            problems.push(source.problem_at(&line, what));
        } else {
            seen.push(line.into_inner());
        }
    }
    seen
}

/// Reads the file of a show, whose path is relative to the folder of the file that names it.
fn read_show(source: &Source, file: &Located<String>) -> Result<Show, Problems> {
    let path = in_folder_of(source, file);
    if !path.is_file() {
        let what = format!("no file {}", path.display());
        return Err(source.problem_at(file, what).wanted(["the file of a show"]).into());
    }
    show::read(&Source::read(path)?)
}

/// Lets a game read its settings, and check them against the players too if these are known.
fn check_game(
    source: &Source,
    config: &KeyPath,
    entry: &GameEntry,
    slots: Option<&[SlotId]>,
    problems: &mut Problems,
) -> Option<Value> {
    let kept = problems.keep((entry.keep)(source, config))?;
    if let Some(slots) = slots {
        let roster = Roster::of(slots.iter().cloned());
        match (entry.start)(source, config, &roster) {
            Ok(_) => {}
            Err(EntryError::Config(wrong)) => problems.extend(wrong),
            Err(EntryError::Start(wrong)) => problems.extend(wrong.0.in_file(source, config)),
        }
    }
    Some(kept)
}
