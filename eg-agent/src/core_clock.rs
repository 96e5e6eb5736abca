//! The core's clock as this slot knows it: pings and pongs in, offset ± bound out.
//!
//! A Pi has no clock of its own at start and the room may have no internet, so the core is the source of time. The
//! kernel stamps edges with `CLOCK_MONOTONIC`: no step of the wall clock moves it, but NTP bends its rate. So what
//! happened is put on `CLOCK_MONOTONIC_RAW` at once, by looking at both, and the core's clock is measured against that
//! one, which goes as the crystal does. Both stand still while the machine is suspended, which `CLOCK_BOOTTIME` tells;
//! the offset is then measured anew.

mod bend;
mod offset;
mod sync;

pub use eg_hal::Moment;
pub use offset::Offset;
pub use sync::ClockSync;

use bend::Bend;
use eg_hal::clock::{self, Look};
use eg_proto::{Boot, ClockPing, ClockPong, EventTime, SlotClock, Source, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Moment of something that happened, by the clock that nothing bends: it can be put in the core's time whenever that
/// is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// By `CLOCK_MONOTONIC_RAW`.
    pub at: Moment,
    /// The true moment lies within ± this many microseconds.
    pub unc_us: u64,
    /// Source of the stamp.
    pub src: Source,
}

/// One slot's clock, shared by those who stamp and the one who asks. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct CoreClock {
    known: Arc<Mutex<Known>>,
    /// The one who asks has to ask at once.
    lost: Arc<Notify>,
    look: fn() -> Option<Look>,
}

#[derive(Debug, Default)]
struct Known {
    sync: ClockSync,
    bend: Bend,
    /// An answer is awaited before anything is dated.
    asking: bool,
    /// Clock faults that the log was told of: a rate that no crystal has, and something that bends the clock.
    said: (bool, bool),
}

impl Default for CoreClock {
    /// By this machine's clocks.
    fn default() -> Self {
        Self::by(|| Some(clock::look()))
    }
}

impl CoreClock {
    /// Makes a clock for virtual time: nothing is asked of this machine's clocks, and moments are those of a clock that
    /// nothing bends.
    pub fn virtual_time() -> Self {
        Self::by(|| None)
    }

    fn by(look: fn() -> Option<Look>) -> Self {
        Self { known: Arc::default(), lost: Arc::default(), look }
    }

    /// Puts a moment `at` ± `unc_us` of `CLOCK_MONOTONIC` on the clock that nothing bends. Call it soon after that
    /// moment.
    pub fn take(&self, at: Moment, unc_us: u64, src: Source) -> Taken {
        let (at, doubt) = self.awake().bend.raw(at);
        Taken { at, unc_us: unc_us.saturating_add(doubt), src }
    }

    /// The time of it in the core's clock. Its moment is null before the first answer, and where a suspension lies
    /// between it and now.
    pub fn date(&self, taken: Taken) -> EventTime {
        let Taken { at, unc_us, src } = taken;
        let known = self.awake();
        match known.sync.offset(at) {
            Some(offset) => EventTime {
                core_us: Some(shift(at, offset)),
                unc_us: unc_us.saturating_add(offset.bound_us),
                src,
                core: known.sync.core(),
            },
            None => EventTime { core_us: None, unc_us, src, core: None },
        }
    }

    /// The start of the core whose clock is known; `None` before the first answer, and for a core that does not tell.
    pub fn core(&self) -> Option<Boot> {
        self.awake().sync.core()
    }

    /// A moment in the core's clock; `None` before the first answer.
    pub fn core_time(&self, at: Moment) -> Option<Timestamp> {
        let known = self.awake();
        let (at, _) = known.bend.raw(at);
        known.sync.offset(at).map(|offset| shift(at, offset))
    }

    /// A moment of the core's clock in the slot's; `None` before the first answer.
    pub fn slot_time(&self, at: Timestamp, now: Moment) -> Option<Moment> {
        let known = self.awake();
        let (raw, _) = known.bend.raw(now);
        let offset = known.sync.offset(raw)?;
        // As far from now by the one clock as by the other: commands are not due on the microsecond.
        let there = at.0.saturating_sub(offset.micros);
        let ahead = i64::try_from(raw.0).unwrap_or(i64::MAX).saturating_sub(there);
        let micros = i64::try_from(now.0).unwrap_or(i64::MAX).saturating_sub(ahead);
        Some(Moment(u64::try_from(micros).unwrap_or(0)))
    }

    /// The estimate for `now`.
    pub fn offset(&self, now: Moment) -> Option<Offset> {
        let known = self.awake();
        known.sync.offset(known.bend.raw(now).0)
    }

    /// Returns the estimate as the core is told it; `None` before the first answer.
    pub fn told(&self, now: Moment) -> Option<SlotClock> {
        self.awake().told(now)
    }

    /// The next ping, to be sent at once. `wall` is the slot's own date: it is told how far that is ahead of the core's.
    pub fn ping(&self, now: Moment, wall: Timestamp) -> ClockPing {
        let mut known = self.awake();
        let sync = known.told(now).map(|mut told| {
            let (raw, _) = known.bend.raw(now);
            let offset = Offset { micros: told.offset_us, bound_us: told.bound_us };
            told.ahead_us = Some(wall.0.saturating_sub(shift(raw, offset).0));
            told
        });
        let (raw, _) = known.bend.raw(now);
        ClockPing { sync, ..known.sync.ping(raw) }
    }

    /// Takes an answer that arrived `now`. `false`: it answers no ping of ours, or makes no sense, and is ignored.
    pub fn pong(&self, pong: &ClockPong, now: Moment) -> bool {
        let mut known = self.awake();
        let (raw, _) = known.bend.raw(now);
        let taken = known.sync.pong(pong, raw);
        known.asking &= !taken;
        known.say();
        taken
    }

    /// Lets nothing be dated before the next answer: the core may be another, or its clock.
    pub fn ask(&self) {
        self.awake().asking = true;
    }

    /// An answer is awaited.
    pub fn is_asking(&self) -> bool {
        self.awake().asking
    }

    /// Gives the answer up: what waited is told without a time, or with the one it has.
    pub fn stop_asking(&self) {
        self.awake().asking = false;
    }

    /// Waits until the clock is not known any more because the machine was suspended: whoever asks is to ask at once.
    pub(crate) async fn lost_track(&self) {
        self.lost.notified().await;
    }

    /// The estimate, after a look at the machine's clocks.
    fn awake(&self) -> MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = (self.look)() {
            known.bend.look(&look);
            if known.sync.notice(look.slept, look.raw) {
                known.asking = true;
                self.lost.notify_one();
            }
        }
        known
    }
}

impl Known {
    fn told(&self, now: Moment) -> Option<SlotClock> {
        let told = self.sync.told(self.bend.raw(now).0)?;
        Some(SlotClock { bent_ppb: self.bend.rate(), ..told })
    }

    /// Tells the log what began and what is over.
    fn say(&mut self) {
        let (beyond, bent) = (self.sync.beyond(), self.bend.rate());
        let now = (beyond.is_some(), bent.is_some());
        let before = std::mem::replace(&mut self.said, now);
        match (before.0, beyond) {
            (false, Some(ppb)) => tracing::warn!(
                beyond_ppm = ppb / 1_000,
                "the core's clock and this slot's differ in rate as no crystals do: times are told with a wider bound"
            ),
            (true, None) => tracing::info!("the clocks go as crystals do again"),
            (false, None) | (true, Some(_)) => {}
        }
        match (before.1, bent) {
            (false, Some(ppb)) => tracing::info!(
                ppm = ppb / 1_000,
                "something such as NTP bends this machine's clock; it is taken out"
            ),
            (true, None) => tracing::info!("nothing bends this machine's clock any more"),
            (false, None) | (true, Some(_)) => {}
        }
    }
}

fn shift(at: Moment, offset: Offset) -> Timestamp {
    Timestamp(i64::try_from(at.0).unwrap_or(i64::MAX).saturating_add(offset.micros))
}

#[cfg(test)]
mod tests;
