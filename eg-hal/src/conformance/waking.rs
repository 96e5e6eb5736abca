//! D14 and D15: when a driver wants to be called.

use super::describing::pokes;
use super::lab::{Lab, Subject, other};
use crate::sim::Poke;
use crate::{Driver, Wake};
use std::time::Duration;

/// The slowest poll: a player waits no longer for a lamp to answer.
const SLOWEST: Duration = Duration::from_secs(1);
/// The fastest poll.
const FASTEST: Duration = Duration::from_millis(1);
/// The most transfers of one idle read.
const TRANSFERS: u64 = 64;

/// Changes of one input, one after the other: an interrupt that is never released calls once.
const CHANGES: usize = 4;

/// `true` if the host hears of a change: a device that waits for edges calls at every one. A poll beside them is for a
/// call that got lost, and takes the place of none: it would cost the change its time.
fn comes_in_time(wake: Wake, woken: bool) -> bool {
    match wake {
        Wake::OnEdge | Wake::EdgeOrEvery(_) => woken,
        Wake::Every(period) => period <= SLOWEST,
    }
}

/// D14.
pub(super) fn wakes<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    for poke in pokes() {
        if matches!(poke, Poke::TagAway | Poke::Line(_)) {
            continue;
        }
        for channel in lab.inputs(&poke)? {
            let mut subject = lab.started()?;
            subject.after(channel, &other(&poke))?;
            for change in 1..=CHANGES {
                drained(&mut subject)?;
                let next = if change % 2 == 1 { poke.clone() } else { other(&poke) };
                let wake = subject.wake();
                subject.takes(channel, &next);
                if !comes_in_time(wake, subject.woken()) {
                    return Err(format!(
                        "{next:?} on channel {channel}, change {change} of it, woke nobody; it wants {wake:?}"
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Some devices are heard on the pass after a change only.
fn drained<D: Driver>(subject: &mut Subject<D>) -> Result<(), String> {
    subject.settle().map(drop)
}

/// D15.
pub(super) fn rests<D: Driver>(lab: &Lab<D>) -> Result<(), String> {
    let mut subject = lab.started()?;
    drained(&mut subject)?;
    for _ in 0..20 {
        if subject.woken() {
            return Err("nothing happened after a read, and a descriptor stays readable".to_owned());
        }
        match subject.wake() {
            Wake::Every(period) | Wake::EdgeOrEvery(period) if period < FASTEST => {
                return Err(format!("nothing happens, and it wants to be called every {period:?}"));
            }
            Wake::OnEdge => return Ok(()),
            Wake::Every(_) | Wake::EdgeOrEvery(_) => {}
        }
        let before = subject.notes.log().transfers;
        subject.passes()?;
        let made = subject.notes.log().transfers - before;
        if made > TRANSFERS * lab.passes as u64 {
            return Err(format!("nothing happens, and a read made {made} transfers"));
        }
    }
    Ok(())
}
