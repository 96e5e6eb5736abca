//! Shows: the order of sessions in a room, and the operator's orders to it. Every step is an act of its own.

use super::acts::{ActRequest, Attempt, More};
use crate::engine::command::{Actor, Refused, RefusedKind, ShowAct, ShowOrder};
use crate::engine::transaction::Transaction;
use crate::engine::{Engine, text};
use crate::journal::{JournalError, json};
use crate::show;
use crate::show::{Goal, Item, Outcome, Playing, Show, ShowStep, Stage};
use eg_config::Source;
use eg_game::Act;
use eg_proto::{RoomId, Text};
use serde_json::{Map, Value};

/// Name of the act that records a step.
const SHOW: &str = "show";
/// Actor of the steps that no operator takes.
const BY_ITSELF: &str = "show";
/// Number of sessions in a row that may end as soon as they start, in one pass.
const AT_ONCE: usize = 100;

impl Engine {
    /// Carries out an order of the operator to a room's show.
    pub(in crate::engine) fn show(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        order: ShowOrder,
        by: Actor,
    ) -> Attempt<()> {
        if !self.rooms.config.contains_key(room) {
            return Ok(Err(super::acts::no_room(room)));
        }
        if order.act == ShowAct::Start {
            return self.start_show(tx, room, order.show, by);
        }
        let Some(playing) = self.rooms.shows.get(room).filter(|playing| playing.is_running())
        else {
            return Ok(Err(Refused::conflict(
                format!("aucun spectacle en cours dans {room}"),
                format!("no show is on in {room}"),
            )));
        };
        let Some(item) = playing.item() else { return Ok(Ok(())) };
        let overrules = order.act != ShowAct::Next;
        if overrules && order.reason.is_none() {
            let why = Text::new("cette action demande une raison", "this act asks for a reason");
            return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
        }
        let on = matches!(playing.stage, Stage::Playing { .. });
        let below =
            if item + 1 < playing.show.items.len() { Goal::Item(item + 1) } else { Goal::End };
        let past = match playing.show.past(item) {
            Goal::Ask => below,
            goal @ (Goal::Item(_) | Goal::End) => goal,
        };
        let goal = match order.act {
            ShowAct::Start => return Ok(Ok(())),
            ShowAct::Next if on => return self.finish_item(tx, room, by),
            ShowAct::Next => match playing.stage {
                Stage::Ready { item } => Goal::Item(item),
                Stage::Playing { .. } | Stage::Asking { .. } | Stage::Ended | Stage::Stopped => {
                    past
                }
            },
            ShowAct::Skip => past,
            ShowAct::Repeat => Goal::Item(item),
            ShowAct::Jump => match goal_named(&playing.show, order.item.as_deref()) {
                Ok(goal) => goal,
                Err(refused) => return Ok(Err(refused)),
            },
            ShowAct::Stop => Goal::End,
        };
        let runs = self.rooms.sessions.get(room).is_some_and(|run| run.is_running());
        let outcome = match on {
            true if runs => {
                let (name, reason) = ("abort".to_owned(), order.reason.clone());
                let request = ActRequest { name, args: Map::new(), reason, by: by.clone() };
                if let Err(refused) = self.act(tx, room, request)? {
                    return Ok(Err(refused));
                }
                Some(Outcome::Aborted)
            }
            true | false => None,
        };
        if order.act == ShowAct::Stop {
            let step = ShowStep { outcome, stage: Stage::Stopped };
            self.step(tx, room, order.act.word(), None, step, order.reason, by)?;
            return Ok(Ok(()));
        }
        self.go(tx, room, order.act.word(), item, goal, outcome, order.reason, by)
    }

    fn start_show(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        said: Option<Value>,
        by: Actor,
    ) -> Attempt<()> {
        let on = self.rooms.shows.get(room).is_some_and(Playing::is_running);
        if on || self.rooms.sessions.get(room).is_some_and(|run| run.is_running()) {
            return Ok(Err(Refused::conflict(
                format!("un spectacle ou une partie est en cours dans {room} : l'arrêter d'abord"),
                format!("a show or a session is on in {room} already: end it first"),
            )));
        }
        let show = match said {
            Some(said) => match show::read(&Source::json(show::FILE, &said)) {
                Ok(show) => show,
                Err(problems) => {
                    let why = eg_page::say(problems.to_string());
                    return Ok(Err(Refused::new(RefusedKind::Invalid, why)));
                }
            },
            None => match self.rooms.config.get(room).and_then(|room| room.show.clone()) {
                Some(show) => show,
                None => {
                    return Ok(Err(Refused::conflict(
                        format!(
                            "{room} n'a pas de spectacle : l'envoyer, ou `show:` dans core.yaml"
                        ),
                        format!("{room} has no show: send one, or name it as `show:` in core.yaml"),
                    )));
                }
            },
        };
        let waits = show.items.first().is_some_and(|item| item.wait);
        let step = ShowStep { outcome: None, stage: Stage::Ready { item: 0 } };
        self.step(tx, room, ShowAct::Start.word(), Some(show), step, None, by.clone())?;
        match waits {
            true => Ok(Ok(())),
            false => self.go(tx, room, "go", 0, Goal::Item(0), None, None, by),
        }
    }

    /// Finishes the running session as its game does. The show itself decides what follows.
    fn finish_item(&mut self, tx: &mut Transaction, room: &RoomId, by: Actor) -> Attempt<()> {
        let offers = self.rooms.sessions.get(room).map(|run| run.shown().offers.as_slice());
        if !offers.unwrap_or_default().iter().any(|offer| offer.name == "finish") {
            return Ok(Err(Refused::conflict(
                "ce jeu ne peut pas finir maintenant : le mener à bout, ou passer",
                "this game cannot finish now: bring it to its end, or skip it",
            )));
        }
        let name = "finish".to_owned();
        let request = ActRequest { name, args: Map::new(), reason: None, by };
        Ok(self.act(tx, room, request)?.map(drop))
    }

    /// Advances every show whose session is over. Returns `false` when nothing moved.
    pub(in crate::engine) fn advance_shows(
        &mut self,
        tx: &mut Transaction,
    ) -> Result<bool, JournalError> {
        let mut moved = false;
        let rooms: Vec<RoomId> = self.rooms.shows.keys().cloned().collect();
        for room in rooms {
            for _ in 0..AT_ONCE {
                let Some((item, outcome)) = self.item_over(&room) else { break };
                moved = true;
                let goal = self
                    .rooms
                    .shows
                    .get(&room)
                    .map_or(Goal::End, |it| it.show.after(item, &outcome));
                let by = Actor(BY_ITSELF.to_owned());
                // A session that cannot start is told in the step.
                let _ = self.go(tx, &room, "go", item, goal, Some(outcome), None, by)?;
            }
        }
        Ok(moved)
    }

    /// Resumes the item of a show whose session runs again after an undo, unless the operator has stopped the show.
    pub(in crate::engine) fn take_up_again(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        session: i64,
        by: Actor,
    ) -> Result<(), JournalError> {
        let Some(playing) = self.rooms.shows.get(room) else { return Ok(()) };
        let last = playing.played.last().filter(|(_, played, _)| *played == session);
        let (Some((item, ..)), false) = (last, playing.stage == Stage::Stopped) else {
            return Ok(());
        };
        let step = ShowStep { outcome: None, stage: Stage::Playing { item: *item, session } };
        self.step(tx, room, "take-up-again", None, step, None, by)
    }

    /// Returns the current item of a room's show, and its outcome, if the session of the item is over.
    fn item_over(&self, room: &RoomId) -> Option<(usize, Outcome)> {
        let Stage::Playing { item, session } = self.rooms.shows.get(room)?.stage else {
            return None;
        };
        let run = self.rooms.sessions.get(room).filter(|run| run.id == session)?;
        Some((item, run.outcome()?))
    }

    /// Moves a show from an item to a goal: starts the next session, waits, asks or ends.
    #[expect(clippy::too_many_arguments, reason = "a step is told with who took it and why")]
    fn go(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        word: &str,
        from: usize,
        goal: Goal,
        outcome: Option<Outcome>,
        reason: Option<String>,
        by: Actor,
    ) -> Attempt<()> {
        let by_operator = by.0 != BY_ITSELF;
        let item = match goal {
            Goal::Item(place) => {
                self.rooms.shows.get(room).and_then(|it| it.show.items.get(place).cloned())
            }
            Goal::End | Goal::Ask => None,
        };
        let (stage, done) = match (goal, item) {
            (Goal::Item(item), Some(Item { wait: true, .. })) if !by_operator => {
                (Stage::Ready { item }, Ok(()))
            }
            (Goal::Item(place), Some(item)) => {
                let roster = self.carried_roster(room);
                let more = More { roster, reason: reason.clone(), ..More::default() };
                let (game, config) = (Some(item.game), Some(item.config));
                match self.start(tx, room, game, config, more, by.clone())? {
                    Ok(session) => (Stage::Playing { item: place, session }, Ok(())),
                    Err(refused) => {
                        let why = refused.why.clone();
                        (Stage::Asking { after: place, why }, Err(refused))
                    }
                }
            }
            (Goal::Ask, _) => {
                let word = outcome.as_ref().map(Outcome::word).unwrap_or_default();
                let why = Text::new(
                    format!("issue « {word} » : que joue-t-on ensuite ?"),
                    format!("it came out as {word:?}: what is played next?"),
                );
                (Stage::Asking { after: from, why }, Ok(()))
            }
            (Goal::End | Goal::Item(_), _) => (Stage::Ended, Ok(())),
        };
        self.step(tx, room, word, None, ShowStep { outcome, stage }, reason, by)?;
        Ok(done)
    }

    /// Returns the players of the show's next session: those of the session before, as that one left them.
    fn carried_roster(&self, room: &RoomId) -> Option<eg_game::Roster> {
        let (_, session, _) = *self.rooms.shows.get(room)?.played.last()?;
        self.rooms.sessions.get(room).filter(|run| run.id == session).map(|run| run.roster.clone())
    }

    /// Stores a step as an act, and applies it.
    #[expect(clippy::too_many_arguments, reason = "a step is told with who took it and why")]
    fn step(
        &mut self,
        tx: &mut Transaction,
        room: &RoomId,
        word: &str,
        show: Option<Show>,
        step: ShowStep,
        reason: Option<String>,
        by: Actor,
    ) -> Result<(), JournalError> {
        let mut args =
            text::args([("room", json(room)), ("do", word.into()), ("step", json(&step))]);
        if let Some(show) = &show {
            args.insert("show".to_owned(), json(show));
        }
        let request = ActRequest { name: SHOW.to_owned(), args, reason, by };
        let (entry, _) = self.write_act(tx, None, request)?;
        if let Some(show) = show {
            self.journal.mark_show(room, entry)?;
            self.rooms.shows.insert(room.clone(), Playing::new(show));
        }
        if let Some(playing) = self.rooms.shows.get_mut(room) {
            playing.take(step);
        }
        Ok(())
    }

    /// Restores the show of every room, and its progress, from the journal.
    pub(in crate::engine) fn recall_shows(&mut self) -> Result<(), JournalError> {
        self.rooms.shows.clear();
        let rooms: Vec<RoomId> = self.rooms.config.keys().cloned().collect();
        for room in rooms {
            let Some(first) = self.journal.show(&room)? else { continue };
            let mut shown: Option<Playing> = None;
            self.journal.acts_of_core(first, |entry| {
                let act: Option<Act> = serde_json::from_value(entry.body).ok();
                let Some(act) = act.filter(|act| act.name == SHOW) else { return };
                if act.args.get("room").and_then(Value::as_str) != Some(room.as_str()) {
                    return;
                }
                let read = |name| act.args.get(name).cloned().unwrap_or_default();
                if let Ok(show) = serde_json::from_value(read("show")) {
                    shown = Some(Playing::new(show));
                }
                if let (Some(shown), Ok(step)) = (&mut shown, serde_json::from_value(read("step")))
                {
                    shown.take(step);
                }
            })?;
            self.rooms.shows.extend(shown.map(|shown| (room, shown)));
        }
        Ok(())
    }
}

/// Finds the item that the operator names.
fn goal_named(show: &Show, name: Option<&str>) -> Result<Goal, Refused> {
    let place = name.and_then(|name| show.place(name));
    place.map(Goal::Item).ok_or_else(|| {
        let names: Vec<_> = show.items.iter().map(|item| item.name.as_str()).collect();
        let (name, names) = (name.unwrap_or_default(), names.join(", "));
        Refused::unknown(
            format!("ce spectacle n'a pas de partie « {name} » ; ici : {names}"),
            format!("this show has no item {name:?}; here: {names}"),
        )
    })
}
