//! A TM1637 after its data sheet (Titan Micro, version 2.4: interface, command table), with its digits, and an eye before
//! them.

use eg_hal::prelude::*;
use eg_hal::sim::{Touch, Wire, read_row};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The chip: its registers, and what comes in on the wires.
#[derive(Default)]
struct Chip {
    memory: [u8; 6],
    shows: bool,
    /// Data go to one address until another is named.
    fixed: bool,
    frame: Vec<u8>,
    byte: u8,
    bits: u8,
}

impl Chip {
    fn start(&mut self) {
        self.frame.clear();
        (self.byte, self.bits) = (0, 0);
    }

    /// Takes a bit at a rising clock; the ninth is its own answer.
    fn clock(&mut self, high: bool) {
        if self.bits == 8 {
            (self.byte, self.bits) = (0, 0);
            return;
        }
        self.byte |= u8::from(high) << self.bits;
        self.bits += 1;
        if self.bits == 8 {
            self.frame.push(self.byte);
        }
    }

    fn stop(&mut self) {
        let frame = std::mem::take(&mut self.frame);
        let Some((command, data)) = frame.split_first() else { return };
        match command & 0b1100_0000 {
            0b0100_0000 => self.fixed = command & 0b100 != 0,
            0b1000_0000 => self.shows = command & 0b1000 != 0,
            0b1100_0000 => {
                let first = usize::from(command & 0b111);
                for (step, byte) in data.iter().enumerate() {
                    let at = if self.fixed { first } else { first + step };
                    if let Some(cell) = self.memory.get_mut(at) {
                        *cell = *byte;
                    }
                }
            }
            _ => {}
        }
    }
}

/// A panel that somebody looks at.
pub(crate) struct Panel {
    chip: Arc<Mutex<Chip>>,
    six: bool,
}

impl Panel {
    pub(crate) fn on(clk: Wire, dio: Wire, six: bool) -> Self {
        let chip = Arc::new(Mutex::new(Chip::default()));
        let (at_clock, data) = (Arc::clone(&chip), dio.clone());
        let clock = clk.clone();
        clk.watch(move |high| {
            if high {
                lock(&at_clock).clock(data.level());
            }
        });
        let at_data = Arc::clone(&chip);
        dio.watch(move |high| match (clock.level(), high) {
            (true, false) => lock(&at_data).start(),
            (true, true) => lock(&at_data).stop(),
            (false, _) => {}
        });
        Self { chip, six }
    }
}

fn lock(chip: &Mutex<Chip>) -> MutexGuard<'_, Chip> {
    chip.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Model for Panel {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = lock(&self.chip);
        if channel != 0 || !chip.shows {
            return None;
        }
        // Six stand as 3 2 1 6 5 4. The point of the second of four is wired to the colon.
        let [a, b, c, d, e, f] = chip.memory;
        Some(if self.six {
            read_row(&[c, b, a, f, e, d], None)
        } else {
            read_row(&[a, b, c, d], Some(1))
        })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
