//! Finding one tag in the field: ISO/IEC 14443-3 type A, sections 6.4 and 6.5.

use crate::chip::{Answer, Chip};
use eg_hal::DeviceError;

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
pub(crate) fn find(chip: &mut Chip, known: Option<&[u8]>) -> Result<Option<Vec<u8>>, DeviceError> {
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

/// Whether any tag wakes. Several may, and their answers collide.
fn wakes(chip: &mut Chip) -> Result<bool, DeviceError> {
    chip.checksum(false)?;
    Ok(chip.exchange(&[WUPA], 7)? != Answer::Silence)
}

/// Selects a tag by its whole UID.
fn select_all(chip: &mut Chip, uid: &[u8]) -> Result<bool, DeviceError> {
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
fn select(chip: &mut Chip, sel: u8, level: [u8; 5]) -> Result<Option<u8>, DeviceError> {
    chip.checksum(true)?;
    let frame = [&[sel, 0x70][..], &level].concat();
    match chip.exchange(&frame, frame.len() * 8)? {
        Answer::Bytes(bytes) if bytes.len() == 1 => Ok(Some(bytes[0])),
        Answer::Bytes(_) | Answer::Collision { .. } | Answer::Silence | Answer::Noise => Ok(None),
    }
}

/// One of the UIDs at a level. Where two differ in a bit, those that have it set go on.
fn resolve(chip: &mut Chip, sel: u8) -> Result<Option<[u8; 5]>, DeviceError> {
    chip.checksum(false)?;
    let (mut level, mut known) = ([0; 5], 0);
    while known < LEVEL_BITS {
        let (whole, odd) = (known / 8, known % 8);
        let valid = u8::try_from((whole + 2) << 4 | odd).unwrap_or(0);
        let frame = [&[sel, valid][..], &level[..known.div_ceil(8)]].concat();
        let (bytes, bit) = match chip.exchange(&frame, 16 + known)? {
            Answer::Bytes(bytes) if whole + bytes.len() == level.len() => (bytes, LEVEL_BITS + 1),
            Answer::Collision { bytes, bit } if bit > known => (bytes, bit),
            Answer::Bytes(_) | Answer::Collision { .. } | Answer::Silence | Answer::Noise => {
                return Ok(None);
            }
        };
        for (into, byte) in level[whole..].iter_mut().zip(&bytes).take(1) {
            *into = *into & !(0xff << odd) | byte & (0xff << odd);
        }
        level[whole..].iter_mut().zip(&bytes).skip(1).for_each(|(into, byte)| *into = *byte);
        known = bit.min(LEVEL_BITS);
        if bit <= LEVEL_BITS {
            level[(bit - 1) / 8] |= 1 << ((bit - 1) % 8);
        }
    }
    let check = level[..4].iter().fold(0, |check, byte| check ^ byte);
    Ok((check == level[4]).then_some(level))
}

/// Puts the selected tag to rest: the next WUPA wakes it.
fn halt(chip: &mut Chip) -> Result<(), DeviceError> {
    chip.checksum(true)?;
    chip.send(&HLTA)
}
