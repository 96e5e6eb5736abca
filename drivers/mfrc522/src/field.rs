//! Finding one tag in the field: ISO/IEC 14443-3 type A, sections 6.4 and 6.5.

use crate::chip::{Answer, Chip, Error};
use embedded_hal::delay::DelayNs;
use embedded_hal::spi::SpiDevice;

/// Wakes every tag, halted ones too. It has seven bits.
const WUPA: u8 = 0x52;
/// SEL of the three cascade levels.
const LEVELS: [u8; 3] = [0x93, 0x95, 0x97];
/// The first byte of a level after which another one follows.
const CASCADE_TAG: u8 = 0x88;
/// Of SAK: the UID goes on at the next level.
const GOES_ON: u8 = 0x04;
const HLTA: [u8; 2] = [0x50, 0x00];
/// Bits of a level: four bytes and their check byte.
const LEVEL_BITS: usize = 40;

/// Looks for the tag that is known to lie there, then for any other. A UID that is given was selected by it: no tag answers
/// to a mix of two.
pub(crate) fn find<S: SpiDevice, D: DelayNs>(
    chip: &mut Chip<S, D>,
    known: Option<&[u8]>,
) -> Result<Option<Vec<u8>>, Error<S::Error>> {
    if let Some(uid) = known {
        if !wakes(chip)? {
            return Ok(None);
        }
        if select_all(chip, uid)? {
            halt(chip)?;
            return Ok(Some(uid.to_vec()));
        }
    }
    if !wakes(chip)? {
        return Ok(None);
    }
    let mut uid = Vec::new();
    for sel in LEVELS {
        let Some(level) = resolve(chip, sel)? else { return Ok(None) };
        let Some(sak) = select(chip, sel, level)? else { return Ok(None) };
        let goes_on = sak & GOES_ON != 0;
        if goes_on != (level[0] == CASCADE_TAG) {
            return Ok(None);
        }
        uid.extend(&level[usize::from(goes_on)..4]);
        if !goes_on {
            halt(chip)?;
            return Ok(Some(uid));
        }
    }
    Ok(None)
}

/// Wakes the tags: `true` if any answers. Several may, and their answers collide.
fn wakes<S: SpiDevice, D: DelayNs>(chip: &mut Chip<S, D>) -> Result<bool, Error<S::Error>> {
    chip.checksum(false)?;
    Ok(chip.exchange(&[WUPA], 7)? != Answer::Silence)
}

/// Selects a tag by its whole UID.
fn select_all<S: SpiDevice, D: DelayNs>(
    chip: &mut Chip<S, D>,
    uid: &[u8],
) -> Result<bool, Error<S::Error>> {
    let last = uid.len() / 3 - 1;
    for (number, sel) in LEVELS.into_iter().enumerate().take(last + 1) {
        let part = &uid[number * 3..];
        let mut level = [CASCADE_TAG, part[0], part[1], part[2], 0];
        if number == last {
            level[..4].copy_from_slice(part);
        }
        level[4] = level[..4].iter().fold(0, |check, byte| check ^ byte);
        let Some(sak) = select(chip, sel, level)? else { return Ok(false) };
        if (sak & GOES_ON != 0) != (number < last) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Selects a tag at one level. None answers when none has that level.
fn select<S: SpiDevice, D: DelayNs>(
    chip: &mut Chip<S, D>,
    sel: u8,
    level: [u8; 5],
) -> Result<Option<u8>, Error<S::Error>> {
    chip.checksum(true)?;
    let frame = [&[sel, 0x70][..], &level].concat();
    match chip.exchange(&frame, frame.len() * 8)? {
        Answer::Bytes(bytes) if bytes.len() == 1 => Ok(Some(bytes[0])),
        Answer::Bytes(_) | Answer::Collision { .. } | Answer::Silence | Answer::Noise => Ok(None),
    }
}

/// One of the UIDs at a level. Where two differ in a bit, those that have it set go on.
///
/// Where the bit stands is told as a number that NXP's own library counts from the first byte received, Arduino's from the
/// first bit of the level. What was received rules out most numbers that are wrong; where it does not, and nobody answers to
/// the first, the other is tried.
fn resolve<S: SpiDevice, D: DelayNs>(
    chip: &mut Chip<S, D>,
    sel: u8,
) -> Result<Option<[u8; 5]>, Error<S::Error>> {
    chip.checksum(false)?;
    let mut level = Level { bytes: [0; 5], known: 0 };
    let mut other = None;
    while level.known < LEVEL_BITS {
        let (whole, odd) = (level.known / 8, level.known % 8);
        let valid = u8::try_from((whole + 2) << 4 | odd).unwrap_or(0);
        let frame = [&[sel, valid][..], &level.bytes[..level.known.div_ceil(8)]].concat();
        level = match chip.exchange(&frame, 16 + level.known)? {
            Answer::Bytes(bytes) if whole + bytes.len() == level.bytes.len() => {
                Level { known: LEVEL_BITS, ..level.with(&bytes) }
            }
            Answer::Collision { bytes, bit } => {
                let heard = level.with(&bytes);
                let mut numbers = [bit, bit + 8 * whole].into_iter();
                let mut next = || numbers.by_ref().find_map(|bit| heard.split_at(bit));
                let Some(first) = next() else { return Ok(None) };
                other = next().filter(|other| other.known != first.known).or(other);
                first
            }
            Answer::Bytes(_) | Answer::Silence | Answer::Noise => match other.take() {
                Some(other) => other,
                None => return Ok(None),
            },
        };
    }
    let check = level.bytes[..4].iter().fold(0, |check, byte| check ^ byte);
    Ok((check == level.bytes[4]).then_some(level.bytes))
}

/// Known bits of a level, from its first one on.
#[derive(Clone, Copy)]
struct Level {
    bytes: [u8; 5],
    known: usize,
}

impl Level {
    /// With what was received: the rest of the byte that was sent in part, and those after it.
    fn with(mut self, received: &[u8]) -> Self {
        let (whole, odd) = (self.known / 8, self.known % 8);
        let mut mask = 0xff_u8 << odd;
        for (into, byte) in self.bytes[whole..].iter_mut().zip(received) {
            *into = *into & !mask | byte & mask;
            mask = 0xff;
        }
        self
    }

    /// Goes on with the tags whose bit of this number is set. None where the collision cannot be there: before what was
    /// known, or before a bit that was received as set.
    fn split_at(mut self, bit: usize) -> Option<Self> {
        let set = |at: usize| self.bytes[at / 8] >> (at % 8) & 1 == 1;
        if bit <= self.known || bit > LEVEL_BITS || (bit - 1..LEVEL_BITS).any(set) {
            return None;
        }
        self.bytes[(bit - 1) / 8] |= 1 << ((bit - 1) % 8);
        self.known = bit;
        Some(self)
    }
}

/// Puts the selected tag to rest: the next WUPA wakes it.
fn halt<S: SpiDevice, D: DelayNs>(chip: &mut Chip<S, D>) -> Result<(), Error<S::Error>> {
    chip.checksum(true)?;
    chip.send(&HLTA)
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::chip::Chip;
    use crate::model::{Counts, Reader};
    use eg_hal::prelude::*;
    use eg_hal::sim::Antenna;
    use eg_hal::{Claims, SafeLevels};
    use proptest::prelude::*;

    /// A tag that is found among these, by a chip that counts like this.
    fn found(counts: Counts, uids: &str) -> Option<String> {
        let bench = Bench::virtual_time();
        let mut antenna = Antenna::new(Reader::new(&bench), None);
        antenna.reader().lock().counts = counts;
        bench.attach_spi(&"spi0.0".into(), antenna.reader());
        let (claims, safe) = (Claims::default(), SafeLevels::new());
        let mut board = Board::new("slot-01/reader", &bench, &claims, &safe);
        let spi = board.spi(&"spi0.0".into(), crate::SPI).unwrap();
        let mut chip = Chip::new(spi, board.delay());
        chip.start().unwrap();
        antenna.poke(0, &Poke::Tag(uids.to_owned())).unwrap();
        let found = find(&mut chip, None).unwrap()?;
        Some(found.iter().map(|byte| format!("{byte:02X}")).collect())
    }

    #[test]
    fn three_tags_are_told_apart_from_wherever_a_collision_counts() {
        for counts in [Counts::FromReceived, Counts::FromLevel] {
            for uids in [
                "04A37C91+04A37D91+04A37F91",
                // The second collision is a byte and more behind the first, with nothing but zeros between.
                "01000000+01000001+01000003",
                "80010000+80010001+80000000",
                "FF00FF00+FF00FF80+FF00FFC0",
            ] {
                let told = found(counts, uids);

                let there =
                    told.as_ref().is_some_and(|told| uids.split('+').any(|uid| uid == told));
                assert!(there, "{counts:?}: {told:?} of {uids}");
            }
        }
    }

    proptest! {
        #[test]
        fn one_of_any_tags_is_found_from_wherever_a_collision_counts(
            uids in proptest::collection::vec(0..0xffff_ffff_u32, 1..6),
            level in any::<bool>(),
        ) {
            let counts = if level { Counts::FromLevel } else { Counts::FromReceived };
            let uids: Vec<String> = uids
                .iter()
                .filter(|uid| uid.to_be_bytes()[0] != 0x88)
                .map(|uid| format!("{uid:08X}"))
                .collect();
            prop_assume!(!uids.is_empty());

            let told = found(counts, &uids.join("+"));

            prop_assert!(told.as_ref().is_some_and(|told| uids.contains(told)), "{:?} of {:?}", told, uids);
        }
    }
}
