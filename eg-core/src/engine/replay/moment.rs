//! Recorded session as it stood after one of its entries, for looking back.

use super::{Difference, Replay};
use crate::engine::read_model::{ReadModel, Room, Session, Slot};
use crate::journal::{JournalError, Kind, Line, Reader};
use crate::names::Players;
use eg_proto::{Presence, RoomId, SlotId};
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// Recorded session at one moment, as its operator saw it.
#[derive(Debug)]
pub struct Moment {
    /// Room of the session.
    pub room: RoomId,
    /// Session at that moment.
    pub session: Session,
    /// Read model of that moment: the slots of the session's players, and the room with the session.
    pub state: ReadModel,
    /// Players of that moment by their names.
    pub players: Players,
    /// First difference between the replay and the record until then, if any: the views may not be what was seen.
    pub difference: Option<Difference>,
    /// Number of renderings until then that differ from the record in a session of an earlier revision of the rules;
    /// see [`Replayed::not_compared`](super::Replayed::not_compared).
    pub not_compared: u64,
}

/// Details of a record that no game is told.
#[derive(Default)]
struct Told {
    presences: BTreeMap<SlotId, Presence>,
    players: Players,
}

/// Replays a session up to and including an entry; `None` when there is no such session.
///
/// # Errors
/// The journal cannot be read.
pub fn moment(journal: &Reader, session: i64, entry: i64) -> Result<Option<Moment>, JournalError> {
    let begin = |kept| (Replay::begin(kept), Told::default(), None);
    let replayed = journal.play_back(session, begin, |(replay, told, difference), line| {
        if line.id > entry {
            return ControlFlow::Break(());
        }
        told.presences.extend(presence(&line));
        told.players = players(&line).unwrap_or_else(|| std::mem::take(&mut told.players));
        if let Err(parted) = replay.take(&line) {
            difference.get_or_insert(*parted);
        }
        ControlFlow::Continue(())
    })?;
    Ok(replayed.map(|(replay, told, difference)| seen(replay, told, difference)))
}

fn presence(line: &Line) -> Option<(SlotId, Presence)> {
    let word = line.body.get("presence")?.as_str()?;
    Some((line.slot.clone()?, word.parse().ok()?))
}

/// Returns the players that a line names: the start of a session, or a note of a change.
fn players(line: &Line) -> Option<Players> {
    let is_start = line.kind == Kind::Act && line.body["name"] == "start";
    let of = if is_start { line.body.get("args")? } else { &line.body };
    if !is_start && line.kind != Kind::Note {
        return None;
    }
    serde_json::from_value(of.get("players")?.clone()).ok()
}

fn seen(
    mut replay: Replay,
    Told { presences, players }: Told,
    difference: Option<Difference>,
) -> Moment {
    // A game that cannot be looked at has failed, and its session says so.
    let _ = replay.run.render();
    let session = replay.run.shown().clone();
    let seats: Vec<SlotId> = replay.run.roster.seats.iter().map(|seat| seat.slot.clone()).collect();
    let slots = seats.iter().map(|slot| {
        let presence = presences.get(slot).copied().unwrap_or(Presence::Online);
        (slot.clone(), Slot { presence, ..Slot::unheard() }.into())
    });
    let mut state = ReadModel { slots: slots.collect(), ..ReadModel::default() };
    let room = Room {
        slots: seats,
        game: session.game.clone(),
        session: Some(session.clone()),
        ..Room::default()
    };
    state.rooms.insert(replay.run.room.clone(), room);
    let not_compared = replay.replayed().not_compared;
    Moment { room: replay.run.room.clone(), session, state, players, difference, not_compared }
}
