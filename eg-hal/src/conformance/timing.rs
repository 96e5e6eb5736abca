//! D24: how long a driver's calls take, and whose time that is.

use super::describing::sets;
use super::lab::{Lab, Subject, said};
use super::notes::Failure;
use crate::Driver;
use crate::sim::Bench;
use std::fs::read_to_string;
use std::time::Duration;

/// The longest `open`, whether a chip answers or not: a slot of ten devices is up while people still look at it.
const OPEN: Duration = Duration::from_secs(2);
/// The longest read while nothing happens: a press on the same device waits behind it.
const READ: Duration = Duration::from_millis(100);
/// The longest write.
const WRITE: Duration = Duration::from_millis(250);
/// Calls of each kind. A thread may be put to sleep by chance, but not in every one of them.
const TIMES: usize = 6;

/// D24.
pub(super) fn takes_little<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut sleeps = Sleeps::default();
    for _ in 0..TIMES {
        let place = lab.place();
        lab.model(&place).map_err(said("the model"))?;
        let opened = within(&place.bench, OPEN, "open", || sleeps.during(|| lab.open_on(&place)));
        drop(opened?);
    }
    sleeps.never("open")?;

    let place = lab.place();
    place.notes.log().fault = Failure::Silent { after: 0 };
    drop(within(&place.bench, OPEN, "open, while no chip answers,", || lab.open_on(&place))?);

    let mut subject = lab.started()?;
    reads(&mut subject)?;
    writes(lab, &mut subject)
}

fn reads<D: Driver>(subject: &mut Subject<D>) -> Result<(), String> {
    let mut sleeps = Sleeps::default();
    for _ in 0..TIMES {
        subject.wait();
        let bench = subject.bench.clone();
        let read = within(&bench, READ, "a read while nothing happens", || {
            sleeps.during(|| subject.read())
        });
        read?.map_err(said("read"))?;
    }
    sleeps.never("read")
}

fn writes<D: Driver>(lab: &Lab<D>, subject: &mut Subject<D>) -> Result<(), String> {
    for channel in lab.outputs()? {
        for set in sets() {
            let mut sleeps = Sleeps::default();
            for _ in 0..TIMES {
                let bench = subject.bench.clone();
                let what = format!("write {set:?} to {channel}");
                let write = || sleeps.during(|| subject.write(channel, set.clone()));
                drop(within(&bench, WRITE, &what, write)?);
            }
            sleeps.never("write")?;
        }
    }
    Ok(())
}

/// Measures a call on the bench's clock.
fn within<T>(
    bench: &Bench,
    most: Duration,
    call: &str,
    run: impl FnOnce() -> T,
) -> Result<T, String> {
    let before = bench.now();
    let done = run();
    let took = bench.now().since(before);
    if took > most {
        return Err(format!("{call} took {took:?} of the board's time, {most:?} is the most"));
    }
    Ok(done)
}

/// In how many calls the thread went to sleep: `std::thread::sleep` does not pass the board's time, but the player's.
#[derive(Default)]
struct Sleeps {
    calls: usize,
    slept: usize,
}

impl Sleeps {
    fn during<T>(&mut self, call: impl FnOnce() -> T) -> T {
        let before = times_asleep();
        let done = call();
        self.calls += 1;
        self.slept += usize::from(before.is_some() && times_asleep() > before);
        done
    }

    /// Load and page faults stop a thread now and then; a sleep stops it every time.
    fn never(&self, call: &str) -> Result<(), String> {
        if self.calls > 0 && self.slept == self.calls {
            return Err(format!(
                "each {call} put its thread to sleep, and no time passed on the board"
            ));
        }
        Ok(())
    }
}

/// Number of times that this thread gave up its processor to wait (Linux, proc(5)); `None` where nobody counts.
fn times_asleep() -> Option<u64> {
    let status = read_to_string("/proc/thread-self/status").ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")?.trim().parse().ok())
}
