//! A TM1637 after its data sheet (Titan Micro, version 2.4: interface, command table, timing), with its digits, and an eye
//! before them. A frame that is too fast for the chip, or during which somebody drives DIO against its acknowledge, is lost
//! whole; of a real one any part may be.

use eg_hal::prelude::*;
use eg_hal::sim::{Timer, Touch, Wire, read_row};
use std::time::Duration;

/// CLK stays high and low for so long.
const PULSE: Duration = Duration::from_nanos(400);
/// DIO stands for so long before CLK rises, and after a start before it falls.
const STANDS: Duration = Duration::from_nanos(100);

/// The chip: its registers, and what comes in on the wires.
struct Chip {
    memory: [u8; 6],
    shows: bool,
    /// Data go to one address until another is named.
    fixed: bool,
    frame: Vec<u8>,
    byte: u8,
    bits: u8,
    /// Something in the frame was not as the chip needs it.
    spoiled: bool,
    /// CLK has to stay as it is.
    pulse: Timer,
    /// DIO has to stay as it is.
    stands: Timer,
    /// `true` after the chip pulled DIO low while somebody drove it high.
    fights: bool,
    /// For so long nobody minds.
    fight: Timer,
}

impl Chip {
    fn new(bench: &Bench) -> Self {
        let [pulse, stands, fight] = [(); 3].map(|()| Timer::new(bench));
        Self {
            memory: [0; 6],
            shows: false,
            fixed: false,
            frame: Vec::new(),
            byte: 0,
            bits: 0,
            spoiled: false,
            pulse,
            stands,
            fights: false,
            fight,
        }
    }

    fn start(&mut self) {
        self.frame.clear();
        (self.byte, self.bits, self.spoiled, self.fights) = (0, 0, false, false);
        self.stands.start(STANDS);
    }

    /// CLK changed while DIO is at this level.
    fn clk(&mut self, high: bool, dio: bool) {
        self.spoiled |= self.pulse.is_running() || self.stands.is_running();
        self.pulse.start(PULSE);
        if high {
            self.spoiled |= self.fights;
            self.clock(dio);
        } else if self.bits == 8 && dio {
            self.fights = true;
            self.fight.start(STANDS);
        }
    }

    /// DIO changed while CLK is at this level.
    fn dio(&mut self, high: bool, clk: bool) {
        if clk {
            return if high { self.stop() } else { self.start() };
        }
        self.spoiled |= self.fights && !self.fight.is_running();
        self.fights = false;
        self.stands.start(STANDS);
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
        self.spoiled |= self.pulse.is_running();
        let Some((command, data)) = frame.split_first().filter(|_| !self.spoiled) else { return };
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
pub(crate) struct Digits {
    chip: SharedChip<Chip>,
    six: bool,
}

impl Digits {
    pub(crate) fn on(bench: &Bench, clk: Wire, dio: Wire, six: bool) -> Self {
        let chip = SharedChip::new(Chip::new(bench));
        let (clock, data) = (clk.clone(), dio.clone());
        chip.follow(&clk, move |chip, high| chip.clk(high, data.level()));
        chip.follow(&dio, move |chip, high| chip.dio(high, clock.level()));
        Self { chip, six }
    }
}

impl Model for Digits {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let chip = self.chip.lock();
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Driver of the wires, and its ways.
    #[derive(Clone, Copy)]
    struct Hands {
        /// Between two edges of CLK.
        half: Duration,
        /// DIO changes so long before CLK rises.
        before: Duration,
        /// DIO is let fall so long after the eighth fall of CLK.
        lets_fall: Duration,
        /// Between the start and the first fall of CLK.
        start: Duration,
    }

    const fn ns(nanos: u64) -> Duration {
        Duration::from_nanos(nanos)
    }

    const CAREFUL: Hands =
        Hands { half: ns(500), before: ns(500), lets_fall: Duration::ZERO, start: ns(500) };

    /// Picture of a display after `8.` and blanks were sent like this.
    fn shown(hands: Hands) -> Option<Set> {
        let bench = Bench::virtual_time();
        let (clk, dio) = (bench.wire(&"GPIO23".into()), bench.wire(&"GPIO24".into()));
        [&clk, &dio].into_iter().for_each(|wire| wire.drive(true));
        let panel = Digits::on(&bench, clk.clone(), dio.clone(), false);
        for frame in [&[0x40][..], &[0xc0, 0xff, 0, 0, 0], &[0x8f]] {
            bench.advance(CAREFUL.half);
            dio.drive(false);
            bench.advance(hands.start);
            for byte in frame {
                for bit in 0..8 {
                    clk.drive(false);
                    bench.advance(hands.half - hands.before);
                    dio.drive(byte >> bit & 1 == 1);
                    bench.advance(hands.before);
                    clk.drive(true);
                    bench.advance(hands.half);
                }
                clk.drive(false);
                bench.advance(hands.lets_fall);
                dio.drive(false);
                bench.advance(CAREFUL.half);
                clk.drive(true);
                bench.advance(hands.half);
            }
            clk.drive(false);
            dio.drive(false);
            bench.advance(CAREFUL.half);
            clk.drive(true);
            bench.advance(CAREFUL.half);
            dio.drive(true);
        }
        panel.shown(0)
    }

    #[test]
    fn a_frame_that_is_slow_enough_is_shown() {
        assert_eq!(shown(CAREFUL), Some(Set::Text("8.   ".to_owned())));
    }

    #[test]
    fn a_frame_without_its_pauses_or_against_the_acknowledge_is_lost() {
        for (what, hands) in [
            ("no pause at the start", Hands { start: Duration::ZERO, ..CAREFUL }),
            ("no set-up", Hands { before: Duration::ZERO, ..CAREFUL }),
            ("too fast", Hands { half: ns(300), before: ns(200), ..CAREFUL }),
            ("against the acknowledge", Hands { lets_fall: ns(1_000), ..CAREFUL }),
        ] {
            assert_eq!(shown(hands), None, "{what}");
        }
    }
}
