//! Figures of the core as Prometheus reads them: a few series, whose labels are names that an operator gave.

use super::audience::Looks;
use super::disk::Space;
use crate::engine::read_model::{ReadModel, SessionStatus, Slot};
use eg_proto::{DeviceState, Presence, Spread};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Metric, Registry, Unit};
use std::fmt;
use std::sync::atomic::AtomicU64;

/// Media type of [`text`] (OpenMetrics 1.0, which Prometheus asks for).
pub(crate) const MEDIA: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Steps in which sizes are told, in bytes.
const STEP: u64 = 4 << 20;

/// Names and values of a series' labels.
type Labels = Vec<(&'static str, String)>;
/// Figures that go up and down, by their labels.
type Gauges = Family<Labels, Gauge>;
/// Times, by their labels.
type Seconds = Family<Labels, Gauge<f64, AtomicU64>>;

/// Everything that is told.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CoreFigures<'a> {
    /// Read model of the engine.
    pub(crate) state: &'a ReadModel,
    /// Pages that were opened, and are open.
    pub(crate) looks: Looks,
    /// Room on the journal's disk, if that is known.
    pub(crate) disk: Option<Space>,
    /// Size of the journal, its log included, in bytes; `None` while nobody can see it.
    pub(crate) journal: Option<u64>,
    /// Number of slots that wait to be adopted.
    pub(crate) waiting: usize,
    /// Number of items that somebody has to do something about.
    pub(crate) alarms: usize,
    /// Version of the core.
    pub(crate) version: &'a str,
}

/// Writes the figures.
///
/// # Errors
/// A text that cannot be written to: there is none.
pub(crate) fn text(figures: &CoreFigures<'_>) -> Result<String, fmt::Error> {
    let mut registry = Registry::with_prefix("eg");
    of_core(&mut registry, figures);
    of_events(&mut registry, figures.state);
    of_slots(&mut registry, figures.state);
    of_rooms(&mut registry, figures.state);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(in_order(&text))
}

/// Puts the lines of each series into one order: the library hashes labels, and two answers would differ by that alone.
fn in_order(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().collect();
    for series in lines.chunk_by_mut(|one, next| !one.starts_with('#') && !next.starts_with('#')) {
        series.sort_unstable();
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn of_core(to: &mut Registry, figures: &CoreFigures<'_>) {
    let version: Labels = vec![("version", figures.version.to_owned())];
    let build = Gauges::default();
    build.get_or_create(&version).set(1);
    to.register("core", "The core that tells this", build);
    gauge(to, "alarms", "Items of the list of what needs attention", figures.alarms as u64);
    gauge(to, "slots_waiting", "Slots that wait to be adopted", figures.waiting as u64);
    gauge(to, "pages_open", "Pages that follow the core now", figures.looks.open as u64);
    counter(to, "pages_opened", "Pages that were sent since the start", figures.looks.opened);
    let stored = u64::from(figures.state.storage_fault.is_none());
    gauge(to, "journal_writable", "1 while the journal takes everything", stored);
    if let Some(bytes) = figures.journal {
        let size = value(rough(bytes));
        to.register_with_unit("journal_size", "Journal with its log", Unit::Bytes, size);
    }
    if let Some(space) = figures.disk {
        let free = value(rough(space.free));
        to.register_with_unit("disk_free", "Room on the journal's disk", Unit::Bytes, free);
    }
}

fn of_events(to: &mut Registry, state: &ReadModel) {
    let counts = state.counts;
    counter(to, "events_stored", "Events that were stored and acknowledged", counts.stored);
    counter(to, "events_doubled", "Events that came again and were dropped", counts.duplicates);
    // What was missing may come: this falls again.
    gauge(
        to,
        "events_missing",
        "Events that later ones overtook and that never came",
        counts.missing,
    );
    counter(to, "messages_quarantined", "Messages that could not be read", counts.quarantined);
}

fn of_slots(to: &mut Registry, state: &ReadModel) {
    let (up, boards, noise) = (Gauges::default(), Gauges::default(), Gauges::default());
    let times = Seconds::default();
    for (id, slot) in &state.slots {
        let label = || ("slot", id.to_string());
        let is_up = slot.presence == Presence::Online;
        up.get_or_create(&vec![label()]).set(i64::from(is_up));
        for (state, word) in STATES {
            let number = slot.devices.iter().filter(|device| device.state == state).count();
            let labels = vec![label(), ("state", word.to_owned())];
            boards.get_or_create(&labels).set(whole(number as u64));
        }
        let missing = vec![label()];
        noise.get_or_create(&missing).set(whole(slot.counts.missing));
        for (leg, quantile, seconds) in times_of(slot) {
            let labels = vec![label(), ("leg", leg.to_owned()), ("quantile", quantile.to_owned())];
            times.get_or_create(&labels).set(seconds);
        }
    }
    to.register("slot_up", "1 while a slot is online", up);
    to.register("slot_boards", "Boards of a slot, by their state", boards);
    to.register("slot_events_missing", "Events of a slot that never came", noise);
    let about = "Time that a part of a slot's presses kept: sent to the connection, acked by the core, lamp answered";
    to.register_with_unit("slot_press", about, Unit::Seconds, times);
}

/// States of a board, with their words.
const STATES: [(DeviceState, &str); 3] =
    [(DeviceState::Ready, "ready"), (DeviceState::Fault, "fault"), (DeviceState::Lost, "lost")];

/// Times of a slot's presses, each with its leg and its quantile.
fn times_of(slot: &Slot) -> impl Iterator<Item = (&'static str, &'static str, f64)> {
    let latency = slot.latency.clone().unwrap_or_default();
    let legs = [("sent", latency.sent), ("acked", latency.acked), ("lamp", latency.lamp)];
    legs.into_iter().filter(|(_, spread)| spread.n > 0).flat_map(|(leg, spread)| {
        let Spread { p50_us, p95_us, p99_us, .. } = spread;
        [("0.5", p50_us), ("0.95", p95_us), ("0.99", p99_us)].map(|(quantile, us)| {
            #[expect(clippy::cast_precision_loss, reason = "years in microseconds fit")]
            let seconds = us as f64 / 1e6;
            (leg, quantile, seconds)
        })
    })
}

fn of_rooms(to: &mut Registry, state: &ReadModel) {
    let running = Gauges::default();
    for (id, room) in &state.rooms {
        let runs =
            room.session.as_ref().is_some_and(|session| session.status == SessionStatus::Running);
        running.get_or_create(&vec![("room", id.to_string())]).set(i64::from(runs));
    }
    to.register("session_running", "1 while a session runs in a room", running);
}

fn counter(to: &mut Registry, name: &str, about: &str, number: u64) {
    let counter: Counter = Counter::default();
    counter.inc_by(number);
    to.register(name, about, counter);
}

fn gauge(to: &mut Registry, name: &str, about: &str, number: u64) {
    to.register(name, about, value(number));
}

fn value(number: u64) -> impl Metric {
    let gauge: Gauge = Gauge::default();
    gauge.set(whole(number));
    gauge
}

/// Rounds a size up: by the byte it would tell the length of a choice that nobody may know yet.
fn rough(bytes: u64) -> u64 {
    bytes.div_ceil(STEP).saturating_mul(STEP)
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
