use super::*;
use crate::journal::{Durability, Ending, Journal, KeptSession, Kind, NewEntry};
use eg_game::Roster;
use eg_proto::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

/// Noon of 2026-11-30 in UTC, µs since the Unix epoch.
const NOON: i64 = 1_796_040_000_000_000;
const MINUTE: i64 = 60_000_000;
const DAY: i64 = 24 * 60 * MINUTE;

struct Past {
    journal: Journal,
    _folder: TempDir,
}

impl Past {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path().join("eg.db"), Durability::Normal).unwrap();
        Self { journal, _folder: folder }
    }

    fn note(&mut self, session: i64, kind: Kind, body: Value) {
        let (at, session) = (Timestamp(NOON), Some(session));
        let new = NewEntry { at, kind, slot: None, session, cause: None, place: None, body };
        self.journal.add(new).unwrap();
    }

    /// Plays a session of ten minutes, with one hint, and returns its number.
    fn play(&mut self, room: &str, game: &str, started: i64, ending: Option<Ending>) -> i64 {
        self.journal.begin().unwrap();
        let session = self.journal.add_session(&kept(room, game, started)).unwrap();
        let args = json!({"players": {"slot-02": "Zoë"}});
        self.note(session, Kind::Act, json!({"name": "start", "by": "anna", "args": args}));
        self.note(
            session,
            Kind::Act,
            json!({"name": "hint", "by": "anna", "args": {"text": "Look up"}}),
        );
        self.note(session, Kind::Result, json!({"step": 1, "outcome": "Ada"}));
        if let Some(ending) = ending {
            let at = Timestamp(started + 10 * MINUTE);
            self.journal.end_session(session, &ending, at).unwrap();
        }
        self.journal.commit().unwrap();
        session
    }

    fn listed(&self, filter: &SessionFilter) -> Vec<i64> {
        let listed = self.journal.reader().played(filter, i64::MAX, 100).unwrap();
        listed.iter().map(|played| played.session.id).collect()
    }
}

fn kept(room: &str, game: &str, started: i64) -> KeptSession {
    let slots = ["slot-01", "slot-02", "slot-03"].map(|slot| slot.parse().unwrap());
    KeptSession {
        id: 0,
        room: room.parse().unwrap(),
        game: game.to_owned(),
        version: None,
        config: json!({}),
        roster: Roster::of(slots),
        started: Timestamp(started),
        ending: None,
        unreadable: None,
    }
}

fn filter(set: impl FnOnce(&mut SessionFilter)) -> SessionFilter {
    let mut filter = SessionFilter::default();
    set(&mut filter);
    filter
}

fn of(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_session_is_listed_with_what_was_played() {
    let mut past = Past::new();
    past.play("main", "buzzer", NOON, Some(Ending::Done));
    past.play("main", "buzzer", NOON + DAY, None);

    let listed = past.journal.reader().played(&SessionFilter::default(), i64::MAX, 9).unwrap();

    let names = [("slot-02".parse().unwrap(), "Zoë".to_owned())].into();
    let figures = Figures { started_by: of("anna"), hints: 1, outcome: of("Ada"), names };
    assert_eq!(listed.iter().map(|played| played.session.id).collect::<Vec<_>>(), [2, 1]);
    for played in &listed {
        assert_eq!(
            (played.players, &played.figures),
            (3, &figures),
            "kept, or counted while it runs"
        );
    }
}

#[test]
fn a_filter_finds_what_fits_all_of_it() {
    let mut past = Past::new();
    past.play("main", "buzzer", NOON, Some(Ending::Done));
    past.play("main", "majority", NOON + DAY, Some(Ending::Aborted));
    past.play("lobby", "buzzer", NOON + 2 * DAY, Some(Ending::Done));

    assert_eq!(past.listed(&filter(|it| it.room = of("main"))), [2, 1]);
    assert_eq!(past.listed(&filter(|it| it.game = of("buzzer"))), [3, 1]);
    assert_eq!(past.listed(&filter(|it| it.status = of("aborted"))), [2]);
    assert_eq!(past.listed(&filter(|it| it.from = of("2026-12-02"))), [3]);
    let first = filter(|it| (it.from, it.to) = (of("2026-11-29"), of("2026-11-30")));
    assert_eq!(past.listed(&first), [1]);
    let none = filter(|it| (it.room, it.status) = (of("lobby"), of("aborted")));
    assert!(past.listed(&none).is_empty());
    assert_eq!(past.journal.reader().rooms_played().unwrap(), ["lobby", "main"]);
}

#[test]
fn totals_are_the_sums_of_what_is_listed() {
    let mut past = Past::new();
    for (number, ending) in
        [Some(Ending::Done), Some(Ending::Aborted), None].into_iter().enumerate()
    {
        let room = ["main", "lobby", "attic"][number];
        past.play(room, "buzzer", NOON, ending);
    }

    let totals = past.journal.reader().totals(&SessionFilter::default()).unwrap();

    let wanted = Totals {
        sessions: 3,
        done: 1,
        aborted: 1,
        failed: 0,
        played_us: 20 * MINUTE,
        players: 9,
        hints: 2,
        uncounted: 0,
    };
    assert_eq!(totals, wanted);
}

#[test]
fn a_session_that_goes_on_is_counted_anew() {
    let mut past = Past::new();
    let session = past.play("main", "buzzer", NOON, Some(Ending::Done));

    past.journal.reopen_session(session).unwrap();
    past.note(
        session,
        Kind::Act,
        json!({"name": "hint", "by": "anna", "args": {"text": "Look down"}}),
    );

    let listed = past.journal.reader().played(&SessionFilter::default(), i64::MAX, 9).unwrap();
    assert_eq!(listed[0].figures.hints, 2);
}

#[test]
fn figures_of_an_earlier_core_are_counted_for_a_list_and_said_to_be_missing_in_sums() {
    let mut past = Past::new();
    let session = past.play("main", "buzzer", NOON, Some(Ending::Done));

    past.journal.drop_figures(session).unwrap();

    let reader = past.journal.reader();
    let listed = reader.played(&SessionFilter::default(), i64::MAX, 9).unwrap();
    assert_eq!(listed[0].figures.hints, 1);
    let totals = reader.totals(&SessionFilter::default()).unwrap();
    assert_eq!((totals.hints, totals.uncounted), (0, 1));
}

#[test]
fn a_file_of_a_core_that_kept_no_names_is_gone_on_with() {
    let past = Past::new();
    let path = past._folder.path().join("eg.db");
    drop(past.journal);
    let earlier = rusqlite::Connection::open(&path).unwrap();
    earlier.execute_batch("ALTER TABLE figures DROP COLUMN names").unwrap();
    drop(earlier);

    let mut past =
        Past { journal: Journal::open(&path, Durability::Full).unwrap(), _folder: past._folder };
    past.play("main", "buzzer", NOON, Some(Ending::Done));

    let listed = past.journal.reader().played(&SessionFilter::default(), i64::MAX, 9).unwrap();
    assert_eq!(listed[0].figures.names.len(), 1);
}

#[test]
fn figures_stay_when_the_entries_have_left() {
    let mut past = Past::new();
    let session = past.play("main", "buzzer", NOON, Some(Ending::Done));
    past.journal.drop_figures(session).unwrap();
    let part = crate::journal::Part::Session { session, file: "gone.db".to_owned() };

    while past.journal.forget(&part, 2).unwrap().entries > 0 {}

    let listed = past.journal.reader().played(&SessionFilter::default(), i64::MAX, 9).unwrap();
    assert_eq!((listed[0].figures.hints, listed[0].figures.outcome.as_deref()), (1, Some("Ada")));
}
