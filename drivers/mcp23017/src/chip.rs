//! The registers of an MCP23x17 (DS20001952C, sections 3.5 and 3.6), and the order that loses nothing.

use crate::registers::Registers;

/// IOCON with BANK set; GPINTENB without.
const IOCON_OF_BANK_1: u8 = 0x05;
/// From here, port A before port B: IODIR, IPOL, GPINTEN, DEFVAL, INTCON, IOCON, GPPU.
const IODIR: u8 = 0x00;
/// From here, port A before port B: IOCON twice, GPPU, INTF, INTCAP, GPIO.
const IOCON: u8 = 0x0a;
const GPIO: u8 = 0x12;
const OLAT: u8 = 0x14;

/// Either INT pin tells of both ports, and pulls low without ever driving high: the expander may have 5 V, a Pi not.
const MIRROR_AND_OPEN_DRAIN: u8 = 0x44;

/// Purpose of each bit of both ports; port A in the low byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Roles {
    pub(crate) inputs: u16,
    pub(crate) outputs: u16,
    pub(crate) pulled_up: u16,
}

/// Levels that one look at the chip found; port A in the low byte, high is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// The levels when the first pin changed since the last look; where none did, as `now`.
    pub(crate) at_change: u16,
    /// The levels now.
    pub(crate) now: u16,
}

/// Failure of a look. `E` is that of the bus.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Error<E> {
    /// A transfer failed.
    Bus(E),
    /// The chip has other settings than it was given; its IOCON holds this.
    Settings(u8),
}

impl<E> From<E> for Error<E> {
    fn from(error: E) -> Self {
        Self::Bus(error)
    }
}

/// A chip that was set up.
pub(crate) struct Chip<R> {
    registers: R,
    roles: Roles,
}

impl<R: Registers> Chip<R> {
    const SETTINGS: u8 = MIRROR_AND_OPEN_DRAIN | R::IOCON;

    /// Sets the chip up whatever state it is in. Outputs have their level in the latch before they drive it.
    pub(crate) fn set_up(mut registers: R, roles: Roles, latch: u16) -> Result<Self, R::Error> {
        registers.write_first(IOCON_OF_BANK_1, 0)?;
        registers.write_first(IOCON, Self::SETTINGS)?;
        registers.write(OLAT, &latch.to_le_bytes())?;
        let [dir_a, dir_b] = (!roles.outputs).to_le_bytes();
        let [int_a, int_b] = roles.inputs.to_le_bytes();
        let [up_a, up_b] = roles.pulled_up.to_le_bytes();
        let io = Self::SETTINGS;
        // IPOL 0: levels stay physical. INTCON 0: every change interrupts, so DEFVAL does not matter.
        let block = [dir_a, dir_b, 0, 0, int_a, int_b, 0, 0, 0, 0, io, io, up_a, up_b];
        registers.write(IODIR, &block)?;
        // Ends an interrupt that the new settings made; changes count from here.
        registers.read(GPIO, &mut [0; 2])?;
        Ok(Self { registers, roles })
    }

    /// Looks at the pins and at what the chip captured, which ends its interrupt.
    ///
    /// INTF is read before INTCAP, INTCAP before GPIO: reading either of the last two ends the interrupt. What is shorter
    /// than the two bytes between them (0.18 ms at 100 kHz) can fall into the gap; no hand is that fast.
    pub(crate) fn look(&mut self) -> Result<Look, Error<R::Error>> {
        let mut bytes = [0; 10];
        self.registers.read(IOCON, &mut bytes)?;
        let [io, _, up_a, up_b, flag_a, flag_b, then_a, then_b, now_a, now_b] = bytes;
        if io != Self::SETTINGS || u16::from_le_bytes([up_a, up_b]) != self.roles.pulled_up {
            return Err(Error::Settings(io));
        }
        let at_change = |flags: u8, then, now| if flags == 0 { now } else { then };
        let then = [at_change(flag_a, then_a, now_a), at_change(flag_b, then_b, now_b)];
        let now = u16::from_le_bytes([now_a, now_b]);
        Ok(Look { at_change: u16::from_le_bytes(then), now })
    }

    /// Drives the output pins to these levels.
    pub(crate) fn drive(&mut self, latch: u16) -> Result<(), R::Error> {
        self.registers.write(OLAT, &latch.to_le_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Hand;
    use crate::pin::Pin;
    use crate::registers::{I2cRegisters, SpiRegisters};
    use eg_hal::prelude::*;
    use eg_hal::{Claims, SafeLevels};
    use proptest::prelude::*;

    const ROLES: Roles = Roles { inputs: 0x8001, outputs: 0x0100, pulled_up: 0x8001 };

    /// Somebody else's chip: whatever was written to it before.
    fn after(writes: &[(u8, u8)], set_up: impl FnOnce(&mut Board<'_>) -> Look) -> Look {
        let (bench, claims, safe) = (Bench::virtual_time(), Claims::default(), SafeLevels::new());
        let hand = Hand::new(&[Pin::A0, Pin::B7], &[Pin::B0], None, 5);
        bench.attach_i2c(&"i2c-1".into(), 0x20, hand.chip());
        bench.attach_spi(&"spi0.0".into(), hand.chip());
        let mut stranger = Board::new("stranger", &bench, &claims, &safe);
        let mut bus = stranger.i2c(&"i2c-1".into(), 0x20).unwrap();
        for (register, value) in writes {
            bus.write(0x20, &[*register, *value]).unwrap();
        }
        drop(bus);
        set_up(&mut Board::new("test", &bench, &claims, &safe))
    }

    proptest! {
        #[test]
        fn is_set_up_whatever_state_it_was_left_in(
            writes in proptest::collection::vec((0..0x1b_u8, any::<u8>()), 0..40),
        ) {
            let idle = Look { at_change: 0x8101, now: 0x8101 };

            let on_i2c = after(&writes, |board| {
                let bus = board.i2c(&"i2c-1".into(), 0x20).unwrap();
                let registers = I2cRegisters::new(bus, 0x20);
                Chip::set_up(registers, ROLES, 0x0100).unwrap().look().unwrap()
            });
            let on_spi = after(&writes, |board| {
                let spi = board.spi(&"spi0.0".into(), SpiConfig::mode_0(1_000_000)).unwrap();
                let registers = SpiRegisters::new(spi, 5);
                Chip::set_up(registers, ROLES, 0x0100).unwrap().look().unwrap()
            });

            let pins = |look: Look| Look { at_change: look.at_change & 0x8101, now: look.now & 0x8101 };
            prop_assert_eq!((pins(on_i2c), pins(on_spi)), (idle, idle));
        }
    }
}
