//! A strip of WS2812B after the data sheet (Worldsemi: data transmission, timing): it measures how long its wire is high.

use eg_hal::prelude::*;
use eg_hal::sim::{SpiChip, Touch};

/// Time of a bit on the bus: 1 s / 3.2 MHz.
const BIT_PS: u64 = 312_500;
/// High for so long is a zero (T0H) or a one (T1H); low before the next bit (T0L, T1L); low for so long is the end (RES).
const ZERO_PS: std::ops::RangeInclusive<u64> = 220_000..=380_000;
const ONE_PS: std::ops::RangeInclusive<u64> = 580_000..=1_000_000;
const LEAST_LOW_PS: u64 = 220_000;
const RESET_PS: u64 = 280_000_000;

/// The wire and what came over it.
#[derive(Default)]
struct Lights {
    /// Time for which the wire has had its level, in picoseconds.
    span: u64,
    high: bool,
    bits: Vec<bool>,
    /// Bytes that the lights show; `None` before the first frame.
    shown: Option<Vec<u8>>,
}

impl Lights {
    fn wire(&mut self, high: bool) {
        if high == self.high {
            self.span += BIT_PS;
        } else {
            let lasted = std::mem::replace(&mut self.span, BIT_PS);
            self.high = high;
            match high {
                // It fell: so long it was high.
                false if ZERO_PS.contains(&lasted) => self.bits.push(false),
                false if ONE_PS.contains(&lasted) => self.bits.push(true),
                true if lasted >= LEAST_LOW_PS => {}
                // Nothing a light could take.
                false | true => self.bits.clear(),
            }
        }
        if !self.high && self.span >= RESET_PS && !self.bits.is_empty() {
            let byte = |bits: &[bool]| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit));
            self.shown = Some(self.bits.chunks_exact(8).map(byte).collect());
            self.bits.clear();
        }
    }
}

impl SpiChip for Lights {
    fn exchange(&mut self, byte: u8) -> u8 {
        (0..8).rev().for_each(|bit| self.wire(byte >> bit & 1 == 1));
        0xff
    }

    fn power_on(&mut self) {
        *self = Self::default();
    }
}

/// A strip that somebody looks at.
pub(crate) struct Strip {
    lights: SharedChip<Lights>,
    groups: Vec<usize>,
    bytes: usize,
    red_first: bool,
}

impl Strip {
    pub(crate) fn on(
        bench: &Bench,
        select: &SpiName,
        groups: &[u16],
        bytes: usize,
        red_first: bool,
    ) -> Self {
        let lights = SharedChip::new(Lights::default());
        bench.attach_spi(select, lights.clone());
        let groups = groups.iter().map(|size| usize::from(*size)).collect();
        Self { lights, groups, bytes, red_first }
    }

    /// Red, green and blue as they are seen, the white light among them.
    fn colour(&self, light: &[u8]) -> [u8; 3] {
        let part = |at: usize| light.get(at).copied().unwrap_or(0);
        let (red, green) = if self.red_first { (0, 1) } else { (1, 0) };
        let white = if self.bytes == 4 { part(3) } else { 0 };
        [part(red), part(green), part(2)].map(|colour| colour.saturating_add(white))
    }
}

impl Model for Strip {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        Err(PokeError::no_inputs(channel, poke))
    }

    fn shown(&self, channel: Channel) -> Option<Set> {
        let channel = usize::from(channel);
        let size = *self.groups.get(channel)?;
        let first: usize = self.groups[..channel].iter().sum();
        let lights = self.lights.lock();
        let bytes = lights.shown.as_ref()?.get(first * self.bytes..(first + size) * self.bytes)?;
        let mut colours = bytes.chunks(self.bytes).map(|light| self.colour(light));
        let colour = colours.next()?;
        // A group that is not of one colour is none that a driver can have meant.
        if colours.any(|other| other != colour) {
            return Some(Set::Text("several colours".to_owned()));
        }
        Some(match colour {
            [0, 0, 0] => Set::Off,
            [red, green, blue] if red == green && green == blue => Set::On,
            other => Set::Rgb(other),
        })
    }

    fn touch(&self, _: Channel) -> Touch {
        Touch::Nothing
    }
}
