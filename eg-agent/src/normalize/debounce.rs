//! Debounce of one two-state channel.
//!
//! A momentary contact reports a press at its first edge and then ignores bounce for the lock-out; it reports a release
//! when it has rested, with the time of the edge after which it rested. A switch reports either way at the first edge.
//! Whatever bounced meanwhile, the level it ends at is reported in the end.

use crate::config::{Active, InputConfig, InputKind};
use eg_hal::{Moment, Source};
use std::time::Duration;

/// Moment of something that happened, and how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stamp {
    pub(super) at: Moment,
    pub(super) unc_us: u64,
    pub(super) src: Source,
}

impl Stamp {
    /// Another moment, known as well as this one.
    pub(super) fn moved_to(self, at: Moment) -> Self {
        Self { at, ..self }
    }
}

/// A change of the debounced state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Change {
    /// Active from now on.
    pub(super) on: bool,
    pub(super) stamp: Stamp,
}

#[derive(Debug)]
pub(super) struct Debounce {
    active: Active,
    lockout: Duration,
    /// Rest before a change to inactive counts; zero for a switch.
    rest: Duration,
    maintained: bool,
    /// Last level of the wire, polarity applied, and since when; `None` while the level is unknown.
    wire: Option<(bool, Stamp)>,
    /// Level that was reported.
    on: bool,
    locked_until: Moment,
}

impl Debounce {
    pub(super) fn new(input: &InputConfig) -> Self {
        let maintained = input.kind == InputKind::Switch;
        Self {
            active: input.active,
            lockout: input.lockout,
            rest: if maintained { Duration::ZERO } else { input.release },
            maintained,
            wire: None,
            on: false,
            locked_until: Moment::default(),
        }
    }

    /// The reported state.
    pub(super) fn is_on(&self) -> bool {
        self.on
    }

    /// Takes over that the input was reported as active before.
    pub(super) fn hold(&mut self) {
        self.on = true;
    }

    /// Tells whether the contact is reported as active while the wire is not: a release that may be bounce.
    pub(super) fn is_resting(&self) -> bool {
        self.on && self.wire.is_some_and(|(wire, _)| !wire)
    }

    /// Takes a level of the line; `true` is high.
    pub(super) fn take(&mut self, high: bool, stamp: Stamp) -> Took {
        let on = self.active.is_active(high);
        match self.wire {
            Some((was, _)) if was == on => Took::Nothing,
            Some((_, before)) => {
                let stamp = stamp.moved_to(stamp.at.max(before.at));
                self.wire = Some((on, stamp));
                Took::Edge
            }
            None => {
                self.wire = Some((on, stamp));
                Took::Start(self.start(on, stamp))
            }
        }
    }

    /// A level without an edge before it. Activity found like this was no press; the end of one is a release.
    fn start(&mut self, on: bool, stamp: Stamp) -> Option<Change> {
        if self.on == on {
            return None;
        }
        self.on = on;
        (self.maintained || !on).then_some(Change { on, stamp })
    }

    /// Returns the moment at which the wire's level becomes the reported state; `None` when it is already.
    pub(super) fn deadline(&self) -> Option<Moment> {
        let (wire, stamp) = self.wire.filter(|(wire, _)| *wire != self.on)?;
        let rested = if wire { stamp.at } else { stamp.at + self.rest };
        Some(rested.max(self.locked_until))
    }

    /// Reports the wire's level if that is due.
    pub(super) fn settle(&mut self, now: Moment) -> Option<Change> {
        let due = self.deadline()? <= now;
        let (on, stamp) = self.wire.filter(|_| due)?;
        self.on = on;
        if on || self.maintained {
            self.locked_until = stamp.at + self.lockout;
        }
        Some(Change { on, stamp })
    }

    /// Forgets the level. A release that was only waiting to be sure counts.
    pub(super) fn forget(&mut self) -> Option<Change> {
        let (wire, stamp) = self.wire.take()?;
        let released = !wire && self.on;
        released.then(|| {
            self.on = false;
            Change { on: false, stamp }
        })
    }

    /// Takes the wire's level over as it is, without a press: after a time in which nobody listened. With the change
    /// comes the stamp of that level.
    pub(super) fn resume(&mut self) -> (Option<Change>, Option<Stamp>) {
        let Some((on, stamp)) = self.wire else { return (None, None) };
        (self.start(on, stamp), Some(stamp))
    }
}

/// Meaning of a level for the debounced state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Took {
    /// The level it had.
    Nothing,
    /// The first level since it was unknown, and what follows from it at once.
    Start(Option<Change>),
    /// A change of the wire; see [`Debounce::settle`].
    Edge,
}
