//! Check that a French page is French, whatever has gone wrong.

use super::operator::PageContext;
use super::places::Here;
use super::slots::Adoption;
use super::text::{FILES, Localizer, words};
use super::{display, invite, login, operator, slots};
use crate::auth::Role;
use crate::config::DisplayConfig;
use crate::engine::read_model::{
    Device, ReadModel, RollCall, Room, Session, SessionClock, SessionStatus, Slot,
};
use crate::http::attention::{Attention, Facts};
use crate::http::caller::Caller;
use crate::http::disk::Space;
use crate::journal::Redacted;
use crate::names::Names;
use eg_game::{Level, Offer, View, Widget};
use eg_page::{Lang, Parts};
use eg_proto::{DeviceState, Mode, Overall, Presence, Text, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Words of the English files that stand on French pages too: names of keys, programs, games and users, and French words
/// that the French files happen not to have.
const BOTH: [&str; 9] =
    ["operator", "proxy", "root", "general", "content", "second", "rate", "home", "together"];

/// English words that neither the files of the page nor any French sentence has.
const MORE: [&str; 8] =
    ["cannot", "acknowledge", "driver", "hangs", "panicked", "plugged", "neither", "exist"];

/// Returns the words of a Fluent file, in lower case: those of letters alone, without what a page fills in.
fn words_of(file: &str) -> BTreeSet<String> {
    let mut depth = 0_u32;
    let said = file.lines().filter(|line| !line.starts_with('#'));
    let said = said.map(|line| line.split_once('=').map_or(line, |(_, said)| said));
    let said = said.collect::<Vec<_>>().join("\n");
    let said: String = said
        .chars()
        .filter(|c| {
            depth = depth + u32::from(*c == '{') - u32::from(*c == '}' && depth > 0);
            depth == 0
        })
        .collect();
    spoken(&said).collect()
}

/// Returns the words of a text that are of three letters at least, in lower case. What has a digit, a hyphen or a path
/// in it is a name.
fn spoken(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && !"-’'/:._".contains(c));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let words = words.filter(|word| word.len() > 2 && word.chars().all(char::is_alphabetic));
    words.map(str::to_lowercase)
}

/// Returns the words by which English is known: those that only the English files have.
fn vocabulary() -> BTreeSet<String> {
    let (fr, en) = (words_of(FILES.0), words_of(FILES.1));
    let more = MORE.map(str::to_owned).into_iter();
    en.difference(&fr).filter(|word| !BOTH.contains(&word.as_str())).cloned().chain(more).collect()
}

/// Causes as agents of any version, the system and the disk report them.
const CAUSES: [&str; 6] = [
    "cannot open port /dev/ttyUSB0: it does not exist; is it plugged in?",
    "i2c-1 address 0x20: The device did not acknowledge its address",
    "the driver hangs: it has not come back from poll for 2.0s; the device is left alone until it does",
    "3 events lost: neither disk nor memory had room",
    "the driver panicked: index 7",
    "port /dev/ttyUSB0: Input/output error (os error 5)",
];

/// Disk without room.
const FULL: Space = Space { free: 1, all: 1_000 };

fn slot(cause: &str) -> Slot {
    let device = Device {
        name: "panel".parse().unwrap(),
        driver: "button-row".to_owned(),
        state: DeviceState::Lost,
        since: None,
        error: Some(cause.to_owned()),
        noise: None,
        version: None,
        inputs: Vec::new(),
        kinds: None,
        outputs: vec!["lamp-a".parse().unwrap()],
    };
    Slot {
        presence: Presence::Online,
        last_seen: Some(Timestamp(0)),
        version: "0.1.0".to_owned(),
        boot: None,
        overall: Some(Overall::Degraded),
        clock: None,
        devices: vec![device],
        sim: true,
        twin: None,
        counts: crate::engine::read_model::Counts { missing: 2, ..Default::default() },
        latency: Some(eg_proto::Latency::default()),
        agent: Some(eg_proto::AgentHello { protocol: 1, restarts: true, page: Some(5173) }),
    }
}

fn session(status: SessionStatus) -> Session {
    let say = |fr: &str| Text::new(fr, "English of it");
    let parts = [
        Widget::Turnout { votes: 1, expected: 2, missing: vec!["slot-02".parse().unwrap()] },
        Widget::text(say("rien"), Level::Bad),
    ];
    let view = View::new("open", say("vote ouvert"), parts);
    let offers = vec![
        Offer::new("next", say("Étape 1")),
        Offer::new("kill", say("Mettre hors jeu")).with_reason().grave(),
    ];
    Session {
        id: 7,
        game: "night-vote".to_owned(),
        status,
        started: Timestamp(0),
        operator: view.clone(),
        public: view,
        offers,
        explain: say("il manque un vote"),
        told: BTreeMap::new(),
        revealed: false,
        resumed: true,
        acts: Vec::new(),
        hints: Vec::new(),
        hints_given: 0,
        reads: Vec::new(),
        forced: Vec::new(),
        clock: SessionClock::default(),
    }
}

fn room(session: Option<Session>) -> Room {
    let roll_call = session.is_none().then(|| RollCall {
        at: Timestamp(0),
        by: "operator".to_owned(),
        present: Vec::new(),
        missing: vec!["slot-01".parse().unwrap()],
    });
    let game = "night-vote".to_owned();
    Room { game, roll_call, session, ..Room::default() }
}

/// Returns a state in which everything has gone wrong that can.
pub(crate) fn everything_is_wrong() -> ReadModel {
    let failed = SessionStatus::Failed("the driver panicked: index 7".to_owned());
    let sessions = [Some(session(SessionStatus::Running)), Some(session(failed)), None].map(room);
    let names = ["main", "quiz", "lock"].map(|name| name.parse().unwrap());
    let slots = CAUSES
        .iter()
        .enumerate()
        .map(|(number, cause)| (format!("slot-{number:02}").parse().unwrap(), slot(cause).into()));
    let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
    let full = rusqlite::Error::SqliteFailure(full, Some("database or disk is full".to_owned()));
    let disk = crate::journal::JournalError::Sql(full);
    let why = "cannot connect to the broker at 127.0.0.1:1883: Connection refused (os error 111); \
               check that it runs and that no firewall is between";
    let json =
        serde_json::from_str::<BTreeMap<String, u8>>("{\"a\":\"b\"}").unwrap_err().to_string();
    let alerts = crate::engine::alerts(&disk, why, &json);
    ReadModel {
        mode: Mode::Day,
        slots: slots.collect(),
        rooms: names.into_iter().zip(sessions).collect(),
        alerts,
        ..ReadModel::default()
    }
}

/// Returns a page without what it says in English on purpose: the link to that language, and the other side of a refusal.
fn without_other_language(html: &str) -> String {
    let html = html.replace("lang=\"en\">English<", "><");
    let Some((before, rest)) = html.split_once("<div lang=\"en\">") else { return html };
    let after = rest.split_once("</div>").map_or("", |(_, after)| after);
    format!("{before}<div>{after}")
}

/// Returns all that a person reads or hears of a page: its text, and the attributes that are read out.
fn told(html: &str) -> String {
    let html = without_other_language(html);
    let mut told = String::new();
    for piece in html.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        for name in ["aria-label=\"", "title=\"", "placeholder=\"", "data-unsent=\""] {
            let value = tag.split_once(name).and_then(|(_, rest)| rest.split_once('"'));
            told.push_str(value.map(|(value, _)| value).unwrap_or_default());
            told.push('\n');
        }
        told.push_str(text);
        told.push('\n');
    }
    told
}

/// Returns the lines of a page that have an English word.
pub(crate) fn english(html: &str) -> Vec<String> {
    let english = vocabulary();
    let lines = told(html).lines().map(str::to_owned).collect::<Vec<_>>().into_iter();
    lines.filter(|line| spoken(line).any(|word| english.contains(&word))).collect()
}

#[test]
fn a_french_page_has_no_english_in_it() {
    let words = words().unwrap();
    let voice = Localizer { words: &words, lang: Lang::Fr, names: Names::none() };
    let state = everything_is_wrong();
    let act = |name: &str| {
        let body = serde_json::json!({ "name": name, "args": {}, "by": "operator" });
        let (kind, cause, choice) = (crate::journal::Kind::Act, None, Vec::new());
        let (id, at, slot, session) = (1, Timestamp(0), None, Some(7));
        Redacted::of(
            &crate::journal::Entry { id, at, kind, slot, session, cause, body, choice },
            None,
        )
    };
    let recent: Vec<_> = ["resume", "kill", "open", "close", "reveal"].map(act).into();
    let (adoption, now) = (&Adoption::everything(), Timestamp(60_000_000));
    let waiting = &adoption.waiting;
    let facts = Facts { state: &state, waiting, disk: Some(FULL), now, words: &words };
    let attention = &Attention::of(&facts);
    let caller = &Caller::of_user("anna", Role::Operator);
    let recent = &recent;
    let here = &Here::All;
    let page =
        PageContext { voice, all: &state, here, adoption, attention, recent, now, acts: true };
    let page = operator::document(voice, &state, here, &Parts::new(page.parts()), caller, true);
    let mut pages = vec![page, login::login(voice), invite::invite(voice, None, "")];
    for (id, slot) in &state.slots {
        pages.push(slots::whole(voice, id, slot, adoption, caller));
    }
    for id in state.rooms.keys() {
        let parts = Parts::new(display::parts(voice, id, &state));
        pages.push(display::document(voice, id, &DisplayConfig::default(), &parts));
    }

    for page in pages {
        assert_eq!(english(&page.into_string()), Vec::<String>::new());
    }
}

#[test]
fn english_is_found_where_it_is() {
    assert_eq!(english("<p title=\"rien\">the port is lost</p>"), ["the port is lost"]);
    assert_eq!(english("<p>le port est perdu</p>"), Vec::<String>::new());
}
