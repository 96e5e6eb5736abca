//! A chain of 74HC165, after their data sheet (Nexperia, revision 6, table 3): while PL is low the inputs are in the
//! register; each rising clock moves it on, D7 first out at Q7. The last chip's DS is low. Inputs without a contact that
//! is poked are high, as under a pull-up.

use eg_hal::prelude::*;
use eg_hal::sim::{SpiChip, Wire};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The chips, the one at MISO first.
pub(crate) struct Chips {
    /// D0 to D7 of each chip.
    inputs: Vec<[bool; 8]>,
    /// What comes out next is in front.
    register: VecDeque<bool>,
    /// Whether PL follows the chip select: it is low, and the register open, until the select is active.
    follows_select: bool,
}

impl Chips {
    fn load(&mut self) {
        self.register = self.inputs.iter().flat_map(|chip| chip.iter().rev()).copied().collect();
    }
}

impl SpiChip for Chips {
    fn select(&mut self) {
        if self.follows_select {
            self.load();
        }
    }

    fn exchange(&mut self, _: u8) -> u8 {
        (0..8).fold(0, |byte, _| {
            let out = self.register.pop_front().unwrap_or(false);
            byte << 1 | u8::from(out)
        })
    }
}

/// A hand at the inputs: channel n is D(n mod 8) of the n/8-th chip.
pub(crate) struct Chain {
    chips: Arc<Mutex<Chips>>,
}

impl Chain {
    pub(crate) fn new(count: u8, latch: Option<Wire>) -> Self {
        let inputs = vec![[true; 8]; count.into()];
        let chips = Chips { inputs, register: VecDeque::new(), follows_select: latch.is_none() };
        let chips = Arc::new(Mutex::new(chips));
        if let Some(latch) = latch {
            let loaded = Arc::downgrade(&chips);
            latch.watch(move |high| {
                if let Some(chips) = loaded.upgrade().filter(|_| high) {
                    chips.lock().unwrap_or_else(PoisonError::into_inner).load();
                }
            });
        }
        Self { chips }
    }

    pub(crate) fn chips(&self) -> Arc<Mutex<Chips>> {
        self.chips.clone()
    }
}

impl Model for Chain {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let mut chips = self.chips.lock().unwrap_or_else(PoisonError::into_inner);
        let inputs = chips.inputs.len() * 8;
        let (chip, pin) = (usize::from(channel) / 8, usize::from(channel) % 8);
        if let (Some(chip), Poke::Level(high)) = (chips.inputs.get_mut(chip), poke) {
            chip[pin] = *high;
            return Ok(());
        }
        let takes = format!("it has {inputs} inputs, high or low");
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
}
