//! Faults of one input: stuck, storming, edges lost, a key that may be a ghost. However bad it is, a fault is told once
//! a second at most, and `recovered` when none is left.

use super::debounce::Stamp;
use eg_hal::{Moment, Source};
use eg_proto::{EventKind, Fault};
use std::time::Duration;

/// Edges of one input within a window that no hand makes, bounce included.
pub(super) const STORM: u64 = 1_000;
/// A window with no more edges than this ends a storm.
const CALM: u64 = 50;
/// Over what edges are counted and lost ones added up.
const WINDOW: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(super) struct InputFaults {
    stuck_after: Option<Duration>,
    /// Active since then, while that is being watched.
    active_since: Option<Stamp>,
    stuck: bool,
    edges: u64,
    window_end: Moment,
    storm: Option<Stamp>,
    /// Edges lost that were not told yet, and when they will be; `None` when none was lost lately.
    lost: Option<(u64, Stamp)>,
    ghost: Ghost,
}

/// Certainty about a key of a matrix that may be a ghost.
#[derive(Clone, Copy, Debug, Default)]
enum Ghost {
    #[default]
    None,
    /// Nobody can tell, and that was told.
    Here,
    /// Everybody can again; told when it stays so.
    Over(Stamp),
}

impl InputFaults {
    pub(super) fn new(stuck_after: Option<Duration>) -> Self {
        Self {
            stuck_after,
            active_since: None,
            stuck: false,
            edges: 0,
            window_end: Moment::default(),
            storm: None,
            lost: None,
            ghost: Ghost::None,
        }
    }

    /// Tells whether it was told that nobody knows the input's state.
    pub(super) fn is_ghostly(&self) -> bool {
        matches!(self.ghost, Ghost::Here | Ghost::Over(_))
    }

    /// Takes over that nobody can tell whether the key is down; gives the fault unless that was told and is not over
    /// for long.
    pub(super) fn ghost(&mut self) -> Option<EventKind> {
        let told = self.is_ghostly();
        self.ghost = Ghost::Here;
        (!told).then_some(EventKind::Fault { what: Fault::Ghost, count: 1 })
    }

    /// Everybody can tell again.
    pub(super) fn no_ghost(&mut self, stamp: Stamp) {
        if let Ghost::Here = self.ghost {
            self.ghost = Ghost::Over(stamp.moved_to(stamp.at + WINDOW));
        }
    }

    /// Tells whether the input is not listened to for now.
    pub(super) fn storming(&self) -> bool {
        self.storm.is_some()
    }

    /// Counts an edge; the fault when it is one too many.
    pub(super) fn edge(&mut self, stamp: Stamp) -> Option<EventKind> {
        if self.storm.is_none() && stamp.at >= self.window_end {
            (self.edges, self.window_end) = (0, stamp.at + WINDOW);
        }
        self.edges += 1;
        let begins = self.storm.is_none() && self.edges > STORM;
        begins.then(|| {
            self.storm = Some(stamp);
            (self.edges, self.window_end) = (0, stamp.at + WINDOW);
            self.active_since = None;
            EventKind::Fault { what: Fault::BounceStorm, count: STORM + 1 }
        })
    }

    /// Edges were lost; the fault when it can be told at once.
    pub(super) fn lost(&mut self, count: u64, stamp: Stamp) -> Option<EventKind> {
        if let Some((waiting, _)) = &mut self.lost {
            *waiting = waiting.saturating_add(count);
            return None;
        }
        self.lost = Some((0, stamp.moved_to(stamp.at + WINDOW)));
        Some(EventKind::Fault { what: Fault::LostEdges, count: count.max(1) })
    }

    /// The input is active from now on.
    pub(super) fn active(&mut self, stamp: Stamp) {
        self.active_since = Some(stamp);
    }

    /// Ends the input's activity; gives the event when that ends the last of its faults.
    pub(super) fn inactive(&mut self) -> Option<EventKind> {
        self.active_since = None;
        let was_stuck = std::mem::take(&mut self.stuck);
        if was_stuck { self.recovered() } else { None }
    }

    /// Returns the moment at which something is due. `resting` as for gestures: a release is about to be sure.
    pub(super) fn deadline(&self, resting: bool) -> Option<Moment> {
        let stuck = self.stuck_at().filter(|_| !resting);
        let storm = self.storm.map(|_| self.window_end);
        let lost = self.lost.map(|(_, stamp)| stamp.at);
        [stuck, storm, lost, self.ghost_over()].into_iter().flatten().min()
    }

    /// Gives what is due. `None` may mean that there is something else at the same moment: ask until there is no
    /// deadline.
    pub(super) fn settle(&mut self, now: Moment, resting: bool) -> Option<(EventKind, Stamp)> {
        let stuck_at = self.stuck_at().filter(|at| !resting && *at <= now);
        if let (Some(since), Some(at)) = (self.active_since, stuck_at) {
            self.stuck = true;
            return Some((EventKind::Fault { what: Fault::Stuck, count: 1 }, since.moved_to(at)));
        }
        if let Some((count, stamp)) = self.lost.filter(|(_, stamp)| stamp.at <= now) {
            if count > 0 {
                self.lost = Some((0, stamp.moved_to(stamp.at + WINDOW)));
                return Some((EventKind::Fault { what: Fault::LostEdges, count }, stamp));
            }
            self.lost = None;
            return self.recovered().map(|kind| (kind, stamp));
        }
        if let Ghost::Over(stamp) = self.ghost
            && stamp.at <= now
        {
            self.ghost = Ghost::None;
            return self.recovered().map(|kind| (kind, stamp));
        }
        let begun = self.storm.filter(|_| self.window_end <= now)?;
        let end = self.window_end;
        let calm = self.edges <= CALM;
        (self.edges, self.window_end) = (0, end + WINDOW);
        if !calm {
            return None;
        }
        self.storm = None;
        self.recovered().map(|kind| (kind, begun.moved_to(end)))
    }

    /// The device is gone: nobody holds it. What was told stays so until a release, or a second of calm, ends it.
    pub(super) fn forget(&mut self, now: Moment) {
        self.active_since = None;
        let stamp = Stamp { at: now, unc_us: 0, src: Source::Driver };
        self.no_ghost(stamp);
    }

    fn ghost_over(&self) -> Option<Moment> {
        if let Ghost::Over(stamp) = self.ghost { Some(stamp.at) } else { None }
    }

    fn stuck_at(&self) -> Option<Moment> {
        let since = self.active_since.filter(|_| !self.stuck)?;
        self.stuck_after.map(|after| since.at + after)
    }

    fn recovered(&self) -> Option<EventKind> {
        let well = !self.stuck && self.storm.is_none() && self.lost.is_none() && !self.is_ghostly();
        well.then_some(EventKind::Recovered)
    }
}
