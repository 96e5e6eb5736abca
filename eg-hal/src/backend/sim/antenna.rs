//! Models of tag readers: tags that lie on an antenna.

use super::{Model, Poke, PokeError, SharedChip, Touch, Wire};
use crate::Channel;

/// A simulated reader chip, as a hand with tags finds it.
pub trait TagReader: Send {
    /// Puts these tags on the antenna, in place of those that lie there: their UIDs of 4, 7 or 10 bytes.
    fn lay(&mut self, uids: &[Vec<u8>]);

    /// Follows the reset input, active low: `true` while the chip is held in reset. Reset begins and ends with a call.
    fn reset(&mut self, held: bool);
}

/// The model of a reader with one antenna, channel 0: a hand lays tags on it and takes them away.
#[derive(Debug)]
pub struct Antenna<R> {
    reader: SharedChip<R>,
}

impl<R: TagReader + 'static> Antenna<R> {
    /// Makes a reader without tags, reset by this wire if it is wired.
    pub fn new(reader: R, reset: Option<&Wire>) -> Self {
        let reader = SharedChip::new(reader);
        if let Some(reset) = reset {
            reader.follow(reset, |reader, high| reader.reset(!high));
        }
        Self { reader }
    }

    /// The chip, to be attached to a bus.
    pub fn reader(&self) -> SharedChip<R> {
        self.reader.clone()
    }
}

impl<R: TagReader> Model for Antenna<R> {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let known = |uids: &Vec<Vec<u8>>| uids.iter().all(|uid| [4, 7, 10].contains(&uid.len()));
        if let (0, Some(uids)) = (channel, poke.uids().filter(known)) {
            self.reader.lock().lay(&uids);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Bench;

    #[derive(Default)]
    struct Reader {
        tags: Vec<Vec<u8>>,
        held: bool,
    }

    impl TagReader for Reader {
        fn lay(&mut self, uids: &[Vec<u8>]) {
            self.tags = uids.to_vec();
        }

        fn reset(&mut self, held: bool) {
            self.held = held;
        }
    }

    #[test]
    fn tags_lie_on_it_until_they_are_taken_away() {
        let mut antenna = Antenna::new(Reader::default(), None);

        antenna.poke(0, &Poke::Tag("04A37C91+04A37C92".to_owned())).unwrap();
        assert_eq!(antenna.reader().lock().tags.len(), 2);
        antenna.poke(0, &Poke::TagAway).unwrap();

        assert!(antenna.reader().lock().tags.is_empty());
        for (channel, wrong) in [(0, "04A3"), (1, "04A37C91"), (0, "tag")] {
            assert!(antenna.poke(channel, &Poke::Tag(wrong.to_owned())).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_low_level_holds_it_in_reset() {
        let wire = Bench::virtual_time().wire(&"GPIO25".into());
        wire.drive(true);
        let antenna = Antenna::new(Reader::default(), Some(&wire));

        wire.drive(false);
        assert!(antenna.reader().lock().held);
        wire.drive(true);

        assert!(!antenna.reader().lock().held);
    }
}
