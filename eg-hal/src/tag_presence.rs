//! Presence of tags on a reader that has to be asked again and again.

use crate::{Channel, Moment, Reading, Readings};
use std::time::Duration;

/// Turns looks at a reader's field into [`Reading::Tag`] and [`Reading::TagRemoved`]. A look may miss a tag that lies still,
/// so a tag is gone when two looks in a row found another one, or when it was not found for a while and in two looks at
/// least. That nothing lies there at the start, two looks in a row have to find: [`Reading::NoTag`].
#[derive(Clone, Debug)]
pub struct TagPresence {
    away: Duration,
    /// Looks since the start that found nothing; none once anything was told.
    empty: Option<u8>,
    here: Option<Here>,
    /// Another tag, which the last look found in its place.
    other: Option<Vec<u8>>,
}

/// The tag that was told.
#[derive(Clone, Debug)]
struct Here {
    uid: Vec<u8>,
    seen: Moment,
    missed: bool,
}

impl TagPresence {
    /// Begins with an empty field. A tag is gone when it was not found for `away`.
    pub fn new(away: Duration) -> Self {
        Self { away, empty: Some(0), here: None, other: None }
    }

    /// Gives the UID of the tag that was reported and not yet removed: ask for it first.
    pub fn uid(&self) -> Option<&[u8]> {
        self.here.as_ref().map(|here| here.uid.as_slice())
    }

    /// Takes the tag that a look found, if any, and reports what changed.
    pub fn look(&mut self, channel: Channel, found: Option<&[u8]>, readings: &mut Readings) {
        let now = readings.now();
        let again = found.is_some() && found == self.other.as_deref();
        self.other = None;
        if let Some(here) = &mut self.here {
            if found == Some(&here.uid) {
                (here.seen, here.missed) = (now, false);
                return;
            }
            let missed_before = std::mem::replace(&mut here.missed, true);
            let gone = missed_before && now.since(here.seen) >= self.away;
            if !again && !gone {
                self.other = found.map(<[u8]>::to_vec);
                return;
            }
            readings.push(channel, Reading::TagRemoved(digits(&here.uid)));
            self.here = None;
        }
        let empty = self.empty.take();
        if let Some(uid) = found {
            readings.push(channel, Reading::Tag(digits(uid)));
            self.here = Some(Here { uid: uid.to_vec(), seen: now, missed: false });
        } else if empty == Some(1) {
            readings.push(channel, Reading::NoTag);
        } else {
            self.empty = empty.map(|looks| looks + 1);
        }
    }
}

/// Upper-case hexadecimal.
fn digits(uid: &[u8]) -> String {
    uid.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    const A: &[u8] = &[0x04, 0xa3, 0x7c, 0x91];
    const B: &[u8] = &[0x04, 0xa3, 0x7c, 0x92];

    /// Readings after looks, 50 ms apart, that found these tags.
    fn told(looks: &[Option<&[u8]>]) -> Vec<(usize, Reading)> {
        let mut presence = TagPresence::new(Duration::from_millis(200));
        let mut readings = Readings::new(Moment(0), Source::Synthetic, 0);
        let look = |(number, found): (usize, &Option<&[u8]>)| {
            let now = Moment(0) + Duration::from_millis(50) * u32::try_from(number).unwrap();
            readings.begin(now, Source::Synthetic, 0);
            presence.look(0, *found, &mut readings);
            readings.drain().map(|sample| (number, sample.reading)).collect::<Vec<_>>()
        };
        looks.iter().enumerate().flat_map(look).collect()
    }

    fn tag(uid: &str) -> Reading {
        Reading::Tag(uid.to_owned())
    }

    fn gone(uid: &str) -> Reading {
        Reading::TagRemoved(uid.to_owned())
    }

    #[test]
    fn a_tag_comes_at_once_and_goes_after_a_while() {
        let looks = [None, Some(A), Some(A), None, None, None, None, None, Some(A)];

        let expected = [(1, tag("04A37C91")), (6, gone("04A37C91")), (8, tag("04A37C91"))];
        assert_eq!(told(&looks), expected);
    }

    #[test]
    fn nothing_lies_there_at_the_start_when_two_looks_say_so() {
        assert_eq!(told(&[None, None, None, Some(A)]), [(1, Reading::NoTag), (3, tag("04A37C91"))]);
        assert_eq!(told(&[None, Some(A), None]), [(1, tag("04A37C91"))]);
    }

    #[test]
    fn single_looks_that_miss_it_do_not_take_a_tag_away() {
        let looks = [Some(A), None, Some(A), None, None, None, Some(A), Some(B), Some(A)];

        assert_eq!(told(&looks), [(0, tag("04A37C91"))]);
    }

    #[test]
    fn another_tag_takes_its_place_at_the_second_look() {
        let looks = [Some(A), Some(B), Some(B), Some(B)];

        let expected = [(0, tag("04A37C91")), (2, gone("04A37C91")), (2, tag("04A37C92"))];
        assert_eq!(told(&looks), expected);
    }

    #[test]
    fn one_late_look_that_misses_it_does_not_take_a_tag_away() {
        let mut presence = TagPresence::new(Duration::from_millis(200));
        let mut readings = Readings::new(Moment(0), Source::Synthetic, 0);
        presence.look(0, Some(A), &mut readings);
        readings.begin(Moment(5_000_000), Source::Synthetic, 0);
        presence.look(0, None, &mut readings);

        assert_eq!(readings.drain().count(), 1);
    }
}
