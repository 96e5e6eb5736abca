//! The lights under the keys: coloured ones in a chain, or lamps on pins.

use crate::Console;
use crate::bus_chip::BusChip;
use crate::chip::Register;
use eg_hal::prelude::*;

const CHAIN_PIN: Register = [0x0e, 0x01];
const CHAIN_LENGTH: Register = [0x0e, 0x03];
const CHAIN_BYTES: Register = [0x0e, 0x04];
const CHAIN_SHOW: Register = [0x0e, 0x05];
const LAMP: Register = [0x08, 0x01];

/// The pin of the chain, on each console that has one.
const PIN: u8 = 3;
/// Bytes for one light, green before red before blue.
const BYTES: u16 = 3;
/// Lights in one transfer: the firmware's buffers hold 32 bytes.
const AT_ONCE: usize = 8;
/// Sending the chain takes 30 µs a light, and 300 µs of rest make it shine.
const SHOW_US: u32 = 800;

const WHITE: [u8; 3] = [255; 3];

/// The lights of a console.
pub(crate) struct Lights {
    brightness: f64,
    /// Pins of the lamps; empty if the lights are a chain.
    lamps: &'static [u8],
}

impl Lights {
    /// Brings each to its safe state, white or dark.
    pub(crate) fn set_up(
        chip: &mut BusChip,
        console: Console,
        brightness: f64,
        safe: &[bool],
    ) -> Result<Self, DeviceError> {
        let lights = Self { brightness, lamps: console.lamps() };
        if lights.lamps.is_empty() {
            chip.write(CHAIN_PIN, &[PIN])?;
            chip.write(CHAIN_LENGTH, &(console.keys() * BYTES).to_be_bytes())?;
            let colours: Vec<[u8; 3]> =
                safe.iter().map(|on| lights.bytes(if *on { WHITE } else { [0; 3] })).collect();
            for (part, from) in colours.chunks(AT_ONCE).zip((0..).step_by(AT_ONCE)) {
                lights.fill(chip, from, part)?;
            }
            lights.show(chip)?;
        } else {
            for (pin, on) in lights.lamps.iter().zip(safe) {
                lights.lamp(chip, *pin, f64::from(u8::from(*on)))?;
            }
        }
        Ok(lights)
    }

    pub(crate) fn set(&self, chip: &mut BusChip, output: Output) -> Result<(), DeviceError> {
        let level = match output.set {
            Set::Off => Some(0.0),
            Set::On => Some(1.0),
            Set::Level(level) if (0.0..=1.0).contains(&level) => Some(level),
            Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) | _ => None,
        };
        if let Some(pin) = self.lamps.get(usize::from(output.channel)) {
            return match level {
                Some(level) => self.lamp(chip, *pin, level),
                None => Err(output.unsupported("a lamp takes on, off or a level")),
            };
        }
        let colour = match (level, &output.set) {
            (Some(level), _) => WHITE.map(|part| part_of(part, level)),
            (None, Set::Rgb(colour)) => *colour,
            (None, _) => {
                let can = "a light takes a colour, on, off or a level up to 1";
                return Err(output.unsupported(can));
            }
        };
        self.fill(chip, output.channel, &[self.bytes(colour)])?;
        self.show(chip)
    }

    fn fill(&self, chip: &mut BusChip, from: u16, colours: &[[u8; 3]]) -> Result<(), DeviceError> {
        let mut bytes = (from * BYTES).to_be_bytes().to_vec();
        bytes.extend_from_slice(colours.as_flattened());
        Ok(chip.write(CHAIN_BYTES, &bytes)?)
    }

    fn show(&self, chip: &mut BusChip) -> Result<(), DeviceError> {
        chip.write(CHAIN_SHOW, &[])?;
        chip.pause_us(SHOW_US);
        Ok(())
    }

    fn lamp(&self, chip: &mut BusChip, pin: u8, level: f64) -> Result<(), DeviceError> {
        Ok(chip.write(LAMP, &[pin, part_of(255, level * self.brightness)])?)
    }

    /// A colour within the bound of the brightness, in the order of the chain.
    fn bytes(&self, [red, green, blue]: [u8; 3]) -> [u8; 3] {
        [green, red, blue].map(|part| part_of(part, self.brightness))
    }
}

/// Scales a part of a colour; what shines a little is never dark.
fn part_of(part: u8, level: f64) -> u8 {
    // Casts of floats saturate, and a NaN becomes 0.
    (f64::from(part) * level).ceil() as u8
}
