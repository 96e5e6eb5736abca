//! An ADS1115 with what is wired to it, after its data sheet (SBAS444D): the registers of section 9.6, single-shot and
//! continuous conversion of section 9.4, the codes of section 9.5.4.

use crate::{KnobConfig, LadderConfig, Pin};
use eg_hal::prelude::*;
use eg_hal::sim::{I2cChip, Nack, Timer, Touch};
use std::collections::BTreeSet;
use std::time::Duration;

/// The config register after power-on: AIN0 against AIN1, ±2.048 V, single shot, 128 a second, no comparator.
const RESET: u16 = 0x8583;

/// The chip.
pub(crate) struct Converter {
    pointer: u8,
    config: u16,
    thresholds: [u16; 2],
    result: i16,
    /// A conversion is under way, or over and not looked at.
    converts: bool,
    /// Time until the conversion is done.
    busy: Timer,
    /// Volts on AIN0 to AIN3.
    pins: [f64; 4],
}

impl Converter {
    fn field(&self, low: u16, bits: u16) -> usize {
        usize::from(self.config >> low & ((1 << bits) - 1))
    }

    fn span(&self) -> Duration {
        let rates = [8, 16, 32, 64, 128, 250, 475, 860];
        Duration::from_secs(1) / rates[self.field(5, 3)]
    }

    /// The voltage between the inputs that the multiplexer connects.
    fn input(&self) -> f64 {
        let [a, b, c, d] = self.pins;
        [a - b, a - d, b - d, c - d, a, b, c, d][self.field(12, 3)]
    }

    fn convert(&mut self) {
        let scales = [6.144, 4.096, 2.048, 1.024, 0.512, 0.256, 0.256, 0.256];
        let code = (self.input() / scales[self.field(9, 3)] * 32768.0).round();
        #[expect(clippy::cast_possible_truncation, reason = "it is clipped, as the chip does")]
        let clipped = code.clamp(-32768.0, 32767.0) as i16;
        self.result = clipped;
    }

    /// Finishes what is over by now. In continuous mode the next conversion began when the last one was over; what it finds is
    /// what stands at the pins now.
    fn settle(&mut self) {
        if self.converts && !self.busy.is_running() {
            self.convert();
            self.converts = self.is_continuous();
            if self.converts {
                self.busy.start(self.span());
            }
        }
    }

    fn is_continuous(&self) -> bool {
        self.config & 0x0100 == 0
    }

    fn take(&mut self, value: u16) {
        match self.pointer & 0x03 {
            0 => {}
            1 => {
                self.config = value & 0x7fff;
                if value & 0x8000 != 0 || self.is_continuous() {
                    self.converts = true;
                    self.busy.start(self.span());
                }
            }
            threshold => self.thresholds[usize::from(threshold - 2)] = value,
        }
    }

    fn give(&self) -> u16 {
        match self.pointer & 0x03 {
            0 => self.result.cast_unsigned(),
            1 => self.config | u16::from(!self.converts) << 15,
            threshold => self.thresholds[usize::from(threshold - 2)],
        }
    }
}

impl I2cChip for Converter {
    fn write(&mut self, bytes: &[u8]) -> Result<(), Nack> {
        self.settle();
        if let [pointer, value @ ..] = bytes {
            self.pointer = *pointer;
            if let [high, low, ..] = value {
                self.take(u16::from_be_bytes([*high, *low]));
            }
        }
        Ok(())
    }

    fn read(&mut self, bytes: &mut [u8]) -> Result<(), Nack> {
        self.settle();
        let value = self.give().to_be_bytes();
        bytes.iter_mut().zip(value.iter().cycle()).for_each(|(byte, value)| *byte = *value);
        Ok(())
    }

    fn power_on(&mut self) {
        (self.pointer, self.config, self.result, self.converts) = (0, RESET, 0, false);
        self.thresholds = [0x8000, 0x7fff];
    }
}

/// Part on a pin: the position of a knob, or the keys of a ladder that are down.
enum Part {
    Knob { min: f64, max: f64 },
    Key { ladder: usize, key: usize },
}

/// Wiring of the chip: a potentiometer on each knob's pin, a ladder of keys on each ladder's.
pub(crate) struct Wiring {
    chip: SharedChip<Converter>,
    /// Each channel, and the pin it is on.
    parts: Vec<(Pin, Part)>,
    ladders: Vec<LadderConfig>,
    down: Vec<BTreeSet<usize>>,
}

impl Wiring {
    pub(crate) fn new(bench: &Bench, knobs: &[KnobConfig], ladders: &[LadderConfig]) -> Self {
        let (pointer, config, thresholds, result) = (0, RESET, [0x8000, 0x7fff], 0);
        let (converts, busy, pins) = (false, Timer::new(bench), [0.0; 4]);
        let chip = Converter { pointer, config, thresholds, result, converts, busy, pins };
        let dial = |knob: &KnobConfig| (knob.pin, Part::Knob { min: knob.min, max: knob.max });
        let keys = ladders.iter().enumerate().flat_map(|(ladder, config)| {
            (0..config.keys.len()).map(move |key| (config.pin, Part::Key { ladder, key }))
        });
        let wiring = Self {
            chip: SharedChip::new(chip),
            parts: knobs.iter().map(dial).chain(keys).collect(),
            ladders: ladders.to_vec(),
            down: vec![BTreeSet::new(); ladders.len()],
        };
        let idle = ladders.iter().map(|ladder| (ladder.pin, ladder.idle));
        let rest = knobs.iter().map(|knob| (knob.pin, knob.min)).chain(idle);
        rest.for_each(|(pin, volts)| wiring.put(pin, volts));
        wiring
    }

    pub(crate) fn chip(&self) -> SharedChip<Converter> {
        self.chip.clone()
    }

    /// Puts a voltage on a pin; on one against another, the other stays where it is.
    fn put(&self, pin: Pin, volts: f64) {
        let mut chip = self.chip.lock();
        let (plus, minus) = match pin {
            Pin::A0 => (0, None),
            Pin::A1 => (1, None),
            Pin::A2 => (2, None),
            Pin::A3 => (3, None),
            Pin::A0A1 => (0, Some(1)),
            Pin::A0A3 => (0, Some(3)),
            Pin::A1A3 => (1, Some(3)),
            Pin::A2A3 => (2, Some(3)),
        };
        chip.pins[plus] = volts + minus.map_or(0.0, |minus: usize| chip.pins[minus]);
    }
}

impl Model for Wiring {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        match (self.parts.get(usize::from(channel)), poke) {
            (Some((pin, Part::Knob { min, max })), Poke::Value(part)) => {
                self.put(*pin, min + part * (max - min));
                Ok(())
            }
            (Some((pin, Part::Key { ladder, key })), Poke::Level(down)) => {
                let keys = &mut self.down[*ladder];
                if *down {
                    keys.insert(*key)
                } else {
                    keys.remove(key)
                };
                // The key that is nearest to ground takes the others' voltage away.
                let LadderConfig { keys: levels, idle, .. } = &self.ladders[*ladder];
                let volts = keys.iter().map(|key| levels[*key]).fold(*idle, f64::min);
                self.put(*pin, volts);
                Ok(())
            }
            _ => {
                let takes = "a knob takes a value from 0.0 to 1.0, a key a level".to_owned();
                Err(PokeError { channel, poke: poke.clone(), takes })
            }
        }
    }

    fn touch(&self, channel: Channel) -> Touch {
        match self.parts.get(usize::from(channel)) {
            Some((_, Part::Knob { .. })) => Touch::Range,
            Some((_, Part::Key { .. })) => Touch::Contact,
            None => Touch::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn continuous_mode_goes_on_converting_at_its_rate() {
        let bench = Bench::virtual_time();
        let wiring = Wiring::new(&bench, &[], &[]);
        let chip = wiring.chip();
        let code = || {
            let mut bytes = [0; 2];
            let mut chip = chip.lock();
            chip.write(&[0]).unwrap();
            chip.read(&mut bytes).unwrap();
            i16::from_be_bytes(bytes)
        };

        // AIN0 to ground, 2.048 V, continuous, 128 a second.
        chip.lock().write(&[1, 0x44, 0x83]).unwrap();
        let mut seen = Vec::new();
        for volts in [0.512, 1.024, 1.536] {
            wiring.put(Pin::A0, volts);
            bench.advance(Duration::from_millis(7));
            let early = code();
            bench.advance(Duration::from_millis(1));
            seen.push((early, code()));
        }

        assert_eq!(seen, [(0, 8_192), (8_192, 16_384), (16_384, 24_576)]);
    }
}
