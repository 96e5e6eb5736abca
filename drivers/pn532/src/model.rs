//! A PN532 with tags on it, after its user manual (UM0701-02): frames of section 6.2.1, I2C of section 6.2.4, and the
//! commands of section 7 that a reader needs.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Touch, Wire};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The chip, and the UIDs of the tags in its field.
pub(crate) struct Reader {
    tags: Vec<Vec<u8>>,
    /// Frames that wait to be read.
    frames: VecDeque<Vec<u8>>,
    /// How many tags a search that goes on may find.
    searching: Option<u8>,
    /// The security module was configured: before, the chip does no more than that.
    awake: bool,
    /// Further tries of a search; 255 is for ever.
    tries: u8,
    /// RSTPDN is low.
    held: bool,
}

impl Reader {
    fn new() -> Self {
        let (tags, frames) = (Vec::new(), VecDeque::new());
        Self { tags, frames, searching: None, awake: false, tries: 0xff, held: false }
    }

    fn reset(&mut self) {
        self.frames.clear();
        (self.searching, self.awake, self.tries) = (None, false, 0xff);
    }

    fn answer(&mut self, command: u8, data: &[u8]) {
        let body = [&[0xd5, command + 1], data].concat();
        let length = body.len().to_le_bytes()[0];
        let sum = body.iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte));
        let head = [0x00, 0x00, 0xff, length, length.wrapping_neg()];
        self.frames.push_back([&head[..], &body, &[sum.wrapping_neg(), 0x00]].concat());
    }

    /// Ends a search when it found something, or when its tries are over.
    fn search(&mut self) {
        let Some(most) = self.searching else { return };
        if self.tags.is_empty() && self.tries == 0xff {
            return;
        }
        self.searching = None;
        let found: Vec<_> = self.tags.iter().take(most.into()).cloned().collect();
        let mut list = vec![found.len().to_le_bytes()[0]];
        for (number, uid) in (1..).zip(&found) {
            let length = uid.len().to_le_bytes()[0];
            list.extend([number, 0x00, 0x04, 0x08, length]);
            list.extend(uid);
        }
        self.answer(0x4a, &list);
    }

    fn obey(&mut self, command: u8, data: &[u8]) {
        self.frames.push_back(vec![0x00, 0x00, 0xff, 0x00, 0xff, 0x00]);
        match (command, data) {
            (0x02, []) => self.answer(command, &[0x32, 0x01, 0x06, 0x07]),
            (0x14, [1, ..]) => {
                self.awake = true;
                self.answer(command, &[]);
            }
            (_, _) if !self.awake => {}
            (0x32, [0x05, _, _, tries]) => {
                self.tries = *tries;
                self.answer(command, &[]);
            }
            (0x4a, [most @ 1..=2, 0x00]) => {
                self.searching = Some(*most);
                self.search();
            }
            _ => self.frames.push_back(vec![0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00]),
        }
    }
}

impl I2cChip for Reader {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        if self.held {
            return Err(Nack);
        }
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
        if self.held {
            return Err(Nack);
        }
        bytes.fill(0);
        if let ([status, rest @ ..], Some(frame)) = (bytes, self.frames.front()) {
            *status = 0x01;
            if !rest.is_empty() {
                rest.iter_mut().zip(frame).for_each(|(byte, sent)| *byte = *sent);
                self.frames.pop_front();
            }
        }
        Ok(())
    }

    fn power_on(&mut self) {
        self.reset();
    }
}

/// Somebody who lays tags on the antenna.
pub(crate) struct Antenna {
    reader: Arc<Mutex<Reader>>,
}

impl Antenna {
    pub(crate) fn new(reset: Option<Wire>) -> Self {
        let reader = Arc::new(Mutex::new(Reader::new()));
        if let Some(reset) = reset {
            let held = Arc::downgrade(&reader);
            reset.watch(move |high| {
                if let Some(reader) = held.upgrade() {
                    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                    reader.held = !high;
                    reader.reset();
                }
            });
        }
        Self { reader }
    }

    pub(crate) fn reader(&self) -> Arc<Mutex<Reader>> {
        self.reader.clone()
    }
}

impl Model for Antenna {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let known = |uids: &Vec<Vec<u8>>| uids.iter().all(|uid| [4, 7, 10].contains(&uid.len()));
        if let (0, Some(tags)) = (channel, poke.uids().filter(known)) {
            let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
            reader.tags = tags;
            reader.search();
            return Ok(());
        }
        let takes =
            "it has one antenna, channel 0, for tags of 4, 7 or 10 bytes; `+` lays several \
                     on it"
                .to_owned();
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Tag
    }
}
