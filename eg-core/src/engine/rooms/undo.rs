//! Undo of an operator's act: the session becomes what it would be without that act, and the undo is stored too.

use super::acts::{ActRequest, Attempt};
use crate::engine::command::{Refused, RefusedKind};
use crate::engine::effects::apply::Origin;
use crate::engine::read_model::SessionStatus;
use crate::engine::session::act_log::UNDO;
use crate::engine::session::ending::ending;
use crate::engine::session::rebuild;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::Entry;
use crate::journal::{JournalError, Kind, NewEntry, json};
use eg_game::Act;
use eg_proto::{RoomId, Text};
use serde_json::Value;

impl Engine {
    /// Undoes the act with the number in the field `entry`, in the room's latest session, running or over.
    pub(in crate::engine) fn undo(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        request: ActRequest,
    ) -> Attempt<i64> {
        let at = self.time.tick(tx.now);
        let Some(run) = self.rooms.sessions.get(room) else {
            return Ok(Err(Refused::unknown(
                format!("aucune partie n'a été jouée dans {room}"),
                format!("no session was played in {room}"),
            )));
        };
        let Some(target) = request.args.get("entry").and_then(Value::as_i64) else {
            let why = Text::new(
                "`entry` doit être le numéro de l'action à annuler",
                "`entry` must be the number of the act to undo",
            );
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        };
        if request.reason.is_none() {
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

        let ActRequest { name: _, args, reason, by } = request;
        let actor = by.clone();
        let id = self.journal.next_entry();
        let act = Act { id, at, by: by.0, reason, name: UNDO.to_owned(), args };
        let before = run.view_snapshot(at);
        let past = |take: &mut dyn FnMut(Entry)| self.journal.replay(kept.id, take);
        let mut other = rebuild::rebuild_without(past, kept.clone(), run, &act, target)?;
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
        self.rooms.sessions.insert(room.clone(), other);

        let (kind, body) = (Kind::Act, json(&act));
        let (slot, cause, place) = (None, None, None);
        self.add(tx, NewEntry { at, kind, slot, session: Some(session), cause, place, body })?;
        let from = Origin { entry: id, at, session, slot: None };
        self.keep_status(tx, from, &was, &is)?;
        if was != is && is == SessionStatus::Running {
            self.take_up_again(tx, room, session, actor)?;
        }
        self.follow(tx, from, Kind::Note, text::undone(target))?;
        for effect in told {
            self.apply_effect(tx, from, None, effect)?;
        }
        if is != SessionStatus::Running {
            // What was undone may be a hint, or have decided a step.
            self.journal.keep_figures(session)?;
        }
        Ok(Ok(id))
    }

    /// Stores a change of a session's status by an undo: a session that had ended runs again, or a running one has
    /// ended.
    fn keep_status(
        &mut self,
        tx: &mut Transaction,
        from: Origin<'_>,
        was: &SessionStatus,
        is: &SessionStatus,
    ) -> Result<(), JournalError> {
        if was == is {
            return Ok(());
        }
        match ending(is, from.entry) {
            None => self.journal.reopen_session(from.session)?,
            Some(ending) => self.journal.end_session(from.session, &ending, from.at)?,
        }
        self.follow(tx, from, Kind::Status, text::standing(is, from.entry))
    }
}
