//! A chain of 74HC165, after their data sheet (Nexperia, revision 6, table 3): while PL is low the inputs are in the
//! register; each rising clock moves it on, D7 first out at Q7. The last chip's DS is low. Inputs without a contact that
//! is poked are high, as under a pull-up. A PL that is too short loads nothing, and a clock that comes too soon after it finds
//! nothing.

use eg_hal::prelude::*;
use eg_hal::sim::{SpiChip, Timer, Wire};
use std::collections::VecDeque;
use std::time::Duration;

/// PL is low for so long, and high for so long before the first clock (table 7, t_W and t_rec at 2 V, the slowest column).
const LOADS: Duration = Duration::from_nanos(120);
const RECOVERS: Duration = Duration::from_nanos(120);

/// The chips, the one at MISO first.
pub(crate) struct Chips {
    /// D0 to D7 of each chip.
    inputs: Vec<[bool; 8]>,
    /// Bits that come out, the next one in front.
    register: VecDeque<bool>,
    /// `true` if PL follows the chip select: it is low, and the register open, until the select is active.
    follows_select: bool,
    /// PL is not low for long enough yet.
    loading: Timer,
    /// PL is not high for long enough yet.
    recovering: Timer,
}

impl Chips {
    /// PL changed.
    fn pl(&mut self, high: bool) {
        if !high {
            self.loading.start(LOADS);
            return;
        }
        if self.loading.is_running() {
            self.register.clear();
        } else {
            self.load();
        }
        self.recovering.start(RECOVERS);
    }

    fn load(&mut self) {
        self.register = self.inputs.iter().flat_map(|chip| chip.iter().rev()).copied().collect();
    }
}

impl SpiChip for Chips {
    fn select(&mut self) {
        if self.follows_select {
            self.load();
        } else if self.recovering.is_running() {
            self.register.clear();
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
    chips: SharedChip<Chips>,
}

impl Chain {
    pub(crate) fn new(bench: &Bench, count: u8, latch: Option<Wire>) -> Self {
        let inputs = vec![[true; 8]; count.into()];
        let (register, follows_select) = (VecDeque::new(), latch.is_none());
        let (loading, recovering) = (Timer::new(bench), Timer::new(bench));
        let chips = Chips { inputs, register, follows_select, loading, recovering };
        let chips = SharedChip::new(chips);
        if let Some(latch) = latch {
            chips.follow(&latch, Chips::pl);
        }
        Self { chips }
    }

    pub(crate) fn chips(&self) -> SharedChip<Chips> {
        self.chips.clone()
    }
}

impl Model for Chain {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        let mut chips = self.chips.lock();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pulse_or_a_recovery_that_is_too_short_loads_nothing() {
        let ns = Duration::from_nanos;
        for (low, high, read) in
            [(1_000, 1_000, 0xff), (1_000, 0, 0x00), (0, 1_000, 0x00), (0, 0, 0x00)]
        {
            let bench = Bench::virtual_time();
            let latch = bench.wire(&"GPIO25".into());
            latch.drive(true);
            let chain = Chain::new(&bench, 1, Some(latch.clone()));

            latch.drive(false);
            bench.advance(ns(low));
            latch.drive(true);
            bench.advance(ns(high));
            let mut chips = chain.chips.lock();
            chips.select();

            assert_eq!(chips.exchange(0), read, "{low} ns low, {high} ns high");
        }
    }
}
