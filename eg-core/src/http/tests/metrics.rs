//! Promises of the figures that Prometheus reads.

use crate::engine::read_model::{Counts, Device, ReadModel, Room, Slot};
use crate::http::audience::Looks;
use crate::http::disk::Space;
use crate::http::metrics::{CoreFigures, text};
use eg_proto::{DeviceState, Latency, Presence, Spread};
use prometheus_parse::{Sample, Scrape, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The dashboard that comes with EG.
const DASHBOARD: &str = include_str!("../../../../deploy/grafana/eg.json");
/// Every series with what it tells.
const DOCUMENT: &str = include_str!("../../../../docs/metrics.md");

/// A core with one slot that is online, a lost board, and times of presses.
fn state() -> ReadModel {
    let counts = Counts { stored: 7, duplicates: 2, missing: 1, quarantined: 3 };
    let board = Device {
        name: "panel".parse().unwrap(),
        driver: "button-row".to_owned(),
        version: None,
        state: DeviceState::Lost,
        since: None,
        error: None,
        noise: None,
        inputs: Vec::new(),
        kinds: None,
        outputs: Vec::new(),
    };
    let acked = Spread { n: 4, p50_us: 1_500, p95_us: 2_000, p99_us: 9_000, ..Spread::default() };
    let slot = Slot {
        presence: Presence::Online,
        devices: vec![board],
        latency: Some(Latency { acked, ..Latency::default() }),
        ..Slot::unheard()
    };
    let mut state = ReadModel { counts, ..ReadModel::default() };
    state.slots.insert("slot-01".parse().unwrap(), Arc::new(slot));
    state.rooms.insert("main".parse().unwrap(), Room::default());
    state
}

fn scraped() -> Vec<Sample> {
    let state = state();
    let figures = CoreFigures {
        state: &state,
        looks: Looks { opened: 5, open: 2 },
        disk: Some(Space { free: 10, all: 20 }),
        journal: Some(4_096),
        waiting: 1,
        alarms: 2,
        version: "0.1.0",
    };
    let text = text(&figures).unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap().samples
}

fn number(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> f64 {
    let fits = |sample: &&Sample| {
        let has = |(name, value): &(&str, &str)| sample.labels.get(name) == Some(value);
        sample.metric == name && labels.iter().all(has)
    };
    let found = samples.iter().find(fits).unwrap_or_else(|| panic!("no {name} {labels:?}"));
    match found.value {
        Value::Counter(number) | Value::Gauge(number) | Value::Untyped(number) => number,
        Value::Histogram(_) | Value::Summary(_) => panic!("{name} has no number"),
    }
}

fn names() -> BTreeSet<String> {
    scraped().into_iter().map(|sample| sample.metric).collect()
}

/// Names of series in a text.
fn named_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("eg_")).map(str::to_owned).collect()
}

#[test]
fn a_parser_of_prometheus_reads_every_figure() {
    let samples = scraped();

    assert_eq!(number(&samples, "eg_events_stored_total", &[]), 7.0);
    assert_eq!(number(&samples, "eg_events_doubled_total", &[]), 2.0);
    assert_eq!(number(&samples, "eg_slot_up", &[("slot", "slot-01")]), 1.0);
    assert_eq!(number(&samples, "eg_slot_boards", &[("state", "lost")]), 1.0);
    assert_eq!(number(&samples, "eg_slot_boards", &[("state", "ready")]), 0.0);
    let half = [("leg", "acked"), ("quantile", "0.5")];
    assert_eq!(number(&samples, "eg_slot_press_seconds", &half), 0.0015);
    assert_eq!(number(&samples, "eg_journal_size_bytes", &[]), 4_194_304.0);
    assert_eq!(number(&samples, "eg_session_running", &[("room", "main")]), 0.0);
}

#[test]
fn a_label_is_a_slot_a_room_or_a_word_of_ours() {
    let labels: BTreeSet<_> =
        scraped().iter().flat_map(|sample| sample.labels.keys().cloned()).collect();

    let ours = ["leg", "quantile", "room", "slot", "state", "version"];
    assert_eq!(labels.iter().map(String::as_str).collect::<Vec<_>>(), ours);
}

#[test]
fn the_dashboard_asks_for_series_that_there_are() {
    let dashboard: serde_json::Value = serde_json::from_str(DASHBOARD).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let asked = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let asked: String = asked.map(|target| format!("{} ", target["expr"])).collect();

    let unknown: Vec<_> = named_in(&asked).difference(&names()).cloned().collect();

    assert!(!asked.is_empty() && unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_document_has_every_series_and_no_other() {
    assert_eq!(named_in(DOCUMENT), names());
}
