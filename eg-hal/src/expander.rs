//! Port expanders: chips whose pins are the inputs and outputs of one device.

use crate::{
    Board, Channels, Device, DeviceError, Interrupt, KeyPath, LevelTracker, Output, PollBudget,
    Readings, SettingProblems, Wake,
};
use std::fmt::Debug;
use std::time::Duration;

/// Time between two looks at a chip that cannot call.
const POLL: Duration = Duration::from_millis(5);

/// Access to the pins of a port expander. Bit n of a word is pin n; a set bit is high.
pub trait PortChip: Send {
    /// Reads the levels of all pins, which answers the chip's interrupt.
    ///
    /// # Errors
    /// A transfer that failed, or a chip that lost its settings.
    fn look(&mut self) -> Result<PortLevels, DeviceError>;

    /// Drives output pins to these levels.
    ///
    /// # Errors
    /// As for [`look`](Self::look).
    fn drive(&mut self, levels: u16) -> Result<(), DeviceError>;
}

/// Levels that one look at a port expander found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PortLevels {
    /// Levels when the first pin changed since the last look, for chips that capture them.
    pub at_change: Option<u16>,
    /// Levels now.
    pub now: u16,
}

/// Roles of the pins as a slot's file names them: input channel n is the n-th input, output channel n the n-th output.
#[derive(Clone, Debug)]
pub struct PinRoles<P> {
    inputs: Vec<P>,
    outputs: Vec<P>,
}

impl<P: Copy + Debug + PartialEq + Into<u8>> PinRoles<P> {
    /// Gives these pins their roles.
    pub fn new(inputs: Vec<P>, outputs: Vec<P>) -> Self {
        Self { inputs, outputs }
    }

    /// Checks the settings `inputs` and `outputs`: there are pins, and each has one role.
    pub fn check(&self) -> SettingProblems {
        let mut wrong = SettingProblems::default();
        let all: Vec<P> = self.inputs.iter().chain(&self.outputs).copied().collect();
        if all.is_empty() {
            wrong.push("inputs", "name at least one pin, here or in outputs");
        }
        for n in (1..all.len()).filter(|n| all[..*n].contains(&all[*n])) {
            let path = match n.checked_sub(self.inputs.len()) {
                Some(n) => KeyPath::from("outputs").index(n),
                None => KeyPath::from("inputs").index(n),
            };
            wrong.push(path, format!("{:?} is named twice", all[n]));
        }
        wrong
    }

    /// The pins that are inputs.
    pub fn inputs(&self) -> u16 {
        self.inputs.iter().fold(0, |pins, pin| pins | mask(*pin))
    }

    /// The pins that are outputs.
    pub fn outputs(&self) -> u16 {
        self.outputs.iter().fold(0, |pins, pin| pins | mask(*pin))
    }

    /// The outputs that start high. Bring them there before they drive.
    pub fn safe_high(&self, board: &Board<'_>) -> u16 {
        let safe = (0..).zip(&self.outputs).filter(|(channel, _)| board.safe_level(*channel));
        safe.fold(0, |pins, (_, pin)| pins | mask(*pin))
    }
}

fn mask(pin: impl Into<u8>) -> u16 {
    1_u16.checked_shl(pin.into().into()).unwrap_or(0)
}

/// A port expander as a device, whatever the chip and its bus.
pub struct Expander<C> {
    chip: C,
    int: Interrupt,
    /// Masks of the input pins, by channel.
    inputs: Vec<u16>,
    /// Masks of the output pins, by channel.
    outputs: Vec<u16>,
    high: u16,
    levels: LevelTracker,
}

impl<C: PortChip> Expander<C> {
    /// Makes a device of a chip that was set up, whose outputs stand at these levels.
    pub fn new<P: Copy + Into<u8>>(
        chip: C,
        int: Interrupt,
        roles: &PinRoles<P>,
        high: u16,
    ) -> Self {
        let masks = |pins: &[P]| pins.iter().map(|pin| mask(*pin)).collect();
        let (inputs, outputs) = (masks(&roles.inputs), masks(&roles.outputs));
        Self { chip, int, inputs, outputs, high, levels: LevelTracker::default() }
    }
}

impl<C: PortChip> Device for Expander<C> {
    fn wake(&self) -> Wake {
        self.int.wake(POLL)
    }

    fn read(&mut self, readings: &mut Readings) -> Result<(), DeviceError> {
        let mut budget = PollBudget::default();
        while let Some(trigger) = self.int.next_look(&mut budget)? {
            let PortLevels { at_change, now } = self.chip.look()?;
            let levels = |pins: u16| self.inputs.iter().map(move |input| pins & input != 0);
            if let Some(at_change) = at_change {
                self.levels.report(levels(at_change), trigger, readings);
                self.levels.report(levels(now), trigger.after(readings.now()), readings);
            } else {
                self.levels.report(levels(now), trigger, readings);
            }
        }
        Ok(())
    }

    fn write(&mut self, output: Output) -> Result<(), DeviceError> {
        let mask = *output.select(&self.outputs)?;
        let on = output.on_off("a pin is on or off")?;
        let high = if on { self.high | mask } else { self.high & !mask };
        self.chip.drive(high)?;
        self.high = high;
        Ok(())
    }

    fn channels(&self) -> Channels {
        Channels::of(self.inputs.len(), self.outputs.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::Bench;
    use crate::{Channel, Claims, Moment, Reading, SafeLevels, Set, Source};

    /// A chip whose inputs are the captured levels given here, oldest first.
    #[derive(Default)]
    struct Chip {
        looks: Vec<PortLevels>,
        driven: Vec<u16>,
    }

    impl PortChip for Chip {
        fn look(&mut self) -> Result<PortLevels, DeviceError> {
            Ok(self.looks.remove(0))
        }

        fn drive(&mut self, levels: u16) -> Result<(), DeviceError> {
            self.driven.push(levels);
            Ok(())
        }
    }

    fn opened(looks: Vec<PortLevels>) -> Expander<Chip> {
        let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
        let int = Board::new("test", &bench, &claims, &safe).interrupt(None).unwrap();
        let roles = PinRoles::new(vec![1_u8, 15], vec![0, 3]);
        Expander::new(Chip { looks, driven: Vec::new() }, int, &roles, 0)
    }

    fn read(expander: &mut Expander<Chip>) -> Vec<(Channel, bool)> {
        let mut readings = Readings::new(Moment(0), Source::Poll, 0);
        expander.read(&mut readings).unwrap();
        let level = |reading| matches!(reading, Reading::Level(true));
        readings.drain().map(|sample| (sample.channel, level(sample.reading))).collect()
    }

    #[test]
    fn a_press_that_is_over_is_reported_by_the_levels_that_were_captured() {
        let at_rest = PortLevels { at_change: Some(0x8002), now: 0x8002 };
        let mut expander = opened(vec![at_rest, PortLevels { at_change: Some(0x0002), ..at_rest }]);

        assert_eq!(read(&mut expander), [(0, true), (1, true)]);
        assert_eq!(read(&mut expander), [(1, false), (1, true)]);
    }

    #[test]
    fn outputs_keep_their_levels_when_another_one_is_written() {
        let mut expander = opened(Vec::new());

        for (channel, set) in [(1, Set::On), (0, Set::On), (1, Set::Off)] {
            expander.write(Output { channel, set }).unwrap();
        }

        assert_eq!(expander.chip.driven, [0x08, 0x09, 0x01]);
        for (channel, set) in [(2, Set::On), (0, Set::Level(0.5))] {
            assert!(expander.write(Output { channel, set }).is_err());
        }
    }

    #[test]
    fn a_pin_has_one_role() {
        let wrong = |inputs: &[u8], outputs: &[u8]| {
            PinRoles::new(inputs.to_vec(), outputs.to_vec()).check().to_string()
        };

        assert!(wrong(&[], &[]).contains("at least one pin"));
        assert!(wrong(&[1, 2], &[2]).contains("outputs[0]: 2 is named twice"));
        assert!(PinRoles::new(vec![1_u8], vec![2]).check().is_empty());
    }
}
