//! Interleavings of hosts, the outbox's thread and the link.

use super::*;
use eg_proto::{Boot, DeviceName, EventKind, InputName, Source};
use shuttle::future::block_on;
use shuttle::thread::{self, JoinHandle};
use std::collections::BTreeSet;

/// Number of schedules that each test tries out.
const SCHEDULES: usize = 3000;
/// Number of rows that the thread of these tests hands out in a turn.
const WINDOW: usize = 2;
const BOOT: Boot = Boot(ulid::Ulid(1));

/// The draft of a host with this number.
fn draft(host: &str, number: u64) -> Draft {
    Draft {
        device: DeviceName::new(host).unwrap(),
        input: InputName::new("button").unwrap(),
        kind: EventKind::Press,
        at: Moment(number),
        unc_us: 0,
        src: Source::Poll,
        sim: true,
    }
}

fn row(id: i64, json: String) -> Row {
    Row { id, boot: BOOT, seq: id.unsigned_abs(), json, late: false, tag: None, taken: None }
}

/// Starts a host that records these batches one after the other.
fn host(queues: &Arc<Queues>, name: &'static str, batches: &'static [&[u64]]) -> JoinHandle<()> {
    let intake = Intake(Arc::clone(queues));
    thread::spawn(move || {
        for batch in batches {
            intake.record(batch.iter().map(|number| draft(name, *number))).unwrap();
        }
    })
}

/// Waits for work as the outbox's thread does, without a deadline.
fn wait(queues: &Queues) -> Option<Work> {
    queues.wait(None, || Moment(0))
}

/// Starts the outbox's thread with this many rows on its disk; it hands out a window of them whenever it is woken.
fn thread_with_rows(queues: &Arc<Queues>, count: i64) -> JoinHandle<()> {
    let queues = Arc::clone(queues);
    thread::spawn(move || {
        let rows: Vec<_> = (0..count).map(|id| row(id, String::new())).collect();
        let mut next = rows.len();
        while let Some(work) = wait(&queues) {
            match work.link_command {
                Some(LinkCommand::Rewind) => next = 0,
                Some(LinkCommand::Pause) => next = rows.len(),
                None => {}
            }
            let end = rows.len().min(next + WINDOW);
            queues.hand_out(rows[next..end].to_vec());
            next = end;
        }
    })
}

/// Takes every draft of two hosts from the link and sees that it comes once, in the order of its host.
fn every_draft_comes_once_in_its_order() {
    const BATCHES: &[&[u64]] = &[&[0, 1, 2], &[3], &[4, 5]];
    let queues = Arc::new(Queues::default());
    let hosts = ["a", "b"].map(|name| host(&queues, name, BATCHES));
    let shared = Arc::clone(&queues);
    let numbering = thread::spawn(move || {
        let (mut ids, mut acked) = (1.., 0);
        while let Some(work) = wait(&shared) {
            let told = |draft: &Draft| format!("{}{}", draft.device, draft.at.0);
            let rows = work.drafts.iter().zip(&mut ids).map(|(draft, id)| row(id, told(draft)));
            shared.hand_out(rows.collect());
            acked = work.acks.iter().map(|ack| ack.seq).fold(acked, u64::max);
        }
        acked
    });

    let outlet = Outlet(Arc::clone(&queues));
    let mut rows = Vec::new();
    while rows.len() < 12 {
        let taken = block_on(outlet.next(|waiting| waiting.len().min(2))).1;
        outlet.acknowledge(Ack::new(BOOT, taken.last().unwrap().seq));
        rows.extend(taken);
    }
    hosts.into_iter().for_each(|host| host.join().unwrap());
    queues.stop();

    for name in ["a", "b"] {
        let own = rows.iter().filter(|row| row.json.starts_with(name)).map(|row| row.json.clone());
        let wanted = (0..6).map(|number| format!("{name}{number}"));
        assert_eq!(own.collect::<Vec<_>>(), wanted.collect::<Vec<_>>());
    }
    assert!(rows.iter().map(|row| row.id).eq(1..=12));
    assert_eq!(numbering.join().unwrap(), 12, "the last acknowledgement");
}

#[test]
fn no_draft_is_lost_or_doubled_and_each_host_keeps_its_order() {
    shuttle::check_random(every_draft_comes_once_in_its_order, SCHEDULES);
    shuttle::check_pct(every_draft_comes_once_in_its_order, SCHEDULES, 3);
}

#[test]
fn a_draft_that_was_taken_before_the_end_reaches_the_thread() {
    let promise = || {
        let queues = Arc::new(Queues::default());
        let hosts = ["a", "b"].map(|name| {
            let intake = Intake(Arc::clone(&queues));
            thread::spawn(move || {
                let taken =
                    (0..3).take_while(|number| intake.record([draft(name, *number)]).is_ok());
                taken.map(|number| (name.to_owned(), number)).collect::<BTreeSet<_>>()
            })
        });
        let shared = Arc::clone(&queues);
        let thread = thread::spawn(move || {
            let mut came = BTreeSet::new();
            while let Some(work) = wait(&shared) {
                let drafts = work.drafts.iter();
                came.extend(drafts.map(|draft| (draft.device.to_string(), draft.at.0)));
            }
            shared.close();
            came
        });
        queues.stop();

        let taken: BTreeSet<_> = hosts.into_iter().flat_map(|host| host.join().unwrap()).collect();
        assert_eq!(thread.join().unwrap(), taken);
    };

    shuttle::check_random(promise, SCHEDULES);
}

#[test]
fn a_host_that_waits_for_a_place_is_told_that_the_outbox_has_stopped() {
    let promise = || {
        let queues = Arc::new(Queues::default());
        let hosts = ["a", "b"].map(|name| {
            let intake = Intake(Arc::clone(&queues));
            thread::spawn(move || intake.record((0..6).map(|number| draft(name, number))))
        });
        let shared = Arc::clone(&queues);
        let failing = thread::spawn(move || {
            let turns = (0..2).filter_map(|_| wait(&shared));
            let came: usize = turns.map(|work| work.drafts.len()).sum();
            shared.close();
            came
        });

        let told = hosts.map(|host| host.join().unwrap());
        assert!(failing.join().unwrap() <= 2 * DRAFTS);
        assert!(told.contains(&Err(Stopped)), "there was no place for all of them");
    };

    shuttle::check_random(promise, SCHEDULES);
}

/// Rewinds and pauses while rows are on their way, and sees that each pass begins at the oldest and leaves none out.
fn every_pass_is_whole() {
    const ROWS: i64 = 5;
    /// Number of the pass in which nothing may come.
    const PAUSED: Pass = Pass(2);
    const LAST: Pass = Pass(4);
    let queues = Arc::new(Queues::default());
    let thread = thread_with_rows(&queues, ROWS);
    let link = Outlet(Arc::clone(&queues));
    let winding = thread::spawn(move || {
        link.rewind();
        link.pause();
        link.rewind();
        link.rewind();
    });

    let outlet = Outlet(Arc::clone(&queues));
    let (mut pass, mut wanted) = (Pass::default(), 0);
    while (pass, wanted) != (LAST, ROWS) {
        let (of, rows) = block_on(outlet.next(|_| 1));
        if of != pass {
            assert!(of.0 > pass.0, "{of:?} after {pass:?}");
            (pass, wanted) = (of, 0);
        }
        for row in rows {
            assert_eq!(row.id, wanted, "in {pass:?}");
            assert_ne!(pass, PAUSED);
            wanted += 1;
        }
        outlet.acknowledge(Ack::new(BOOT, 0));
    }
    assert!(outlet.is_current(LAST));
    winding.join().unwrap();
    queues.stop();
    thread.join().unwrap();
}

#[test]
fn a_rewind_never_lets_a_row_of_an_earlier_pass_be_current() {
    shuttle::check_random(every_pass_is_whole, SCHEDULES);
    shuttle::check_pct(every_pass_is_whole, SCHEDULES, 3);
}
