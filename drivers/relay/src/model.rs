//! Coils on wires: somebody in the room hears them click, and can press nothing.

use eg_hal::prelude::*;
use eg_hal::sim::{Touch, Wire};

pub(crate) struct Coils {
    wires: Vec<Wire>,
    on_at_low: bool,
}

impl Coils {
    pub(crate) fn new(wires: Vec<Wire>, on_at_low: bool) -> Self {
        Self { wires, on_at_low }
    }
}

impl Model for Coils {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let takes = "relays are told, not poked".to_owned();
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let wire = self.wires.get(usize::from(channel))?;
        Some(if wire.level() == self.on_at_low { Set::Off } else { Set::On })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
