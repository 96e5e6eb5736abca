//! Undoing an act of the operator: the session becomes what it would be without it, and that is written down too.

use super::consequence::From;
use super::history::{self, UNDO};
use super::operator::{Asked, Deed};
use super::turn::Turn;
use super::{Engine, report};
use crate::handle::{Entry, Refused, RefusedKind};
use crate::journal::{JournalError, Kind, NewEntry, json};
use crate::state::SessionStatus;
use eg_game::Act;
use eg_proto::{RoomId, Text};
use serde_json::Value;

impl Engine {
    /// Undoes the act whose number stands in the field `entry`, in the room's latest session, running or over.
    pub(super) fn undo(&mut self, turn: &mut Turn, room: &RoomId, deed: Deed) -> Asked<i64> {
        let at = self.tick(turn.now);
        let Some(run) = self.runs.get(room) else {
            return Ok(Err(Refused::unknown(
                format!("aucune partie n'a été jouée dans {room}"),
                format!("no session was played in {room}"),
            )));
        };
        let Some(target) = deed.args.get("entry").and_then(Value::as_i64) else {
            let why = Text::new(
                "`entry` doit être le numéro de l'action à annuler",
                "`entry` must be the number of the act to undo",
            );
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        };
        if deed.reason.is_none() {
            let why = Text::new("cette action demande une raison", "this act asks for a reason");
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        }
        if let Err(why) = run.may_undo(target) {
            return Ok(Err(Refused::new(RefusedKind::Conflict, why)));
        }
        let kept = self.journal.last_sessions()?.into_iter().find(|kept| kept.id == run.id);
        let Some(kept) = kept else {
            return Ok(Err(Refused::unknown("partie inconnue", "that session is not known")));
        };

        let Deed { name: _, args, reason, by } = deed;
        let actor = by.clone();
        let id = self.journal.next_entry();
        let act = Act { id, at, by: by.0, reason, name: UNDO.to_owned(), args };
        let before = run.glimpse(at);
        let past = |take: &mut dyn FnMut(Entry)| self.journal.replay(kept.id, take);
        let mut other = history::rewound(past, kept.clone(), run, &act, target)?;
        if let SessionStatus::Failed(why) = &other.status {
            return Ok(Err(Refused::conflict(
                format!("sans cette action, le jeu tomberait : {why}"),
                format!("without that act the game would fail: {why}"),
            )));
        }
        let told = other.told_otherwise(run);
        let (was, is) = (run.status.clone(), other.status.clone());
        other.note(&act, &before, None);
        let session = other.id;
        self.runs.insert(room.clone(), other);

        let (kind, body) = (Kind::Act, json(&act));
        let (slot, cause, place) = (None, None, None);
        self.add(turn, NewEntry { at, kind, slot, session: Some(session), cause, place, body })?;
        let from = From { entry: id, at, session, slot: None };
        self.keep_status(turn, from, &was, &is)?;
        if was != is && is == SessionStatus::Running {
            self.take_up_again(turn, room, session, actor)?;
        }
        self.follow(turn, from, Kind::Note, report::undone(target))?;
        for effect in told {
            self.consequence(turn, from, effect)?;
        }
        Ok(Ok(id))
    }

    /// The session was over and goes on, or it is over now.
    fn keep_status(
        &mut self,
        turn: &mut Turn,
        from: From<'_>,
        was: &SessionStatus,
        is: &SessionStatus,
    ) -> Result<(), JournalError> {
        if was == is {
            return Ok(());
        }
        match history::ending(is, from.entry) {
            None => self.journal.reopen_session(from.session)?,
            Some(ending) => self.journal.end_session(from.session, &ending, from.at)?,
        }
        self.follow(turn, from, Kind::Status, report::standing(is, from.entry))
    }
}
