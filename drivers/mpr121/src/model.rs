//! An MPR121 with pads, after its data sheet (NXP, revision 4): the registers of section 5, which are written while it
//! stands still only; baselines of section 5.5, without their slow filters; thresholds of 5.6; IRQ of section 4. After a soft
//! reset it is deaf for as long as the crate mpr121-hal waits, and a little more.

use eg_hal::prelude::*;
use eg_hal::sim::{Nack, OpenDrain, RegisterChip, Registers, Timer, Wire};
use std::time::Duration;

/// Duration of a soft reset.
const RESETS: Duration = Duration::from_micros(200);

/// Value at rest to which auto-configuration brings an electrode, of 1024.
const AT_REST: u16 = 724;
/// Fall of the value under a finger.
const FINGER: u16 = 80;

/// Soft reset, with its code.
const SRST: u8 = 0x80;

/// The chip.
pub(crate) struct Controller {
    registers: [u8; 0x80],
    baselines: [u16; 12],
    fingers: [bool; 12],
    touched: u16,
    irq: Option<OpenDrain>,
    resets: Timer,
}

impl Controller {
    const AFTER_RESET: [u8; 0x80] = {
        let mut registers = [0; 0x80];
        registers[0x5c] = 0x10;
        registers[0x5d] = 0x24;
        registers
    };

    fn new(bench: &Bench, irq: Option<Wire>) -> Self {
        let (registers, baselines, fingers) = (Self::AFTER_RESET, [0; 12], [false; 12]);
        let (irq, resets) = (irq.map(|wire| wire.open_drain()), Timer::new(bench));
        Self { registers, baselines, fingers, touched: 0, irq, resets }
    }

    fn data(&self, electrode: usize) -> u16 {
        AT_REST - if self.fingers[electrode] { FINGER } else { 0 }
    }

    /// Number of electrodes that are measured; 0 while the chip stands still.
    fn measures(&self) -> usize {
        usize::from(self.registers[0x5e] & 0x0f).min(12)
    }

    fn start(&mut self) {
        for electrode in 0..self.measures() {
            let data = self.data(electrode);
            match self.registers[0x5e] >> 6 {
                0b10 => self.baselines[electrode] = data & 0x3e0,
                0b11 => self.baselines[electrode] = data,
                _ => {}
            }
        }
    }

    /// Measures once.
    fn measure(&mut self) {
        let mut touched = self.touched;
        for electrode in 0..12 {
            let (bit, data) = (1 << electrode, self.data(electrode));
            let fall = self.baselines[electrode].saturating_sub(data);
            let threshold = |at: usize| u16::from(self.registers[at + 2 * electrode]);
            if electrode >= self.measures() || fall < threshold(0x42) {
                touched &= !bit;
            } else if fall > threshold(0x41) {
                touched |= bit;
            }
            if touched & bit == 0 && self.registers[0x5e] >> 6 != 0b01 {
                self.baselines[electrode] = self.baselines[electrode].max(data);
            }
        }
        if touched != self.touched {
            self.touched = touched;
            if let Some(irq) = &self.irq {
                irq.set(true);
            }
        }
    }

    fn reset(&mut self) {
        (self.registers, self.baselines, self.touched) = (Self::AFTER_RESET, [0; 12], 0);
        if let Some(irq) = &self.irq {
            irq.release();
        }
    }
}

impl Registers for Controller {
    fn address(&mut self) -> Result<(), Nack> {
        if self.resets.is_running() { Err(Nack) } else { Ok(()) }
    }

    fn read(&mut self, register: u8) -> u8 {
        let [low, high] = self.touched.to_le_bytes();
        let electrode = usize::from(register.wrapping_sub(0x04) / 2);
        match register {
            0x00 | 0x01 => {
                if let Some(irq) = &self.irq {
                    irq.release();
                }
                [low, high][usize::from(register)]
            }
            0x04..=0x1b => self.data(electrode).to_le_bytes()[usize::from(register % 2)],
            0x1e..=0x29 => {
                let baseline = self.baselines[usize::from(register - 0x1e)] >> 2;
                baseline.to_le_bytes()[0]
            }
            _ => self.registers.get(usize::from(register)).copied().unwrap_or(0),
        }
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        match register {
            SRST if value == 0x63 => {
                self.reset();
                self.resets.start(RESETS);
            }
            0x5e => {
                let stood = self.measures() == 0;
                self.registers[0x5e] = value;
                if stood {
                    self.start();
                }
            }
            0x2b..=0x5d | 0x5f..=0x7f if self.measures() == 0 => {
                self.registers[usize::from(register)] = value;
            }
            _ => {}
        }
        self.measure();
        Ok(())
    }

    fn power_on(&mut self) {
        self.reset();
    }
}

/// Fingers on pads: channel n is electrode n.
pub(crate) struct Pads {
    chip: SharedChip<Controller>,
    electrodes: u8,
}

impl Pads {
    pub(crate) fn new(bench: &Bench, electrodes: u8, irq: Option<Wire>) -> Self {
        let chip = SharedChip::new(Controller::new(bench, irq));
        Self { chip, electrodes: electrodes.min(12) }
    }

    pub(crate) fn chip(&self) -> RegisterChip<SharedChip<Controller>> {
        RegisterChip::new(self.chip.clone())
    }
}

impl Model for Pads {
    fn poke(&mut self, channel: Channel, poke: &Poke) -> Result<(), PokeError> {
        if let (true, Poke::Level(touched)) = (channel < self.electrodes.into(), poke) {
            let mut chip = self.chip.lock();
            chip.fingers[usize::from(channel)] = *touched;
            chip.measure();
            return Ok(());
        }
        let takes = format!("it has {} pads, touched or not", self.electrodes);
        Err(PokeError { channel, poke: poke.clone(), takes })
    }
}
