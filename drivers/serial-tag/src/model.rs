//! A serial tag reader at the far end of the cable: it sends a tag's digits and CR LF when one comes into its field,
//! and says nothing when it leaves.

use eg_hal::prelude::*;
use eg_hal::sim::{Pipe, Touch};

pub(crate) struct Reader {
    cable: Pipe,
}

impl Reader {
    pub(crate) fn new(cable: Pipe) -> Self {
        Self { cable }
    }

    fn send_line(&self, text: &str) {
        self.cable.send(format!("{text}\r\n").as_bytes());
    }
}

impl Model for Reader {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke) {
            (0, Poke::Tag(text) | Poke::Line(text)) => self.send_line(text),
            (0, Poke::TagAway) => {}
            (_, Poke::Level(_) | Poke::Turn(_) | Poke::Value(_))
            | (1.., Poke::Tag(_) | Poke::Line(_) | Poke::TagAway) => {
                let takes = "it has one reader, channel 0, for tags".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Tag
    }
}
