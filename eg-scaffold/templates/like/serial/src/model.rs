//! The reader at the far end of the cable, after its manual. It shares no code with the driver.

use eg_hal::prelude::*;
use eg_hal::sim::{Pipe, Touch};

/// A reader, and the hand that holds tags to it.
pub(crate) struct Reader {
    cable: Pipe,
}

impl Reader {
    pub(crate) fn new(cable: Pipe) -> Self {
        Self { cable }
    }
}

impl Model for Reader {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke) {
            (0, Poke::Tag(tag)) => self.cable.send(format!("{tag}\r\n").as_bytes()),
            // It sends nothing when a tag leaves.
            (0, Poke::TagAway) => {}
            (_, _) => {
                let takes = "it has one reader, 0, for tags".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Tag
    }
}
