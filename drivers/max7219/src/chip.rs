//! The registers of a MAX7219 (data sheet, table 2). The places are 1 to 8, from the right.

use embedded_hal::spi::SpiDevice;

const DECODE: u8 = 0x09;
const INTENSITY: u8 = 0x0a;
const SCAN_LIMIT: u8 = 0x0b;
const SHUTDOWN: u8 = 0x0c;
const TEST: u8 = 0x0f;
/// Steps of the intensity: duties of 1/32 to 31/32.
pub(crate) const BRIGHTEST: u8 = 16;
/// Places of one chip.
pub(crate) const PLACES: usize = 8;

/// A chip on SPI.
pub(crate) struct Chip<S> {
    spi: S,
    /// Number of places that are scanned.
    places: u8,
}

impl<S: SpiDevice> Chip<S> {
    pub(crate) fn new(spi: S, places: u8) -> Self {
        Self { spi, places }
    }

    /// Sends all that the chip has to know, the places before it wakes up: also what it may have forgotten. Of each place,
    /// the first one at the right, the highest bit is the point, and `a` to `g` follow; `intensity` is 1 to 16.
    pub(crate) fn show(&mut self, lit: &[u8; PLACES], intensity: u8) -> Result<(), S::Error> {
        // With fewer places each would be brighter than its resistor allows for.
        let limit = (SCAN_LIMIT, self.places - 1);
        for (register, value) in [(TEST, 0), (DECODE, 0), limit, (INTENSITY, intensity - 1)] {
            self.spi.write(&[register, value])?;
        }
        for (register, value) in (1..).zip(lit) {
            self.spi.write(&[register, *value])?;
        }
        self.spi.write(&[SHUTDOWN, 1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use embedded_hal_mock::eh1::spi::{Mock, Transaction};

    #[test]
    fn the_places_are_filled_before_the_chip_wakes_up() {
        let settings = [[0x0f, 0], [0x09, 0], [0x0b, 3], [0x0a, 15]];
        let places = (1..=8).map(|place| [place, 0x7e]);
        let frames = settings.into_iter().chain(places).chain([[0x0c, 1]]).flat_map(|frame| {
            [
                Transaction::transaction_start(),
                Transaction::write_vec(frame.to_vec()),
                Transaction::transaction_end(),
            ]
        });
        let mut chip = Chip::new(Mock::new(&frames.collect::<Vec<_>>()), 4);

        chip.show(&[0x7e; PLACES], 16).unwrap();

        chip.spi.done();
    }
}
