//! Bits as the lights want them: high for a short or a long time, then low. Four bits on SPI make one.
//!
//! At 3.2 MHz a bit on SPI takes 312.5 ns. A zero is `1000`, high for 312 ns and low for 937 ns; a one is `1110`, the
//! other way round. That is within what the data sheets of WS2812B (220 to 380 ns, and 580 ns to 1 µs; older ones 400 and
//! 800 ns, each ± 150) and SK6812 (300 and 600 ns, each ± 150, which bear the longer one) ask for.

use schemars::JsonSchema;
use serde::Deserialize;

/// The clock of the bus.
pub(crate) const RATE_HZ: u32 = 3_200_000;
/// Low before the first bit, so that its rise is one: MOSI may rest high.
const LEAD: usize = 1;
/// Low for more than 280 µs makes the lights show what they took (WS2812B: RES): 120 bytes are 300 µs.
const REST: usize = 120;

/// In which order a light takes its colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Order {
    /// Green, red, blue: WS2812, WS2812B, SK6812.
    #[default]
    Grb,
    /// Red, green, blue: WS2811 and many lights on a string.
    Rgb,
    /// Green, red, blue, white: SK6812 with a white light of its own.
    Grbw,
}

impl Order {
    /// The bytes of a light. What the three colours have in common is left to the white light.
    fn bytes(self, [red, green, blue]: [u8; 3]) -> Vec<u8> {
        match self {
            Self::Grb => vec![green, red, blue],
            Self::Rgb => vec![red, green, blue],
            Self::Grbw => {
                let white = red.min(green).min(blue);
                vec![green - white, red - white, blue - white, white]
            }
        }
    }
}

/// All that goes over the bus for these lights.
pub(crate) fn frame(colours: impl Iterator<Item = [u8; 3]>, order: Order) -> Vec<u8> {
    let mut frame = vec![0; LEAD];
    for byte in colours.flat_map(|colour| order.bytes(colour)) {
        // Two bits of the light in each byte, the most significant first.
        frame.extend([6, 4, 2, 0].map(|at| match byte >> at & 0b11 {
            0b00 => 0b1000_1000,
            0b01 => 0b1000_1110,
            0b10 => 0b1110_1000,
            _ => 0b1110_1110,
        }));
    }
    frame.resize(frame.len() + REST, 0);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_four_on_the_bus_and_green_goes_first() {
        let frame = frame([[0x00, 0b0001_1011, 0xff]].into_iter(), Order::Grb);

        assert_eq!(frame[0], 0);
        assert_eq!(frame[1..5], [0b1000_1000, 0b1000_1110, 0b1110_1000, 0b1110_1110]);
        assert_eq!(frame[5..9], [0b1000_1000; 4]);
        assert_eq!(frame[9..13], [0b1110_1110; 4]);
        assert!(frame[13..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn the_rest_is_longer_than_the_lights_ask_for() {
        let rest_ns = REST as u64 * 8 * 1_000_000_000 / u64::from(RATE_HZ);

        assert!(rest_ns > 280_000);
    }

    #[test]
    fn the_longest_strip_fits_the_buffer_of_the_kernel() {
        let longest = |lights, order| frame(std::iter::repeat_n([1, 2, 3], lights), order).len();

        assert!(longest(320, Order::Grb) <= 4096);
        assert!(longest(240, Order::Grbw) <= 4096);
    }

    #[test]
    fn white_has_a_light_of_its_own_where_there_is_one() {
        assert_eq!(Order::Grbw.bytes([255, 200, 210]), [0, 55, 10, 200]);
        assert_eq!(Order::Rgb.bytes([1, 2, 3]), [1, 2, 3]);
    }
}
