//! A reader at the far end of the cable: it sends a code, and an end where its driver waits for one, and says nothing
//! when a tag leaves.

use eg_hal::prelude::*;
use eg_hal::scan::{Checksum, Gives, Settings, xor};
use eg_hal::sim::{Pipe, Touch};

pub(crate) struct Reader {
    cable: Pipe,
    code: Settings,
}

impl Reader {
    pub(crate) fn new(cable: Pipe, code: Settings) -> Self {
        Self { cable, code }
    }

    fn send(&self, text: &str) {
        let Settings { prefix, suffix, length, .. } = &self.code;
        let end = match (suffix, length) {
            (Some(suffix), _) => suffix.as_str(),
            (None, Some(_)) => "",
            (None, None) => "\r\n",
        };
        self.cable.send(format!("{prefix}{text}{end}").as_bytes());
    }
}

impl Model for Reader {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (channel, poke) {
            (0, Poke::Tag(digits)) if self.code.checksum == Checksum::Strip => {
                self.send(&format!("{digits}{:02X}", xor(digits).unwrap_or(0)));
            }
            (0, Poke::Tag(text) | Poke::Line(text)) => self.send(text),
            (0, Poke::TagAway) => {}
            _ => {
                let takes = "it has one reader, channel 0, for tags and codes".to_owned();
                return Err(PokeError { channel, poke: poke.clone(), takes });
            }
        }
        Ok(())
    }

    fn touch(&self, _: Channel) -> Touch {
        match self.code.gives {
            Gives::Tag => Touch::Tag,
            Gives::Line | Gives::Key => Touch::Text,
        }
    }
}
