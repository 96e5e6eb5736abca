//! An HD44780U after its data sheet (Hitachi, ADE-207-272(Z): busy flag, memory, instructions, four-bit interface), the
//! PCF8574 before it, and an eye before the glass. What comes while an instruction takes its milliseconds is lost; the 37 µs
//! of the others pass while the next byte is still on the bus.

use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Timer, Touch};
use std::time::Duration;

/// Clearing and returning home (table 6).
const CLEARS: Duration = Duration::from_micros(1_520);
/// The function set of a chip that still has eight bits (figure 24).
const WAKES: Duration = Duration::from_micros(4_100);

/// The memory of the display: two rows of 40, at 0 and at 64.
const ROW: usize = 40;

/// The controller.
struct Controller {
    memory: [u8; 2 * ROW],
    address: usize,
    four_bits: bool,
    upper: Option<u8>,
    shows: bool,
    increments: bool,
    busy: Timer,
}

impl Controller {
    /// After its own reset (page 23): eight bits, cleared, off.
    fn reset(busy: Timer) -> Self {
        let (memory, address) = ([b' '; 2 * ROW], 0);
        let (four_bits, upper, shows, increments) = (false, None, false, true);
        Self { memory, address, four_bits, upper, shows, increments, busy }
    }

    /// Four pins, as they stand when E falls. The lower ones are not wired and count as low.
    fn latch(&mut self, nibble: u8, data: bool) {
        if self.busy.is_running() {
            return;
        }
        if !self.four_bits {
            return self.take(nibble << 4, data);
        }
        match self.upper.take() {
            None => self.upper = Some(nibble),
            Some(upper) => self.take(upper << 4 | nibble, data),
        }
    }

    fn take(&mut self, byte: u8, data: bool) {
        if data {
            let place = self.place(self.address);
            self.memory[place] = byte;
            let step = if self.increments { 1 } else { 2 * ROW - 1 };
            let next = (place + step) % (2 * ROW);
            self.address = if next < ROW { next } else { next - ROW + 0x40 };
            return;
        }
        match byte {
            0x80.. => self.address = usize::from(byte & 0x7f),
            0x40.. => {}
            0x20.. => {
                let four = byte & 0x10 == 0;
                if !four && !self.four_bits {
                    self.busy.start(WAKES);
                }
                if four != self.four_bits {
                    self.upper = None;
                }
                self.four_bits = four;
            }
            0x10.. => {}
            0x08.. => self.shows = byte & 0x04 != 0,
            0x04.. => self.increments = byte & 0x02 != 0,
            0x02.. => {
                self.address = 0;
                self.busy.start(CLEARS);
            }
            0x01 => {
                (self.memory, self.address, self.increments) = ([b' '; 2 * ROW], 0, true);
                self.busy.start(CLEARS);
            }
            0x00 => {}
        }
    }

    fn place(&self, address: usize) -> usize {
        if address < 0x40 { address % ROW } else { ROW + (address - 0x40) % ROW }
    }
}

/// Both chips.
struct Chips {
    pins: u8,
    controller: Controller,
}

impl I2cChip for Chips {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        for byte in bytes {
            let fell = self.pins & 0x04 != 0 && byte & 0x04 == 0;
            // What stood while E was high counts, if R/W said write.
            if fell && self.pins & 0x02 == 0 {
                self.controller.latch(self.pins >> 4, self.pins & 0x01 != 0);
            }
            self.pins = *byte;
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        // The base of the light's transistor holds its pin low.
        bytes.fill(self.pins & !0x08);
        Ok(())
    }

    fn power_on(&mut self) {
        let mut busy = self.controller.busy.clone();
        busy.stop();
        *self = Self { pins: 0xff, controller: Controller::reset(busy) };
    }
}

/// A display that somebody looks at.
pub(crate) struct Glass {
    chips: SharedChip<Chips>,
    columns: usize,
    lines: usize,
}

impl Glass {
    pub(crate) fn on(
        bench: &Bench,
        bus: &BusName,
        address: u8,
        columns: usize,
        lines: usize,
    ) -> Self {
        let chips = Chips { pins: 0xff, controller: Controller::reset(Timer::new(bench)) };
        let chips = SharedChip::new(chips);
        bench.attach_i2c(bus, address, chips.clone());
        Self { chips, columns, lines }
    }
}

/// Character of a code in ROM A00.
fn character(code: u8) -> char {
    match code {
        0x5c => '¥',
        0x7e => '→',
        0x7f => '←',
        0x20..0x7e => char::from(code),
        0xdf => '°',
        0xff => '█',
        _ => char::REPLACEMENT_CHARACTER,
    }
}

impl Model for Glass {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chips = self.chips.lock();
        if channel != 0 || !chips.controller.shows {
            return None;
        }
        // A transistor lights the glass while P3 is high. Without light nobody reads anything.
        if chips.pins & 0x08 == 0 {
            return Some(Set::Off);
        }
        let begins = [0, 0x40, self.columns, 0x40 + self.columns];
        let lines = begins.into_iter().take(self.lines).map(|begins| {
            let cells = (begins..begins + self.columns)
                .map(|address| chips.controller.memory[chips.controller.place(address)]);
            cells.map(character).collect::<String>()
        });
        let lines: Vec<String> = lines.collect();
        if lines.iter().all(|line| line.chars().all(|c| c == '█')) {
            return Some(Set::On);
        }
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
        Some(Set::Text(lines.join("\n").trim_end_matches('\n').to_owned()))
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_while_it_clears_is_lost() {
        for (pause, place) in [(Duration::from_micros(1_500), b' '), (CLEARS, b'A')] {
            let bench = Bench::virtual_time();
            let mut controller = Controller::reset(Timer::new(&bench));
            controller.latch(0x2, false);

            [0x0, 0x1].into_iter().for_each(|half| controller.latch(half, false));
            bench.advance(pause);
            [0x4, 0x1].into_iter().for_each(|half| controller.latch(half, true));

            assert_eq!(controller.memory[0], place, "{pause:?}");
        }
    }
}
