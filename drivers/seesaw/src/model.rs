//! A console with its keys, its lights and Adafruit's firmware, after the guide of the seesaw (Adafruit, "adafruit seesaw
//! platform": GPIO, NeoPixel, keypad, timer) and what the firmware of each board does.

mod firmware;

use crate::Console;
use eg_hal::prelude::*;
use eg_hal::sim::Wire;
pub(crate) use firmware::Pace;
use firmware::{Board as Wiring, Firmware};

/// Fingers on a console, and eyes.
pub(crate) struct Hand {
    firmware: SharedChip<Firmware>,
    wiring: Wiring,
}

impl Hand {
    pub(crate) fn on(
        bench: &Bench,
        bus: &BusName,
        address: u8,
        console: Console,
        int: Option<Wire>,
        pace: Pace,
    ) -> Self {
        let wiring = match console {
            Console::Neokey => firmware::NEOKEY,
            Console::Neotrellis => firmware::NEOTRELLIS,
            Console::Arcade => firmware::ARCADE,
        };
        let firmware = SharedChip::new(Firmware::new(bench, wiring, int, pace));
        bench.attach_i2c(bus, address, firmware.clone());
        Self { firmware, wiring }
    }

    /// Gives the chip at the console's address.
    #[cfg(test)]
    pub(crate) fn firmware_on_bus(&self) -> impl eg_hal::sim::I2cChip + use<> {
        self.firmware.clone()
    }
}

impl Model for Hand {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        if let (true, Poke::Level(down)) = (channel < self.wiring.keys, poke) {
            self.firmware.lock().finger(channel, *down);
            return Ok(());
        }
        let takes = format!("it has {} keys, down or up", self.wiring.keys);
        Err(PokeError { channel, poke: poke.clone(), takes })
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let [red, green, blue] = self.firmware.lock().light(channel)?;
        Some(match (red, green, blue) {
            (0, 0, 0) => Set::Off,
            // White is white, dimmed or not.
            _ if red == green && green == blue => Set::On,
            _ => Set::Rgb([red, green, blue]),
        })
    }
}
