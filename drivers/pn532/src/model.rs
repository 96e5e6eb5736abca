//! A PN532 with tags on it, after its user manual (UM0701-02): frames of section 6.2.1, I2C of section 6.2.4, and the
//! commands of section 7 that a reader needs. It sleeps until it is called, and works on what it is told.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, TagReader, Timer};
use std::collections::VecDeque;
use std::time::Duration;

/// From its first call after power-on or a reset until it acknowledges: less than the 5 ms that libnfc waits.
const WAKES: Duration = Duration::from_micros(4_500);
/// From a command until its acknowledge frame, and until its answer.
const ACKNOWLEDGES: Duration = Duration::from_millis(1);
const ANSWERS: Duration = Duration::from_millis(3);
/// Duration of a search that finds a tag, and of one that finds none with one try more.
const FINDS: Duration = Duration::from_millis(8);
const FINDS_NONE: Duration = Duration::from_millis(30);

/// The chip, and the UIDs of the tags in its field.
pub(crate) struct Reader {
    tags: Vec<Vec<u8>>,
    /// Frames that wait to be read, each with the time that it is not ready yet.
    frames: VecDeque<(Timer, Vec<u8>)>,
    /// The search that goes on.
    searching: Option<Search>,
    /// Searches that found one of several tags: the next one finds another.
    turns: usize,
    /// The security module was configured: before, the chip does no more than that.
    awake: bool,
    /// Further tries of a search; 255 is for ever.
    tries: u8,
    /// `true` while RSTPDN is low.
    held: bool,
    /// Nobody has called it since power-on.
    asleep: bool,
    /// Running while the chip wakes up.
    wakes: Timer,
    timer: Timer,
}

/// Aim of a search.
#[derive(Clone)]
struct Search {
    /// Most tags that it may find.
    most: usize,
    /// UID of the only tag that it may find, if it is for one.
    uid: Option<Vec<u8>>,
}

impl Reader {
    pub(crate) fn new(bench: &Bench) -> Self {
        Self {
            tags: Vec::new(),
            frames: VecDeque::new(),
            searching: None,
            turns: 0,
            awake: false,
            tries: 0xff,
            held: false,
            asleep: true,
            wakes: Timer::new(bench),
            timer: Timer::new(bench),
        }
    }

    fn restart(&mut self) {
        self.frames.clear();
        (self.searching, self.awake, self.tries, self.asleep) = (None, false, 0xff, true);
    }

    fn send(&mut self, frame: Vec<u8>, after: Duration) {
        let mut ready = self.timer.clone();
        ready.start(after);
        self.frames.push_back((ready, frame));
    }

    fn answer(&mut self, command: u8, data: &[u8], after: Duration) {
        let body = [&[0xd5, command + 1], data].concat();
        let length = body.len().to_le_bytes()[0];
        let sum = body.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
        let head = [0x00, 0x00, 0xff, length, length.wrapping_neg()];
        self.send([&head[..], &body, &[sum.wrapping_neg(), 0x00]].concat(), after);
    }

    /// Ends a search when it found something, or when its tries are over.
    fn search(&mut self) {
        let Some(Search { most, uid }) = self.searching.clone() else { return };
        let wanted = |tag: &&Vec<u8>| uid.as_ref().is_none_or(|uid| uid == *tag);
        let mut found: Vec<_> = self.tags.iter().filter(wanted).cloned().collect();
        if found.is_empty() && self.tries == 0xff {
            return;
        }
        self.searching = None;
        if found.len() > most {
            self.turns += 1;
            let turn = self.turns % found.len();
            found.rotate_left(turn);
            found.truncate(most);
        }
        let mut list = vec![found.len().to_le_bytes()[0]];
        for (number, uid) in (1..).zip(&found) {
            let length = uid.len().to_le_bytes()[0];
            list.extend([number, 0x00, 0x04, 0x08, length]);
            list.extend(uid);
        }
        self.answer(0x4a, &list, if found.is_empty() { FINDS_NONE } else { FINDS });
    }

    fn obey(&mut self, command: u8, data: &[u8]) {
        self.send(vec![0x00, 0x00, 0xff, 0x00, 0xff, 0x00], ACKNOWLEDGES);
        match (command, data) {
            (0x02, []) => self.answer(command, &[0x32, 0x01, 0x06, 0x07], ANSWERS),
            (0x14, [1, ..]) => {
                self.awake = true;
                self.answer(command, &[], ANSWERS);
            }
            (_, _) if !self.awake => {}
            (0x32, [0x05, _, _, tries]) => {
                self.tries = *tries;
                self.answer(command, &[], ANSWERS);
            }
            (0x4a, [most @ 1..=2, 0x00, uid @ ..]) => {
                let uid = (!uid.is_empty()).then(|| without_cascade_tags(uid));
                self.searching = Some(Search { most: (*most).into(), uid });
                self.search();
            }
            _ => self.send(vec![0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00], ANSWERS),
        }
    }
}

/// Parts of four bytes, all but the last with a cascade tag in front.
fn without_cascade_tags(parts: &[u8]) -> Vec<u8> {
    let last = parts.len().saturating_sub(1) / 4;
    let part = |(number, part): (usize, &[u8])| part[usize::from(number < last)..].to_vec();
    parts.chunks(4).enumerate().flat_map(part).collect()
}

impl I2cChip for Reader {
    fn address(&mut self) -> Result<(), Nack> {
        if std::mem::take(&mut self.asleep) {
            self.wakes.start(WAKES);
        }
        if self.held || self.wakes.is_running() { Err(Nack) } else { Ok(()) }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        // Whatever it was doing, it does no longer.
        self.frames.clear();
        self.searching = None;
        if let [0x00, 0x00, 0xff, length, check, body @ ..] = bytes
            && length.wrapping_add(*check) == 0
            && let Some((frame, [sum, ..])) = body.split_at_checked((*length).into())
            && frame.iter().fold(*sum, |sum, byte| sum.wrapping_add(*byte)) == 0
            && let [0xd4, command, data @ ..] = frame
        {
            self.obey(*command, data);
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        bytes.fill(0);
        let ready = self.frames.front().filter(|(busy, _)| !busy.is_running());
        if let ([status, rest @ ..], Some((_, frame))) = (bytes, ready) {
            *status = 0x01;
            if !rest.is_empty() {
                rest.iter_mut().zip(frame).for_each(|(byte, sent)| *byte = *sent);
                self.frames.pop_front();
            }
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.restart();
    }
}

impl TagReader for Reader {
    fn lay(&mut self, uids: &[Vec<u8>]) {
        self.tags = uids.to_vec();
        self.search();
    }

    fn reset(&mut self, held: bool) {
        self.held = held;
        self.restart();
    }
}
