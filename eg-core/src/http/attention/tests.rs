//! Tests of the list: every kind of item, with its reason, its next step and its weight.

use super::facts::PUT_AWAY;
use super::item::{AttentionItem, AttentionKind as Kind, Severity};
use super::{Attention, Facts};
use crate::access::{Access, AccessOptions, Waiting};
use crate::clock::SteadyClock;
use crate::engine::Alert;
use crate::engine::read_model::{
    Counts, Device, Panel, ReadModel, Room, Session, SessionClock, SessionStatus, Slot, Twin,
};
use crate::http::disk::Space;
use crate::http::page::words;
use crate::names::Names;
use eg_game::{Text, View};
use eg_proto::{
    DeviceState, Overall, PairRequest, Presence, SecretDigest, SlotClock, SlotId, Timestamp, Topics,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_764_000_000_000_000);

fn id(name: &str) -> SlotId {
    name.parse().unwrap()
}

fn slot() -> Slot {
    Slot {
        presence: Presence::Online,
        last_seen: Some(NOW),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        boot: None,
        overall: Some(Overall::Online),
        clock: None,
        devices: vec![board(DeviceState::Ready, None)],
        twin: None,
        sim: false,
        counts: Counts::default(),
        latency: None,
        agent: None,
    }
}

fn board(state: DeviceState, error: Option<&str>) -> Device {
    Device {
        name: "reader".parse().unwrap(),
        driver: "rfid".to_owned(),
        state,
        since: None,
        error: error.map(str::to_owned),
        noise: None,
        inputs: Vec::new(),
        kinds: None,
        outputs: Vec::new(),
        version: None,
    }
}

fn with(slots: impl IntoIterator<Item = (&'static str, Slot)>) -> ReadModel {
    let slots = slots.into_iter().map(|(name, slot)| (id(name), Arc::new(slot)));
    ReadModel { slots: slots.collect(), ..ReadModel::default() }
}

fn attention(state: &ReadModel) -> Attention {
    seen(state, &BTreeMap::new(), None)
}

fn seen(state: &ReadModel, waiting: &BTreeMap<SlotId, Waiting>, disk: Option<Space>) -> Attention {
    Attention::of(&Facts { state, waiting, disk, now: NOW, words: &words().unwrap() })
}

/// Returns the one item of a state, and checks that its words and blanks are there.
fn only(state: &ReadModel) -> AttentionItem {
    let mut items = attention(state).items;
    assert_eq!(items.len(), 1, "{items:#?}");
    let item = items.remove(0);
    for text in [&item.what, &item.next].iter().flat_map(|text| [&text.fr, &text.en]) {
        assert!(text.contains(' ') && !text.contains(['{', '}']), "{text}");
    }
    item
}

fn told(item: &AttentionItem) -> (Severity, Kind, &str, Option<&str>) {
    (item.severity, item.kind, item.what.en.as_str(), item.link.as_deref())
}

#[test]
fn what_works_needs_nobody() {
    let all = attention(&with([("slot-01", slot()), ("slot-02", slot())]));

    assert!(all.items.is_empty());
    assert_eq!((all.health.well, all.health.all, all.health.alarms), (2, 2, 0));
    assert_eq!(all.health.worst, None);
}

#[test]
fn a_lost_slot_leads_to_its_page_and_its_boards_are_not_spoken_of() {
    let dead = Slot {
        presence: Presence::Offline,
        devices: vec![board(DeviceState::Lost, Some("it does not exist"))],
        ..slot()
    };
    let item = only(&with([("slot-04", dead)]));

    let what =
        "slot-04 is lost: nothing is heard of it. Power? Network cable? Then start it again.";
    assert_eq!(told(&item), (Severity::Failure, Kind::SlotLost, what, Some("/slots/slot-04")));
    assert_eq!((item.next.fr.as_str(), item.since), ("Ouvrir slot-04", Some(NOW)));
}

#[test]
fn a_slot_that_never_came_is_missed_and_one_that_was_put_away_is_not() {
    let unheard = Slot { presence: Presence::Offline, last_seen: None, ..slot() };
    let week = Timestamp(NOW.0 - i64::try_from(PUT_AWAY.as_micros()).unwrap());
    let away = Slot { presence: Presence::Offline, last_seen: Some(week), ..slot() };
    let all = attention(&with([("slot-01", slot()), ("slot-02", unheard), ("slot-03", away)]));

    let severities: Vec<_> = all.items.iter().map(|item| item.severity).collect();
    assert_eq!(severities, [Severity::Failure, Severity::Note]);
    assert_eq!((all.health.well, all.health.all, all.health.alarms), (1, 2, 1));
}

#[test]
fn a_board_is_told_with_its_reason_in_both_languages() {
    let port = "cannot open port /dev/ttyUSB0: it does not exist; is it plugged in?";
    let lost = Slot { devices: vec![board(DeviceState::Lost, Some(port))], ..slot() };
    let item = only(&with([("slot-04", lost)]));

    assert_eq!(item.what.en, format!("reader at slot-04: {port}"));
    assert!(item.what.fr.starts_with("reader, à slot-04 : ") && item.what.fr.contains("branché"));
    assert_eq!((item.severity, item.kind), (Severity::Failure, Kind::BoardLost));

    let mute = Slot { devices: vec![board(DeviceState::Fault, None)], ..slot() };
    let item = only(&with([("slot-04", mute)]));
    let what = "reader at slot-04: the board reports a fault";
    assert_eq!(told(&item), (Severity::Warning, Kind::BoardFault, what, Some("/slots/slot-04")));
}

#[test]
fn inputs_that_fail_without_a_board_are_told_for_the_slot() {
    let item = only(&with([("slot-01", Slot { overall: Some(Overall::Degraded), ..slot() })]));

    assert_eq!(item.kind, Kind::BoardFault);
}

#[test]
fn two_machines_of_one_name_are_a_failure_with_their_addresses() {
    let addresses = vec!["10.0.0.7".parse().unwrap(), "10.0.0.8".parse().unwrap()];
    let twin = Some(Twin { since: NOW, boots: Vec::new(), addresses });
    let mut state = with([("slot-01", Slot { twin, ..slot() })]);
    state.alerts.insert(Alert::Twin(id("slot-01")), Text::same("told by the slot itself"));
    let item = only(&state);

    assert_eq!((item.severity, item.kind), (Severity::Failure, Kind::SlotTwin));
    assert!(item.what.en.contains("(10.0.0.7, 10.0.0.8)"), "{}", item.what.en);
}

#[test]
fn events_that_never_came_and_a_backlog_are_warnings() {
    let missing = Counts { missing: 3, ..Counts::default() };
    let item = only(&with([("slot-01", Slot { counts: missing, ..slot() })]));
    assert_eq!((item.severity, item.kind), (Severity::Warning, Kind::EventsMissing));

    let outbox = |waiting| {
        let panel = Panel { waiting: Some(waiting), ..Panel::default() };
        let panels = [(id("slot-01"), Arc::new(panel))].into();
        ReadModel { panels, ..with([("slot-01", slot())]) }
    };
    let item = only(&outbox(400));
    assert_eq!(item.kind, Kind::OutboxBacklog);
    assert!(item.what.en.contains("400 events wait"), "{}", item.what.en);
    assert!(attention(&outbox(6)).items.is_empty());
}

#[test]
fn a_clock_is_told_when_it_is_vague_and_when_its_date_is_wrong() {
    let clock = |clock| with([("slot-01", Slot { clock: Some(clock), ..slot() })]);

    let vague = only(&clock(SlotClock { bound_us: 35_000, ..SlotClock::default() }));
    assert_eq!((vague.severity, vague.kind), (Severity::Warning, Kind::ClockVague));
    assert!(vague.what.fr.contains("35") && vague.what.fr.contains("ms"), "{}", vague.what.fr);
    let wild = only(&clock(SlotClock { beyond_ppb: Some(900_000), ..SlotClock::default() }));
    assert_eq!(wild.kind, Kind::ClockVague);
    let wrong = only(&clock(SlotClock { ahead_us: Some(-7_200_000_000), ..SlotClock::default() }));
    assert_eq!((wrong.severity, wrong.kind), (Severity::Note, Kind::ClockDate));
    assert!(wrong.what.en.contains("120 min"), "{}", wrong.what.en);
    let right = SlotClock { bound_us: 900, ahead_us: Some(20_000), ..SlotClock::default() };
    assert!(attention(&clock(right)).items.is_empty());
}

#[test]
fn an_older_agent_is_a_note_that_alarms_nobody() {
    let state = with([("slot-01", Slot { version: "0.0.9".to_owned(), ..slot() })]);
    let item = only(&state);

    assert_eq!((item.severity, item.kind), (Severity::Note, Kind::AgentOutdated));
    assert_eq!(attention(&state).health.alarms, 0);
}

#[test]
fn a_slot_that_waits_is_told_with_its_code_and_where_it_is_adopted() {
    let folder = tempfile::tempdir().unwrap();
    let options =
        AccessOptions { topics: Topics::default(), core: "core-01".to_owned(), compat: false };
    let clock = Arc::new(SteadyClock::default());
    let access = Access::open(&folder.path().join("auth.db"), options, clock).unwrap();
    let request = PairRequest {
        v: 1,
        slot: id("slot-09"),
        version: "0.2.0".to_owned(),
        machine: "pi-left".to_owned(),
        secret_sha256: SecretDigest([9; 32]),
        authority_sha256: None,
        mosquitto: None,
        boards: Vec::new(),
    };
    access.pair(&id("slot-09"), request);
    let waiting = access.waiting();
    let item = seen(&ReadModel::default(), &waiting, None).items.remove(0);

    assert_eq!((item.severity, item.kind), (Severity::Warning, Kind::SlotWaiting));
    assert!(item.what.en.contains(&waiting[&id("slot-09")].code));
    assert_eq!(item.link.as_deref(), Some("/#waiting-slot-09"));
}

/// State of a core whose room `quiz`, called "Le quiz", is in this phase.
fn playing(status: SessionStatus, phase: &str) -> ReadModel {
    let view = View::new(phase, Text::default(), []);
    let session = Session {
        id: 7,
        game: "fuse".to_owned(),
        status,
        started: NOW,
        clock: SessionClock::default(),
        hints_given: 0,
        operator: view.clone(),
        public: view,
        offers: Vec::new(),
        explain: Text::new("égalité", "a tie"),
        told: BTreeMap::new(),
        revealed: false,
        resumed: false,
        acts: Vec::new(),
        hints: Vec::new(),
        reads: Vec::new(),
        forced: Vec::new(),
    };
    let room = Room { game: "fuse".to_owned(), session: Some(session), ..Room::default() };
    let quiz: eg_proto::RoomId = "quiz".parse().unwrap();
    let rooms = [(quiz.clone(), "Le quiz".to_owned())].into();
    let names = Names { rooms, ..Names::default() }.into();
    ReadModel { rooms: [(quiz, room)].into(), names, ..ReadModel::default() }
}

#[test]
fn a_failed_session_is_told_with_its_room() {
    let mut state = playing(SessionStatus::Failed("index 7".to_owned()), "failed");
    state.alerts.insert(Alert::Game, Text::same("told by the room itself"));

    let item = only(&state);

    assert_eq!((item.severity, item.kind), (Severity::Failure, Kind::SessionFailed));
    assert_eq!(item.room.unwrap().as_str(), "quiz");
    assert!(item.what.en.contains("session 7 has failed"), "{}", item.what.en);
}

#[test]
fn a_game_that_waits_for_the_operator_needs_attention_until_they_have_decided() {
    let item = only(&playing(SessionStatus::Running, View::DECIDING));

    assert_eq!((item.severity, item.kind), (Severity::Warning, Kind::GameWaits));
    assert_eq!(item.what.en, "Room Le quiz waits for your decision: a tie.");
    assert_eq!(item.what.fr, "La salle Le quiz attend votre décision : égalité.");
    for (status, phase) in [(SessionStatus::Running, "open"), (SessionStatus::Done, View::DECIDING)]
    {
        assert!(attention(&playing(status, phase)).items.is_empty());
    }
}

#[test]
fn every_alert_of_the_core_is_told_with_a_next_step() {
    let alerts = [
        (Alert::Disk, Severity::Failure, Kind::JournalRefuses),
        (Alert::Missing, Severity::Failure, Kind::EntriesMissing),
        (Alert::Broker, Severity::Failure, Kind::BrokerLost),
        (Alert::Crowd, Severity::Failure, Kind::Alert),
        (Alert::Beyond(id("slot-01")), Severity::Warning, Kind::Alert),
        (Alert::Client("kiosk".to_owned()), Severity::Warning, Kind::Alert),
        (Alert::Quarantine, Severity::Warning, Kind::Alert),
        (Alert::Refusal("slot-09".to_owned()), Severity::Warning, Kind::Alert),
        (Alert::Compat, Severity::Note, Kind::Alert),
    ];

    for (alert, severity, kind) in alerts {
        let alerts = [(alert, Text::new("en panne ici", "out of order"))].into();
        let item = only(&ReadModel { alerts, ..ReadModel::default() });
        assert_eq!((item.severity, item.kind), (severity, kind));
        assert_eq!(item.what.en, "out of order");
    }
}

#[test]
fn a_disk_is_told_before_it_is_full() {
    let disk = |free, all| {
        let disk = Some(Space { free, all });
        seen(&ReadModel::default(), &BTreeMap::new(), disk).items.pop().map(|item| item.severity)
    };
    const GIGA: u64 = 1_000_000_000;

    assert_eq!(disk(20 * GIGA, 32 * GIGA), None);
    assert_eq!(disk(GIGA, 32 * GIGA), Some(Severity::Warning), "3 %");
    assert_eq!(disk(GIGA / 3, GIGA), Some(Severity::Warning), "330 MB");
    assert_eq!(disk(GIGA / 20, 32 * GIGA), Some(Severity::Failure), "50 MB");
}

#[test]
fn the_worst_comes_first_and_the_health_is_as_bad_as_that() {
    let missing = Counts { missing: 3, ..Counts::default() };
    let warned = Slot { counts: missing, ..slot() };
    let old = Slot { version: "0.0.9".to_owned(), ..slot() };
    let dead = Slot {
        presence: Presence::Offline,
        last_seen: Some(Timestamp(NOW.0 - Duration::from_secs(90).as_micros() as i64)),
        ..slot()
    };
    let all = attention(&with([
        ("slot-01", warned),
        ("slot-02", old),
        ("slot-03", dead),
        ("slot-04", slot()),
    ]));

    let slots: Vec<_> = all.items.iter().map(|item| item.slot.clone().unwrap()).collect();
    assert_eq!(slots, [id("slot-03"), id("slot-01"), id("slot-02")]);
    assert_eq!((all.health.well, all.health.all, all.health.alarms), (2, 4, 2));
    assert_eq!(all.health.worst, Some(Severity::Failure));
}
