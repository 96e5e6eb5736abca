//! The chip through the crate of its name: how it is set up, and how it is asked for tags without waiting for it.

use crate::link::Link;
use embedded_hal::delay::DelayNs;
use embedded_hal::i2c::I2c;
use pn532_chip::requests::{BorrowedRequest, Command, SAMMode};
use pn532_chip::{CountDown, Error as CrateError, Interface, Pn532, Request, nb};
use std::convert::Infallible;
use std::task::Poll;

/// One tag of type A at 106 kbit/s (UM0701-02, section 7.3.5). Asked for two, firmware 1.6 finds a single one at every second
/// search only (NXP community, 481864).
const ONE_TAG: [u8; 2] = [1, 0x00];
/// Before each part of a longer UID that another part follows (ISO/IEC 14443-3, section 6.5.4).
const CASCADE_TAG: u8 = 0x88;
/// The longest answer: a tag with ten bytes and the longest answer to select (section 7.3.5).
const LONGEST_LIST: usize = 1 + (5 + 10 + 20);
/// The longest frame: what is around an answer takes nine bytes.
const BUFFER: usize = LONGEST_LIST + 9;
/// Tries to find a tag before an empty list is the answer, instead of for ever (section 7.3.1, item 5).
const TRIES: Request<4> = Request::new(Command::RFConfiguration, [0x05, 0xff, 0x01, 0x01]);
/// IC of the firmware's version (section 7.2.2).
const PN532: u8 = 0x32;

/// Looks at a chip that is to acknowledge, or to answer a command that takes no time, each after a pause: 15 ms at most
/// (section 6.2.2).
const LOOKS: u32 = 20;
const PAUSE_US: u32 = 800;

/// Failure of a command. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip sent no frame of a PN532, but this.
    Frame(&'static str),
    /// The chip is another one; its firmware calls itself this.
    Firmware(Vec<u8>),
    /// The chip answered a search with no list of tags.
    List(Vec<u8>),
}

impl<E: std::fmt::Debug> From<CrateError<E>> for Error<E> {
    fn from(error: CrateError<E>) -> Self {
        Self::Frame(match error {
            CrateError::InterfaceError(error) => return Self::Bus(error),
            CrateError::TimeoutAck | CrateError::TimeoutResponse => "nothing in time",
            CrateError::BadAck | CrateError::BadResponseFrame | CrateError::BufTooSmall => {
                "something else"
            }
            CrateError::CrcError => "a wrong checksum",
            CrateError::Syntax => "that it does not know the command",
        })
    }
}

/// The chip.
pub(crate) struct Chip<I: I2c, D: DelayNs> {
    chip: Pn532<Link<I, D>, Pauses<D>, BUFFER>,
}

impl<I: I2c, D: DelayNs + Clone> Chip<I, D> {
    pub(crate) fn new(i2c: I, delay: D) -> Self {
        let pauses = Pauses { delay: delay.clone(), left: 0 };
        Self { chip: Pn532::new(Link { i2c, delay }, pauses) }
    }

    /// Ends whatever the chip does, and sets it up.
    pub(crate) fn start(&mut self) -> Result<(), Error<I::Error>> {
        self.chip.abort()?;
        self.ask(&Request::sam_configuration(SAMMode::Normal, false), 0)?;
        let version = self.ask(&Request::GET_FIRMWARE_VERSION, 4)?;
        if version.first() != Some(&PN532) {
            return Err(Error::Firmware(version.to_vec()));
        }
        self.ask(&TRIES, 0).map(drop)
    }

    fn ask<'r>(
        &mut self,
        request: impl Into<BorrowedRequest<'r>>,
        length: usize,
    ) -> Result<&[u8], Error<I::Error>> {
        Ok(self.chip.process(request, length, LOOKS)?)
    }

    /// Begins a search: for the tag of this UID, or for any.
    pub(crate) fn search(&mut self, uid: Option<&[u8]>) -> Result<(), Error<I::Error>> {
        let mut data = ONE_TAG.to_vec();
        data.extend(uid.map(with_cascade_tags).unwrap_or_default());
        let request = BorrowedRequest::new(Command::InListPassiveTarget, &data);
        Ok(self.chip.process_no_response(request, LOOKS)?)
    }

    /// The UIDs of the tags that the search found; `None` while it goes on.
    pub(crate) fn found(&mut self) -> Result<Option<Vec<Vec<u8>>>, Error<I::Error>> {
        match self.chip.interface.wait_ready() {
            Poll::Pending => return Ok(None),
            Poll::Ready(ready) => ready.map_err(Error::Bus)?,
        }
        let list = self.chip.receive_response(Command::InListPassiveTarget, LONGEST_LIST)?;
        uids(list).map(Some).ok_or_else(|| Error::List(list.to_vec()))
    }
}

/// A UID as the chip wants to be told it (section 7.3.5): parts of four bytes.
fn with_cascade_tags(uid: &[u8]) -> Vec<u8> {
    let mut told = Vec::new();
    let mut rest = uid;
    while rest.len() > 4 {
        let (part, more) = rest.split_at(3);
        told.push(CASCADE_TAG);
        told.extend(part);
        rest = more;
    }
    told.extend(rest);
    told
}

/// The UIDs in a list of tags: number, ATQA, SAK, UID, and the answer to select of those that speak ISO/IEC 14443-4.
/// `None` when it is no such list.
fn uids(list: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (&count, mut rest) = list.split_first()?;
    let mut uids = Vec::new();
    for _ in 0..count {
        let [_, _, _, sak, length, tag @ ..] = rest else { return None };
        let (uid, tag) = tag.split_at_checked(usize::from(*length))?;
        // A single UID never begins like the part of a longer one (ISO/IEC 14443-3, section 6.5.4).
        if ![4, 7, 10].contains(&uid.len()) || uid.len() == 4 && uid[0] == CASCADE_TAG {
            return None;
        }
        uids.push(uid.to_vec());
        let answers_to_select = sak & 0x20 != 0;
        let skip = if answers_to_select { usize::from(*tag.first()?).max(1) } else { 0 };
        rest = tag.get(skip..)?;
    }
    rest.is_empty().then_some(uids)
}

/// A number of pauses, for the crate that counts down.
struct Pauses<D> {
    delay: D,
    left: u32,
}

impl<D: DelayNs> CountDown for Pauses<D> {
    type Time = u32;

    fn start<T: Into<u32>>(&mut self, count: T) {
        self.left = count.into();
    }

    fn wait(&mut self) -> Result<(), nb::Error<Infallible>> {
        self.delay.delay_us(PAUSE_US);
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { Ok(()) } else { Err(nb::Error::WouldBlock) }
    }
}

#[cfg(test)]
mod tests {
    use super::{uids, with_cascade_tags};

    #[test]
    fn a_uid_is_told_in_its_parts() {
        let ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

        assert_eq!(with_cascade_tags(&ten[..4]), [1, 2, 3, 4]);
        assert_eq!(with_cascade_tags(&ten[..7]), [0x88, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(with_cascade_tags(&ten), [0x88, 1, 2, 3, 0x88, 4, 5, 6, 7, 8, 9, 10]);
    }

    #[test]
    fn a_list_has_the_uid_of_each_tag() {
        let classic = [1, 0x00, 0x04, 0x08, 4, 0x04, 0xa3, 0x7c, 0x91];
        let desfire =
            [2, 0x03, 0x44, 0x20, 7, 0x04, 1, 2, 3, 4, 5, 6, 6, 0x75, 0x77, 0x81, 0x02, 0x80];

        assert_eq!(uids(&[0]), Some(vec![]));
        let both = [&[2][..], &desfire, &classic].concat();
        let expected = vec![vec![0x04, 1, 2, 3, 4, 5, 6], vec![0x04, 0xa3, 0x7c, 0x91]];
        assert_eq!(uids(&both), Some(expected));
    }

    #[test]
    fn what_is_no_list_has_no_uid() {
        for wrong in [
            &[][..],
            &[1],
            &[1, 1, 0, 4, 8, 4, 1, 2, 3],
            &[1, 1, 0, 4, 8, 5, 1, 2, 3, 4, 5],
            &[1, 1, 0, 4, 8, 4, 0x88, 2, 3, 4],
            &[0, 7],
        ] {
            assert_eq!(uids(wrong), None, "{wrong:?}");
        }
    }
}
