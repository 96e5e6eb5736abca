//! Commands of operators: start, act, mode, the old contract's step, outputs. Every act is stored before it is applied.

use crate::engine::command::{Actor, Command, Receipt, Refused, RefusedKind, Request};
use crate::engine::effects::apply::Origin;
use crate::engine::effects::message;
use crate::engine::session::act_log::UNDO;
use crate::engine::session::cause::Cause;
use crate::engine::session::clock;
use crate::engine::session::forced::FORCE;
use crate::engine::session::game;
use crate::engine::session::hints;
use crate::engine::session::hints::HINT;
use crate::engine::session::live::LiveSession;
use crate::engine::session::rebuild;
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, KeptSession, Kind, NewEntry, PRUNE_BATCH, json};
use eg_game::{Act, GameEntry, Roster, games};
use eg_proto::{Command as OutputCommand, RoomId, SlotId, Text};
use serde_json::{Map, Value};

/// Result of a command: the inner error is a refusal, the outer one a journal that could not be written.
pub(in crate::engine) type Attempt<T> = Result<Result<T, Refused>, JournalError>;

/// Act to be carried out, with its sender.
pub(in crate::engine) struct ActRequest {
    pub(in crate::engine) name: String,
    pub(in crate::engine) args: Map<String, Value>,
    pub(in crate::engine) reason: Option<String>,
    pub(in crate::engine) by: Actor,
}

/// Additional details of a session's start.
#[derive(Default)]
pub(in crate::engine) struct More {
    pub(in crate::engine) args: Map<String, Value>,
    pub(in crate::engine) reason: Option<String>,
    /// Players of the session; `None` for the room's slots.
    pub(in crate::engine) roster: Option<Roster>,
}

impl Engine {
    /// Carries out a request. The answer is sent after the commit.
    pub(in crate::engine) fn answer(
        &mut self,
        tx: &mut Transaction,
        request: Request,
    ) -> Result<(), JournalError> {
        let Request { by, command, reply } = request;
        let done = self.obey(tx, command, by)?;
        tx.replies.push((reply, done.map(|number| Receipt { number })));
        Ok(())
    }

    /// Carries out one command. Returns the number for the command's receipt.
    fn obey(&mut self, tx: &mut Transaction, command: Command, by: Actor) -> Attempt<i64> {
        let done = |done: Result<(), Refused>| done.map(|()| 0);
        Ok(match command {
            Command::Start { room, game, config, reason } => {
                let said = self.fits(&room, game.as_deref(), config.as_ref());
                match said.and_then(|()| self.start_without(&room, reason.as_deref())) {
                    Ok(without) => {
                        let more = More { args: without, reason, roster: None };
                        self.start(tx, &room, game, config, more, by)?
                    }
                    Err(refused) => Err(refused),
                }
            }
            Command::Act { room, name, args, reason } => {
                self.act(tx, &room, ActRequest { name, args, reason, by })?
            }
            Command::Show { room, order } => done(self.show(tx, &room, order, by)?),
            Command::RollCall { room, on } => done(self.call_roll(tx, &room, on, by)?),
            Command::Name(new) => done(self.name(tx, new, by)?),
            Command::Reset { room, line, done: ticked } => {
                done(self.tick_reset(tx, &room, &line, ticked, by)?)
            }
            Command::Settings { room, settings } => {
                done(self.save_settings(tx, &room, settings, by)?)
            }
            Command::Mode { room, mode } => done(self.set_mode(tx, room, mode, by)?),
            Command::NightStep(step) => done(self.night_step(tx, step, by)?),
            Command::Output { slot, command } => done(self.output(tx, &slot, command, by)?),
            Command::Plan { room, slot, place } => {
                done(self.move_slot(tx, &room, slot, place, by)?)
            }
            Command::Slot { slot, order } => done(self.order_slot(tx, &slot, order, by)?),
            Command::Export { session, reason } => {
                let args = text::args([("session", session.into())]);
                let name = "export".to_owned();
                let request = ActRequest { name, args, reason: Some(reason), by };
                Ok(self.write_act(tx, None, request)?.0)
            }
            Command::Identity { acts, alerts } => {
                self.take_identity(tx, acts, alerts)?;
                Ok(0)
            }
            Command::Prune(part) => {
                let pruned = self.journal.forget(&part, PRUNE_BATCH)?;
                tx.forgotten.push(pruned.streams);
                Ok(i64::try_from(pruned.entries).unwrap_or(i64::MAX))
            }
        })
    }

    /// Checks that settings fit their game. An unknown room or game passes: [`Self::start`] refuses it.
    fn fits(
        &self,
        room: &RoomId,
        game: Option<&str>,
        config: Option<&Value>,
    ) -> Result<(), Refused> {
        let kind = game.or_else(|| self.rooms.config.get(room).map(|room| room.game.as_str()));
        match kind.and_then(game_called).zip(config) {
            Some((entry, config)) => game::check(entry, config)
                .map_err(|problem| Refused::new(RefusedKind::Invalid, Text::same(problem))),
            None => Ok(()),
        }
    }

    pub(in crate::engine) fn start(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        game: Option<String>,
        config: Option<Value>,
        more: More,
        by: Actor,
    ) -> Attempt<i64> {
        let Some(known) = self.rooms.config.get(room) else { return Ok(Err(no_room(room))) };
        if self.rooms.sessions.get(room).is_some_and(LiveSession::is_running) {
            return Ok(Err(Refused::conflict(
                format!("une partie est déjà en cours dans {room} : l'arrêter d'abord"),
                format!("a session runs in {room} already: end it first"),
            )));
        }
        let own = game.as_ref().is_none_or(|game| *game == known.game);
        let kind = game.unwrap_or_else(|| known.game.clone());
        let config = match config {
            Some(config) => config,
            None if own => self.settings_of(room).unwrap_or_else(|| known.config.clone()),
            None => Value::Object(Map::new()),
        };
        let Some(entry) = game_called(&kind) else { return Ok(Err(no_game(&kind))) };
        let More { mut args, reason, roster } = more;
        // Players of a session before, as in a show, may come from one that began under earlier rules.
        let roster = roster.unwrap_or_else(|| Roster::of(self.players(room)));
        let roster = roster.with_rules(self.rooms.defaults.rules);
        let roster = self.with_controls(roster);
        let players: Vec<_> = roster.seats.iter().map(|seat| seat.slot.clone()).collect();
        let started = match game::start(entry, &config, &roster) {
            Ok(started) => started,
            Err(problem) => {
                return Ok(Err(Refused::new(RefusedKind::Invalid, eg_page::say(problem))));
            }
        };
        args.insert("game".to_owned(), kind.as_str().into());
        if entry.carries
            && let Some(before) = self.journal.last_session_of(room, &kind)?
        {
            args.insert("carried".to_owned(), rebuild::rebuild(&self.journal, before)?.carry());
        }
        clock::planned(&mut args, known.times.duration);
        let at = self.time.tick(tx.now);
        self.end_roll_call(room)?;
        self.forget_ticks(room)?;
        let (room_of, game, version) = (room.clone(), kind, Some(entry.version.to_owned()));
        let mut kept = KeptSession {
            unreadable: None,
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
        if let Some(players) = self.named_players(room) {
            args.insert("players".to_owned(), json(players));
        }
        args.insert("seed".to_owned(), self.rooms.defaults.seeds.draw(id).into());
        self.rooms.sessions.insert(room.clone(), LiveSession::new(kept, Ok(started)));
        let request = ActRequest { name: "start".to_owned(), args, reason, by };
        self.write_act(tx, Some((room, id)), request)?;
        tracing::info!(%room, session = id, game = entry.kind, "a session begins");
        self.tell_standing(tx, &players)?;
        Ok(Ok(id))
    }

    pub(in crate::engine) fn act(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        request: ActRequest,
    ) -> Attempt<i64> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(no_room(room)));
        }
        if request.name == UNDO {
            return self.undo(tx, room, request);
        }
        let Some(run) = self.rooms.sessions.get(room).filter(|run| run.is_running()) else {
            return Ok(Err(Refused::unknown(
                format!("aucune partie en cours dans {room}"),
                format!("no session runs in {room}"),
            )));
        };
        if request.name == "start" {
            let (fr, en) = ("la partie a déjà commencé", "the session has started already");
            return Ok(Err(Refused::conflict(fr, en)));
        }
        let offer = run.shown().offers.iter().find(|offer| offer.name == request.name);
        if offer.is_some_and(|offer| offer.asks_reason) && request.reason.is_none() {
            let why = Text::new("cette action demande une raison", "this act asks for a reason");
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        }
        let session = run.id;
        if let Err(refused) = self.is_known_input(&request) {
            return Ok(Err(refused));
        }
        let request = self.complete(room, request);
        let (entry, refused) = self.write_act(tx, Some((room, session)), request)?;
        Ok(match refused {
            Some(why) => Err(Refused::new(RefusedKind::Conflict, why)),
            None => Ok(entry),
        })
    }

    /// Checks that the input that an act forces is one that its slot has told of.
    fn is_known_input(&self, request: &ActRequest) -> Result<(), Refused> {
        let text = |name| request.args.get(name).and_then(Value::as_str).unwrap_or_default();
        if request.name != FORCE {
            return Ok(());
        }
        let (slot, device, input) = (text("slot"), text("device"), text("input"));
        let slots = self.slots.known.iter().filter(|(id, _)| id.as_str() == slot);
        let boards = slots.flat_map(|(_, slot)| &slot.devices);
        let mut boards = boards.filter(|board| board.name.as_str() == device);
        if boards.any(|board| board.inputs.iter().any(|known| known.as_str() == input)) {
            return Ok(());
        }
        let place = format!("{slot}/{device}/{input}");
        Err(Refused::unknown(format!("pas d’entrée {place}"), format!("no input {place}")))
    }

    /// Fills in what the room's settings say and the act does not.
    fn complete(&self, room: &RoomId, mut request: ActRequest) -> ActRequest {
        if request.name == HINT
            && let Some(room) = self.rooms.config.get(room)
        {
            hints::fill_in(&mut request.args, room.hints.time());
        }
        request
    }

    /// Stores an act and applies it. Returns its number, and the reason if the game refused it.
    pub(in crate::engine) fn write_act(
        &mut self,
        tx: &mut Transaction,
        place: Option<(&RoomId, i64)>,
        request: ActRequest,
    ) -> Result<(i64, Option<Text>), JournalError> {
        let at = self.time.tick(tx.now);
        let ActRequest { name, args, reason, by: Actor(by) } = request;
        let id = self.journal.next_entry();
        let act = Act { id, at, by, reason, name, args };
        let session = place.map(|(_, session)| session);
        let (kind, body) = (Kind::Act, json(&act));
        let new = NewEntry { at, kind, slot: None, session, cause: None, place: None, body };
        self.add(tx, new)?;
        let Some((room, session)) = place else { return Ok((id, None)) };
        let from = Origin { entry: id, at, session, slot: None };
        let refused = self.play(tx, room, from, &Cause::Act(act))?;
        Ok((id, refused))
    }

    fn output(
        &mut self,
        tx: &mut Transaction,
        slot: &SlotId,
        command: OutputCommand,
        by: Actor,
    ) -> Attempt<()> {
        let known = self.slots.known.get(slot);
        let Some(known) = known else {
            return Ok(Err(Refused::unknown(
                format!("pas de poste « {slot} »"),
                format!("no slot called {slot:?}", slot = slot.as_str()),
            )));
        };
        if !message::has_output(known, &command.device, &command.output) {
            let place = format!("{slot}/{}/{}", command.device, command.output);
            return Ok(Err(Refused::unknown(
                format!("pas de sortie {place}"),
                format!("no output {place}"),
            )));
        }
        let args = text::args([("slot", json(slot)), ("command", json(&command))]);
        self.light_told(slot, &command, tx.now, Some(&by.0));
        let request = ActRequest { name: "output".to_owned(), args, reason: None, by };
        let (entry, _) = self.write_act(tx, None, request)?;
        self.command(tx, entry, slot, &command)?;
        tx.tried.push(command.id);
        Ok(Ok(()))
    }
}

fn game_called(kind: &str) -> Option<&'static GameEntry> {
    games().into_iter().find(|entry| entry.kind == kind)
}

pub(in crate::engine) fn no_room(room: &RoomId) -> Refused {
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
