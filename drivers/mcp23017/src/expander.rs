//! The device: pins by channel, whatever bus the chip is on.

use crate::chip::{Chip, Look, Roles};
use crate::pin::Pin;
use crate::registers::Registers;
use eg_hal::prelude::*;
use eg_hal::{Edge, Interrupt, OpenError, PollBudget};
use std::time::Duration;

/// Between two looks at a chip that cannot call.
const POLL: Duration = Duration::from_millis(5);

/// What a slot's file says about the pins.
pub(crate) struct Wiring {
    inputs: Vec<Pin>,
    outputs: Vec<Pin>,
    pull: Pull,
    int: Option<LineName>,
}

impl Wiring {
    pub(crate) fn new(
        inputs: Vec<Pin>,
        outputs: Vec<Pin>,
        pull: Pull,
        int: Option<LineName>,
    ) -> Self {
        Self { inputs, outputs, pull, int }
    }

    /// What is wrong with it: there are pins, each has one role, and the chip can do it.
    pub(crate) fn check(&self) -> SettingProblems {
        let Self { inputs, outputs, pull, .. } = self;
        let mut wrong = SettingProblems::default();
        let all: Vec<Pin> = inputs.iter().chain(outputs).copied().collect();
        if all.is_empty() {
            wrong.push("inputs", "name at least one pin, here or in outputs");
        }
        for n in (1..all.len()).filter(|n| all[..*n].contains(&all[*n])) {
            let path = match n.checked_sub(inputs.len()) {
                Some(n) => KeyPath::from("outputs").index(n),
                None => KeyPath::from("inputs").index(n),
            };
            wrong.push(path, format!("{:?} is named twice", all[n]));
        }
        if *pull == Pull::Down {
            wrong.push("pull", "the chip can pull up only: up or none");
        }
        wrong
    }

    fn roles(&self) -> Roles {
        let bits = |pins: &[Pin]| pins.iter().fold(0, |bits, pin| bits | pin.bit());
        let inputs = bits(&self.inputs);
        let pulled_up = if self.pull == Pull::Up { inputs } else { 0 };
        Roles { inputs, outputs: bits(&self.outputs), pulled_up }
    }
}

/// An opened expander.
pub struct Expander<R> {
    chip: Chip<R>,
    int: Interrupt,
    inputs: Vec<Pin>,
    outputs: Vec<Pin>,
    /// The levels that were reported; none before the first read.
    told: Option<u16>,
}

impl<R: Registers> Expander<R> {
    pub(crate) fn start(
        registers: R,
        wiring: Wiring,
        board: &mut Board<'_>,
    ) -> Result<Self, OpenError> {
        let roles = wiring.roles();
        let Wiring { inputs, outputs, int, .. } = wiring;
        let int = board.interrupt(int.as_ref())?;
        let safe = (0..).zip(&outputs).filter(|(channel, _)| board.safe_level(*channel));
        let latch = safe.fold(0, |latch, (_, pin)| latch | pin.bit());
        let chip = Chip::set_up(registers, roles, latch)?;
        Ok(Self { chip, int, inputs, outputs, told: None })
    }

    fn tell(&mut self, look: Look, call: Option<Edge>, readings: &mut Readings) {
        // A look that began before the call has no later moment for what it found.
        let late = call.filter(|edge| edge.at > readings.now());
        for (levels, stamp) in [(look.at_change, call), (look.now, late)] {
            let changed = self.told.map_or(u16::MAX, |told| told ^ levels);
            for (channel, pin) in (0..).zip(&self.inputs) {
                let high = levels & pin.bit() != 0;
                match stamp {
                    _ if changed & pin.bit() == 0 => {}
                    Some(edge) => readings.edge(channel, Edge { high, ..edge }),
                    None => readings.level(channel, high),
                }
            }
            self.told = Some(levels);
        }
    }
}

impl<R: Registers> Device for Expander<R> {
    fn wake(&self) -> Wake {
        self.int.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut looks = PollBudget::default();
        while let Some(call) = self.int.next_look(&mut looks)? {
            let look = self.chip.look()?;
            self.tell(look, call, readings);
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let Some(pin) = self.outputs.get(usize::from(output.channel)) else {
            return Err(DeviceError::Unsupported { output, can: "there is no such output" });
        };
        match output.set {
            Set::On => self.chip.drive(pin.bit(), true),
            Set::Off => self.chip.drive(pin.bit(), false),
            Set::Level(_) | Set::Rgb(_) | Set::Text(_) | Set::Pulse(_) => {
                Err(DeviceError::Unsupported { output, can: "a pin is on or off" })
            }
        }
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len(), self.outputs.len())
    }
}
