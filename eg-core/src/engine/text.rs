//! Texts of the engine in both languages, for journal, pages and operators.

use super::read_model::{SessionStatus, Twin};
use super::session::ending::ending;
use crate::broker::TroubleKind;
use crate::engine::session::timers::TimerName;
use crate::journal::{Ending, JournalError, json};
use crate::names::Players;
use eg_game::{Controls, Layout, Question};
use eg_proto::{
    Boot, CommandAck, CommandResult, DeviceName, DeviceState, InputName, OutputName, Presence,
    SlotId, Text, Timestamp,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Translates an English cause to French.
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
        format!(
            "Le disque refuse : rien n'est confirmé aux postes pour l'instant ({})",
            refusal(error)
        ),
        format!("The disk refuses: nothing is acknowledged to slots for now ({error})"),
    )
}

/// Returns the reason of a disk that refuses, in French.
fn refusal(error: &JournalError) -> String {
    let said = |path: &Path, cause: String| {
        let path = path.display();
        format!(
            "le journal {path} ne peut pas se lire ou s'écrire : {cause} ; y a-t-il de la place sur son disque, et a-t-on le droit d'y écrire ?"
        )
    };
    match error {
        JournalError::File { path, source } | JournalError::Open { path, source } => {
            said(path, fr(source))
        }
        JournalError::Folder { path, source } => said(path, fr(source)),
        JournalError::InUse { .. }
        | JournalError::Damaged { .. }
        | JournalError::Foreign { .. }
        | JournalError::Newer { .. }
        | JournalError::Older { .. }
        | JournalError::Missing { .. }
        | JournalError::NoRoom { .. }
        | JournalError::Sql(_) => fr(error),
    }
}

/// Alert about entries that the journal had and no longer has: its last one is `last`, and was `had`.
pub(super) fn missing(last: i64, had: i64) -> Text {
    let lost = had - last;
    Text::new(
        format!(
            "Le journal se termine à l'entrée {last}, il en avait {had} : {lost} entrées manquent. Le fichier a été abîmé, vidé ou remplacé ; une copie de sauvegarde les a peut-être"
        ),
        format!(
            "The journal ends at entry {last}, it had {had}: {lost} entries are missing. Its file was damaged, emptied or replaced; a backup may have them"
        ),
    )
}

/// Alert about a slot that reports more boards, inputs or outputs than the core keeps of one.
pub(super) fn beyond(slot: &SlotId) -> Text {
    Text::new(
        format!(
            "{slot} annonce plus de cartes, d'entrées ou de sorties que le serveur central n'en retient d'un poste (64 cartes, 1024 entrées, 1024 sorties) : les premières comptent"
        ),
        format!(
            "{slot} reports more boards, inputs or outputs than the core keeps of one slot (64 boards, 1,024 inputs, 1,024 outputs): the first count"
        ),
    )
}

/// Alert about more slots than the core keeps, which are `most`.
pub(super) fn crowd(most: usize) -> Text {
    Text::new(
        format!(
            "{most} postes se sont annoncés, et le serveur central n'en retient pas davantage : quelqu'un invente des noms"
        ),
        format!("{most} slots have spoken, and no more are kept: somebody invents names"),
    )
}

pub(super) fn broker_lost(why: &str) -> Text {
    let fr = format!("Sans lien avec le broker : {}", fr(why));
    Text::new(fr, format!("No link to the broker: {why}"))
}

/// Alert about two machines with the id of one slot, and what tells them apart.
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

/// Alert about a client of the built-in broker, and what was done about it.
pub(super) fn client(id: &str, kind: TroubleKind) -> Text {
    let (fr, en) = match kind {
        TroubleKind::Greedy(bytes) => {
            let mega = bytes.div_ceil(1024 * 1024);
            (
                format!(
                    "lit trop lentement : débranché du broker, {mega} Mo qui l'attendaient sont jetés"
                ),
                format!(
                    "reads too slowly: let go by the broker, {mega} MB that waited for it are dropped"
                ),
            )
        }
        TroubleKind::Stalled => (
            "ne lit plus rien : débranché du broker".to_owned(),
            "has stopped reading: let go by the broker".to_owned(),
        ),
        TroubleKind::TooFast => (
            "envoie beaucoup trop : ralenti, rien n'est perdu".to_owned(),
            "sends far too much: slowed, nothing is lost".to_owned(),
        ),
        TroubleKind::NoRoom => (
            "demande de retenir trop de messages : transmis, mais pas retenus".to_owned(),
            "asks to retain too many messages: passed on, and not retained".to_owned(),
        ),
    };
    Text::new(format!("« {id} » {fr}"), format!("\"{id}\" {en}"))
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

/// Note that an open question is told anew, because a slot came whose inputs were not known.
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

/// Sentence that names the inputs by which a slot's player can choose.
pub(super) fn controls(slot: &SlotId, controls: &Controls) -> Text {
    let names: Vec<_> = controls.iter().map(InputName::as_str).collect();
    if names.is_empty() {
        return Text::new(format!("{slot} n'a pas de touche"), format!("{slot} has no button"));
    }
    let names = names.join(", ");
    Text::new(format!("{slot} a les touches {names}"), format!("{slot} has the inputs {names}"))
}

/// Body of the refusal of a game's command for an output that the slot does not have.
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

/// Body of the status entry of a session from this entry on.
pub(super) fn standing(status: &SessionStatus, entry: i64) -> Value {
    match ending(status, entry) {
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

/// Tells who plays now, or that nobody is named any more.
pub(super) fn players(players: &Players) -> Text {
    if players.is_empty() {
        return Text::new("les joueurs n’ont plus de nom", "the players have no names any more");
    }
    let told = |(slot, name): (&SlotId, &String)| format!("{slot} : {name}");
    let fr = players.iter().map(told).collect::<Vec<_>>().join(", ");
    Text::new(format!("joueurs : {fr}"), format!("players: {}", fr.replace(" : ", ": ")))
}

/// Builds the fields of an act as a JSON object.
pub(super) fn args<const N: usize>(fields: [(&str, Value); N]) -> serde_json::Map<String, Value> {
    let all: BTreeMap<_, _> = fields.into_iter().collect();
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// Body of the entry by which a held input reaches its game. `moment` is its time in the session, if that is not the
/// entry's.
pub(super) fn played(
    entry: i64,
    waited: Duration,
    overtaken: bool,
    moment: Option<Timestamp>,
) -> Value {
    let waited_us = u64::try_from(waited.as_micros()).unwrap_or(u64::MAX);
    let span = eg_game::millis(waited_us);
    let line = if overtaken {
        let fr = "arrivé après son tour : plus ancien que ce qui est déjà joué";
        Text::new(fr, "arrived after its turn: older than what was played already")
    } else {
        Text::new(
            format!("joué à son tour, après {}", span.fr),
            format!("played in its turn, after {}", span.en),
        )
    };
    let mut body =
        json!({ "entry": entry, "waited_us": waited_us, "overtaken": overtaken, "line": line });
    if let Some(moment) = moment {
        body["moment"] = moment.0.into();
    }
    body
}

/// Body of the entry of a timer that fired. `moment` is the time for which it fired, if that is not the entry's.
pub(super) fn rang(timer: TimerName, moment: Option<Timestamp>) -> Value {
    match moment {
        Some(moment) => json!({ "timer": timer, "moment": moment }),
        None => json!({ "timer": timer }),
    }
}
