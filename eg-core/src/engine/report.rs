//! What the engine tells: the state for pages, the public state of rooms, and its sentences in both languages.

mod order;

pub(super) use order::{played, rang};

use super::questions::News;
use super::run::Run;
use super::turn::{Count, Turn};
use super::{Engine, Trouble, history};
use crate::effects::{self, Post};
use crate::journal::{Ending, JournalError, json};
use crate::state::{Room, Session, SessionStatus, Show, State, Twin};
use eg_game::{Controls, Layout, Question};
use eg_proto::{
    Boot, CommandAck, CommandResult, DeviceName, DeviceState, Hint, InputName, ModeState,
    OutputName, Presence, RoomState, SlotId, Text, Timestamp, Topic, encode,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Effects that wait for the broker, at most, before those that have expired are let go.
const UNSENT: usize = 1_000;

impl Engine {
    /// What pages show.
    pub(super) fn report(&self) -> State {
        let rooms = self.rooms.iter().map(|(id, config)| {
            let session = self.runs.get(id).map(|run| run.shown().clone());
            let roll_call = self.roll_calls.get(id).cloned();
            let (slots, game) = (self.seats(id), config.game.clone());
            let own_show = config.show.as_ref().map(|show| show.show.clone());
            let show = self.shows.get(id).map(Show::of);
            (id.clone(), Room { slots, game, roll_call, own_show, show, session })
        });
        State {
            mode: self.mode,
            slots: BTreeMap::clone(&self.slots),
            rooms: rooms.collect(),
            troubles: self.troubles.values().cloned().collect(),
            storage_fault: self.troubles.get(&Trouble::Disk).cloned(),
            counts: self.counts,
        }
    }

    /// Adds what was stored to the counts.
    pub(super) fn count(&mut self, turn: &Turn) {
        for (slot, count) in &turn.tally {
            let of_slot = slot.as_ref().and_then(|slot| self.slots.get_mut(slot));
            let both = [Some(&mut self.counts), of_slot.map(|slot| &mut slot.counts)];
            for counts in both.into_iter().flatten() {
                match count {
                    Count::Stored => counts.stored += 1,
                    Count::Duplicate => counts.duplicates += 1,
                    Count::Missing(number) => counts.missing += number,
                    Count::Found => counts.missing = counts.missing.saturating_sub(1),
                    Count::Quarantined => counts.quarantined += 1,
                }
            }
        }
    }

    /// Tells the states that have changed; all of them, and what was not sent, when the connection is new.
    pub(super) fn post_states(&mut self, news: &News, posts: &mut Vec<Post>) {
        let (all, now) = (news.all, news.now);
        if all || self.told_mode != Some(self.mode) {
            self.told_mode = Some(self.mode);
            posts.push(Post::retained(Topic::Mode, encode(&ModeState { mode: self.mode })));
        }
        for (id, config) in &self.rooms {
            let session = self.runs.get(id);
            let shown = session.map(|run| run.shown());
            let roster = match session {
                Some(run) => run.roster.seats.iter().map(|seat| seat.slot.clone()).collect(),
                None => config.slots.clone().unwrap_or_default(),
            };
            let state = RoomState {
                room: id.clone(),
                session: shown.filter(|s| s.status == SessionStatus::Running).map(|s| s.id),
                game: shown.map(|shown| shown.game.clone()),
                phase: shown.map(phase),
                roster,
                view: shown.map_or(Value::Null, |shown| json(&shown.public)),
                hint: shown.and_then(room_hint),
            };
            if all || self.told_rooms.get(id) != Some(&state) {
                posts.push(Post::retained(Topic::RoomState(id.clone()), encode(&state)));
                self.told_rooms.insert(id.clone(), state);
            }
        }
        self.post_hints(all, posts);
        self.post_questions(news, posts);
        for (slot, subject, body) in self.runs.values().flat_map(Run::told) {
            let Some(about) = effects::subject(slot, subject) else { continue };
            let topic = Topic::Told(slot.clone(), about);
            if all || self.told_slots.get(&topic) != Some(body) {
                posts.push(Post::retained(topic.clone(), encode(body)));
                self.told_slots.insert(topic, body.clone());
            }
        }
        if all || self.unsent.len() > UNSENT {
            let expired = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
            let gone: Vec<i64> =
                self.unsent.values().filter(|e| expired(e.expires)).map(|e| e.id).collect();
            gone.iter().for_each(|id| drop(self.unsent.remove(id)));
            if !gone.is_empty() {
                tracing::warn!(commands = gone.len(), "expired before the broker had them");
                self.sent.extend(gone);
                self.sent_by.get_or_insert(now);
            }
        }
        if all {
            posts.retain(|post| post.effect.is_none());
            posts.extend(self.unsent.values().filter_map(Post::of));
        }
    }
}

impl Engine {
    /// Tells each slot the hint that stands there, or that none stands any more.
    fn post_hints(&mut self, all: bool, posts: &mut Vec<Post>) {
        let mut now: BTreeMap<SlotId, String> = BTreeMap::new();
        for (room, run) in &self.runs {
            for seat in &run.roster.seats {
                now.entry(seat.slot.clone()).or_default();
            }
            // A slot that sits in two sessions reads the hint of the one that takes its presses.
            let plays = |slot: &SlotId| self.playing(slot).is_some_and(|(there, _)| there == *room);
            for hint in &run.shown().hints {
                if let Some(slot) = hint.slot.as_ref().filter(|slot| plays(slot)) {
                    now.insert(slot.clone(), hint.text.clone());
                }
            }
        }
        if all {
            // Whatever a core before this one has left at the broker.
            for slot in self.slots.keys() {
                now.entry(slot.clone()).or_default();
            }
        }
        let told = &mut self.told_hints;
        let gone = told.keys().filter(|slot| !now.contains_key(*slot)).cloned();
        let gone: Vec<_> = gone.map(|slot| (slot, String::new())).collect();
        for (slot, text) in gone.into_iter().chain(now) {
            if told.get(&slot).map(String::as_str).unwrap_or_default() != text || all {
                let payload =
                    if text.is_empty() { Vec::new() } else { encode(&Hint { text: text.clone() }) };
                posts.push(Post::retained(Topic::Hint(slot.clone()), payload));
            }
            told.insert(slot, text);
        }
    }
}

/// What stands for the room to read.
fn room_hint(session: &Session) -> Option<String> {
    session.hints.iter().find(|hint| hint.slot.is_none()).map(|hint| hint.text.clone())
}

/// The phase by its own word; a session that has failed says so itself, because its game cannot.
fn phase(session: &Session) -> String {
    match session.status {
        SessionStatus::Failed(_) => "failed".to_owned(),
        SessionStatus::Running | SessionStatus::Done | SessionStatus::Aborted => {
            session.public.phase.clone()
        }
    }
}

/// A cause that is known in English alone, in French.
fn fr(cause: impl ToString) -> String {
    eg_page::say(cause.to_string()).fr
}

pub(super) fn compat() -> Text {
    Text::new(
        "Mode compatible : les anciens postes et pages agissent sans mot de passe",
        "Compatible mode: older slots and pages act without a password",
    )
}

pub(super) fn disk(error: &JournalError) -> Text {
    Text::new(
        format!("Le disque refuse : rien n'est confirmé aux postes pour l'instant ({})", fr(error)),
        format!("The disk refuses: nothing is acknowledged to slots for now ({error})"),
    )
}

pub(super) fn broker_lost(why: &str) -> Text {
    let fr = format!("Sans lien avec le broker : {}", fr(why));
    Text::new(fr, format!("No link to the broker: {why}"))
}

/// Two machines of one name, and what tells them apart.
pub(super) fn twin(slot: &SlotId, twin: &Twin) -> Text {
    let addresses = twin.addresses.iter().map(ToString::to_string);
    let starts = twin.boots.iter().map(|boot| format!("boot {boot}"));
    let told: Vec<String> = addresses.chain(starts).collect();
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    Text::new(
        format!(
            "Deux machines s'appellent {slot}{told} : une carte copiée ? Donnez un autre nom à l'une d'elles"
        ),
        format!(
            "Two machines call themselves {slot}{told}: a copied card? Give one of them another id"
        ),
    )
}

pub(super) fn unreadable(topic: &str, why: &str) -> Text {
    Text::new(
        format!("Un message illisible est en quarantaine, de {topic} : {}", fr(why)),
        format!("A message that cannot be read is in quarantine, from {topic}: {why}"),
    )
}

pub(super) fn game_failed(session: i64, why: &str) -> Text {
    Text::new(
        format!("La partie {session} est tombée : {}", fr(why)),
        format!("Session {session} has failed: {why}"),
    )
}

pub(super) fn gap(slot: &SlotId, boot: Boot, first: u64, last: u64) -> Value {
    let line = if first == last {
        Text::new(
            format!("{slot} : l'entrée {first} manque"),
            format!("{slot}: input {first} is missing"),
        )
    } else {
        Text::new(
            format!("{slot} : les entrées {first} à {last} manquent"),
            format!("{slot}: inputs {first} to {last} are missing"),
        )
    };
    json!({ "boot": boot, "first": first, "last": last, "line": line })
}

pub(super) fn presence(slot: &SlotId, presence: Presence) -> Text {
    match presence {
        Presence::Online => Text::new(format!("{slot} est en ligne"), format!("{slot} is online")),
        Presence::Offline => {
            Text::new(format!("{slot} est hors ligne"), format!("{slot} is offline"))
        }
    }
}

pub(super) fn device(
    slot: &SlotId,
    device: &DeviceName,
    state: DeviceState,
    error: Option<&str>,
) -> Text {
    let (state_fr, en) = match state {
        DeviceState::Ready => ("prêt", "ready"),
        DeviceState::Lost => ("perdu", "lost"),
        DeviceState::Fault => ("en défaut", "faulty"),
    };
    let why = |error: &str| format!(" ({error})");
    let why_fr = error.map(|error| why(&fr(error))).unwrap_or_default();
    let why = error.map(why).unwrap_or_default();
    Text::new(
        format!("{slot}/{device} : {state_fr}{why_fr}"),
        format!("{slot}/{device}: {en}{why}"),
    )
}

pub(super) fn answer(slot: &SlotId, answer: &CommandAck) -> Text {
    let (said, en) = match answer.result {
        CommandResult::Done => ("commande exécutée", "command done"),
        CommandResult::Refused => ("commande refusée", "command refused"),
        CommandResult::Expired => ("commande périmée", "command expired"),
    };
    let (reason, why) = (answer.reason.as_deref(), |why: &str| format!(" ({why})"));
    let why_fr = reason.map(|reason| why(&fr(reason))).unwrap_or_default();
    let why = reason.map(why).unwrap_or_default();
    Text::new(format!("{slot} : {said}{why_fr}"), format!("{slot}: {en}{why}"))
}

pub(super) fn cannot_tell(slot: &SlotId, subject: &str) -> Value {
    let why = Text::new(
        format!("« {subject} » n'est pas un sujet qu'un jeu peut annoncer à {slot}"),
        format!("{subject:?} is no subject that a game may tell {slot} about"),
    );
    json!({ "why": why })
}

pub(super) fn opened(question: &Question) -> Value {
    let Question { step, question, options, keys } = question;
    let list = Layout::labels(keys, options).join(", ");
    let line = Text::new(
        format!("Étape {step} ouverte : {question} ({list})"),
        format!("Step {step} is open: {question} ({list})"),
    );
    let mut body = json!({ "line": line, "step": step, "question": question, "options": options });
    if !keys.is_empty() {
        body["keys"] = json(keys);
    }
    body
}

/// An open question is told anew, because a slot came whose inputs were not known.
pub(super) fn retold(question: &Question) -> Value {
    let Question { step, question, options, keys } = question;
    let told = keys.iter().map(|layout| {
        let slots: Vec<_> = layout.slots.iter().map(SlotId::as_str).collect();
        let labels: Vec<_> =
            options.iter().enumerate().map(|(at, option)| layout.label(at, option)).collect();
        format!("{}: {}", slots.join(", "), labels.join(", "))
    });
    let told = told.collect::<Vec<_>>().join("; ");
    let line = Text::new(
        format!("Touches de l'étape {step} : {told}"),
        format!("Keys of step {step}: {told}"),
    );
    json!({ "line": line, "step": step, "question": question, "options": options, "keys": keys })
}

/// What a slot has that players choose with.
pub(super) fn controls(slot: &SlotId, controls: &Controls) -> Text {
    let names: Vec<_> = controls.iter().map(InputName::as_str).collect();
    if names.is_empty() {
        return Text::new(format!("{slot} n'a pas de touche"), format!("{slot} has no button"));
    }
    let names = names.join(", ");
    Text::new(format!("{slot} a les touches {names}"), format!("{slot} has the inputs {names}"))
}

/// Why a game's command for an output was not sent.
pub(super) fn no_output(slot: &SlotId, output: &OutputName) -> Value {
    let why = Text::new(
        format!("{slot} n'a pas de sortie « {output} »"),
        format!("{slot} has no output {output:?}", output = output.as_str()),
    );
    json!({ "why": why })
}

pub(super) fn ended(ending: &Ending) -> Value {
    match ending {
        Ending::Done => json!({
            "status": "done", "line": Text::new("Partie terminée", "The session is over") }),
        Ending::Aborted => json!({
            "status": "aborted", "line": Text::new("Partie arrêtée", "The session was called off") }),
        Ending::Failed { at, why } => json!({
            "status": "failed", "entry": at,
            "line": Text::new(format!("Le jeu est tombé : {why}"), format!("The game failed: {why}")) }),
    }
}

/// How a session stands from this entry on.
pub(super) fn standing(status: &SessionStatus, entry: i64) -> Value {
    match history::ending(status, entry) {
        Some(ending) => ended(&ending),
        None => json!({
            "status": "running", "line": Text::new("La partie continue", "The session goes on") }),
    }
}

pub(super) fn undone(act: i64) -> Value {
    let line = Text::new(format!("l'action {act} est annulée"), format!("act {act} is undone"));
    json!({ "line": line, "undone": act })
}

pub(super) fn resumed(outage: Duration) -> Value {
    let seconds = outage.as_secs();
    let line = Text::new(
        format!("Reprise : {seconds} s d'arrêt ne comptent pas"),
        format!("Resumed: {seconds} s of outage do not count"),
    );
    let micros = u64::try_from(outage.as_micros()).unwrap_or(u64::MAX);
    json!({ "outage_us": micros, "line": line })
}

/// Fields of an act as JSON.
pub(super) fn args<const N: usize>(fields: [(&str, Value); N]) -> serde_json::Map<String, Value> {
    let all: BTreeMap<_, _> = fields.into_iter().collect();
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
