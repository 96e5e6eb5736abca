//! Core of a rehearsal: started, asked, killed.

use super::{World, boot};
use crate::clock::{Clock, StoppedClock};
use crate::engine::Engine;
use crate::engine::command::{Actor, Answer, Command, Refused, RefusedKind, Request, ShowOrder};
use crate::ingest::{Arrival, BrokerNews};
use crate::journal::{Journal, JournalError};
use crate::rehearse::agenda::{ActArgs, Agenda, Due, Reset};
use crate::rehearse::seat::Seat;
use eg_proto::{Mode, RoomId, Text, Timestamp};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

impl World {
    /// Does an act of the operator and returns the answer; `None` while the core is dead.
    pub(in crate::rehearse) fn operate(
        &mut self,
        room: &RoomId,
        name: &str,
        args: impl Into<ActArgs>,
        reason: Option<String>,
    ) -> Option<Answer> {
        let by = Actor("operator".to_owned());
        let room = room.clone();
        let mut args = self.fields(&room, name, &args.into());
        match name {
            "start" => {
                let game = args.remove("game").and_then(|game| game.as_str().map(str::to_owned));
                let config = args.remove("config");
                self.ask(by, Command::Start { room, game, config, reason })
            }
            "show" => {
                let act = args.remove("do").unwrap_or_else(|| "start".into());
                let act = match serde_json::from_value(act) {
                    Ok(act) => act,
                    Err(error) => return Some(Err(unfit(&error))),
                };
                let item = args.remove("item").and_then(|item| item.as_str().map(str::to_owned));
                let order = ShowOrder { act, item, show: args.remove("show"), reason };
                self.ask(by, Command::Show { room, order })
            }
            "roll-call" => self.ask(by, Command::RollCall { room, on: true }),
            name => {
                let name = name.to_owned();
                if let Some(act) = args.remove("act") {
                    args.insert("entry".to_owned(), self.latest(&room, act.as_str())?.into());
                }
                self.ask(by, Command::Act { room, name, args, reason })
            }
        }
    }

    /// Returns the fields of an act with the types that the session's offer takes now.
    fn fields(&mut self, room: &RoomId, name: &str, args: &ActArgs) -> Map<String, Value> {
        let state = self.state();
        let room = state.as_ref().and_then(|state| state.rooms.get(room));
        let session = room.and_then(|room| room.session.as_ref());
        args.of(name, session.map_or(&[][..], |session| &session.offers))
    }

    /// Returns the entry of the latest act of this name that can be undone, or 0.
    pub(super) fn latest(&mut self, room: &RoomId, name: Option<&str>) -> Option<i64> {
        let state = self.state()?;
        let session = state.rooms.get(room)?.session.as_ref()?;
        let stands = |act: &&crate::engine::read_model::ActRecord| {
            Some(act.name.as_str()) == name && act.can_undo
        };
        Some(session.acts.iter().rev().find(stands).map_or(0, |act| act.entry))
    }

    pub(super) fn ask(&mut self, by: Actor, command: Command) -> Option<Answer> {
        let (reply, mut answered) = oneshot::channel();
        let request = Request { by, command, reply };
        let round = self.core.as_mut()?.0.round(Vec::new(), vec![request]);
        self.hand_out(round);
        answered.try_recv().ok()
    }

    /// Starts the core, on the journal as it is.
    pub(super) fn start(&mut self) -> Result<(), JournalError> {
        self.start = boot(&mut self.chance);
        let journal = Journal::open(&self.config.db, self.config.durability)?;
        let clock: Arc<dyn Clock> = self.clock.clone();
        let (mut engine, handle, _) = Engine::open(&self.config, journal, clock)?;
        engine.goes_by(self.start)?;
        self.core = Some((engine, handle));
        self.arrived.push(Arrival::Broker(BrokerNews::Connected));
        for seat in 0..self.seats.len() {
            self.connect(seat);
        }
        Ok(())
    }

    /// Sets the machine's clock while the core is dead.
    pub(super) fn set_clock(&mut self, set: Reset) {
        let now = self.clock.now();
        let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
        self.clock = match set {
            Reset::None => return,
            Reset::Ahead(span) => Arc::new(StoppedClock::at(now + span)),
            Reset::Behind(span) => {
                Arc::new(StoppedClock::at(Timestamp(now.0.saturating_sub(micros(span)))))
            }
        };
    }

    /// Kills the core, and its broker with it: all messages on their way are lost.
    pub(super) fn kill(&mut self, lasts: Duration, set: Reset) {
        self.core = None;
        self.arrived.clear();
        self.wire = Agenda::default();
        self.seats.iter_mut().for_each(Seat::lose);
        self.agenda.put(self.now() + lasts, Due::Start(set));
    }

    /// Kills the core and starts it again at once.
    pub(in crate::rehearse) fn restart(&mut self) -> Result<(), JournalError> {
        // What stands in the journal last tells since when the core was down: let that be now.
        let (mode, by) = (Mode::Day, Actor("rehearsal".to_owned()));
        self.ask(by, Command::Mode { room: None, mode });
        self.core = None;
        self.start()
    }
}

/// Converts an error in an order's field into a refusal.
fn unfit(error: &serde_json::Error) -> Refused {
    Refused::new(RefusedKind::Invalid, Text::same(error.to_string()))
}
