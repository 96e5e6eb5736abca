//! Fingers on a keyboard: channel n is the n-th key that the slot's file names.

use eg_hal::prelude::*;
use eg_hal::sim::Keyboard;

pub(crate) struct Fingers {
    keyboard: Keyboard,
    codes: Vec<u16>,
}

impl Fingers {
    pub(crate) fn new(keyboard: Keyboard, codes: Vec<u16>) -> Self {
        Self { keyboard, codes }
    }
}

impl Model for Fingers {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        if let (Some(code), Poke::Level(down)) = (self.codes.get(usize::from(channel)), poke) {
            self.keyboard.set(*code, *down);
            return Ok(());
        }
        let takes = format!("it has {} keys, up or down", self.codes.len());
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
}
