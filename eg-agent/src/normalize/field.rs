//! Tags that lie on a reader, as far as was told.
//!
//! A reader that was away tells everything anew: what it told before is compared with that, so a tag that lay there all
//! the time is not told again, and one that was taken meanwhile is told as removed.

use super::debounce::Stamp;
use eg_hal::Moment;
use eg_proto::EventKind;
use std::time::Duration;

/// A single look may miss a tag that lies still: a tag that a reader does not find when it is back is gone after this.
const GONE: Duration = Duration::from_millis(500);

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    /// Time for which a tag that is read again is still the same one, for a reader that cannot tell when a tag leaves.
    repeats: Option<Duration>,
    /// The tags that were told and not yet taken back.
    here: Vec<String>,
    /// Tags of `here` that were told before the reader was away, and not found since.
    unsure: Vec<String>,
    /// Stamp at which these are gone.
    gone_at: Option<Stamp>,
    /// `true` once the reader told anything.
    known: bool,
    /// The tag that was read last, and when.
    last: Option<(String, Moment)>,
    /// Moment since which the reader is away.
    away: Option<Moment>,
}

impl Field {
    pub(super) fn new(repeats: Option<Duration>) -> Self {
        Self {
            repeats,
            here: Vec::new(),
            unsure: Vec::new(),
            gone_at: None,
            known: repeats.is_some(),
            last: None,
            away: None,
        }
    }

    /// The tags that lie there; nothing when this is no reader, or it has not looked yet. A reader that cannot tell when
    /// a tag leaves knows of none that lies there.
    pub(super) fn tags(&self) -> Option<&[String]> {
        self.known.then_some(&self.here)
    }

    /// The tags that were told and not taken back, whether the reader is there or not.
    pub(super) fn tags_told(&self) -> &[String] {
        &self.here
    }

    /// Takes over what an earlier reader told.
    pub(super) fn resume(&mut self, before: &Self) {
        *self = Self { repeats: self.repeats, known: self.known, ..before.clone() };
        if self.repeats.is_some() {
            self.here.clear();
        }
    }

    /// The reader is away: what it told stands until it says something else.
    pub(super) fn silence(&mut self, now: Moment) {
        self.away.get_or_insert(now);
        self.unsure.clone_from(&self.here);
        (self.gone_at, self.known) = (None, self.repeats.is_some());
    }

    /// Takes the reader back. The time in which it was away does not count for a tag that it repeats.
    pub(super) fn open(&mut self, now: Moment) {
        let away = self.away.take().map_or(Duration::ZERO, |since| now.since(since));
        if let Some((_, heard)) = &mut self.last {
            *heard = *heard + away;
        }
    }

    /// A tag was found. Gives what follows, and whether it is the first word since it was opened.
    pub(super) fn came(&mut self, uid: String, stamp: Stamp) -> (Vec<EventKind>, bool) {
        if let Some(repeats) = self.repeats {
            let same = |(known, heard): &(String, Moment)| {
                *known == uid && stamp.at.since(*heard) < repeats
            };
            let same = self.last.as_ref().is_some_and(same);
            self.last = Some((uid.clone(), stamp.at));
            return (if same { Vec::new() } else { vec![EventKind::Tag { uid }] }, false);
        }
        let first = !std::mem::replace(&mut self.known, true);
        if let Some(place) = self.unsure.iter().position(|known| *known == uid) {
            self.unsure.remove(place);
            return (Vec::new(), first);
        }
        let mut told = self.give_up();
        self.here.push(uid.clone());
        told.push(EventKind::Tag { uid });
        (told, first)
    }

    /// A tag left.
    pub(super) fn left(&mut self, uid: String) -> Vec<EventKind> {
        self.unsure.retain(|known| *known != uid);
        match self.here.iter().position(|known| *known == uid) {
            Some(place) => {
                self.here.remove(place);
                vec![EventKind::TagRemoved { uid }]
            }
            // It left before anybody was told that it came.
            None => Vec::new(),
        }
    }

    /// The first look found nothing. Gives whether it is the first word since it was opened.
    pub(super) fn empty(&mut self, stamp: Stamp) -> bool {
        let first = !std::mem::replace(&mut self.known, true);
        if !self.unsure.is_empty() {
            self.gone_at.get_or_insert(stamp.moved_to(stamp.at + GONE));
        }
        first
    }

    /// Returns the moment at which a tag that was not found again is gone.
    pub(super) fn deadline(&self) -> Option<Moment> {
        self.gone_at.filter(|_| !self.unsure.is_empty()).map(|stamp| stamp.at)
    }

    /// The tags that are gone by now, and when they were.
    pub(super) fn settle(&mut self, now: Moment) -> Option<(Vec<EventKind>, Stamp)> {
        let stamp = self.gone_at.filter(|stamp| stamp.at <= now)?;
        self.gone_at = None;
        Some((self.give_up(), stamp))
    }

    /// Removes the tags that were not found again.
    fn give_up(&mut self) -> Vec<EventKind> {
        let gone = std::mem::take(&mut self.unsure);
        self.gone_at = None;
        gone.into_iter().flat_map(|uid| self.left(uid)).collect()
    }
}
