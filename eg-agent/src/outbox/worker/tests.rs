mod dating;
mod faulty_disk;
mod trouble;

use super::*;
use crate::core_clock::CoreClock;
use crate::outbox::Limits;
use eg_hal::Source;
use eg_proto::{Boot, DeviceName, Event, EventKind, InputName, decode};
use tempfile::TempDir;

const START: Moment = Moment(1_000_000);

struct Slot {
    folder: TempDir,
    boots: u128,
}

impl Slot {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), boots: 0 }
    }

    fn start(&mut self) -> Worker {
        self.start_with(Limits::default())
    }

    fn start_with(&mut self, limits: Limits) -> Worker {
        self.boots += 1;
        let path = Some(self.folder.path().join("data/outbox.db"));
        let boot = Boot(ulid::Ulid(self.boots));
        let (clock, events) = (CoreClock::virtual_time(), None);
        Worker::new(Settings { path, boot, limits, clock, events }, START)
    }
}

fn draft(kind: EventKind) -> Draft {
    Draft {
        device: DeviceName::new("panel").unwrap(),
        input: InputName::new("a").unwrap(),
        kind,
        at: START,
        unc_us: 0,
        src: Source::Synthetic,
        sim: true,
    }
}

fn presses(count: usize) -> Work {
    Work { drafts: vec![draft(EventKind::Press); count], ..Work::default() }
}

fn link_command(link_command: LinkCommand) -> Work {
    Work { link_command: Some(link_command), ..Work::default() }
}

fn ack(boot: u128, seq: u64) -> Work {
    Work { acks: vec![Ack::new(Boot(ulid::Ulid(boot)), seq)], ..Work::default() }
}

/// Boot and number of each row.
fn numbers(rows: &[Row]) -> Vec<(u128, u64)> {
    rows.iter().map(|row| (row.boot.0.0, row.seq)).collect()
}

fn run(boot: u128, seqs: impl IntoIterator<Item = u64>) -> Vec<(u128, u64)> {
    seqs.into_iter().map(|seq| (boot, seq)).collect()
}

#[test]
fn numbers_from_one_without_a_gap() {
    let mut worker = Slot::new().start();

    worker.turn(link_command(LinkCommand::Rewind), START);
    let mut rows = worker.turn(presses(2), START);
    rows.extend(worker.turn(presses(1), START));

    let events: Vec<Event> = rows.iter().map(|r| decode(r.json.as_bytes()).unwrap()).collect();
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(events.iter().all(|event| !event.late && event.sim));
}

#[test]
fn hands_out_nothing_while_offline_and_everything_in_order_after() {
    let mut worker = Slot::new().start();

    let offline = worker.turn(presses(3), START);
    let online = worker.turn(link_command(LinkCommand::Rewind), START);
    let live = worker.turn(presses(1), START);

    assert_eq!(offline, []);
    assert_eq!(numbers(&online), run(1, 1..=3));
    assert_eq!(numbers(&live), run(1, [4]));
    assert!(online.iter().all(|row| row.late) && !live[0].late);
}

#[test]
fn keeps_what_was_not_acknowledged_over_a_restart_and_sends_it_first() {
    let mut slot = Slot::new();
    let mut first = slot.start();
    first.turn(link_command(LinkCommand::Rewind), START);
    first.turn(presses(5), START);
    first.turn(ack(1, 2), START);
    drop(first);

    let mut second = slot.start();
    second.turn(presses(2), START);
    let rows = second.turn(link_command(LinkCommand::Rewind), START);

    assert_eq!(numbers(&rows), [run(1, 3..=5), run(2, 1..=2)].concat());
    assert!(rows.iter().all(|row| row.late));
}

#[test]
fn an_ack_forgets_rows_of_its_own_boot_only() {
    let mut slot = Slot::new();
    let mut first = slot.start();
    first.turn(presses(3), START);
    drop(first);
    let mut second = slot.start();
    second.turn(link_command(LinkCommand::Rewind), START);
    second.turn(presses(4), START);

    second.turn(ack(2, 3), START);
    let after_own = second.turn(link_command(LinkCommand::Rewind), START);
    second.turn(ack(1, 2), START);
    let after_earlier = second.turn(link_command(LinkCommand::Rewind), START);

    assert_eq!(numbers(&after_own), [run(1, 1..=3), run(2, [4])].concat());
    assert_eq!(numbers(&after_earlier), [run(1, [3]), run(2, [4])].concat());
    assert_eq!(second.health().waiting, 2);
}

#[test]
fn believes_no_ack_of_what_was_never_sent() {
    let mut worker = Slot::new().start();
    worker.turn(presses(3), START);

    worker.turn(ack(1, 99), START);
    worker.turn(ack(77, 99), START);

    assert_eq!(numbers(&worker.turn(link_command(LinkCommand::Rewind), START)), run(1, 1..=3));
}

#[test]
fn sends_a_window_and_no_more_until_the_core_acknowledges() {
    let limits = Limits { window: 10, ..Limits::default() };
    let mut worker = Slot::new().start_with(limits);
    worker.turn(presses(25), START);

    let first = worker.turn(link_command(LinkCommand::Rewind), START);
    let fresh = worker.turn(presses(1), START);
    let next = worker.turn(ack(1, 4), START);
    let rest = worker.turn(ack(1, 14), START);
    let last = worker.turn(ack(1, 24), START);

    assert_eq!(numbers(&first), run(1, 1..=10));
    assert_eq!(fresh, []);
    assert_eq!(numbers(&next), run(1, 11..=14));
    assert_eq!(numbers(&rest), run(1, 15..=24));
    assert_eq!(numbers(&last), run(1, 25..=26));
}

#[test]
fn nothing_overtakes_whenever_the_link_comes_and_goes() {
    let mut worker = Slot::new().start_with(Limits { window: 3, ..Limits::default() });
    let mut stored = 0;

    for round in 0..60 {
        let mut rows = worker.turn(presses(round % 4), START);
        match round % 5 {
            0 => rows = worker.turn(link_command(LinkCommand::Pause), START),
            1 => rows = worker.turn(link_command(LinkCommand::Rewind), START),
            _ => {}
        }
        // A core takes what follows what it has, drops what it has, and would see a hole here.
        for row in rows.iter().take(2) {
            assert!(row.seq <= stored + 1, "{} after {stored}", row.seq);
            stored = stored.max(row.seq);
        }
        if round % 5 == 4 {
            worker.turn(ack(1, stored), START);
            worker.turn(link_command(LinkCommand::Rewind), START);
        }
    }

    assert!(stored > 20, "{stored}");
}

#[test]
fn a_row_that_no_broker_takes_becomes_a_dead_letter() {
    let mut slot = Slot::new();
    let mut worker = slot.start();
    worker.turn(presses(3), START);
    let rows = worker.turn(link_command(LinkCommand::Rewind), START);

    let dead_letters = vec![(rows[1].id, "too large".to_owned())];
    worker.turn(Work { dead_letters, ..Work::default() }, START);
    let left = worker.turn(link_command(LinkCommand::Rewind), START);
    let said = worker.health().error();
    drop(worker);

    assert_eq!(numbers(&left), [(1, 1), (1, 3)]);
    assert!(said.unwrap().contains("dead letters"));
    assert_eq!(slot.start().health().dead_letters, 1);
}

#[test]
fn tells_of_a_tag_while_it_is_fresh_and_never_again() {
    let mut worker = Slot::new().start();
    let tag = || Work {
        drafts: vec![draft(EventKind::Tag { uid: "04A3".to_owned() })],
        ..Work::default()
    };
    worker.turn(link_command(LinkCommand::Rewind), START);

    let fresh = worker.turn(tag(), START);
    let again = worker.turn(link_command(LinkCommand::Rewind), START);

    assert_eq!(fresh[0].tag.as_deref(), Some("04A3"));
    assert_eq!((again[0].seq, again[0].late, again[0].tag.clone()), (1, true, None));
}
