//! Chips with registers.

use crate::i2c;
use eg_hal::Claims;
use eg_hal::sim::{Bench, Fault, Nack, RegisterChip, Registers, SharedChip};
use embedded_hal::i2c::I2c as _;

/// Four registers that count round; register 3 clears when it is read.
#[derive(Default)]
struct Chip([u8; 4]);

impl Registers for Chip {
    fn read(&mut self, register: u8) -> u8 {
        let byte = self.0[usize::from(register % 4)];
        if register == 3 {
            self.0[3] = 0;
        }
        byte
    }

    fn write(&mut self, register: u8, value: u8) -> Result<(), Nack> {
        *self.0.get_mut(usize::from(register)).ok_or(Nack)? = value;
        Ok(())
    }

    fn after(&self, register: u8) -> u8 {
        (register + 1) % 4
    }

    fn power_on(&mut self) {
        self.0 = [0; 4];
    }
}

#[test]
fn a_transfer_counts_up_as_its_chip_does_and_reading_may_change_it() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    let chip = SharedChip::new(Chip::default());
    bench.attach_i2c(&"i2c-1".into(), 0x20, RegisterChip::new(chip.clone()));
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);

    bus.write(0x20, &[2, 7, 8, 9]).unwrap();
    let mut bytes = [0; 3];
    bus.write_read(0x20, &[2], &mut bytes).unwrap();

    assert_eq!(bytes, [7, 8, 9]);
    assert_eq!(chip.lock().0, [9, 0, 7, 0]);
    assert!(bus.write(0x20, &[4, 1]).is_err());
}

#[test]
fn a_brown_out_reaches_the_registers() {
    let (bench, claims) = (Bench::virtual_time(), Claims::default());
    bench.attach_i2c(&"i2c-1".into(), 0x20, RegisterChip::new(Chip([1; 4])));
    let mut bus = i2c(&bench, &claims, "i2c-1", 0x20);

    bench.inflict(&"i2c-1/0x20 browns-out".parse::<Fault>().unwrap()).unwrap();

    let mut byte = [9];
    bus.write_read(0x20, &[0], &mut byte).unwrap();
    assert_eq!(byte, [0]);
}
