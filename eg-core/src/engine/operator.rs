//! What operators ask for: start, act, mode, the old contract's step, outputs. Every act is written down first.

use super::cause::Cause;
use super::consequence::From;
use super::history::{self, UNDO};
use super::run::{self, Run};
use super::turn::{Reply, Turn};
use super::{Engine, report};
use crate::archivist::AT_ONCE;
use crate::effects;
use crate::handle::{Actor, Refused, RefusedKind, Request};
use crate::journal::{JournalError, KeptSession, Kind, NewEntry, json};
use eg_game::{Act, GameEntry, Roster, games};
use eg_proto::{Command, Mode, NightStep, RoomId, SlotId, Text};
use serde_json::{Map, Value};

/// The game of the old contract.
pub(super) const NIGHT: &str = "night-vote";

/// Refused, or the disk could not take it.
pub(super) type Asked<T> = Result<Result<T, Refused>, JournalError>;

/// What an act is about.
pub(super) struct Deed {
    pub(super) name: String,
    pub(super) args: Map<String, Value>,
    pub(super) reason: Option<String>,
    pub(super) by: Actor,
}

/// What else is written down about a start.
#[derive(Default)]
pub(super) struct More {
    pub(super) args: Map<String, Value>,
    pub(super) reason: Option<String>,
    /// Who plays; the room's slots when nobody says.
    pub(super) roster: Option<Roster>,
}

impl Engine {
    /// Does what is asked. The answer waits for the commit.
    pub(super) fn answer(&mut self, turn: &mut Turn, request: Request) -> Result<(), JournalError> {
        let reply = match request {
            Request::Start { room, game, config, reason, by, answer } => {
                let said = self.fits(&room, game.as_deref(), config.as_ref());
                let started = match said.and_then(|()| self.start_without(&room, reason.as_deref()))
                {
                    Ok(without) => {
                        let more = More { args: without, reason, roster: None };
                        self.start(turn, &room, game, config, more, by)?
                    }
                    Err(refused) => Err(refused),
                };
                Reply::Number(answer, started)
            }
            Request::Show { room, order, by, answer } => {
                Reply::Done(answer, self.show(turn, &room, order, by)?)
            }
            Request::RollCall { room, on, by, answer } => {
                Reply::Done(answer, self.call_roll(turn, &room, on, by)?)
            }
            Request::Act { room, name, args, reason, by, answer } => {
                let deed = Deed { name, args, reason, by };
                Reply::Number(answer, self.act(turn, &room, deed)?)
            }
            Request::Export { session, reason, by, answer } => {
                let args = report::args([("session", session.into())]);
                let name = "export".to_owned();
                let deed = Deed { name, args, reason: Some(reason), by };
                Reply::Number(answer, Ok(self.write_act(turn, None, deed)?.0))
            }
            Request::Forget { part, answer } => {
                let forgotten = self.journal.forget(&part, AT_ONCE)?;
                turn.forgotten.push(forgotten.streams);
                Reply::Count(answer, Ok(forgotten.entries))
            }
            Request::Mode { mode, by, answer } => {
                Reply::Done(answer, self.set_mode(turn, mode, by)?)
            }
            Request::NightStep { step, by, answer } => {
                Reply::Done(answer, self.night_step(turn, step, by)?)
            }
            Request::Output { slot, command, by, answer } => {
                Reply::Done(answer, self.output(turn, &slot, command, by)?)
            }
        };
        turn.replies.push(reply);
        Ok(())
    }

    /// Whether settings that are sent fit the game they are for. What room and game there are, [`Self::start`] tells.
    fn fits(
        &self,
        room: &RoomId,
        game: Option<&str>,
        config: Option<&Value>,
    ) -> Result<(), Refused> {
        let kind = game.or_else(|| self.rooms.get(room).map(|room| room.game.as_str()));
        match kind.and_then(game_called).zip(config) {
            Some((entry, config)) => run::check(entry, config)
                .map_err(|problem| Refused::new(RefusedKind::Invalid, Text::same(problem))),
            None => Ok(()),
        }
    }

    pub(super) fn start(
        &mut self,
        turn: &mut Turn,
        room: &RoomId,
        game: Option<String>,
        config: Option<Value>,
        more: More,
        by: Actor,
    ) -> Asked<i64> {
        let Some(known) = self.rooms.get(room) else { return Ok(Err(no_room(room))) };
        if self.runs.get(room).is_some_and(Run::is_running) {
            return Ok(Err(Refused::conflict(
                format!("une partie est déjà en cours dans {room} : l'arrêter d'abord"),
                format!("a session runs in {room} already: end it first"),
            )));
        }
        let own = game.as_ref().is_none_or(|game| *game == known.game);
        let kind = game.unwrap_or_else(|| known.game.clone());
        let config = match config {
            Some(config) => config,
            None if own => known.config.clone(),
            None => Value::Object(Map::new()),
        };
        let Some(entry) = game_called(&kind) else { return Ok(Err(no_game(&kind))) };
        let More { mut args, reason, roster } = more;
        // Players of a session before, as in a show, may come from one that began under earlier rules.
        let roster = roster.unwrap_or_else(|| Roster::of(self.players(room)));
        let roster = roster.with_rules(self.begin.rules);
        let roster = self.with_controls(roster);
        let players: Vec<_> = roster.seats.iter().map(|seat| seat.slot.clone()).collect();
        let started = match run::start(entry, &config, &roster) {
            Ok(started) => started,
            Err(problem) => {
                return Ok(Err(Refused::new(RefusedKind::Invalid, eg_page::say(problem))));
            }
        };
        args.insert("game".to_owned(), kind.as_str().into());
        if entry.carries
            && let Some(before) = self.journal.last_session_of(room, &kind)?
        {
            args.insert("carried".to_owned(), history::built(&self.journal, before)?.carry());
        }
        let at = self.tick(turn.now);
        self.end_roll_call(room)?;
        let (room_of, game, version) = (room.clone(), kind, Some(entry.version.to_owned()));
        let mut kept = KeptSession {
            id: 0,
            room: room_of,
            game,
            version,
            config,
            roster,
            started: at,
            ending: None,
        };
        let id = self.journal.add_session(&kept)?;
        kept.id = id;
        args.insert("seed".to_owned(), self.begin.seeds.draw(id).into());
        self.runs.insert(room.clone(), Run::new(kept, Ok(started)));
        let deed = Deed { name: "start".to_owned(), args, reason, by };
        self.write_act(turn, Some((room, id)), deed)?;
        self.tell_standing(turn, &players)?;
        Ok(Ok(id))
    }

    pub(super) fn act(&mut self, turn: &mut Turn, room: &RoomId, deed: Deed) -> Asked<i64> {
        if !self.rooms.contains_key(room) {
            return Ok(Err(no_room(room)));
        }
        if deed.name == UNDO {
            return self.undo(turn, room, deed);
        }
        let Some(run) = self.runs.get(room).filter(|run| run.is_running()) else {
            return Ok(Err(Refused::unknown(
                format!("aucune partie en cours dans {room}"),
                format!("no session runs in {room}"),
            )));
        };
        if deed.name == "start" {
            let (fr, en) = ("la partie a déjà commencé", "the session has started already");
            return Ok(Err(Refused::conflict(fr, en)));
        }
        let offer = run.shown().offers.iter().find(|offer| offer.name == deed.name);
        if offer.is_some_and(|offer| offer.asks_reason) && deed.reason.is_none() {
            let why = Text::new("cette action demande une raison", "this act asks for a reason");
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        }
        let session = run.id;
        let (entry, refused) = self.write_act(turn, Some((room, session)), deed)?;
        Ok(match refused {
            Some(why) => Err(Refused::new(RefusedKind::Conflict, why)),
            None => Ok(entry),
        })
    }

    /// Writes an act down and lets it happen; its number, and why the game refused it when it did.
    pub(super) fn write_act(
        &mut self,
        turn: &mut Turn,
        place: Option<(&RoomId, i64)>,
        deed: Deed,
    ) -> Result<(i64, Option<Text>), JournalError> {
        let at = self.tick(turn.now);
        let Deed { name, args, reason, by: Actor(by) } = deed;
        let id = self.journal.next_entry();
        let act = Act { id, at, by, reason, name, args };
        let session = place.map(|(_, session)| session);
        let (kind, body) = (Kind::Act, json(&act));
        let new = NewEntry { at, kind, slot: None, session, cause: None, place: None, body };
        self.add(turn, new)?;
        let Some((room, session)) = place else { return Ok((id, None)) };
        let from = From { entry: id, at, session, slot: None };
        let refused = self.play(turn, room, from, &Cause::Act(act))?;
        Ok((id, refused))
    }

    fn set_mode(&mut self, turn: &mut Turn, mode: Mode, by: Actor) -> Asked<()> {
        let args = report::args([("mode", json(&mode))]);
        let deed = Deed { name: "mode".to_owned(), args, reason: None, by };
        self.write_act(turn, None, deed)?;
        self.journal.set_mode(mode)?;
        turn.mode = Some(mode);
        Ok(Ok(()))
    }

    fn output(&mut self, turn: &mut Turn, slot: &SlotId, command: Command, by: Actor) -> Asked<()> {
        let known = self.slots.get(slot);
        let Some(known) = known else {
            return Ok(Err(Refused::unknown(
                format!("pas de poste « {slot} »"),
                format!("no slot called {slot:?}", slot = slot.as_str()),
            )));
        };
        if !effects::has_output(known, &command.device, &command.output) {
            let place = format!("{slot}/{}/{}", command.device, command.output);
            return Ok(Err(Refused::unknown(
                format!("pas de sortie {place}"),
                format!("no output {place}"),
            )));
        }
        let args = report::args([("slot", json(slot)), ("command", json(&command))]);
        let deed = Deed { name: "output".to_owned(), args, reason: None, by };
        let (entry, _) = self.write_act(turn, None, deed)?;
        self.command(turn, entry, slot, &command)?;
        turn.tried.push(command.id);
        Ok(Ok(()))
    }

    /// Opens a step as the old contract does, in the room of the old topics, which must play the night vote.
    fn night_step(&mut self, turn: &mut Turn, step: NightStep, by: Actor) -> Asked<()> {
        let plays = |room: &&RoomId| match self.runs.get(*room).filter(|run| run.is_running()) {
            Some(run) => run.kind == NIGHT,
            None => self.rooms.get(*room).is_some_and(|room| room.game == NIGHT),
        };
        let Some(room) = self.compat_room.as_ref().filter(plays).cloned() else {
            let (fr, en) = match &self.compat_room {
                Some(room) => (
                    format!("{room} ne joue pas le vote de la nuit"),
                    format!("{room} does not play the night vote"),
                ),
                None => (
                    "aucune salle n'est celle du vote de la nuit : la nommer, `compat_room:`"
                        .into(),
                    "no room is that of the night vote: name it as `compat_room:`".into(),
                ),
            };
            return Ok(Err(Refused::conflict(fr, en)));
        };
        if self.is_outgrown(&room) {
            let deed =
                Deed { name: "finish".into(), args: Map::new(), reason: None, by: by.clone() };
            if let Err(refused) = self.act(turn, &room, deed)? {
                return Ok(Err(refused));
            }
        }
        if !self.runs.get(&room).is_some_and(Run::is_running)
            && let Err(refused) =
                self.start(turn, &room, None, None, More::default(), by.clone())?
        {
            return Ok(Err(refused));
        }
        let args = report::args([
            ("step", step.step.into()),
            ("question", step.question.into()),
            ("options", step.options.into()),
            ("replace", true.into()),
            ("confirm", true.into()),
        ]);
        let deed = Deed { name: "open".to_owned(), args, reason: None, by };
        Ok(self.act(turn, &room, deed)?.map(drop))
    }
}

fn game_called(kind: &str) -> Option<&'static GameEntry> {
    games().into_iter().find(|entry| entry.kind == kind)
}

pub(super) fn no_room(room: &RoomId) -> Refused {
    Refused::unknown(
        format!("pas de salle « {room} »"),
        format!("no room called {:?}", room.as_str()),
    )
}

fn no_game(kind: &str) -> Refused {
    let known: Vec<_> = games().iter().map(|entry| entry.kind).collect();
    let known = known.join(", ");
    Refused::unknown(
        format!("pas de jeu « {kind} » ; ici : {known}"),
        format!("no game called {kind:?}; here: {known}"),
    )
}
